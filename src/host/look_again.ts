/**
 * Looking again at everything that was seen once: does it all look the same?
 *
 * Sights are kept in columns, directory by directory, so that 100,000 files are read from the disk
 * and compared in little more than the time `lstat` takes for them. What was listed with kinds is
 * compared by name, and each entry with a look at itself.
 *
 * @module
 */

import fs from "node:fs";
import { factsText, systemFacts } from "./facts.ts";
import { realFiles } from "./files.ts";
import { isBarred, list, readLink, realPath } from "./disk.ts";
import { process } from "./process.ts";
import {
  alike,
  kindOf,
  type Look,
  type Named,
  type Seen,
  type Sights,
  type Way,
} from "./witness.ts";

/** Sights as they are kept. */
export interface Kept {
  /** Directories, and the names in each joined with `/`, which no name contains. */
  readonly directories: readonly string[];
  readonly names: readonly string[];
  /** Paths of looks at an entry elsewhere, at the end of links, at a content. */
  readonly singles: readonly string[];
  readonly ends: readonly string[];
  /** A row of {@linkcode COLUMNS} for each name, then for each entry, then for each end. */
  readonly numbers: Float64Array;
  /** All other looks; of names, link texts and the like there are few. */
  readonly others: readonly (readonly [Way, string, Seen])[];
}

/** Kind, size, mtime, ctime, inode. */
export const COLUMNS = 5;

const KINDS = ["nothing", "file", "directory", "link", "other"] as const;
const NUMBERS = { file: 1, directory: 2, link: 3, other: 4 } as const;

/**
 * Sights in the form in which they are kept.
 *
 * @param isOld can a file be recognised by its times, or was it changed too lately for that?
 * @returns `undefined` when a second look could not tell whether something has changed
 */
export function keep(sights: Sights, isOld: (look: Look) => boolean): Kept | undefined {
  const { entry, end, content } = sights;
  const directories: string[] = [];
  const names: string[] = [];
  const others: [Way, string, Seen][] = [];
  const listings: (readonly Named[])[] = [];
  let count = entry.size + end.size + content.size;
  for (const [directory, seen] of sights.entries) {
    if (seen === null) {
      others.push(["entries", directory, null]);
      continue;
    }
    const listing = seen as readonly Named[];
    count += listing.length;
    directories.push(directory);
    listings.push(listing);
    names.push(listing.map(({ name }) => name).join("/"));
  }
  const numbers = new Float64Array(count * COLUMNS);
  let at = 0;
  /** @returns whether it would be recognised */
  const add = (look: Look | null): boolean => {
    const start = at;
    at += COLUMNS;
    if (look === null) return true;
    const { kind } = look;
    numbers[start] = NUMBERS[kind];
    if (kind !== "file" && kind !== "link") return true;
    numbers[start + 1] = look.size;
    numbers[start + 2] = look.mtime;
    numbers[start + 3] = look.ctime;
    numbers[start + 4] = look.inode;
    return isOld(look);
  };
  const listed = new Set<Look>();
  for (const [index, listing] of listings.entries()) {
    const base = `${directories[index]}/`;
    for (const { name, kind } of listing) {
      const look = entry.get(base + name) as Look | null | undefined;
      if (look === undefined) {
        numbers[at] = NUMBERS[kind];
        numbers[at + 1] = NaN;
        at += COLUMNS;
      } else if (look?.kind !== kind || !add(look)) return undefined;
      else listed.add(look);
    }
  }
  const singles: string[] = [];
  for (const [path, look] of entry as ReadonlyMap<string, Look | null>) {
    if (look !== null && listed.has(look)) continue;
    singles.push(path);
    if (!add(look)) return undefined;
  }
  const ends: string[] = [];
  for (const [path, look] of end as ReadonlyMap<string, Look | null>) {
    ends.push(path);
    if (!add(look)) return undefined;
  }
  for (const [path, look] of content as ReadonlyMap<string, Look | null>) {
    const before = end.get(path);
    if (before !== undefined) {
      if (!alike(before, look)) return undefined;
      continue;
    }
    ends.push(path);
    if (!add(look)) return undefined;
  }
  for (const way of ["names", "link", "real", "executable", "barred", "facts"] as const) {
    for (const [path, seen] of sights[way]) others.push([way, path, seen]);
  }
  // Names that no text can hold lead elsewhere when they are read again.
  const texts = [directories, names, singles, ends, others.map(([, path]) => path)];
  if (texts.some((each) => !isText(each.join("\n")))) return undefined;
  return { directories, names, singles, ends, numbers: numbers.slice(0, at), others };
}

function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes("\ufffd");
}

/**
 * Does everything look as it did? Stops at the first thing that does not.
 *
 * @param end the directory before which to stop: others look at the rest
 */
export function looksTheSame(kept: Kept, end: number = kept.directories.length): boolean {
  const { numbers } = kept;
  for (const [way, path, seen] of kept.others) {
    if (!alike(seen, lookAt(way, path) ?? null)) return false;
  }
  let at = rowsOf(kept).at(-1)! * COLUMNS;
  for (const path of kept.singles) {
    if (!matches(numbers, at, statsOf(fs.lstatSync, path))) return false;
    at += COLUMNS;
  }
  for (const path of kept.ends) {
    if (!matches(numbers, at, statsOf(fs.statSync, path))) return false;
    at += COLUMNS;
  }
  return directoriesLookTheSame(kept, 0, end);
}

/** Do these directories, and what is in them? @param end the one before which to stop */
export function directoriesLookTheSame(kept: Kept, from: number, end: number): boolean {
  const rows = rowsOf(kept);
  return fromWithin(kept.directories.slice(from, end), (index, here) => {
    const names = keptNames(kept, from + index);
    if (!alike(names, fs.readdirSync(here))) return false;
    const base = here === "." ? "" : `${here}/`;
    let at = rows[from + index]! * COLUMNS;
    return names.every((name) => {
      const same = matches(kept.numbers, at, statsOf(fs.lstatSync, base + name));
      at += COLUMNS;
      return same;
    });
  });
}

/** How many entries there are before each directory's, and in all. */
export function rowsOf(kept: Kept): readonly number[] {
  const rows = [0];
  for (let index = 0; index < kept.names.length; index++) {
    rows.push(rows[index]! + keptNames(kept, index).length);
  }
  return rows;
}

function keptNames({ names }: Kept, directory: number): readonly string[] {
  const joined = names[directory]!;
  return joined === "" ? [] : joined.split("/");
}

/**
 * Ask about directories from within each: to resolve a whole path for every file in it costs a
 * sixth more. On Windows, where names are not resolved one by one, from where we are.
 *
 * @param holds is told which, and the path under which it is now
 */
function fromWithin(
  directories: readonly string[],
  holds: (index: number, here: string) => boolean,
): boolean {
  const stays = process.platform === "win32";
  let home: string | undefined;
  let same = false;
  try {
    home = process.cwd();
    same = directories.every((directory, index) => {
      if (!stays) process.chdir(directory);
      return holds(index, stays ? directory : ".");
    });
  } catch {
    // One is gone, or closed.
  }
  try {
    if (home !== undefined && !stays) process.chdir(home);
  } catch {
    return false;
  }
  return same;
}

const OPTIONS = { throwIfNoEntry: false } as const;

function statsOf(
  look: (path: string, options: typeof OPTIONS) => fs.Stats | undefined,
  path: string,
): fs.Stats | undefined {
  try {
    return look(path, OPTIONS);
  } catch {
    return undefined;
  }
}

function matches(numbers: Float64Array, at: number, stats: fs.Stats | undefined): boolean {
  const kind = KINDS[numbers[at]!]!;
  if (stats === undefined) return kind === "nothing";
  if (kindOf(stats) !== kind) return false;
  if (kind === "directory" || kind === "other") return true;
  const size = numbers[at + 1]!;
  // Only listed, never looked at.
  if (Number.isNaN(size)) return true;
  return stats.size === size && stats.mtimeMs === numbers[at + 2] &&
    stats.ctimeMs === numbers[at + 3] && stats.ino === numbers[at + 4];
}

function namesIn(directory: string): readonly string[] | undefined {
  try {
    return fs.readdirSync(directory);
  } catch {
    return undefined;
  }
}

function lookAt(way: Way, path: string): Seen | undefined {
  switch (way) {
    case "entries":
      return list(path);
    case "names":
      return namesIn(path);
    case "link":
      return readLink(path);
    case "real":
      return realPath(path);
    case "executable":
      return realFiles.executable(path);
    case "barred":
      return isBarred(path);
    case "facts":
      return factsText(systemFacts());
    default:
      return undefined;
  }
}
