/**
 * `which`: the file of a program; a utility that only the shell has is named by itself.
 *
 * @module
 */

import { say } from "../output.ts";
import { pathList, shownPath } from "../paths.ts";
import { findProgram } from "../programs.ts";
import { optionsOf } from "./_options.ts";
import { builtins, type Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has } = optionsOf(invocation);
  const { windows } = shell.system;
  const path = shell.variables.get("PATH") ?? "";
  let status = operands.length === 0 ? 1 : 0;
  for (const operand of operands) {
    const searched = has("a") ? pathList(path, windows) : [path];
    const files = searched
      .map((part) => findProgram(shell, operand, part))
      .flatMap((found) => "file" in found ? [shownPath(found.file, windows)] : []);
    const kind = Object.hasOwn(builtins, operand) ? builtins[operand]!.kind : undefined;
    if (files.length === 0 && kind !== undefined && kind !== "special") files.push(operand);
    if (files.length === 0) status = 1;
    else if (!has("s")) await say(shell, files.map((file) => `${file}\n`).join(""));
  }
  return status;
}
