/**
 * `sleep`.
 *
 * @module
 */

import { signalStatus } from "../signals.ts";
import { NotCovered, Unwind } from "../unwind.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** What a timer can hold, in ms: 24 days. */
const LONGEST = 2 ** 31 - 1;

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands } = optionsOf(invocation);
  if (operands.length === 0) throw new NotCovered("sleep without a time");
  let seconds = 0;
  for (const operand of operands) {
    const match = /^([0-9]*\.?[0-9]+|[0-9]+\.)([smhd]?)$/.exec(operand);
    if (match === null) throw new NotCovered(`the time ${operand}`);
    seconds += Number(match[1]) * UNITS[match[2]!]!;
  }
  const { life, system } = shell;
  await new Promise<void>((resolve) => {
    const cancel = system.after(Math.min(seconds * 1000, LONGEST), over);
    function over(): void {
      cancel();
      life.stops.delete(over);
      resolve();
    }
    life.stops.add(over);
  });
  if (life.signal !== undefined) throw new Unwind("exit", signalStatus(life.signal));
  return 0;
}
