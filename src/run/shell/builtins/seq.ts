/**
 * `seq`.
 *
 * @module
 */

import { say } from "../output.ts";
import { NotCovered } from "../unwind.ts";
import { optionsOf } from "./_options.ts";
import { formatText } from "./printf.ts";
import type { Invocation } from "./registry.ts";

/** Numbers written at a time. */
const BATCH = 1000;

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has, value } = optionsOf(invocation);
  if (operands.length < 1 || operands.length > 3) throw new NotCovered("seq without an end");
  const bad = operands.find((text) => !/^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(text));
  if (bad !== undefined) throw new NotCovered(`the number ${bad}`);
  const last = operands.at(-1)!;
  const first = operands.length > 1 ? operands[0]! : "1";
  const step = operands.length > 2 ? operands[1]! : "1";
  if (Number(step) === 0) throw new NotCovered("a step of zero");
  const format = value("f");
  if (
    format !== undefined &&
    !/^(?:[^%]|%%)*%[-+ #0]*[0-9]*(?:\.[0-9]+)?[efgEFG](?:[^%]|%%)*$/.test(format)
  ) {
    throw new NotCovered(`the format ${format}`);
  }

  const decimals = Math.max(places(first), places(step));
  const [from, by, to] = [Number(first), Number(step), Number(last)];
  const count = Math.floor((to - from) / by + 1e-10) + 1;
  const plain = (at: number) => (from + at * by).toFixed(decimals);
  const width = has("w") && count > 0 ? Math.max(plain(0).length, plain(count - 1).length) : 0;
  const text = (at: number) => {
    if (format !== undefined) return formatText(format, [plain(at)]).text;
    const body = plain(at);
    const sign = body.startsWith("-") ? "-" : "";
    return sign + body.slice(sign.length).padStart(width - sign.length, "0");
  };
  const separator = value("s") ?? "\n";
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start);
    const batch = Array.from({ length: size }, (_, at) => text(start + at)).join(separator);
    await say(shell, batch + (start + size < count ? separator : "\n"));
  }
  return 0;
}

function places(number: string): number {
  return number.includes(".") ? number.length - number.indexOf(".") - 1 : 0;
}
