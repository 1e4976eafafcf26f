/**
 * `command` and `type`: what a name means, and running it past the functions.
 *
 * @module
 */

import { complain, say } from "../output.ts";
import { findProgram } from "../programs.ts";
import type { Shell } from "../state.ts";
import { optionsOf } from "./_options.ts";
import { builtins, type Invocation } from "./registry.ts";

const KEYWORDS: ReadonlySet<string> = new Set(
  "! case do done elif else esac fi for if in then until while { }".split(" "),
);

export async function run(invocation: Invocation): Promise<number> {
  const { shell, name } = invocation;
  const { operands, has } = optionsOf(invocation);
  if (name === "type") return await describeAll(shell, operands);
  if (has("V")) return await describeAll(shell, operands);
  if (!has("v")) {
    return operands.length === 0 ? 0 : await shell.runtime.command(shell, operands, {});
  }
  let status = 0;
  for (const operand of operands) {
    const text = place(shell, operand);
    if (text === undefined) status = 127;
    else await say(shell, `${text}\n`);
  }
  return status;
}

/** What `command -v` prints. */
function place(shell: Shell, name: string): string | undefined {
  if (KEYWORDS.has(name) || shell.functions.has(name)) return name;
  const kind = builtins[name]?.kind;
  if (kind === "special" || kind === "shell") return name;
  const found = findProgram(shell, name, shell.variables.get("PATH"));
  if ("file" in found) return found.file;
  return kind === undefined ? undefined : name;
}

async function describeAll(shell: Shell, names: readonly string[]): Promise<number> {
  let status = 0;
  for (const name of names) {
    const text = describe(shell, name);
    if (text === undefined) {
      status = 127;
      await complain(shell, `${name}: not found`);
    } else {
      await say(shell, `${name} is ${text}\n`);
    }
  }
  return status;
}

function describe(shell: Shell, name: string): string | undefined {
  if (KEYWORDS.has(name)) return "a shell keyword";
  if (shell.functions.has(name)) return "a shell function";
  const kind = builtins[name]?.kind;
  if (kind === "special") return "a special shell builtin";
  const found = place(shell, name);
  return found === name && kind !== undefined ? "a shell builtin" : found;
}
