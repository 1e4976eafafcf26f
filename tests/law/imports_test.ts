/**
 * Who may import whom (`docs/architecture.md`): a room imports from rooms to its left and from
 * nothing beside or to its right, `_name.ts` belongs to its folder, nothing merely passes modules
 * on, and only `main.ts` ends the process.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { readModule } from "./_module.ts";
import { readOne, readTree, type Tree } from "./_tree.ts";

/** From left to right. Rooms of one line do not know each other. */
const ROOMS: readonly (readonly string[])[] = [
  ["model"],
  ["host"],
  ["source", "graph", "cache", "report", "watch"],
  ["run"],
  ["mod.ts"],
  ["pipeline.ts", "function_host.ts", "script_host.ts", "work_host.ts", "guard_host.ts"],
  ["cli"],
  ["main.ts"],
];

/** The one module whose purpose is to pass on. */
const FACADE = "src/mod.ts";

Deno.test("the sources import to the left only, and nothing private, computed or unknown", () => {
  const tree = readTree("src", "main.ts");
  assert(tree.size > 10, `only ${tree.size} files found`);
  assertEquals(violations(tree, importMap()), []);
});

Deno.test("the tests and scripts import nothing private of another folder", () => {
  const all = readTree("src", "main.ts", "tests", "scripts", "examples");
  const found = [...all].filter(([path]) => /^(tests|scripts|examples)\/.*\.ts$/.test(path))
    .flatMap(([path, text]) => privateImports(path, text));
  assertEquals(found, []);
});

Deno.test("an import to the right is found, also of a type, a lazy one and one passed on", () => {
  for (
    const text of [
      'import { run } from "../run/scheduler.ts";',
      'import type { Run } from "../run/scheduler.ts";',
      'import { type Run } from "../run/scheduler.ts";',
      'export { run } from "../run/scheduler.ts";\nexport const a = 1;',
      'export const later = () => import("../run/scheduler.ts");',
      'export type Run = import("../run/scheduler.ts").Run;',
      'import "../run/scheduler.ts";',
    ]
  ) {
    assertEquals(check({ "src/graph/plan.ts": text, "src/run/scheduler.ts": "" }), [
      `src/graph/plan.ts:1: graph must not import run (../run/scheduler.ts)`,
    ]);
  }
});

Deno.test("a room beside is as closed as one to the right; the room itself and its left are open", () => {
  const tree = {
    "src/model/id.ts": "",
    "src/report/line.ts": "",
    "src/source/toml.ts": "",
    "src/source/spec/value.ts": 'import "../toml.ts"; import "../../model/id.ts";',
    "src/graph/plan.ts": 'import "../report/line.ts";',
    "src/pipeline.ts": 'import "./function_host.ts";',
    "src/function_host.ts": 'import "./report/line.ts";',
    "main.ts": 'import "./src/pipeline.ts";',
  };
  assertEquals(check(tree), [
    "src/graph/plan.ts:1: graph must not import report (../report/line.ts)",
    "src/pipeline.ts:1: pipeline.ts must not import function_host.ts (./function_host.ts)",
  ]);
});

Deno.test("a room that nobody placed is refused", () => {
  assertEquals(check({ "src/utils/x.ts": "export const x = 1;" }), [
    "src/utils/x.ts: “utils” has no place in ROOMS",
  ]);
});

Deno.test("a private module is open to its folder and to the tests that mirror it", () => {
  const tree = {
    "src/report/draw/_lanes.ts": "",
    "src/report/draw/ascii.ts": 'import "./_lanes.ts";',
    "src/report/line.ts": 'import "./draw/_lanes.ts";',
  };
  assertEquals(check(tree), [
    "src/report/line.ts:1: ./draw/_lanes.ts is private to src/report/draw",
  ]);
  const use = 'import "../../../../src/report/draw/_lanes.ts";';
  assertEquals(privateImports("tests/unit/report/draw/lanes_test.ts", use), []);
  assertEquals(privateImports("tests/unit/report/lanes/x_test.ts", use).length, 1);
});

Deno.test("what is not in the tree, not in deno.json or not written out is refused", () => {
  const text = [
    'import "./gone.ts";',
    'import "left-pad";',
    'import "npm:left-pad@1.0.0";',
    'import "../../tests/rig/project.ts";',
    'import "node:fs";',
    'import "@std/path";',
    "export const load = (name: string) => import(name);",
    'import "ntask";',
  ].join("\n");
  assertEquals(check({ "src/graph/x.ts": text }), [
    "src/graph/x.ts:1: there is no src/graph/gone.ts",
    "src/graph/x.ts:2: “left-pad” is not in the import map of deno.json",
    "src/graph/x.ts:3: “npm:left-pad@1.0.0” is not in the import map of deno.json",
    "src/graph/x.ts:4: ../../tests/rig/project.ts is outside src",
    "src/graph/x.ts:8: “ntask” is this program's own name",
    "src/graph/x.ts:7: import(…) of something that is not written out",
  ]);
  assertEquals(check({ "src/host/x.ts": "export const load = (x: string) => import(x);" }), []);
});

Deno.test("a module that only passes others on is a barrel, whatever its name", () => {
  const pass = 'export * from "./b.ts";\nexport { c } from "./c.ts";';
  const files = (path: string) => ({ [path]: pass, "src/graph/b.ts": "", "src/graph/c.ts": "" });
  assertEquals(check(files("src/graph/all.ts")), ["src/graph/all.ts: a barrel"]);
  assertEquals(
    check({ "src/mod.ts": 'export { a } from "./model/a.ts";', "src/model/a.ts": "" }),
    [],
  );
});

Deno.test("only main.ts takes the exit of the host", () => {
  const door = { "src/host/real.ts": "export function exit() {}" };
  const take = 'import { exit } from "./src/host/real.ts"; exit();';
  assertEquals(check({ ...door, "main.ts": take }), []);
  assertEquals(check({ ...door, "src/cli/cli.ts": take.replace("./src/", "../") }), [
    "src/cli/cli.ts:1: only main.ts ends the process",
  ]);
});

// ── the law ──────────────────────────────────────────────────────────────────────────────────────

function check(files: Readonly<Record<string, string>>): string[] {
  return violations(new Map(Object.entries(files)), new Set(["ntask", "@std/path"]));
}

function violations(tree: Tree, known: ReadonlySet<string>): string[] {
  return [...tree].flatMap(([path, text]) => path.endsWith(".ts") ? judge(path, text) : []);

  function judge(path: string, text: string): string[] {
    const found: string[] = [];
    const room = roomOf(path);
    if (rank(room) < 0) return [`${path}: “${room}” has no place in ROOMS`];
    const module = readModule(text);
    if (module.barrel && path !== FACADE) found.push(`${path}: a barrel`);
    for (const { specifier, names, line } of module.imports) {
      const at = `${path}:${line}:`;
      const target = resolve(path, specifier);
      if (target === undefined) {
        if (specifier === "ntask") found.push(`${at} “ntask” is this program's own name`);
        else if (!specifier.startsWith("node:") && !known.has(specifier)) {
          found.push(`${at} “${specifier}” is not in the import map of deno.json`);
        }
        continue;
      }
      if (!target.startsWith("src/") && target !== "main.ts") {
        found.push(`${at} ${specifier} is outside src`);
        continue;
      }
      if (!tree.has(target)) found.push(`${at} there is no ${target}`);
      const other = roomOf(target);
      if (other !== room && !(rank(other) < rank(room))) {
        found.push(`${at} ${room} must not import ${other} (${specifier})`);
      }
      if (other === "host" && room !== "main.ts" && room !== "host" && names.includes("exit")) {
        found.push(`${at} only main.ts ends the process`);
      }
    }
    found.push(...privateImports(path, text));
    if (room !== "host") {
      for (const line of module.computedImports) {
        found.push(`${path}:${line}: import(…) of something that is not written out`);
      }
    }
    return found;
  }
}

/** `tests/unit/x/…` mirrors `src/x/…` and sees what that folder sees. */
function privateImports(path: string, text: string): string[] {
  return readModule(text).imports.flatMap(({ specifier, line }) => {
    const target = resolve(path, specifier);
    if (target === undefined || !/\/_[^/]+$/.test(target)) return [];
    const owner = folderOf(target);
    const folder = folderOf(path);
    if (folder === owner || folder.replace(/^tests\/[^/]+\//, "src/") === owner) return [];
    return [`${path}:${line}: ${specifier} is private to ${owner}`];
  });
}

function importMap(): ReadonlySet<string> {
  return new Set(Object.keys(JSON.parse(readOne("deno.json") ?? "{}").imports));
}

function roomOf(path: string): string {
  const [first, second] = path.split("/");
  return (first === "src" ? second : first) ?? "";
}

function rank(room: string): number {
  return ROOMS.findIndex((line) => line.includes(room));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** The path from the root that a relative specifier means; undefined for a bare one. */
function resolve(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const parts = folderOf(from).split("/").filter((part) => part !== "");
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
