/**
 * `tr`, on bytes.
 *
 * @module
 */

import { say, streamOf } from "../output.ts";
import { encode } from "../text.ts";
import { NotCovered } from "../unwind.ts";
import { unescapeFormat } from "./_escapes.ts";
import { chunks } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has } = optionsOf(invocation);
  const [firstText, secondText] = operands;
  const deleting = has("d");
  const squeezing = has("s");
  const needed = deleting === squeezing ? 2 : 1;
  const most = deleting && !squeezing ? 1 : 2;
  if (firstText === undefined || operands.length < needed || operands.length > most) {
    throw new NotCovered(`tr with ${operands.length} sets`);
  }
  const listed = parseSet(firstText, 0);
  const first = has("c") || has("C") ? complement(listed) : listed;
  const second = secondText === undefined ? undefined : parseSet(secondText, first.length);
  if (second?.length === 0 && !deleting) throw new NotCovered("an empty second set");

  const deleted = new Uint8Array(256);
  if (deleting) { for (const byte of first) deleted[byte] = 1; }
  const map = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  if (!deleting && second !== undefined) {
    const length = has("t") ? Math.min(first.length, second.length) : first.length;
    for (let at = 0; at < length; at++) map[first[at]!] = second[Math.min(at, second.length - 1)]!;
  }
  const squeezed = new Uint8Array(256);
  if (squeezing) { for (const byte of second ?? first) squeezed[byte] = 1; }

  let before = -1;
  for await (const chunk of chunks(streamOf(shell, 0))) {
    const out = new Uint8Array(chunk.length);
    let size = 0;
    for (const byte of chunk) {
      if (deleted[byte] === 1) continue;
      const mapped = map[byte]!;
      if (squeezed[mapped] === 1 && mapped === before) continue;
      out[size++] = mapped;
      before = mapped;
    }
    await say(shell, out.subarray(0, size));
  }
  return 0;
}

function complement(bytes: readonly number[]): readonly number[] {
  const all = new Set(bytes);
  return Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !all.has(byte));
}

const CLASSES: Readonly<Record<string, (char: string) => boolean>> = {
  alnum: (char) => /[0-9A-Za-z]/.test(char),
  alpha: (char) => /[A-Za-z]/.test(char),
  blank: (char) => /[ \t]/.test(char),
  cntrl: (char) => char < " " || char === "\x7f",
  digit: (char) => /[0-9]/.test(char),
  graph: (char) => char > " " && char < "\x7f",
  lower: (char) => /[a-z]/.test(char),
  print: (char) => char >= " " && char < "\x7f",
  punct: (char) => char > " " && char < "\x7f" && !/[0-9A-Za-z]/.test(char),
  space: (char) => /[ \t\n\r\f\v]/.test(char),
  upper: (char) => /[A-Z]/.test(char),
  xdigit: (char) => /[0-9A-Fa-f]/.test(char),
};

/**
 * The bytes of a set in order.
 *
 * @param length what `[x*]` fills up to
 */
function parseSet(text: string, length: number): readonly number[] {
  const bytes: number[] = [];
  let fill: { readonly at: number; readonly byte: number } | undefined;
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const named = /^\[:([a-z]+):\]/.exec(rest);
    const repeated = /^\[(\\[0-7]{1,3}|\\.|[^\\])\*([0-9]*)\]/.exec(rest);
    const same = /^\[=(.)=\]/.exec(rest);
    if (named !== null) {
      const member = CLASSES[named[1]!];
      if (member === undefined) throw new NotCovered(`the class ${named[0]}`);
      for (let code = 0; code < 128; code++) {
        if (member(String.fromCharCode(code))) bytes.push(code);
      }
      at += named[0].length;
      continue;
    }
    if (same !== null) {
      bytes.push(...encode(same[1]!));
      at += same[0].length;
      continue;
    }
    if (repeated !== null) {
      const byte = encode(unescapeFormat(repeated[1]!))[0]!;
      const digits = repeated[2]!;
      const count = Number.parseInt(digits, digits.startsWith("0") ? 8 : 10) || 0;
      if (count === 0) fill = { at: bytes.length, byte };
      else bytes.push(...Array<number>(count).fill(byte));
      at += repeated[0].length;
      continue;
    }
    const low = character(rest);
    const range = rest[low.size] === "-" && rest.length > low.size + 1;
    if (!range) {
      bytes.push(...low.bytes);
      at += low.size;
      continue;
    }
    const high = character(rest.slice(low.size + 1));
    const [from, to] = [low.bytes[0]!, high.bytes[0]!];
    if (low.bytes.length > 1 || high.bytes.length > 1 || from > to) {
      throw new NotCovered(`the range ${rest.slice(0, low.size + 1 + high.size)}`);
    }
    for (let byte = from; byte <= to; byte++) bytes.push(byte);
    at += low.size + 1 + high.size;
  }
  if (fill === undefined) return bytes;
  const filler = Array<number>(Math.max(0, length - bytes.length)).fill(fill.byte);
  return [...bytes.slice(0, fill.at), ...filler, ...bytes.slice(fill.at)];
}

function character(text: string): { readonly bytes: readonly number[]; readonly size: number } {
  const escaped = /^\\(?:[0-7]{1,3}|.)/s.exec(text)?.[0];
  if (escaped === undefined) {
    const char = String.fromCodePoint(text.codePointAt(0)!);
    return { bytes: [...encode(char)], size: char.length };
  }
  const meant = unescapeFormat(escaped);
  return {
    bytes: [...encode(meant === escaped ? escaped.slice(1) : meant)],
    size: escaped.length,
  };
}
