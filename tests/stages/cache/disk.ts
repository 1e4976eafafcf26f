/**
 * The files of a model on disk: written, changed with care for what a stat can see, and read back.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import type { Source, Sources } from "./model.ts";

/** How the changed files are written. */
export interface Care {
  /** These keep the time of their last change. */
  readonly sameTime?: ReadonlySet<string>;
  /** A new file takes the place of the old one. */
  readonly replace?: boolean;
  /** These are written again though nothing in them changed. */
  readonly touched?: ReadonlySet<string>;
}

/** Make what lies in `root` go from one set of files to the next. */
export function change(root: string, before: Sources, after: Sources, care: Care = {}): void {
  for (const [path, source] of Object.entries(before)) {
    const next = after[path];
    if (next === undefined || "link" in source || "link" in next) {
      if (next === undefined || !same(source, next)) remove(join(root, path));
      if (next === undefined) removeEmpty(root, dirname(path));
    }
  }
  for (const [path, source] of Object.entries(after)) {
    const last = before[path];
    if (last !== undefined && same(last, source)) {
      if (care.touched?.has(path)) Deno.utimeSync(join(root, path), new Date(), new Date());
      continue;
    }
    put(join(root, path), source, last !== undefined && care.sameTime?.has(path) === true, care);
  }
}

/** Write one file or link that is new or different. */
function put(path: string, source: Source, sameTime: boolean, { replace }: Care): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  if ("link" in source) return Deno.symlinkSync(source.link, path);
  const stamp = `${path}.stamp`;
  // Deno's own `utime` cuts nanoseconds off.
  if (sameTime) sh("touch", "-r", path, stamp);
  const file = replace ? `${path}.new` : path;
  Deno.writeTextFileSync(file, source.text);
  Deno.chmodSync(file, source.exec ? 0o755 : 0o644);
  if (replace) Deno.renameSync(file, path);
  if (!sameTime) return;
  sh("touch", "-r", stamp, path);
  Deno.removeSync(stamp);
}

function sh(program: string, ...args: readonly string[]): void {
  const { success } = new Deno.Command(program, { args: [...args] }).outputSync();
  if (!success) throw new Error(`${program} ${args.join(" ")} failed`);
}

function same(a: Source, b: Source): boolean {
  if ("link" in a || "link" in b) return "link" in a && "link" in b && a.link === b.link;
  return a.text === b.text && (a.exec ?? false) === (b.exec ?? false);
}

export function remove(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** A folder that was there for a file that is gone. */
function removeEmpty(root: string, path: string): void {
  try {
    for (let at = path; at !== "."; at = dirname(at)) Deno.removeSync(join(root, at));
  } catch {
    // Something is left in it.
  }
}

/** Which files are not as they were written. */
export function changed(root: string, files: Sources): readonly string[] {
  return Object.entries(files).filter(([path, source]) => {
    const whole = join(root, path);
    try {
      if ("link" in source) return Deno.readLinkSync(whole) !== source.link;
      const exec = ((Deno.lstatSync(whole).mode ?? 0) & 0o111) !== 0;
      return Deno.readTextFileSync(whole) !== source.text || exec !== (source.exec ?? false);
    } catch {
      return true;
    }
  }).map(([path]) => path);
}

/** Path -> what is there: a file with its bits, a link, an empty folder. */
export type Found = Readonly<Record<string, string>>;

/** Everything below some folders of `root`. */
export function find(root: string, folders: Iterable<string>): Found {
  const found: Record<string, string> = {};
  for (const folder of folders) look(root, folder, found);
  return found;
}

function look(root: string, path: string, found: Record<string, string>): void {
  const whole = join(root, path);
  let stat: Deno.FileInfo;
  try {
    stat = Deno.lstatSync(whole);
  } catch {
    return;
  }
  if (stat.isSymlink) found[path] = `link to ${Deno.readLinkSync(whole)}`;
  else if (stat.isFile) {
    const exec = ((stat.mode ?? 0) & 0o111) !== 0;
    found[path] = `${exec ? "executable" : "file"}: ${Deno.readTextFileSync(whole)}`;
  } else if (stat.isDirectory) {
    const names = [...Deno.readDirSync(whole)].map(({ name }) => name);
    if (names.length === 0) found[path] = "empty folder";
    for (const name of names) look(root, `${path}/${name}`, found);
  }
}
