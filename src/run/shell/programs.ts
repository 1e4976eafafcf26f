/**
 * Finding the file of a program.
 *
 * @module
 */

import { isFault } from "../../host/shell_system.ts";
import { joinPath, pathList } from "./paths.ts";
import type { Shell } from "./state.ts";

export type Lookup =
  | { readonly file: string }
  /** 127: there is none. 126: there is something, but it is no program. */
  | {
    readonly status: 126 | 127;
    readonly message: string;
    /** Windows: a file that is no program there, which its first line may be for. */
    readonly script?: string;
  };

/**
 * The file that the word of a command means.
 *
 * @param path the value of PATH to search
 */
export function findProgram(shell: Shell, name: string, path: string | undefined): Lookup {
  const { system, cwd } = shell;
  const separators = system.windows ? /[\\/]/ : /\//;
  if (name === "") return { status: 127, message: `${name}: not found` };
  if (separators.test(name)) {
    return candidate(shell, joinPath(cwd, name, system.windows), name) ??
      { status: 127, message: `${name}: not found` };
  }
  let refused: Lookup | undefined;
  for (const directory of pathList(path ?? "", system.windows)) {
    // An empty entry is the working directory.
    if (directory === "" && system.windows) continue;
    const plain = directory.replace(/^"|"$/g, "");
    const base = joinPath(cwd, plain, system.windows) || cwd;
    const found = candidate(shell, joinPath(base, name, system.windows), name);
    if (found === undefined) continue;
    if ("file" in found) return found;
    refused ??= found;
  }
  // A directory on the way is no refusal.
  return refused ?? { status: 127, message: `${name}: not found` };
}

/** What is at a path: a program, something else, or nothing. */
function candidate(shell: Shell, path: string, name: string): Lookup | undefined {
  const { system } = shell;
  if (!system.windows) {
    const status = system.status(path, true);
    if (isFault(status)) return undefined;
    if (status.kind === "file" && system.access(path, "execute")) return { file: path };
    if (status.kind === "directory" && !name.includes("/")) return undefined;
    return { status: 126, message: `${name}: Permission denied` };
  }
  const extensions = (shell.variables.get("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD")
    .split(";")
    .filter((extension) => extension !== "");
  const lower = path.toLowerCase();
  const whole = extensions.some((extension) => lower.endsWith(extension.toLowerCase()));
  for (const extension of whole ? ["", ...extensions] : extensions) {
    const status = system.status(path + extension, true);
    if (!isFault(status) && status.kind === "file") return { file: path + extension };
  }
  const status = system.status(path, true);
  if (isFault(status) || !/[\\/]/.test(name)) return undefined;
  const message = `${name}: Permission denied`;
  return { status: 126, message, ...(status.kind === "file" && { script: path }) };
}
