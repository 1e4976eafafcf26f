/**
 * `mkdir`.
 *
 * @module
 */

import { isFault } from "../../../host/shell_system.ts";
import { complain, say } from "../output.ts";
import { NotCovered } from "../unwind.ts";
import { pathOf } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has, value } = optionsOf(invocation);
  if (operands.length === 0) throw new NotCovered("mkdir without a path");
  const asked = value("m");
  if (asked !== undefined && !/^[0-7]+$/.test(asked)) throw new NotCovered(`the mode ${asked}`);
  const { system } = shell;
  let status = 0;
  for (const operand of operands) {
    const steps = has("p")
      ? prefixes(system.windows ? operand.replaceAll("\\", "/") : operand)
      : [operand];
    for (const step of steps) {
      const path = pathOf(shell, step);
      const fault = system.makeDirectory(path, 0o777);
      if (fault === undefined) {
        if (asked !== undefined && step === steps.at(-1)) {
          system.setMode(path, Number.parseInt(asked, 8));
        }
        if (has("v")) await say(shell, `mkdir: created directory '${step}'\n`);
        continue;
      }
      const there = system.status(path, true);
      if (has("p") && !isFault(there) && there.kind === "directory") continue;
      await complain(shell, `mkdir: cannot create directory '${operand}': ${fault.words}`);
      status = 1;
      break;
    }
  }
  return status;
}

/** `a/b/c` -> `a`, `a/b`, `a/b/c`. */
function prefixes(path: string): readonly string[] {
  const found: string[] = [];
  for (const match of path.matchAll(/[^/]+/g)) {
    found.push(path.slice(0, match.index + match[0].length));
  }
  return found.length > 0 ? found : [path];
}
