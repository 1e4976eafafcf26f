/**
 * Paths of things whose directory is known: no part of them is `..`, so nothing has to be resolved,
 * letter by letter, many times a run.
 *
 * @module
 */

import { SEPARATOR } from "@std/path";
import type { AbsolutePath } from "../model/id.ts";

/**
 * @param directory absolute and normal
 * @param names plain names of entries
 * @example below("/project", "node_modules", ".bin") // "/project/node_modules/.bin"
 */
export function below(directory: string, ...names: readonly string[]): AbsolutePath {
  let path = directory.endsWith(SEPARATOR) ? directory.slice(0, -1) : directory;
  for (const name of names) path += SEPARATOR + name;
  return path as AbsolutePath;
}

/**
 * The directory around one; the root of a file system is around itself.
 *
 * @param directory absolute and normal
 * @example above("/project/src") // "/project"
 */
export function above(directory: string): AbsolutePath {
  const end = directory.lastIndexOf(SEPARATOR);
  const outer = directory.slice(0, end);
  // `/` and `C:\\` end in their only separator; what lies in them has that as its outer end.
  const atRoot = end === directory.length - 1;
  if (atRoot || end === -1) return directory as AbsolutePath;
  return (outer.includes(SEPARATOR) ? outer : outer + SEPARATOR) as AbsolutePath;
}

/**
 * The way from a directory to a path below it, or to itself; `undefined` where that cannot be told
 * from the letters alone.
 *
 * @param directory absolute and normal
 * @param path absolute
 * @example wayBelow("/project", "/project/src/a.ts") // "src/a.ts"
 */
export function wayBelow(directory: string, path: string): string | undefined {
  if (path === directory) return "";
  const base = directory.endsWith(SEPARATOR) ? directory : directory + SEPARATOR;
  if (!path.startsWith(base)) return undefined;
  const way = path.slice(base.length);
  // What is not normal has to be resolved.
  const plain = way !== "" && !way.startsWith(SEPARATOR) && !way.startsWith(".") &&
    !way.endsWith(SEPARATOR) && !way.includes(`${SEPARATOR}.`) &&
    !way.includes(SEPARATOR + SEPARATOR);
  return plain ? way : undefined;
}
