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
import process from "node:process";
import { realFiles } from "./files.ts";
import { isBarred, list, readLink, realPath } from "./disk.ts";
import { alike, kindOf, type Look, type Seen, type Sights, type Way } from "./witness.ts";

/** Sights as they are kept. */
export interface Kept {
  /** Directories, and the names in each joined with `/`, which no name contains. */
  readonly directories: readonly string[];
  readonly names: readonly string[];
  /** Paths of looks at an entry elsewhere, at the end of links, at a content. */
  readonly entries: readonly string[];
  readonly ends: readonly string[];
  /** A row of {@linkcode COLUMNS} for each name, then for each entry, then for each end. */
  readonly numbers: Float64Array;
  /** All other looks; of names, link texts and the like there are few. */
  readonly others: readonly (readonly [Way, string, Seen | null])[];
}

/** Kind, size, mtime, ctime, inode. */
export const COLUMNS = 5;

const KINDS = ["nothing", "file", "directory", "link", "other"] as const;

/**
 * Sights in the form in which they are kept.
 *
 * @param before milliseconds: what was changed later is too young to be recognised by its times
 * @returns `undefined` when a second look could not tell whether something has changed
 */
export function keep(sights: Sights, before: (look: Look) => boolean): Kept | undefined {
  const directories: string[] = [];
  const names: string[] = [];
  const rows: (Look | undefined)[] = [];
  const listed = new Set<string>();
  const others: [Way, string, Seen | null][] = [];
  /** The directory is gone, or what is in it has no name. */
  let lost = false;
  const row = (look: Look | undefined, kindOnly?: Look["kind"]) => {
    if (kindOnly !== undefined) {
      rows.push({ kind: kindOnly, size: NaN, mtime: 0, ctime: 0, inode: 0 });
    } else {
      const timed = look?.kind === "file" || look?.kind === "link";
      if (timed && !before(look)) lost = true;
      rows.push(look);
    }
  };
  const name = (path: string) => {
    if (!path.isWellFormed() || /[\0\ufffd]/.test(path)) lost = true;
    return path;
  };
  for (const [directory, seen] of sights.entries) {
    if (seen === undefined) {
      others.push(["entries", name(directory), null]);
      continue;
    }
    directories.push(name(directory));
    const inside: string[] = [];
    for (const entry of seen as readonly string[]) {
      const space = entry.indexOf(" ");
      const kind = entry.slice(0, space) as Look["kind"];
      const own = entry.slice(space + 1);
      const path = `${directory}/${own}`;
      inside.push(name(own));
      listed.add(path);
      const look = sights.entry.get(path);
      if (sights.entry.has(path) && (look as Look | undefined)?.kind !== kind) return undefined;
      if (look === undefined) row(undefined, kind);
      else row(look as Look);
    }
    names.push(inside.join("/"));
  }
  const entries: string[] = [];
  for (const [path, seen] of sights.entry) {
    if (listed.has(path)) continue;
    entries.push(name(path));
    row(seen as Look | undefined);
  }
  const ends: string[] = [];
  for (const way of ["end", "content"] as const) {
    for (const [path, seen] of sights[way]) {
      if (way === "content" && sights.end.has(path)) {
        if (!alike(sights.end.get(path), seen)) return undefined;
        continue;
      }
      ends.push(name(path));
      row(seen as Look | undefined);
    }
  }
  for (const way of ["names", "link", "real", "executable", "barred"] as const) {
    for (const [path, seen] of sights[way]) others.push([way, name(path), seen ?? null]);
  }
  if (lost) return undefined;
  const numbers = new Float64Array(rows.length * COLUMNS);
  for (const [at, look] of rows.entries()) {
    if (look === undefined) continue;
    const { kind, size, mtime, ctime, inode } = look;
    numbers.set([KINDS.indexOf(kind), size, mtime, ctime, inode], at * COLUMNS);
  }
  return { directories, names, entries, ends, numbers, others };
}

/** Does everything look as it did? Stops at the first thing that does not. */
export function looksTheSame(kept: Kept): boolean {
  const { numbers } = kept;
  for (const [way, path, seen] of kept.others) {
    if (!alike(seen ?? undefined, again(way, path))) return false;
  }
  const namesOf = kept.names.map((names) => names === "" ? [] : names.split("/"));
  const starts: number[] = [];
  let at = 0;
  for (const names of namesOf) {
    starts.push(at);
    at += names.length * COLUMNS;
  }
  for (const path of kept.entries) {
    if (!matches(numbers, at, statsOf(fs.lstatSync, path))) return false;
    at += COLUMNS;
  }
  for (const path of kept.ends) {
    if (!matches(numbers, at, statsOf(fs.statSync, path))) return false;
    at += COLUMNS;
  }
  return fromWithin(kept.directories, (index) => {
    const names = namesOf[index]!;
    if (!alike(names, fs.readdirSync("."))) return false;
    const first = starts[index]!;
    return names.every((name, row) =>
      matches(numbers, first + row * COLUMNS, statsOf(fs.lstatSync, name))
    );
  });
}

/**
 * Ask about directories from within each: to resolve a whole path for every file in it costs a
 * quarter more.
 */
function fromWithin(
  directories: readonly string[],
  holds: (index: number) => boolean,
): boolean {
  let home: string | undefined;
  try {
    home = process.cwd();
    return directories.every((directory, index) => {
      process.chdir(directory);
      return holds(index);
    });
  } catch {
    return false;
  } finally {
    if (home !== undefined) process.chdir(home);
  }
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

function again(way: Way, path: string): Seen {
  switch (way) {
    case "entries":
      return list(path)?.map(({ name, kind }) => `${kind} ${name}`);
    case "names":
      return realFiles.list(path);
    case "link":
      return readLink(path);
    case "real":
      return realPath(path);
    case "executable":
      return realFiles.executable(path);
    case "barred":
      return isBarred(path);
    default:
      return undefined;
  }
}
