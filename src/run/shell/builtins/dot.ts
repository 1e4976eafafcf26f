/**
 * `.`: a file is run in this shell. `return` leaves it.
 *
 * @module
 */

import { isFault } from "../../../host/shell_system.ts";
import { readScript } from "../nested.ts";
import { isAbsolute, joinPath, pathList } from "../paths.ts";
import type { Shell } from "../state.ts";
import { ShellFault, Unwind } from "../unwind.ts";
import type { Invocation } from "./registry.ts";

export async function run({ shell, args, tested }: Invocation): Promise<number> {
  const [file] = args;
  if (file === undefined) throw new ShellFault(".: filename argument required");
  const path = find(shell, file);
  const source = path === undefined ? undefined : await readScript(shell, path);
  if (source === undefined) throw new ShellFault(`.: ${file}: not found`);
  shell.returnDepth++;
  try {
    return await shell.runtime.evaluate(shell, source, tested);
  } catch (error) {
    if (error instanceof Unwind && error.kind === "return") return error.status;
    throw error;
  } finally {
    shell.returnDepth--;
  }
}

/** A name without a slash is searched on PATH. */
function find(shell: Shell, file: string): string | undefined {
  const { system, cwd } = shell;
  const slashed = system.windows ? file.replaceAll("\\", "/") : file;
  if (slashed.includes("/")) return joinPath(cwd, slashed, system.windows);
  for (const directory of pathList(shell.variables.get("PATH") ?? "", system.windows)) {
    const base = isAbsolute(directory, system.windows)
      ? directory
      : joinPath(cwd, directory || ".", system.windows);
    const path = joinPath(base, slashed, system.windows);
    const status = system.status(path, true);
    if (!isFault(status) && status.kind === "file") return path;
  }
  return undefined;
}
