/**
 * Copying files whose content must be what it is said to be. What has been written is what has been
 * hashed: a small file is read once, and the bytes that were hashed are written; of a large one the
 * copy is hashed, which may be one by reference.
 *
 * @module
 */

import fs from "node:fs";
import process from "node:process";
import type { Digest } from "../model/digest.ts";
import { digestInTurns, digestOf, DiskError, diskError } from "./disk.ts";
import { acted } from "./witness.ts";

export interface Copy {
  /** A file; links are not followed. */
  readonly from: string;
  /** Must not exist. It is a whole copy, or is not there, when it is done. */
  readonly to: string;
  /** What the content must be. */
  readonly digest: Digest;
  /** Permission bits, less the umask. */
  readonly mode: number;
  /** Have it on the disk, not only in the system's memory. */
  readonly flush?: true;
}

export type CopyEnd =
  | "copied"
  /** There is nothing to copy. */
  | "missing"
  /** What is there is something else. */
  | "differs"
  | { readonly why: DiskError["why"]; readonly path: string; readonly detail: string };

/**
 * Up to this size, in bytes, a file is copied at once: handing it to another thread costs more than
 * it saves.
 */
const AT_ONCE = 128 << 10;

/** What is read, hashed and written at once; one byte more shows that a file is too long. */
let buffer: Uint8Array | undefined;

/** Copy a file. A small one that need not be flushed is copied when this returns. */
export function copyProven(copy: Copy): CopyEnd | Promise<CopyEnd> {
  acted();
  const size = Number(copy.digest.slice(65));
  if (size > AT_ONCE) return copyLarge(copy, size);
  let file: number | undefined;
  try {
    const bytes = readSmall(copy.from, size);
    if (typeof bytes === "string") return bytes;
    if (digestOf(bytes) !== copy.digest) return "differs";
    file = openNew(copy);
    for (let at = 0; at < size;) at += fs.writeSync(file, bytes, at, size - at);
    return copy.flush ? flushed(file, copy) : closed(file, copy);
  } catch (error) {
    return failed(error, copy, file);
  }
}

/** @returns as much as there should be, in a buffer that the next call uses again */
function readSmall(path: string, size: number): Uint8Array | "missing" | "differs" {
  buffer ??= new Uint8Array(AT_ONCE + 1);
  let file: number;
  try {
    file = fs.openSync(path, LOOKING);
  } catch (error) {
    return unopened(path, error);
  }
  try {
    let length = 0;
    for (let count = 1; count > 0 && length < size; length += count) {
      count = fs.readSync(file, buffer, length, size + 1 - length, null);
    }
    return length === size ? buffer.subarray(0, size) : "differs";
  } catch (error) {
    return unopened(path, error);
  } finally {
    fs.closeSync(file);
  }
}

/** Not through a link, and not waiting for whoever writes into a pipe. */
const LOOKING = process.platform === "win32"
  ? "r"
  : fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;

/** What it means that a file could not be read. @throws {DiskError} */
function unopened(path: string, error: unknown): "missing" | "differs" {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return "missing";
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "missing";
  if (!found.isFile()) return "differs";
  throw diskError(path, error);
}

async function copyLarge(copy: Copy, size: number): Promise<CopyEnd> {
  const { from, to, digest } = copy;
  let file: number | undefined;
  try {
    const found = fs.lstatSync(from, { throwIfNoEntry: false });
    if (found === undefined) return "missing";
    if (!found.isFile() || found.size !== size) return "differs";
    file = openNew(copy);
    const mode = fs.fstatSync(file).mode & 0o777;
    await fs.promises.copyFile(from, to, fs.constants.COPYFILE_FICLONE);
    // The copy has taken the mode of the original.
    fs.fchmodSync(file, mode);
    if (await digestInTurns(to) !== digest) {
      fs.closeSync(file);
      fs.rmSync(to, { force: true });
      return "differs";
    }
    return copy.flush ? await flushed(file, copy) : closed(file, copy);
  } catch (error) {
    return failed(error, copy, file);
  }
}

function openNew({ to, mode }: Copy): number {
  return fs.openSync(to, "wx", mode);
}

/** Off the loop: the disk takes its time. */
async function flushed(file: number, copy: Copy): Promise<CopyEnd> {
  try {
    await new Promise<void>((resolve, reject) =>
      fs.fsync(file, (error) => error ? reject(error) : resolve())
    );
  } catch (error) {
    return failed(error, copy, file);
  }
  return closed(file, copy);
}

/** Some file systems tell only now that there was no room. */
function closed(file: number, copy: Copy): CopyEnd {
  try {
    fs.closeSync(file);
    return "copied";
  } catch (error) {
    return failed(error, copy, "closed");
  }
}

/** Nothing stays of it. @param file the copy, if it was begun */
function failed(error: unknown, { to }: Copy, file: number | "closed" | undefined): CopyEnd {
  if (typeof file === "number") fs.closeSync(file);
  if (file !== undefined) fs.rmSync(to, { force: true });
  const { why, path, message } = error instanceof DiskError ? error : diskError(to, error);
  return { why, path, detail: message };
}
