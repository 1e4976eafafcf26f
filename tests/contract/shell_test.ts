/**
 * The portable shell against what dash and bash said, and the registry of its builtins.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { builtins } from "../../src/run/shell/builtins/registry.ts";
import { CASE_FILES, readCases, runInDirectory } from "./shell_harness.ts";

for (const file of CASE_FILES) {
  for (const { name, script, stdout, status } of readCases(file).cases) {
    Deno.test(`the portable shell runs "${name}" of ${file} as a POSIX shell does`, async () => {
      const run = await runInDirectory(script);
      assertEquals(
        { stdout: run.stdout, status: run.status },
        { stdout, status },
        `script:\n${script}\nstderr:\n${run.stderr}`,
      );
    });
  }
}

Deno.test("there are at least 150 snippets, and no two have the same name", () => {
  const names = CASE_FILES.flatMap((file) => readCases(file).cases.map(({ name }) => name));
  assertEquals(names.length >= 150, true);
  assertEquals(names.length, new Set(names).size);
});

Deno.test("the builtins folder and its registry name the same files", () => {
  const folder = new URL("../../src/run/shell/builtins/", import.meta.url);
  const source = Deno.readTextFileSync(new URL("registry.ts", folder));
  const listed = new Set(
    [...source.matchAll(/import\("\.\/(\w+\.ts)"\)/g)].map(([, file]) => file),
  );
  const present = [...Deno.readDirSync(folder)]
    .map(({ name }) => name)
    .filter((name) => !name.startsWith("_") && name !== "registry.ts");
  assertEquals([...listed].sort(), present.sort());
});

Deno.test("every builtin loads and has something to run", async () => {
  for (const [name, { load }] of Object.entries(builtins)) {
    assertEquals(typeof (await load()).run, "function", name);
  }
});
