/**
 * Scripts that a program can only read from a file: `cmd` takes no more than one line otherwise.
 *
 * A file is named for its content and stays, so that whoever needs the same one finds it, nobody has
 * to remove it, and what is killed leaves nothing half done.
 *
 * @module
 */

import fs from "node:fs";
import { join } from "@std/path";
import { process } from "./process.ts";

/**
 * A file with this text in the user's directory for temporary files.
 *
 * @param ending of its name, with the dot
 */
export function scriptFile(text: string, ending: string): string {
  // Loaded where there is such a script: on every start it would take a third of a millisecond.
  const os = process.getBuiltinModule("node:os") as typeof import("node:os");
  const folder = join(os.tmpdir(), "ntask-scripts");
  fs.mkdirSync(folder, { recursive: true });
  for (let number = 0;; number++) {
    const file = join(folder, `${hash(text)}-${number}${ending}`);
    const found = read(file);
    if (found === text) return file;
    // Another text with the same hash.
    if (found !== undefined) continue;
    const draft = join(folder, `.${crypto.randomUUID()}`);
    fs.writeFileSync(draft, text, { mode: 0o600 });
    try {
      fs.renameSync(draft, file);
    } catch (error) {
      // Somebody else has just put it there, and runs it already.
      fs.rmSync(draft, { force: true });
      if (read(file) !== text) throw error;
    }
    return file;
  }
}

function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** FNV-1a; what is found under it is compared. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(8, "0");
}
