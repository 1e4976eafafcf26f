/**
 * Every file of a store, and every file that belongs to a project, damaged one at a time: always a
 * miss or a repair, never a crash, a wrong output or a failed run.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { rmSync } from "node:fs";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Project } from "../rig/project.ts";
import { assertCalm, assertSound, built, FILES, OUTPUTS, picture } from "./_cache.ts";

const DAMAGES: Readonly<Record<string, (path: string) => void>> = {
  truncated: (path) => Deno.truncateSync(path, Deno.statSync(path).size >> 1),
  emptied: (path) => Deno.truncateSync(path, 0),
  flipped: (path) => flip(path, (size) => size >> 1),
  "flipped at its beginning": (path) => flip(path, () => 0),
  "flipped at its end": (path) => flip(path, (size) => size - 2),
  deleted: (path) => Deno.removeSync(path),
  "a directory": (path) => {
    Deno.removeSync(path);
    Deno.mkdirSync(path);
  },
};

function flip(path: string, at: (size: number) => number): void {
  const bytes = Deno.readFileSync(path);
  if (bytes.length === 0) return;
  bytes[Math.max(0, at(bytes.length))]! ^= 4;
  Deno.writeFileSync(path, bytes);
}

/** Files below a directory. */
function filesIn(directory: string): string[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(join(directory, name)) : [join(directory, name)]
  ).sort();
}

/** The outputs gone: everything that is used comes from the store. */
function forgetOutputs(project: Project): void {
  for (const name of OUTPUTS) rmSync(join(project.root, name), { recursive: true, force: true });
}

async function goesOn(project: Project, what: string, wanted: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.run(["report"]);
  assertCalm(stderr);
  assertEquals(code, 0, `${what}: ${stderr}`);
  assertEquals(stdout, "reported\n", what);
  assertEquals(picture(project.root), wanted, what);
  return stderr;
}

cliTest(
  "every damaged blob and manifest is a miss, and whole again after it (lesson 6)",
  async () => {
    await using project = await createProject(FILES);
    const store = join(project.root, ".ntask", "cache");
    const wanted = built(project);
    await goesOn(project, "first", wanted);
    let damages = 0;
    for (const directory of ["blobs", "actions"]) {
      for (const path of filesIn(join(store, directory))) {
        for (const [name, damage] of Object.entries(DAMAGES)) {
          const what = `${path.slice(store.length + 1)} ${name}`;
          damage(path);
          damages++;
          forgetOutputs(project);
          const stderr = await goesOn(project, what, wanted);
          assertEquals(stderr.includes("warning"), false, `${what}: ${stderr}`);
          forgetOutputs(project);
          const again = await goesOn(project, `${what}, again`, wanted);
          assertEquals(/\b3 cached\b/.test(again), true, `${what}, again: ${again}`);
        }
      }
    }
    assertSound(store);
    console.log(`${damages} damages`);
  },
);

cliTest("a damaged file of the project's state costs time and nothing else", async () => {
  await using project = await createProject(FILES);
  const state = join(project.root, ".ntask", "state");
  const wanted = built(project);
  await goesOn(project, "first", wanted);
  await goesOn(project, "second", wanted);
  const files = filesIn(state);
  let damages = 0;
  for (const path of [...files, join(state, "..", "cache", "format")]) {
    for (const [name, damage] of Object.entries(DAMAGES)) {
      if (name === "a directory") continue;
      const what = `${path.slice(state.length + 1)} ${name}`;
      try {
        damage(path);
      } catch (error) {
        // It was not made again, or it is another process's business.
        if (!(error instanceof Deno.errors.NotFound)) throw error;
        continue;
      }
      damages++;
      if (damages % 2 === 0) forgetOutputs(project);
      if (damages % 3 !== 0) project.write({ "src/a.txt": `${damages}\n` });
      await goesOn(project, what, built(project));
      await goesOn(project, `${what}, again`, built(project));
    }
  }
  console.log(`${damages} damages of ${files.length} files`);
});

cliTest("a whole directory that is gone comes back", async () => {
  await using project = await createProject(FILES);
  const wanted = built(project);
  const everything = [".ntask", ".ntask/state", ".ntask/cache", ".ntask/cache/blobs"];
  for (const name of [...everything, ".ntask/cache/actions", ".ntask/cache/locks"]) {
    await goesOn(project, "before", wanted);
    rmSync(join(project.root, name), { recursive: true });
    // Without a ledger and a store nobody can tell whose they are.
    if (name === ".ntask") forgetOutputs(project);
    await goesOn(project, `without ${name}`, wanted);
    forgetOutputs(project);
    await goesOn(project, `without ${name}, again`, wanted);
  }
});
