/**
 * `.ntask/types/ntask.d.ts`: what `import … from "ntask"` is, for editors and compilers. Every run
 * that loads a `tasks.ts` sees to it that the file is there and of this version.
 *
 * @module
 */

import { join } from "@std/path";
import type { Host } from "../host/host.ts";
import { VERSION } from "../model/version.ts";

/** Where it is, below the project root. */
export const TYPES_FILE = ".ntask/types/ntask.d.ts";

const HEADER = `// ntask ${VERSION}: written by ntask, do not edit.\n`;

/** Write it when it is missing or of another version. What cannot be written is not. */
export async function writeTypes(host: Host, root: string): Promise<void> {
  const file = join(root, ...TYPES_FILE.split("/"));
  const read = host.files.readText(file);
  if ("text" in read && read.text.startsWith(HEADER)) return;
  try {
    const [disk, { default: text }] = await Promise.all([
      host.disk(),
      import("../model/ntask.d.ts", { with: { type: "text" } }) as Promise<{ default: string }>,
    ]);
    disk.makeOwn(root, "types");
    disk.writeWhole(file, HEADER + text);
  } catch {
    // A project that cannot be written to can be run all the same.
  }
}
