/**
 * `export`, `readonly`, `local`, `unset`: the marks of variables.
 *
 * @module
 */

import { say } from "../output.ts";
import type { Shell } from "../state.ts";
import { ShellFault } from "../unwind.ts";
import { isName } from "../variables.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell, name, args } = invocation;
  if (name === "unset") return unset(invocation);
  if (name === "local") {
    if (!shell.variables.inFunction || shell.returnDepth === 0) {
      throw new ShellFault("local: not in a function");
    }
    for (const arg of args) declare(shell, name, arg);
    return 0;
  }
  const { operands, has } = optionsOf(invocation);
  if (operands.length === 0 || has("p")) await list(shell, name);
  else for (const operand of operands) declare(shell, name, operand);
  return 0;
}

function declare(shell: Shell, kind: string, operand: string): void {
  const { variables } = shell;
  const equals = operand.indexOf("=");
  const name = equals < 0 ? operand : operand.slice(0, equals);
  if (!isName(name)) throw new ShellFault(`${kind}: ${name}: bad variable name`);
  if (kind === "local") variables.makeLocal(name);
  if (equals >= 0) variables.set(name, operand.slice(equals + 1));
  if (kind === "export") variables.export(name);
  if (kind === "readonly") variables.markReadonly(name);
}

async function list(shell: Shell, kind: string): Promise<void> {
  let text = "";
  for (const [name, variable] of shell.variables.entries()) {
    if (kind === "export" ? !variable.exported : !variable.readonly) continue;
    const value = variable.value === undefined ? "" : `=${quoteValue(variable.value)}`;
    text += `${kind} ${name}${value}\n`;
  }
  await say(shell, text);
}

/** A value as a script can read it again. */
export function quoteValue(text: string): string {
  return text
    .split(/('+)/)
    .map((part) => part.startsWith("'") ? `"${part}"` : part === "" ? "" : `'${part}'`)
    .join("") || "''";
}

function unset(invocation: Invocation): number {
  const { shell } = invocation;
  const { operands, has } = optionsOf(invocation);
  for (const operand of operands) {
    if (has("f")) {
      shell.functions.delete(operand);
      continue;
    }
    if (!isName(operand)) throw new ShellFault(`unset: ${operand}: bad variable name`);
    if (shell.variables.isReadonly(operand)) {
      throw new ShellFault(`unset: ${operand}: is read only`);
    }
    shell.variables.unset(operand);
  }
  return 0;
}
