/**
 * A disk that is full, or another one than the project's: the run succeeds, what cannot be kept is
 * not kept, and that is said once. Needs the right to mount; without it these tests are left out,
 * and say so.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { rmSync } from "node:fs";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Files, type Project } from "../rig/project.ts";
import { assertCalm } from "./_cache.ts";

const OBSTACLE = obstacleToMounting();

function fullTest(name: string, body: () => Promise<void>): void {
  if (OBSTACLE === undefined) return cliTest(name, body);
  Deno.test({ name: `${name} (${OBSTACLE})`, ignore: OBSTACLE !== undefined, fn: () => {} });
}

interface Mount extends Disposable {
  /** Use up what is left. */
  fill(): void;
  empty(): void;
}

/** A file system in memory. */
function mount(directory: string, size: string): Mount {
  Deno.mkdirSync(directory, { recursive: true });
  const { success, stderr } = new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", directory],
    stdout: "null",
    stderr: "piped",
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const filling = join(directory, "filling");
  return {
    fill() {
      const piece = new Uint8Array(4096);
      try {
        for (;;) Deno.writeFileSync(filling, piece, { append: true });
      } catch {
        // That was the last one.
      }
    },
    empty: () => rmSync(filling, { force: true }),
    [Symbol.dispose]() {
      new Deno.Command("umount", { args: ["-l", directory] }).outputSync();
    },
  };
}

function obstacleToMounting(): string | undefined {
  if (Deno.build.os !== "linux") return "this system has no tmpfs";
  const directory = Deno.makeTempDirSync();
  try {
    mount(directory, "64k")[Symbol.dispose]();
    return undefined;
  } catch {
    return "mounting is not allowed here";
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** Two tasks that leave 400 kB together. */
const FILES: Files = {
  "tasks.toml": `[tasks.one]
cmd = "sh make.sh one"
inputs = ["make.sh", "src/**"]
outputs = ["dist/one/"]

[tasks.two]
cmd = "sh make.sh two"
deps = ["one"]
inputs = ["make.sh", "dist/one/**"]
outputs = ["dist/two/"]
`,
  "make.sh": `set -e
mkdir -p dist/$1
for name in a b c d; do
  yes "$1 $name $(cat src/text)" | head -c 50000 > dist/$1/$name
done
ln -sf a dist/$1/link
echo made $1
`,
  "src/text": "first\n",
};

/** Run, and have everything as it should be. @returns how many warnings there were, and stderr */
async function works(
  project: Project,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly warnings: number; readonly stderr: string }> {
  const { code, stdout, stderr } = await project.run(["two"], { env });
  assertCalm(stderr);
  assertEquals(code, 0, stderr);
  assertEquals(stdout, "made one\nmade two\n");
  const text = project.read("src/text").trimEnd();
  for (const task of ["one", "two"]) {
    for (const name of ["a", "b", "c", "d"]) {
      const wanted = `${task} ${name} ${text}\n`.repeat(5000).slice(0, 50000);
      assert(project.read(`dist/${task}/${name}`) === wanted, `dist/${task}/${name}`);
    }
    const names = [...Deno.readDirSync(join(project.root, "dist", task))].map(({ name }) => name);
    assertEquals(names.sort(), ["a", "b", "c", "d", "link"]);
    assertEquals(Deno.readLinkSync(join(project.root, "dist", task, "link")), "a");
  }
  assert(!/\bwait\b/.test(stderr), stderr);
  return { warnings: stderr.match(/W_CACHE_STORE/g)?.length ?? 0, stderr };
}

function forgetOutputs(project: Project): void {
  for (const name of ["one", "two"]) {
    rmSync(join(project.root, "dist", name), { recursive: true, force: true });
  }
}

for (const size of ["64k", "120k", "280k"]) {
  fullTest(
    `a store of ${size} that is full while results are put: one warning, and no result`,
    async () => {
      await using project = await createProject(FILES);
      const store = join(project.base, "store");
      using _disk = mount(store, size);
      const env = { NTASK_CACHE_DIR: store };
      for (let turn = 0; turn < 2; turn++) assertEquals((await works(project, env)).warnings, 1);
      forgetOutputs(project);
      assertEquals((await works(project, env)).warnings, 1);
    },
  );
}

fullTest("a store without a byte left: one warning; with room again all is kept", async () => {
  await using project = await createProject(FILES);
  const store = join(project.base, "store");
  using disk = mount(store, "4m");
  const env = { NTASK_CACHE_DIR: store };
  disk.fill();
  for (let turn = 0; turn < 2; turn++) assertEquals((await works(project, env)).warnings, 1);
  disk.empty();
  const { stderr } = await works(project, env);
  assertEquals([/2 ok/.test(stderr), /W_CACHE/.test(stderr)], [true, false], stderr);
  forgetOutputs(project);
  // What is there is used, full or not.
  disk.fill();
  const full = await works(project, env);
  assert(/2 cached/.test(full.stderr), full.stderr);
  assertEquals(full.warnings, 0, full.stderr);
});

fullTest("a full disk below .ntask: one warning, and all is kept when there is room", async () => {
  await using project = await createProject(FILES);
  using disk = mount(join(project.root, ".ntask"), "4m");
  disk.fill();
  for (let turn = 0; turn < 2; turn++) assertEquals((await works(project)).warnings, 1);
  disk.empty();
  forgetOutputs(project);
  assertEquals((await works(project)).warnings, 0);
  project.write({ "src/text": "second\n" });
  disk.fill();
  assertEquals((await works(project)).warnings, 1);
  project.write({ "src/text": "first\n" });
  assert((await works(project)).warnings <= 1);
  disk.empty();
  project.write({ "src/text": "third\n" });
  assertEquals((await works(project)).warnings, 0);
  assert(/2 cached/.test((await works(project)).stderr));
});

fullTest(
  "no room to restore: one warning, the outputs that are there stay, and it is built",
  async () => {
    await using project = await createProject(FILES);
    const store = join(project.base, "store");
    const env = { NTASK_CACHE_DIR: store };
    using disk = mount(join(project.root, ".ntask"), "1m");
    await works(project, env);
    forgetOutputs(project);
    disk.fill();
    const { warnings, stderr } = await works(project, env);
    assertEquals(warnings, 1, stderr);
    disk.empty();
    forgetOutputs(project);
    assertEquals((await works(project, env)).warnings, 0);
  },
);

fullTest("no room for the stat file: at most one warning", async () => {
  await using project = await createProject(FILES);
  for (let index = 0; index < 3000; index++) {
    project.write({ [`src/${"long".repeat(20)}${index}`]: "x" });
  }
  const store = join(project.base, "store");
  const env = { NTASK_CACHE_DIR: store };
  using _disk = mount(join(project.root, ".ntask"), "400k");
  // Files are remembered when they are older than the margin.
  for (let turn = 0; turn < 3; turn++) {
    const { warnings, stderr } = await works(project, env);
    assert(warnings <= 1, stderr);
  }
});

fullTest("outputs on another disk than the project are restored", async () => {
  await using project = await createProject(FILES);
  using _disk = mount(join(project.root, "dist"), "4m");
  await works(project);
  forgetOutputs(project);
  const { warnings, stderr } = await works(project);
  assertEquals([warnings, /2 cached/.test(stderr)], [0, true], stderr);
});

fullTest(
  "no room for outputs where they are restored: it fails as it would without a cache",
  async () => {
    await using project = await createProject(FILES);
    const place = join(project.root, "dist");
    using disk = mount(place, "600k");
    await works(project);
    forgetOutputs(project);
    disk.fill();
    const { code, stderr } = await project.run(["two"]);
    assertCalm(stderr);
    assertEquals(code === 0, false);
    disk.empty();
    await works(project);
  },
);
