/**
 * The hidden mode in which this program is the portable shell.
 *
 * @module
 */

import { realShellSystem } from "../host/shell_system.ts";
import { runPortableShell } from "./shell/portable_shell.ts";

/** @param words the script, its `$0`, and its arguments */
export function shellProcess([script, name, ...args]: readonly string[]): Promise<number> {
  return runPortableShell({
    script: script ?? "",
    name: name ?? "ntask",
    args,
    system: realShellSystem(),
  });
}
