/**
 * The files of the project, as the laws look at them: paths from the root with `/`, texts, sorted.
 * What tools put there (`node_modules`, `dist`, caches) is not the project.
 *
 * @module
 */

import { dirname, fromFileUrl, join } from "@std/path";

export const ROOT: string = dirname(dirname(dirname(fromFileUrl(import.meta.url))));

/** Path -> text. */
export type Tree = ReadonlyMap<string, string>;

const SKIPPED = new Set(["node_modules", "dist", ".git", ".cache", ".ntask"]);

/** What can hold no words of ours. */
const BINARY = /\.(png|gif|ico|gz|tgz|zip|wasm|exe)$/;

/**
 * Read the files below a folder or a file of the project.
 *
 * @param places paths from the root, default all of it; a missing one is empty
 */
export function readTree(...places: readonly string[]): Tree {
  const tree = new Map<string, string>();
  for (const place of places.length === 0 ? [""] : places) read(place, tree);
  return new Map([...tree].sort(([a], [b]) => a < b ? -1 : 1));
}

/** The text of one file; undefined when it is not there. */
export function readOne(path: string): string | undefined {
  return readTree(path).get(path);
}

function read(path: string, into: Map<string, string>): void {
  const full = join(ROOT, path);
  let stat: Deno.FileInfo;
  try {
    stat = Deno.lstatSync(full);
  } catch {
    return;
  }
  if (stat.isFile) {
    if (!BINARY.test(path)) into.set(path, Deno.readTextFileSync(full));
    return;
  }
  if (!stat.isDirectory) return;
  for (const entry of Deno.readDirSync(full)) {
    if (!SKIPPED.has(entry.name)) read(path === "" ? entry.name : `${path}/${entry.name}`, into);
  }
}
