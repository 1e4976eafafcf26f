/**
 * Copying files whose content must be what it is said to be. What has been written is what has been
 * hashed: the file is read once, and the bytes that were hashed are written. A large one is copied by
 * reference where the file system can, and then the copy is hashed.
 *
 * @module
 */

import fs from "node:fs";
import type { Digest } from "../model/digest.ts";
import { digestInTurns } from "./digest.ts";
import { createSha256, digestOf } from "./hash.ts";
import { DiskError, diskError, turn } from "./disk.ts";
import { process } from "./process.ts";
import { acted } from "./witness.ts";

export interface Copy {
  /** A file; where the system can tell, links are not followed. */
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

/** So much is read, hashed and written while it is in the processor's cache. */
const PIECE = 256 << 10;

/** After so much the loop has its turn: about a millisecond. */
const TURN = 1 << 20;

/** Filled and emptied without a pause, so one is enough. */
let buffer: Uint8Array | undefined;

/** As far as is known. */
let canClone = true;

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
  buffer ??= new Uint8Array(PIECE);
  let file: number;
  try {
    file = fs.openSync(path, LOOKING);
  } catch (error) {
    return unopened(path, error);
  }
  try {
    let length = 0;
    let count: number;
    do {
      // One byte more would show that it is too long.
      count = fs.readSync(file, buffer, length, size + 1 - length, null);
      length += count;
    } while (count > 0 && length < size);
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
  let source: number | undefined;
  let file: number | undefined;
  try {
    try {
      source = fs.openSync(from, LOOKING);
    } catch (error) {
      return unopened(from, error);
    }
    const found = fs.fstatSync(source);
    if (!found.isFile() || found.size !== size) return "differs";
    file = cloned(copy);
    let actual: Digest;
    if (file === undefined) {
      file = openNew(copy);
      actual = await copyInTurns(source, file);
    } else actual = await digestInTurns(to);
    if (actual !== digest) {
      discard(file, to);
      return "differs";
    }
    return copy.flush ? await flushed(file, copy) : closed(file, copy);
  } catch (error) {
    return failed(error, copy, file);
  } finally {
    if (source !== undefined) fs.closeSync(source);
  }
}

/** @returns the digest of what was written */
async function copyInTurns(from: number, to: number): Promise<Digest> {
  buffer ??= new Uint8Array(PIECE);
  const hash = createSha256();
  let size = 0;
  let turned = 0;
  for (;;) {
    const count = fs.readSync(from, buffer, 0, PIECE, null);
    if (count === 0) break;
    hash.update(count === PIECE ? buffer : buffer.subarray(0, count));
    for (let at = 0; at < count;) at += fs.writeSync(to, buffer, at, count - at);
    size += count;
    if (size - turned >= TURN) {
      turned = size;
      await turn();
    }
  }
  return `${hash.digest("hex")}/${size}` as Digest;
}

/** @returns a copy by reference, open; `undefined` where there is no such thing */
function cloned({ from, to, mode }: Copy): number | undefined {
  if (!canClone) return undefined;
  const { COPYFILE_EXCL, COPYFILE_FICLONE_FORCE } = fs.constants;
  try {
    fs.copyFileSync(from, to, COPYFILE_EXCL | COPYFILE_FICLONE_FORCE);
  } catch (error) {
    // For whatever reason: the other way will tell.
    if (NEVER.has((error as NodeJS.ErrnoException).code ?? "")) canClone = false;
    return undefined;
  }
  try {
    // It has taken the mode of the original.
    fs.chmodSync(to, mode & ~process.umask());
    return fs.openSync(to, "r+");
  } catch (error) {
    fs.rmSync(to, { force: true });
    throw error;
  }
}

/** Nobody can, here; what else there is may be of these two files. */
const NEVER: ReadonlySet<string> = new Set([
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "ENOTTY",
  "EINVAL",
]);

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
  if (file !== undefined) discard(file, to);
  const { why, path, message } = error instanceof DiskError ? error : diskError(to, error);
  return { why, path, detail: message };
}

/** As well as that can be done: what went wrong first is what is told. */
function discard(file: number | "closed", path: string): void {
  for (
    const act of [
      () => typeof file === "number" && fs.closeSync(file),
      () => fs.rmSync(path, { force: true }),
    ]
  ) {
    try {
      act();
    } catch {
      // Somebody else sweeps up: it lies where only unfinished things do.
    }
  }
}
