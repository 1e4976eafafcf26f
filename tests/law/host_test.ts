/**
 * One door to the outside: only `src/host` knows which runtime this is. Elsewhere the globals of a
 * runtime and the built-ins that reach the machine are unknown; built-ins that only compute are not.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { readModule } from "./_module.ts";
import { readTree, type Tree } from "./_tree.ts";

const GLOBALS = new Set([
  ...["Deno", "Bun", "process", "globalThis", "global", "window", "self"],
  ...["require", "module", "Buffer", "__dirname", "__filename"],
  ...["fetch", "XMLHttpRequest", "WebSocket", "Worker", "localStorage", "sessionStorage"],
  ...["console", "setTimeout", "setInterval", "setImmediate", "performance", "alert", "prompt"],
]);

const PURE = new Set(["async_hooks", "buffer", "crypto", "string_decoder", "url", "util"]);

Deno.test("only src/host touches the runtime, the machine, the clock and the network", () => {
  const tree = readTree("src", "main.ts");
  assert([...tree.keys()].some((path) => path.startsWith("src/host/")), "src/host is not there");
  assertEquals(violations(tree), []);
});

Deno.test("a runtime's global is found, also in a type, behind a dot and in a nested function", () => {
  for (
    const [text, name] of [
      ["export const x = Deno.cwd();", "Deno"],
      ["export function f() { return () => process.argv; }", "process"],
      ["export let c: Deno.Command;", "Deno"],
      ["export type T = typeof Bun;", "Bun"],
      ["const { Deno: d } = globalThis as never; export { d };", "globalThis"],
      ["export const f = ({ a = Bun }) => a;", "Bun"],
      ["export const x = { process };", "process"],
      ["{ const process = 1; process; }\nprocess;", "process"],
      ["console.log(1);", "console"],
      ["setTimeout(() => {}, 1);", "setTimeout"],
    ] as const
  ) {
    const [found, ...more] = check("src/graph/x.ts", text);
    assertEquals(more, []);
    assert(found?.endsWith(`: ${name} belongs to src/host`), `${text}: ${found}`);
  }
});

Deno.test("a name of our own is no runtime's, wherever it is declared", () => {
  for (
    const text of [
      'import { process } from "./y.ts"; process;',
      "export function f(process: number) { return process; }",
      "export const f = ({ process }: { process: number }) => process;",
      "export const x = { process: 1 }.process;",
      "for (const process of []) process;",
      "try { f(); } catch (process) { throw process; } function f() {}",
      "export interface X { process: number; self(): void }",
      "class A { process = 1; self() { return this.process; } }",
      "function process() {} process();",
      "export type F = (self: string) => void;",
    ]
  ) assertEquals(check("src/graph/x.ts", text), [], text);
});

Deno.test("a built-in that reaches the machine is found, one that computes is not", () => {
  assertEquals(check("src/cache/x.ts", 'import { createHash } from "node:crypto";'), []);
  for (const name of ["node:fs", "node:fs/promises", "node:process", "node:path", "node:os"]) {
    assertEquals(check("src/cache/x.ts", `export const l = () => import("${name}");`), [
      `src/cache/x.ts:1: ${name} belongs to src/host`,
    ]);
  }
  assertEquals(check("src/cache/x.ts", 'import type { Stats } from "node:fs";').length, 1);
});

Deno.test("src/host may do all of it", () => {
  assertEquals(check("src/host/x.ts", 'import "node:fs"; Deno.cwd(); process.exit();'), []);
});

function check(path: string, text: string): string[] {
  return violations(new Map([[path, text]]));
}

function violations(tree: Tree): string[] {
  return [...tree].flatMap(([path, text]) => {
    if (path.startsWith("src/host/") || !path.endsWith(".ts")) return [];
    const { globals, imports } = readModule(text);
    const used = [
      ...globals.filter(({ name }) => GLOBALS.has(name)),
      ...imports.filter(({ specifier }) => isImpure(specifier))
        .map(({ specifier, line }) => ({ name: specifier, line })),
    ];
    return used.map(({ name, line }) => `${path}:${line}: ${name} belongs to src/host`);
  });
}

function isImpure(specifier: string): boolean {
  return specifier.startsWith("node:") && !PURE.has(specifier.slice("node:".length));
}
