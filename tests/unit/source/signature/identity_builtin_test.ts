/**
 * The list of built-in modules against the runtime's own.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { builtinModules } from "node:module";
import { isBuiltin } from "../../../../src/source/signature/_identity_builtin.ts";

Deno.test("every public module of the runtime counts by its name", () => {
  const open = builtinModules.filter((name) => !/^_|^node:|^sys$|^test/.test(name));
  assertEquals(open.filter((name) => !isBuiltin(name)), []);
  for (const name of ["ntask", "node:test", "bun", "bun:sqlite"]) assert(isBuiltin(name), name);
  for (const name of ["zod", "fs-extra", "./fs", "ntask-x"]) assert(!isBuiltin(name), name);
});
