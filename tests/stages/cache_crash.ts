/**
 * `kill -9` at any moment of runs that build, restore and clean, again during the recovery; the next
 * run must end as if nothing had happened: its outputs are those of a build from nothing, and
 * nothing in the store is damaged.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { rmSync } from "node:fs";
import { binary } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";
import { type Random, randomFrom } from "../rig/random.ts";
import { assertCalm, assertSound, built, FILES, OUTPUTS, picture, rounds, seed } from "./_cache.ts";
import type { Project } from "../rig/project.ts";

/** Few variants, so that there is something to restore. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  "src/a.txt": ["a\n", "aa\n", "a long line\n"],
  "src/b.txt": ["bee\n", "another long line\n"],
  "src/c.txt": ["long enough\n", "c\n"],
};

cliTest("a run after kills at any moment ends as if nothing had happened (lesson 13)", async () => {
  await using project = await createProject(FILES);
  const random = randomFrom(seed());
  const store = join(project.root, ".ntask", "cache");
  assertEquals((await project.run(["report"])).code, 0);
  let kills = 0;
  let inTime = 0;
  let longest = 200;
  for (let round = 0; kills < rounds(80); round++) {
    disturb(project, random);
    do {
      const running = project.start(["report"]);
      await new Promise((next) => setTimeout(next, random.below(longest)));
      await running.close();
      const code = await running.exited;
      if (code !== 0) kills++;
      else inTime++;
    } while (random.chance(0.4));
    const began = performance.now();
    const { code, stderr } = await project.run(["report"]);
    // Kills come while there is something to kill.
    longest = Math.max(20, 0.7 * longest + 0.3 * (performance.now() - began));
    assertCalm(stderr);
    assertEquals(code, 0, `round ${round}: ${stderr}`);
    assertEquals(picture(project.root), built(project), `round ${round}`);
    if (round % 8 === 0) assertSound(store);
  }
  assertSound(store);
  console.log(`${kills} kills, ${inTime} runs that were faster`);
});

/** What changes the disk. */
const CALLS = [
  "openat",
  "write",
  "pwrite64",
  "fsync",
  "rename",
  "unlink",
  "rmdir",
  "mkdir",
  "link",
  "symlink",
];

/** A project whose next run builds, or restores, and is killed at the nth call of one kind. */
const BEGINNINGS: Readonly<Record<string, (project: Project) => void>> = {
  builds: (project) => project.write({ "src/a.txt": "a long line, changed\n" }),
  restores(project) {
    for (const name of OUTPUTS) rmSync(join(project.root, name), { recursive: true });
    project.write({ "out/mine": "mine" });
  },
  "builds after a kill": (project) => project.write({ "src/c.txt": "c\n" }),
};

const STRACE = ["/usr/bin/strace", "/bin/strace"].find(isThere);

strictTest("a kill at any call that changes the disk is made good by the next run", async () => {
  await using template = await createProject(FILES);
  assertEquals((await template.run(["report"])).code, 0);
  let kills = 0;
  for (const [what, begin] of Object.entries(BEGINNINGS)) {
    for (const call of CALLS) {
      for (let nth = 1;; nth += nth < 3 ? 1 : step()) {
        await using project = await copyOf(template);
        if (what === "builds after a kill") {
          project.write({ "src/b.txt": "b\n" });
          killedAt(project, "rename", 4);
        }
        begin(project);
        const killed = killedAt(project, call, nth);
        const { code, stderr } = await project.run(["report"]);
        const point = `${what}, ${call} ${nth}`;
        assertCalm(stderr);
        assertEquals(code, 0, `${point}: ${stderr}`);
        const mine = what === "restores" ? ['out/mine "mine"'] : [];
        const wanted = what === "restores" ? picture(template.root) : built(project);
        assertEquals(picture(project.root).sort(), [...wanted, ...mine].sort(), point);
        assertSound(join(project.root, ".ntask", "cache"));
        if (!killed) break;
        kills++;
      }
    }
  }
  console.log(`${kills} kills`);
});

/** Every kill point, or some of them. */
function step(): number {
  return Deno.env.get("NTASK_TEST_ROUNDS") === undefined ? 37 : 1;
}

/** @returns whether it was killed; else it has ended before */
function killedAt(project: Project, call: string, nth: number): boolean {
  const { code, signal } = new Deno.Command(STRACE!, {
    args: [
      ...["-o", "/dev/null", "-e", `trace=${call}`, "-e", `inject=${call}:signal=KILL:when=${nth}`],
      ...[...binary.command, "report"],
    ],
    cwd: project.root,
    env: { ...project.env },
    clearEnv: true,
    stdout: "null",
    stderr: "null",
  }).outputSync();
  return code !== 0 || signal !== null;
}

/** Another project with the same files, built already. */
async function copyOf(template: Project): Promise<Project> {
  const project = await createProject({});
  new Deno.Command("cp", { args: ["-a", `${template.root}/.`, project.root] }).outputSync();
  return project;
}

function strictTest(name: string, body: () => Promise<void>): void {
  if (STRACE !== undefined && binary.form === "compiled") return cliTest(name, body);
  const reason = "it needs strace, and a compiled ntask";
  Deno.test({ name: `${name} (${reason})`, ignore: STRACE === undefined, fn: () => {} });
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Change sources, or take away or damage outputs. */
function disturb(project: Project, random: Random): void {
  for (const [path, texts] of Object.entries(VARIANTS)) {
    if (random.chance(0.4)) project.write({ [path]: random.of(texts) });
  }
  if (random.chance(0.3)) {
    rmSync(join(project.root, random.of(OUTPUTS)), { recursive: true, force: true });
  }
  if (random.chance(0.2)) project.write({ "gen/all": "somebody wrote this\n" });
}
