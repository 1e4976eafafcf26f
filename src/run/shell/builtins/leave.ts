/**
 * `exit`, `return`, `break`, `continue`.
 *
 * @module
 */

import { ShellFault, Unwind } from "../unwind.ts";
import type { Invocation } from "./registry.ts";

export function run({ shell, name, args }: Invocation): number {
  const operand = args[0] === "--" ? args[1] : args[0];
  if (operand !== undefined && !/^[0-9]+$/.test(operand)) {
    throw new ShellFault(`${name}: Illegal number: ${operand}`);
  }
  const number = operand === undefined ? undefined : Number(operand);
  switch (name) {
    case "exit":
      throw new Unwind("exit", number === undefined ? shell.status : number & 0xff);
    case "return":
      throw new Unwind("return", number ?? shell.status);
    default: {
      if (number === 0) throw new ShellFault(`${name}: Illegal number: 0`);
      if (shell.loopDepth === 0) return 0;
      const levels = Math.min(number ?? 1, shell.loopDepth);
      throw new Unwind(name === "break" ? "break" : "continue", 0, levels);
    }
  }
}
