/**
 * `sort`, by code unit: the order does not depend on a locale.
 *
 * @module
 */

import { complain, say } from "../output.ts";
import type { Shell } from "../state.ts";
import { NotCovered } from "../unwind.ts";
import { allLines, eachInput } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import { writeFile } from "./_output.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, given, has, value } = optionsOf(invocation);
  const global = given.map(([letter]) => letter).filter((letter) => "nrfbdh".includes(letter));
  const separator = value("t");
  if (separator !== undefined && [...separator].length !== 1 && separator !== "\\0") {
    throw new NotCovered(`the separator ${separator}`);
  }
  const keys = given
    .filter(([letter]) => letter === "k")
    .map(([, text]) => parseKey(text, global.join("")));
  const whole: Key = { start: [1, 1], end: undefined, letters: global.join("") };
  const compared = keys.length > 0 ? keys : [whole];
  const compare = (a: string, b: string) => {
    for (const key of compared) {
      const order = compareKey(field(a, key, separator), field(b, key, separator), key.letters);
      if (order !== 0) return key.letters.includes("r") ? -order : order;
    }
    if (has("u") || has("s")) return 0;
    return has("r") ? plain(b, a) : plain(a, b);
  };

  const end = has("z") ? "\0" : "\n";
  const lines: string[] = [];
  const status = await eachInput(shell, "sort", operands, async (stream) => {
    for (const { text } of await allLines(stream, end)) lines.push(text);
  }, 2);
  if (status !== 0) return status;
  if (has("c")) return await check(shell, lines, compare, has("u"));
  const sorted = lines.sort(compare);
  const kept = has("u")
    ? sorted.filter((line, at) => at === 0 || compare(sorted[at - 1]!, line) !== 0)
    : sorted;
  await put(shell, value("o"), kept.map((line) => line + end).join(""));
  return 0;
}

async function check(
  shell: Shell,
  lines: readonly string[],
  compare: (a: string, b: string) => number,
  unique: boolean,
): Promise<number> {
  const at = lines.findIndex((line, index) => {
    if (index === 0) return false;
    const order = compare(lines[index - 1]!, line);
    return order > 0 || (unique && order === 0);
  });
  if (at < 0) return 0;
  await complain(shell, `sort: -:${at + 1}: disorder: ${lines[at]}`);
  return 1;
}

/** The output file may be one of the inputs: it is written when they are read. */
async function put(shell: Shell, operand: string | undefined, text: string): Promise<void> {
  if (operand === undefined) await say(shell, text);
  else await writeFile(shell, operand, text);
}

/** Field and character, both from 1; a character of 0 at the end is the end of the field. */
type Position = readonly [field: number, character: number];

interface Key {
  readonly start: Position;
  readonly end: Position | undefined;
  readonly letters: string;
}

function parseKey(text: string, global: string): Key {
  const match = /^([0-9]+)(?:\.([0-9]+))?([a-z]*)(?:,([0-9]+)(?:\.([0-9]+))?([a-z]*))?$/.exec(text);
  const own = (match?.[3] ?? "") + (match?.[6] ?? "");
  if (match === null || match[1] === "0" || /[^nrfbdh]/.test(own)) {
    throw new NotCovered(`the key ${text}`);
  }
  return {
    start: [Number(match[1]), Number(match[2] ?? 1)],
    end: match[4] === undefined ? undefined : [Number(match[4]), Number(match[5] ?? 0)],
    letters: own === "" ? global : own,
  };
}

function field(line: string, { start, end, letters }: Key, separator: string | undefined): string {
  if (start[0] === 1 && start[1] === 1 && end === undefined) {
    return letters.includes("b") ? line.replace(/^[ \t]+/, "") : line;
  }
  const spans = fieldSpans(line, separator === "\\0" ? "\0" : separator);
  const blanks = (from: number) => /^[ \t]*/.exec(line.slice(from))![0].length;
  const first = spans[start[0] - 1];
  if (first === undefined) return "";
  const skip = letters.includes("b") ? blanks(first[0]) : 0;
  const from = first[0] + skip + start[1] - 1;
  if (end === undefined) return line.slice(from);
  const last = spans[end[0] - 1];
  if (last === undefined) return line.slice(from);
  const to = end[1] === 0 ? last[1] : last[0] + end[1];
  return line.slice(from, Math.min(Math.max(from, to), line.length));
}

/** Where the fields are; without a separator the blanks before a field are part of it. */
function fieldSpans(
  line: string,
  separator: string | undefined,
): readonly (readonly [number, number])[] {
  const spans: [number, number][] = [];
  if (separator === undefined) {
    for (const match of line.matchAll(/[ \t]*[^ \t]+/g)) {
      spans.push([match.index, match.index + match[0].length]);
    }
    return spans;
  }
  let start = 0;
  for (const part of line.split(separator)) {
    spans.push([start, start + part.length]);
    start += part.length + separator.length;
  }
  return spans;
}

function compareKey(a: string, b: string, letters: string): number {
  if (letters.includes("n")) return numeric(a) - numeric(b);
  if (letters.includes("h")) {
    const [one, other] = [human(a), human(b)];
    return one[0] - other[0] || one[1] - other[1];
  }
  return plain(folded(a, letters), folded(b, letters));
}

function folded(text: string, letters: string): string {
  const known = letters.includes("d") ? text.replace(/[^\p{L}\p{N} \t]/gu, "") : text;
  return letters.includes("f") ? known.toUpperCase() : known;
}

function numeric(text: string): number {
  return Number(/^[ \t]*(-?[0-9]*\.?[0-9]*)/.exec(text)?.[1] || 0) || 0;
}

function human(text: string): readonly [number, number] {
  const number = numeric(text);
  const unit = /^[ \t]*-?[0-9]*\.?[0-9]*([KkMGTPEZY]?)/.exec(text)?.[1] ?? "";
  const power = unit === "" ? 0 : "KMGTPEZY".indexOf(unit.toUpperCase()) + 1;
  const sign = Math.sign(number);
  return [sign * (power + 1), number];
}

function plain(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
