/**
 * `set` and `shift`: options and positional parameters.
 *
 * @module
 */

import { SHELL_OPTIONS } from "../options.ts";
import { say } from "../output.ts";
import type { Options, Shell } from "../state.ts";
import { NotCovered, ShellFault } from "../unwind.ts";
import { quoteValue } from "./declare.ts";
import type { Invocation } from "./registry.ts";

export async function run({ shell, name, args }: Invocation): Promise<number> {
  if (name === "shift") return shift(shell, args[0]);
  if (args.length === 0) {
    const lines = shell.variables.entries()
      .filter(([, { value }]) => value !== undefined)
      .map(([name, { value }]) => `${name}=${quoteValue(value!)}\n`);
    await say(shell, lines.join(""));
    return 0;
  }
  const rest = applyOptions(shell.options, args);
  if (rest !== undefined) shell.positional = rest;
  shell.variables.exportAll = shell.options.allexport;
  return 0;
}

/**
 * Switch options as `set` and `sh` write them.
 *
 * @returns the arguments after the options; undefined when there are none and no `--`
 */
export function applyOptions(
  options: Options,
  args: readonly string[],
): readonly string[] | undefined {
  const rest = [...args];
  while (rest.length > 0) {
    const arg = rest[0]!;
    if (arg === "--") return rest.slice(1);
    if (arg === "-") {
      options.xtrace = false;
      return rest.slice(1);
    }
    if (!/^[-+]./.test(arg)) return rest;
    rest.shift();
    const on = arg.startsWith("-");
    for (const letter of arg.slice(1)) {
      const known = letter === "o"
        ? SHELL_OPTIONS.find(([, name]) => name === rest[0])
        : SHELL_OPTIONS.find(([own]) => own === letter);
      const shown = letter === "o"
        ? `set ${arg[0]}o ${rest.shift() ?? ""}`
        : `set ${arg[0]}${letter}`;
      if (known === undefined) throw new NotCovered(shown.trim());
      options[known[1] as keyof Options] = on;
    }
  }
  return undefined;
}

function shift(shell: Shell, operand: string | undefined): number {
  const count = operand === undefined ? 1 : Number(operand);
  if (!/^[0-9]*$/.test(operand ?? "")) throw new ShellFault(`shift: Illegal number: ${operand}`);
  if (count > shell.positional.length) throw new ShellFault("shift: can't shift that many");
  shell.positional = shell.positional.slice(count);
  return 0;
}
