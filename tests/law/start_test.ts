/**
 * What a start loads: the modules on the way to a simple task load one built-in of the runtime and
 * no package but those for paths and TOML. `node:os` alone took a third of a millisecond of every
 * start before anybody noticed, `node:process` an eighth.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { readModule } from "./_module.ts";
import { readTree, type Tree } from "./_tree.ts";

/** What `ntask hello` loads in a project with a TOML file: each of these with all it imports. */
const HELLO = [
  "main.ts",
  "src/cli/invocation.ts",
  "src/cli/again.ts",
  "src/cli/start.ts",
  "src/host/real.ts",
  "src/host/processes_bun.ts",
  "src/cli/command/task.ts",
  "src/source/format/toml.ts",
  "src/report/line.ts",
];

Deno.test("a simple task loads no built-in but node:fs", () => {
  const { modules, others } = loaded(readTree("main.ts", "src"), HELLO);
  assertEquals(others.filter((name) => name.startsWith("node:")), ["node:fs"]);
  assert(modules.size > 50, "the modules are not found any more");
});

Deno.test("a simple task loads no package but those for paths and TOML", () => {
  const { others } = loaded(readTree("main.ts", "src"), HELLO);
  const packages = others.filter((name) => !name.startsWith("node:"));
  assertEquals(packages, ["@std/path", "@std/path/posix", "@std/path/windows", "smol-toml"]);
});

Deno.test("--version, and a start that is told again, load no built-in and no package", () => {
  const tree = readTree("main.ts", "src");
  for (const entries of [["main.ts", "src/cli/invocation.ts"], ["main.ts", "src/cli/front.ts"]]) {
    assertEquals(loaded(tree, entries).others, []);
  }
});

/** All that some modules import, lazy imports left out. */
function loaded(tree: Tree, entries: readonly string[]) {
  const modules = new Set<string>(entries);
  const others = new Set<string>();
  for (const path of modules) {
    const text = tree.get(path);
    assert(text !== undefined, `${path} is not there`);
    for (const { specifier, kind } of readModule(text).imports) {
      if (kind !== "value") continue;
      if (specifier.startsWith(".")) modules.add(resolved(path, specifier));
      else others.add(specifier);
    }
  }
  return { modules, others: [...others].sort() };
}

function resolved(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}
