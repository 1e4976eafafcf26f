/**
 * `tail`, without `-f`.
 *
 * @module
 */

import { say } from "../output.ts";
import { readAll } from "../streams.ts";
import { join } from "../text.ts";
import { parseCount, title } from "./_counts.ts";
import { allLines, eachInput, lineBytes } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, given, has } = optionsOf(invocation);
  const [unit, text] = given.findLast(([letter]) => letter === "n" || letter === "c") ??
    ["n", "10"];
  const { sign, number } = parseCount(text);
  const end = has("z") ? "\0" : "\n";
  const titles = !has("q") && (operands.length > 1 || has("v"));
  const start = (length: number) =>
    sign === "+" ? Math.max(0, number - 1) : Math.max(0, length - number);
  let first = true;
  return await eachInput(shell, "tail", operands, async (stream, operand) => {
    if (titles) await say(shell, title(operand, first));
    first = false;
    if (unit === "c") {
      const all = await readAll(stream);
      await say(shell, all.subarray(start(all.length)));
    } else {
      const all = await allLines(stream, end);
      await say(shell, join(all.slice(start(all.length)).map((line) => lineBytes(line, end))));
    }
  });
}
