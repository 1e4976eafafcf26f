/**
 * The file system as the cache uses it: links are seen as links, times are exact, and what is
 * written is on the disk before it has its name. Real file systems only.
 *
 * Every function that acts throws a {@linkcode DiskError}; those that look return `undefined` when
 * there is nothing to see.
 *
 * @module
 */

import fs from "node:fs";
import { setImmediate } from "node:timers";
import { dirname } from "@std/path";
import { process } from "./process.ts";
import { signalProcess } from "./process_tree.ts";
import { kindOf, type Look, lookOf, type Named, note, noteLength, watching } from "./witness.ts";

export { processAlive, processesWith, processStart } from "./process_tree.ts";

export type EntryKind = Look["kind"];

/** One name in a directory. */
export type Entry = Named;

export interface DiskStat extends Look {
  readonly device: number;
  /** Any execute bit; always false on Windows. */
  readonly executable: boolean;
  /** Nobody but its owner may do anything with it; always false on Windows. */
  readonly private: boolean;
}

/** Something could not be done. */
export class DiskError extends Error {
  override readonly name = "DiskError";
  readonly why: "missing" | "exists" | "denied" | "full" | "other";
  readonly path: string;

  constructor(why: DiskError["why"], path: string, detail: string) {
    super(detail);
    this.why = why;
    this.path = path;
  }
}

/** The entry itself, links not followed. */
export function stat(path: string): DiskStat | undefined {
  const found = statOf(() => fs.lstatSync(path, { throwIfNoEntry: false }));
  note("entry", path, found);
  return found;
}

/** What is at the end of the links. */
export function statTarget(path: string): DiskStat | undefined {
  const found = endOf(path);
  note("end", path, found);
  return found;
}

/** Numbers by which {@linkcode looksAs} knows a file again. */
export const LOOKS = 5;

/** What a file looks like, as {@linkcode looksAs} wants it. */
export function looksOf(
  { size, mtime, ctime, inode, executable }: Omit<DiskStat, "kind" | "device" | "private">,
): readonly number[] {
  return [size, mtime, ctime, inode, executable ? 1 : 0];
}

/**
 * Are these files that look as they did? Without an object for each: this is most of what a run
 * takes in which nothing has changed.
 *
 * @param base stands before each path
 * @param looks of each file {@linkcode LOOKS} numbers, in their order
 * @param from the first file that is asked about, and the one behind the last
 */
export function looksAs(
  base: string,
  paths: readonly string[],
  looks: Float64Array,
  from: number,
  to: number,
): boolean {
  const windows = process.platform === "win32";
  const noting = watching();
  try {
    for (let index = from, at = from * LOOKS; index < to; index++, at += LOOKS) {
      const found = fs.lstatSync(base + paths[index]!, QUIETLY);
      if (noting) note("entry", base + paths[index]!, found && lookOf(found));
      if (
        found === undefined || (found.mode & 0o170000) !== 0o100000 ||
        found.size !== looks[at] || found.mtimeMs !== looks[at + 1] ||
        found.ctimeMs !== looks[at + 2] || found.ino !== looks[at + 3] ||
        (!windows && (found.mode & 0o111) !== 0 ? 1 : 0) !== looks[at + 4]
      ) return false;
    }
    return true;
  } catch {
    return false;
  }
}

const QUIETLY = { throwIfNoEntry: false } as const;

/** The entries of a directory in no order; `undefined` where it cannot be read. */
export function list(path: string): readonly Entry[] | undefined {
  let found: readonly Entry[] | undefined;
  try {
    found = fs.readdirSync(path, { withFileTypes: true })
      .map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
  } catch {
    // Nobody can say what is in it.
  }
  note("entries", path, found);
  return found;
}

/**
 * One entry of a directory, under exactly this name: a file system that takes another case for the
 * same name does not have it.
 */
export function entryNamed(directory: string, name: string): Entry | undefined {
  if (process.platform !== "linux") return list(directory)?.find((each) => each.name === name);
  const found = stat(`${directory}/${name}`);
  return found === undefined ? undefined : { name, kind: found.kind };
}

/** The text of a link. */
export function readLink(path: string): string | undefined {
  let text: string | undefined;
  try {
    text = fs.readlinkSync(path);
  } catch {
    // It is none.
  }
  note("link", path, text);
  return text;
}

/** The path with every link resolved; `undefined` when it leads nowhere. */
export function realPath(path: string): string | undefined {
  let real: string | undefined;
  try {
    real = fs.realpathSync.native(path);
  } catch {
    // It leads nowhere.
  }
  note("real", path, real);
  return real;
}

/** Is something in the way of seeing what is there: a permission, an error, anything but its lack? */
export function isBarred(path: string): boolean {
  let barred = false;
  try {
    fs.statSync(path);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    barred = !["ENOENT", "ENOTDIR", "ELOOP"].includes(code);
  }
  note("barred", path, barred);
  return barred;
}

/** What is about to be read. */
export function noteContent(path: string): void {
  if (watching()) note("content", path, endOf(path));
}

export function read(path: string): Uint8Array {
  noteContent(path);
  const bytes = attempt(path, () => fs.readFileSync(path));
  noteLength(path, bytes.length);
  return bytes;
}

/** What stands in a file from an offset on. */
export function readFrom(path: string, offset: number): Uint8Array {
  noteContent(path);
  return attempt(path, () => {
    const file = fs.openSync(path, "r");
    try {
      const bytes = new Uint8Array(Math.max(0, fs.fstatSync(file).size - offset));
      let length = 0;
      for (let count = 1; count > 0 && length < bytes.length; length += count) {
        count = fs.readSync(file, bytes, length, bytes.length - length, offset + length);
      }
      noteLength(path, offset + length);
      return bytes.subarray(0, length);
    } finally {
      fs.closeSync(file);
    }
  });
}

let temporaries = 0;

/** Process numbers repeat: after a restart, and in containers that share a directory. */
let salt: string | undefined;

/** A name beside `path` that nobody else uses: `path.PID-SALT.N.tmp`. */
export function temporaryName(path: string): string {
  salt ??= Math.floor(Math.random() * 0x1_0000_0000).toString(16);
  return `${path}.${process.pid}-${salt}.${temporaries++}.tmp`;
}

/**
 * Write a file under its name only when all of it is there.
 *
 * @param options.flush have it on the disk, not only in the system's memory, before it is renamed
 * @param options.mode permission bits; the default is 0666 less the umask
 */
export function writeWhole(
  path: string,
  bytes: Uint8Array | string,
  options: { readonly flush?: boolean; readonly mode?: number } = {},
): void {
  const temporary = temporaryName(path);
  attempt(path, () => {
    try {
      const file = fs.openSync(temporary, "wx", options.mode ?? 0o666);
      try {
        fs.writeFileSync(file, bytes);
        if (options.flush === true) fs.fsyncSync(file);
      } finally {
        fs.closeSync(file);
      }
      renameReplacing(temporary, path);
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/**
 * Make a file that must not exist yet; false if it does. Nobody sees it half written, where the file
 * system has hard links.
 */
export function createExclusive(path: string, text: string, mode = 0o666): boolean {
  if (stat(path) !== undefined) return false;
  const temporary = temporaryName(path);
  try {
    fs.writeFileSync(temporary, text, { flag: "wx", mode });
    try {
      fs.linkSync(temporary, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    }
    return insisting(() => createInPlace(path, text, mode));
  } catch (error) {
    throw diskError(path, error);
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

function createInPlace(path: string, text: string, mode: number): boolean {
  let file: number;
  try {
    file = fs.openSync(path, "wx", mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    fs.writeFileSync(file, text);
    return true;
  } catch (error) {
    fs.rmSync(path, { force: true });
    throw error;
  } finally {
    fs.closeSync(file);
  }
}

/** Add to the end of a file, which is made if need be. */
export function append(path: string, text: string, flush = false): void {
  attempt(path, () => {
    const file = fs.openSync(path, "a");
    try {
      fs.writeFileSync(file, text);
      if (flush) fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
  });
}

/** Copy a file's content by reference where the file system can, else byte by byte. */
export function copyFile(from: string, to: string): void {
  attempt(to, () => fs.copyFileSync(from, to, fs.constants.COPYFILE_FICLONE));
}

/** Give a file or directory another name, in place of what has it. */
export function rename(from: string, to: string): void {
  attempt(to, () => renameReplacing(from, to));
}

/** `.ntask/NAME/` of a project, which version control leaves alone. @param root absolute */
export function makeOwn(root: string, name: string): void {
  makeDirectory(`${root}/.ntask/${name}`);
  const ignore = `${root}/.ntask/.gitignore`;
  if (stat(ignore) === undefined) writeWhole(ignore, "*\n");
}

/** Does it belong to this user, as far as can be seen? On Windows everything does. */
export function isOurs(path: string): boolean {
  const found = fs.statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.uid === (process.geteuid?.() ?? found.uid);
}

/** Remove what a directory holds but the files written last, so that one more makes `most`. */
export function keepLatest(directory: string, more: string, most: number): void {
  const others = (list(directory) ?? []).filter(({ name }) => name !== more)
    .map(({ name }) => ({ name, mtime: stat(`${directory}/${name}`)?.mtime ?? 0 }))
    .sort((a, b) => b.mtime - a.mtime);
  for (const { name } of others.slice(most - 1)) removeFile(`${directory}/${name}`);
}

/** Make a directory and those above it. */
export function makeDirectory(path: string): void {
  attempt(path, () => fs.mkdirSync(path, { recursive: true }));
}

export function makeLink(target: string, path: string): void {
  attempt(path, () => fs.symlinkSync(target, path));
}

/** Remove a file or a link; nothing happens when it is not there. */
export function removeFile(path: string): void {
  attempt(path, () => {
    try {
      insisting(() => fs.unlinkSync(path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  });
}

/** Remove a directory that is empty; false when it is not, or not there. */
export function removeEmptyDirectory(path: string): boolean {
  try {
    fs.rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Remove a directory with everything in it. */
export function removeTree(path: string): void {
  attempt(path, () => fs.rmSync(path, { recursive: true, force: true }));
}

/** Does the file system know which files are executable? */
export const HAS_MODES: boolean = process.platform !== "win32";

/** Set when a file was used or changed, in milliseconds since 1970. */
export function setTimes(path: string, accessed: number, changed: number): void {
  attempt(path, () => fs.utimesSync(path, accessed / 1000, changed / 1000));
}

/**
 * "Now" on a file system's own clock, in milliseconds: of a file that is written for it.
 *
 * @returns `undefined` where nothing can be written
 */
export function fileSystemTime(probe: string): number | undefined {
  try {
    makeDirectory(dirname(probe));
    writeWhole(probe, "");
    return stat(probe)?.mtime;
  } catch {
    return undefined;
  }
}

/** Let what else waits on the loop have its turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** End a process for good. */
export function endProcess(pid: number): void {
  signalProcess(pid, "SIGKILL");
}

/** This process's number. */
export const ownPid: number = process.pid;

/**
 * A name of this start of this machine, and of the container: a process number means something only
 * within it. Empty where the system does not tell.
 */
export function bootId(): string {
  try {
    const boot = fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${fs.readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return "";
  }
}

/** The machine's name. */
export function hostName(): string {
  const os = process.getBuiltinModule("node:os") as typeof import("node:os");
  return os.hostname();
}

function endOf(path: string): DiskStat | undefined {
  return statOf(() => fs.statSync(path, { throwIfNoEntry: false }));
}

function statOf(look: () => fs.Stats | undefined): DiskStat | undefined {
  let found: fs.Stats | undefined;
  try {
    found = look();
  } catch {
    return undefined;
  }
  if (found === undefined) return undefined;
  return {
    kind: kindOf(found),
    size: found.size,
    mtime: found.mtimeMs,
    ctime: found.ctimeMs,
    inode: found.ino,
    device: found.dev,
    executable: process.platform !== "win32" && (found.mode & 0o111) !== 0,
    private: process.platform !== "win32" && (found.mode & 0o077) === 0,
  };
}

let umask: number | undefined;

/** Are new files private as they are made? */
export function hidesNewFiles(): boolean {
  umask ??= process.umask();
  return (umask & 0o044) === 0o044;
}

function renameReplacing(from: string, to: string): void {
  insisting(() => fs.renameSync(from, to));
}

/** Windows refuses for a moment while somebody looks at a file, or while it is being removed. */
function insisting<T>(act: () => T): T {
  for (let attempts = 0;; attempts++) {
    try {
      return act();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      const passing = process.platform === "win32" && ["EPERM", "EBUSY", "EACCES"].includes(code);
      if (!passing || attempts === 20) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

export function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw diskError(path, error);
  }
}

/** What a system's error means here. */
export function diskError(path: string, error: unknown): DiskError {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new DiskError("missing", path, message);
    case "EEXIST":
    case "ENOTEMPTY":
      return new DiskError("exists", path, message);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new DiskError("denied", path, message);
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new DiskError("full", path, message);
    default:
      return new DiskError("other", path, message);
  }
}
