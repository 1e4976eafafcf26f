/**
 * A registry equals the listing of its folder: every implementation beside it has its line, lazy
 * and written out, and every line its file.
 *
 * What is an implementation needs no second list: the modules of one registry share the names they
 * export (`report`, `draw`), and a file beside them that exports these names belongs to them.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { readModule } from "./_module.ts";
import { readTree, type Tree } from "./_tree.ts";

Deno.test("every registry lists exactly the implementations in its folder", () => {
  assertEquals(violations(readTree("src")), []);
});

const LINE = 'a: () => import("./a.ts"), b: () => import("./b.ts")';
const FOLDER = {
  "src/x/registry.ts": `export const all = { ${LINE} };`,
  "src/x/a.ts": "export function draw() {}",
  "src/x/b.ts": "export const draw = () => {}; export const more = 1;",
  "src/x/format.ts": "export interface Draw {} export const more = 1;",
  "src/x/_lanes.ts": "export function draw() {}",
  "src/x/y/c.ts": "export function draw() {}",
};

Deno.test("a folder whose registry is complete passes", () => {
  assertEquals(check(FOLDER), []);
});

Deno.test("an implementation without a line is found", () => {
  assertEquals(check({ ...FOLDER, "src/x/c.ts": "export function draw() {}" }), [
    "src/x/registry.ts: no line for c.ts",
  ]);
});

Deno.test("a line without a file and an entry that is loaded at once are found", () => {
  const text = `import "./b.ts"; export const all = { ${LINE}, c: () => import("./c.ts"),` +
    ' d: () => import("./a.ts") };';
  assertEquals(check({ ...FOLDER, "src/x/registry.ts": text }), [
    "src/x/registry.ts: c.ts is not in the folder",
    "src/x/registry.ts: b.ts is loaded at once",
  ]);
  assertEquals(
    check({ "src/x/registry.ts": 'export const all = { a: () => import("./a.ts") };' }),
    [
      "src/x/registry.ts: a.ts is not in the folder",
    ],
  );
});

Deno.test("a registry without lines, and entries that have no name in common, are found", () => {
  assertEquals(check({ "src/x/registry.ts": "export const all = {};" }), [
    "src/x/registry.ts: no lines of the form () => import(“./x.ts”)",
  ]);
  assertEquals(check({ ...FOLDER, "src/x/a.ts": "export function paint() {}" }), [
    "src/x/registry.ts: its modules share no exported name",
  ]);
});

function check(files: Readonly<Record<string, string>>): string[] {
  return violations(new Map(Object.entries(files)));
}

function violations(tree: Tree): string[] {
  return [...tree.keys()].filter((path) => path.endsWith("/registry.ts"))
    .flatMap((path) => judge(path, tree).map((what) => `${path}: ${what}`));
}

function judge(path: string, tree: Tree): string[] {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const imports = readModule(tree.get(path) ?? "").imports;
  // One module may answer to several names.
  const lines = imports.filter((each) => each.kind === "lazy")
    .map((each) => each.specifier.replace(/^\.\//, ""))
    .filter((name, index, all) => all.indexOf(name) === index);
  if (lines.length === 0) return ["no lines of the form () => import(“./x.ts”)"];
  const exportsOf = (name: string): readonly string[] =>
    readModule(tree.get(folder + name) ?? "").exports;
  const entries = lines.filter((name) => tree.has(folder + name));
  const [first, ...others] = entries.map(exportsOf);
  const shared = (first ?? []).filter((name) => others.every((names) => names.includes(name)));
  if (first !== undefined && shared.length === 0) return ["its modules share no exported name"];
  const beside = [...tree.keys()]
    .filter((each) => each.startsWith(folder) && !each.slice(folder.length).includes("/"))
    .map((each) => each.slice(folder.length))
    .filter((name) => name.endsWith(".ts") && !name.startsWith("_") && name !== "registry.ts");
  return [
    ...beside.filter((name) => shared.length > 0 && !lines.includes(name))
      .filter((name) => shared.every((wanted) => exportsOf(name).includes(wanted)))
      .map((name) => `no line for ${name}`),
    ...lines.filter((name) => !tree.has(folder + name)).map((name) =>
      `${name} is not in the folder`
    ),
    ...imports.filter((each) => each.kind === "value")
      .map((each) => each.specifier.replace(/^\.\//, ""))
      .filter((name) => lines.includes(name)).map((name) => `${name} is loaded at once`),
  ];
}
