/**
 * `exec`: run a program in place of the shell. Without one the redirections stay (see
 * `command.ts`).
 *
 * @module
 */

import { Unwind } from "../unwind.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands } = optionsOf(invocation);
  if (operands.length === 0) return 0;
  const status = await shell.runtime.command(shell, operands, { programsOnly: true });
  // The shell is gone with its traps.
  shell.exitTrap = undefined;
  throw new Unwind("exit", status);
}
