/**
 * `trap … EXIT`. Signals are not trapped: the portable shell ends with them.
 *
 * @module
 */

import { say } from "../output.ts";
import { NotCovered } from "../unwind.ts";
import { quoteValue } from "./declare.ts";
import type { Invocation } from "./registry.ts";

export async function run({ shell, args }: Invocation): Promise<number> {
  const operands = args[0] === "--" ? args.slice(1) : args;
  const [first, ...others] = operands;
  if (first === undefined) {
    if (shell.exitTrap !== undefined) {
      await say(shell, `trap -- ${quoteValue(shell.exitTrap)} EXIT\n`);
    }
    return 0;
  }
  // With a condition alone, or a number first, the conditions are reset.
  const resets = others.length === 0 || /^[0-9]+$/.test(first) || first === "-";
  const conditions = resets && first !== "-" ? operands : others;
  const action = resets ? undefined : first;
  for (const condition of conditions) {
    if (condition === "EXIT" || condition === "0") shell.exitTrap = action;
    else if (action !== undefined) throw new NotCovered(`trap … ${condition}`);
  }
  return 0;
}
