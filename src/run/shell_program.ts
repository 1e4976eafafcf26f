/**
 * Which program runs a script: `/bin/sh`, or where there is none, ntask itself as the portable
 * shell.
 *
 * @module
 */

import { hasShell, selfCommand } from "../host/self.ts";
import { PORTABLE_SHELL } from "./hidden_mode.ts";

/**
 * The words that run a script.
 *
 * @param name the script's `$0`
 * @param args its `$1`, `$2`, …
 */
export function shellProgram(
  script: string,
  name: string,
  args: readonly string[],
): readonly string[] {
  return hasShell()
    ? ["/bin/sh", "-c", script, name, ...args]
    : [...selfCommand(), PORTABLE_SHELL, script, name, ...args];
}
