/**
 * `grep` with basic, extended and fixed expressions.
 *
 * @module
 */

import { isFault } from "../../../host/shell_system.ts";
import { literalSource } from "../characters.ts";
import { say } from "../output.ts";
import type { ParsedOptions } from "../options.ts";
import type { Shell } from "../state.ts";
import type { ByteStream } from "../streams.ts";
import { NotCovered } from "../unwind.ts";
import { expressionSource } from "./_expressions.ts";
import { allLines, eachInput, lineBatches, openFile, pathOf } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const options = optionsOf(invocation);
  const { has } = options;
  const operands = [...options.operands];
  const patterns = await givenPatterns(shell, options);
  if (patterns.length === 0 && !has("e") && !has("f")) {
    const first = operands.shift();
    if (first === undefined) throw new NotCovered("grep without a pattern");
    patterns.push(...first.split("\n"));
  }
  const expression = compile(patterns, options);
  const context = [count(options, "B"), count(options, "A")] as const;

  const recursive = has("r") || has("R");
  const roots = recursive && operands.length === 0 ? ["."] : operands;
  const found = recursive ? roots.flatMap((root) => filesBelow(shell, root)) : roots;
  // Without an operand the names begin in the working directory.
  const files = roots === operands ? found : found.map((file) => file.replace(/^\.\//, ""));
  const named = !has("h") && (has("H") || recursive || files.length > 1);
  const search: Search = { shell, options, expression, named, context, selected: 0 };
  const readable = has("s") ? files.filter((file) => readableFile(shell, file)) : files;
  const lost = readable.length < files.length;
  let status = 0;
  if (!(lost && readable.length === 0)) {
    status = await eachInput(
      shell,
      "grep",
      // Without operands `eachInput` reads standard input: nothing below the roots is no input.
      recursive && files.length === 0 ? [] : readable,
      async (stream, operand) => {
        if (recursive && files.length === 0) return;
        await searchStream(search, stream, operand === "-" ? "(standard input)" : operand);
      },
      2,
    );
  }
  if (search.selected > 0 && (status === 0 || has("q"))) return lost && !has("q") ? 2 : 0;
  return status !== 0 || lost ? 2 : 1;
}

interface Search {
  readonly shell: Shell;
  readonly options: ParsedOptions;
  readonly expression: RegExp;
  readonly named: boolean;
  readonly context: readonly [before: number, after: number];
  selected: number;
}

async function givenPatterns(shell: Shell, { given }: ParsedOptions): Promise<string[]> {
  const patterns: string[] = [];
  for (const [letter, value] of given) {
    if (letter === "e") patterns.push(...value.split("\n"));
    if (letter !== "f") continue;
    const stream = openFile(shell, value);
    for (const { text } of await allLines(stream)) patterns.push(text);
    stream.close();
  }
  return patterns;
}

function compile(patterns: readonly string[], { has, given }: ParsedOptions): RegExp {
  const kind = given.findLast(([letter]) => "EFG".includes(letter))?.[0] ?? "G";
  // POSIX takes the longest alternative, JavaScript the first.
  const alternatives = patterns.length > 1 ||
    (kind !== "F" && patterns.some((pattern) => /\|/.test(pattern)));
  if (has("o") && alternatives) throw new NotCovered("alternatives with -o");
  const sources = patterns.map((pattern) =>
    kind === "F" ? literalSource(pattern) : expressionSource(pattern, kind === "E")
  );
  const any = sources.map((source) => `(?:${source})`).join("|");
  const whole = sources.length === 0
    ? "[]"
    : has("x")
    ? `^(?:${any})$`
    : has("w")
    ? `(?<![\\p{L}\\p{N}_])(?:${any})(?![\\p{L}\\p{N}_])`
    : any;
  try {
    return new RegExp(whole, has("i") ? "giu" : "gu");
  } catch {
    throw new NotCovered(`the expression ${patterns.join("\n")}`);
  }
}

function count({ given }: ParsedOptions, side: string): number {
  const text = given.findLast(([letter]) => letter === side || letter === "C")?.[1] ?? "0";
  if (!/^[0-9]+$/.test(text)) throw new NotCovered(`-${side} ${text}`);
  return Number(text);
}

async function searchStream(search: Search, stream: ByteStream, name: string): Promise<void> {
  const { shell, options: { has, value }, expression, named, context: [before, after] } = search;
  const most = Number(value("m") ?? Infinity);
  const silent = has("q") || has("l") || has("L");
  const label = (mark: string) => named ? `${name}${mark}` : "";
  let selected = 0;
  let number = 0;
  let printed = 0;
  let following = 0;
  const earlier: [number, string][] = [];
  const show = (at: number, text: string, mark: string) =>
    `${label(mark)}${has("n") ? `${at}${mark}` : ""}${text}\n`;

  search: for await (const batch of lineBatches(stream)) {
    let out = "";
    for (const { text } of batch) {
      number++;
      if (selected >= most && following === 0) break;
      expression.lastIndex = 0;
      const hit = selected < most && expression.test(text) !== has("v");
      if (hit) {
        selected++;
        if (has("q")) break;
        if (silent || has("c")) continue;
        if (has("o")) {
          out += has("v")
            ? ""
            : pieces(expression, text).map((one) => show(number, one, ":")).join("");
          continue;
        }
        const gap = (earlier[0]?.[0] ?? number) > printed + 1;
        if (before + after > 0 && printed > 0 && gap) out += "--\n";
        for (const [at, line] of earlier.splice(0)) out += show(at, line, "-");
        out += show(number, text, ":");
        printed = number;
        following = after;
      } else if (following > 0) {
        out += silent || has("c") || has("o") ? "" : show(number, text, "-");
        printed = number;
        following--;
      } else if (before > 0) {
        earlier.push([number, text]);
        if (earlier.length > before) earlier.shift();
      }
    }
    await say(shell, out);
    if ((has("q") || has("l")) && selected > 0) break search;
    if (selected >= most && following === 0) break search;
  }
  if (has("c") && !silent) await say(shell, `${label(":")}${selected}\n`);
  if (has("l") && selected > 0 && !has("q")) await say(shell, `${name}\n`);
  if (has("L") && selected === 0 && !has("q")) await say(shell, `${name}\n`);
  search.selected += has("L") ? Number(selected === 0) : selected;
}

function pieces(expression: RegExp, text: string): readonly string[] {
  expression.lastIndex = 0;
  return [...text.matchAll(expression)].map(([whole]) => whole).filter((whole) => whole !== "");
}

function readableFile(shell: Shell, file: string): boolean {
  return file === "-" || shell.system.access(pathOf(shell, file), "read");
}

function filesBelow(shell: Shell, root: string): readonly string[] {
  const status = shell.system.status(pathOf(shell, root), true);
  if (isFault(status) || status.kind !== "directory") return [root];
  const found: string[] = [];
  const names = shell.system.list(pathOf(shell, root));
  for (const name of isFault(names) ? [] : [...names].sort()) {
    const path = `${root.replace(/\/+$/, "")}/${name}`;
    const inner = shell.system.status(pathOf(shell, path), false);
    if (isFault(inner)) continue;
    if (inner.kind === "directory") found.push(...filesBelow(shell, path));
    else if (inner.kind === "file") found.push(path);
  }
  return found;
}
