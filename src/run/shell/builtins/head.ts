/**
 * `head`.
 *
 * @module
 */

import { say } from "../output.ts";
import type { Shell } from "../state.ts";
import { type ByteStream, readAll } from "../streams.ts";
import { join } from "../text.ts";
import { type Count, parseCount, title } from "./_counts.ts";
import { allLines, chunks, eachInput, lineBatches, lineBytes } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, given, has } = optionsOf(invocation);
  const [unit, text] = given.findLast(([letter]) => letter === "n" || letter === "c") ??
    ["n", "10"];
  const count = parseCount(text);
  const end = has("z") ? "\0" : "\n";
  const titles = !has("q") && (operands.length > 1 || has("v"));
  let first = true;
  return await eachInput(shell, "head", operands, async (stream, operand) => {
    if (titles) await say(shell, title(operand, first));
    first = false;
    if (unit === "c") await bytes(shell, stream, count);
    else await lines(shell, stream, count, end);
  });
}

async function bytes(shell: Shell, stream: ByteStream, { sign, number }: Count): Promise<void> {
  if (sign === "-") {
    const all = await readAll(stream);
    await say(shell, all.subarray(0, Math.max(0, all.length - number)));
    return;
  }
  let left = number;
  while (left > 0) {
    const chunk = await stream.read(Math.min(left, 65_536));
    if (chunk === undefined) return;
    left -= chunk.length;
    await say(shell, chunk);
  }
}

async function lines(
  shell: Shell,
  stream: ByteStream,
  { sign, number }: Count,
  end: string,
): Promise<void> {
  if (sign === "-") {
    const all = await allLines(stream, end);
    const kept = all.slice(0, Math.max(0, all.length - number));
    await say(shell, join(kept.map((line) => lineBytes(line, end))));
    return;
  }
  if (number === 0) return;
  if (end === "\n") {
    await firstLines(shell, stream, number);
    return;
  }
  let left = number;
  for await (const batch of lineBatches(stream, end)) {
    const kept = batch.slice(0, left);
    await say(shell, join(kept.map((line) => lineBytes(line, end))));
    left -= kept.length;
    if (left === 0) return;
  }
}

/** Bytes as they come: a prompt without a line break is passed on too. */
async function firstLines(shell: Shell, stream: ByteStream, number: number): Promise<void> {
  let left = number;
  for await (const chunk of chunks(stream)) {
    let at = 0;
    while (left > 0) {
      const found = chunk.indexOf(10, at);
      if (found < 0) break;
      at = found + 1;
      left--;
    }
    await say(shell, left === 0 ? chunk.subarray(0, at) : chunk);
    if (left === 0) return;
  }
}
