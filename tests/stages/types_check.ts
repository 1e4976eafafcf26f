/**
 * What `ntask init` writes, and the types it brings, under the real TypeScript compiler: a fresh
 * folder has no error, and what the types are to refuse is refused. NTASK_TEST_BIN is the program,
 * NTASK_TEST_TSC the compiler's `tsc.js`.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

/** @returns what the compiler says */
async function tsc(directory: string, ...more: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command("node", {
    args: [Deno.env.get("NTASK_TEST_TSC")!, "--noEmit", "--pretty", "false", ...more],
    cwd: directory,
  }).output();
  return new TextDecoder().decode(stdout);
}

for (const template of ["plain", "typescript-library"]) {
  cliTest(`a fresh folder with the template ${template} has no error`, async () => {
    await using project = await createProject({});
    assertEquals((await project.run(["init", template])).code, 0);
    assertEquals(await tsc(project.root), "");
  });
}

cliTest("the types allow and refuse what they should", async () => {
  await using project = await createProject({});
  assertEquals((await project.run(["init"])).code, 0);
  project.write({ "tasks.ts": Deno.readTextFileSync(join(ROOT, "tests", "types", "tasks.ts")) });
  assertEquals(await tsc(project.root, "--exactOptionalPropertyTypes"), "");
  project.write({ "tasks.ts": 'import { task } from "ntask";\ntask({ dep: [] }, "x");\n' });
  assertEquals((await tsc(project.root)).match(/error TS/g)?.length, 1);
});
