/**
 * The identity of a function under random formatting and under every change of one token.
 *
 * @module
 */

import { parse } from "@babel/parser";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { AbsolutePath } from "../../src/model/id.ts";
import { sourceIdentity } from "../../src/source/signature/identity.ts";
import { type Random, randomFrom } from "../rig/random.ts";

const TASKS = String.raw`
import { shell, task } from "ntask";
import { escape, Pipe } from "./lib.ts";
import { join as glue } from "node:path";

const SOURCES: readonly string[] = ["src", 'tests'], LIMIT = 0x10;
const { low, high: top = 9n, ...rest } = { low: 1, high: undefined, more: null };
let count = 0;
const pattern = /a[/]b+/gi;
label: for (const each of SOURCES) { if (each === "x") continue label; else count += 1; }

async function* pages<T>(from: T, { size = 10 }: { size?: number } = {}, ...more: T[]) {
  for (let page = 0; page < size; page++) yield* [from, ...more];
  do count--; while (count > LIMIT)
  return typeof from
}

class Walker<T> extends Pipe {
  static made = 0; #depth = 1; readonly "a-b"?: number = 2; [LIMIT] = 3;
  constructor(private name: T) { super(); Walker.made++ }
  get depth(): number { return this.#depth } set depth(to) { this.#depth = to }
  static { Walker.made = -1; }
}

export const lint = task(async (mode: "a" | "b" = "a", depth?: number) => {
  const made = new Walker<string>(mode), text = ${"`x${made.depth}y\\n${`in${mode}`}`"};
  try { for await (const page of pages(text)) await escape(page!, low, top, rest) }
  catch { throw new Error("no", { cause: made }) } finally { count = pattern.lastIndex }
  switch (mode) { case "a": break; default: return count ? glue(text, 'b') : void 0 }
  const { length } = (SOURCES as string[])?.[0] ?? "", b = [, ...SOURCES];
  if (length) ((b satisfies unknown[]))
  else { debugger; }
  return shell${"`lint ${text} -- ${depth}`"}
});
`;

const LIB = `
export class Pipe { static of = (text: string) => text ?? process.env.TEXT; }
function escape(...all: unknown[]): string { return all.map((one) => \`<\${one}>\`).join(", ") }
export { escape };
`;

async function partsOf(tasks: string, lib: string): Promise<unknown> {
  const outcome = await sourceIdentity({
    file: "/project/tasks.ts" as AbsolutePath,
    text: tasks,
    root: "/project" as AbsolutePath,
    export: ["lint"],
    readModuleText: (_, specifier) =>
      specifier === "./lib.ts" ? { file: "/project/lib.ts" as AbsolutePath, text: lib } : undefined,
    packageOf: () => undefined,
  });
  return outcome.ok ? outcome.identity.parts : outcome.problems;
}

interface Token {
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

function tokensOf(text: string): readonly Token[] {
  const { tokens } = parse(text, { sourceType: "module", plugins: ["typescript"], tokens: true });
  return tokens!.filter(({ type }) => typeof type !== "string").map(({ type, start, end }) => ({
    label: type.label,
    start,
    end,
  }));
}

/** Blanks and comments between tokens; a line end only where it cannot end a statement. */
function perturbed(text: string, random: Random): string {
  let made = "";
  let last = 0;
  let before = "";
  for (const { label, start, end } of tokensOf(text)) {
    made += text.slice(last, start);
    const gap = text.slice(last, start);
    const inText = /^(?:`|template|#)$/.test(before) || /^(?:`|template)$/.test(label) &&
        before === "}" ||
      label === "template";
    const tag = label === "`" && before === "name";
    if (!inText && !tag && random.chance(0.4)) {
      const free = /^[,;([{]$/.test(before) || gap.includes("\n");
      made += random.of([" ", "\t", "  ", " /* x */ ", "/**/", ...free ? ["\n\n", " // y\n"] : []]);
    }
    made += text.slice(start, end);
    last = end;
    before = label;
  }
  return made + text.slice(last);
}

Deno.test("formatting and comments never change an identity", async () => {
  const base = await partsOf(TASKS, LIB);
  for (let seed = 1; seed <= 60; seed++) {
    const random = randomFrom(seed);
    const tasks = perturbed(TASKS, random);
    assertNotEquals(tasks, TASKS);
    assertEquals(await partsOf(tasks, perturbed(LIB, random)), base, `seed ${seed}:\n${tasks}`);
  }
});

/** Whether a position is in a part of the text that only types see. */
const TYPES = [
  ": readonly string[]",
  "<T>",
  ": T",
  ": { size?: number }",
  "<T>",
  "T[]",
  ": number",
  "readonly ",
  "private ",
  '"a" | "b"',
  ": number",
  "<string>",
  "as string[]",
  "satisfies unknown[]",
  ": string",
  "unknown",
];

function isTyped(text: string, at: number): boolean {
  return TYPES.some((piece) => {
    for (let from = text.indexOf(piece); from >= 0; from = text.indexOf(piece, from + 1)) {
      if (from <= at && at < from + piece.length) return true;
    }
    return false;
  });
}

Deno.test("every change of a name, a number, a text or an operator changes the identity", async () => {
  const base = await partsOf(TASKS, LIB);
  const texts = [["tasks", TASKS], ["lib", LIB]] as const;
  let tried = 0;
  for (const [which, text] of texts) {
    for (const { label, start, end } of tokensOf(text)) {
      if (isTyped(text, start)) continue;
      const token = text.slice(start, end);
      const changed = changedToken(label, token);
      if (changed === undefined) continue;
      tried++;
      const edited = text.slice(0, start) + changed + text.slice(end);
      const parts = await partsOf(
        which === "tasks" ? edited : TASKS,
        which === "lib" ? edited : LIB,
      );
      assertNotEquals(parts, base, `${which}: ${token} -> ${changed} at ${start}`);
    }
  }
  assert(tried > 150, `${tried}`);
});

function changedToken(label: string, token: string): string | undefined {
  switch (label) {
    case "name":
      return `${token}x`;
    case "num":
      return `${token}1`;
    case "bigint":
      return `1${token}`;
    case "string":
      return `${token.slice(0, -1)}x${token.at(-1)}`;
    case "template":
      return `${token}x`;
    case "regexp":
      return token.replace("+", "*");
    case "+/-":
      return token === "+" ? "-" : undefined;
    case "++/--":
      return token === "++" ? "--" : "++";
    case "</>/<=/>=":
      return token === "<" ? ">" : token === ">" ? "<" : undefined;
    case "_=":
      return "-=";
    default:
      return undefined;
  }
}
