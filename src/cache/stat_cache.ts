/**
 * Digests of files without reading them again: what `stat` says now is what it said when the file
 * was hashed.
 *
 * That proves the same content only if the file was old enough when it was hashed: within the grain
 * of the file system's clock it could have been written again and show the same times. So an entry
 * is remembered only if both times lay a margin before "now", and "now" is the file system's own
 * clock, read off a probe file at the start of the run; a later file is hashed, never remembered.
 * `stat` before and after reading must agree.
 *
 * @module
 */

import { dirname } from "@std/path";
import { digestFile, digestLater, withoutCarriageReturns } from "../host/digest.ts";
import { digestOf } from "../host/hash.ts";
import * as disk from "../host/disk.ts";
import { acted, aside, isSame, type Times } from "../host/witness.ts";
import type { Digest } from "../model/digest.ts";
import { type Known, readStatFile, type StatFile, writeStatFile } from "./_stat_file.ts";
import { type Hands, hashShared } from "./file_work.ts";

/** Milliseconds; more than the grain of a clock that shows fractions of a second. */
const MARGIN = 50;
/** Where it shows none: FAT counts in steps of two seconds. */
const COARSE_MARGIN = 2000;

/** Saves after which an entry that nobody asked for is dropped. */
const KEPT = 200;

/** How many files are read at the same time. */
const WIDTH = 16;

/** After so many calls of `stat` the loop has its turn. */
const BATCH = 500;

/**
 * A file up to this size, in bytes, is read and hashed at once: handing it to another thread costs
 * more than it saves (100,000 files of 4 kB: 0.8 s at once, 1.5 s by threads).
 */
const AT_ONCE = 128 << 10;

/** After so many bytes the loop has its turn: about half a millisecond of hashing. */
const BYTES_A_TURN = 512 << 10;

export interface FileDigest {
  readonly digest: Digest;
  readonly executable: boolean;
  readonly look: Times;
  /** It is remembered: what looks the same in a later run has this digest. */
  readonly remembered: boolean;
}

export interface FileFault {
  readonly fault: "missing" | "not a file" | "unreadable" | "changing";
  readonly detail?: string;
}

export interface FileName {
  readonly absolute: string;
  /** How the cache calls it: the path from the root, or an absolute one for what lies outside. */
  readonly name: string;
}

export interface DigestOptions {
  /** CRLF counts as LF. */
  readonly text?: boolean;
}

export interface StatCache {
  /** The clock of the project's file system when this was opened, in milliseconds. */
  readonly now: number | undefined;
  /** At once, on the loop. Links are not followed. */
  digest(absolute: string, name: string, options?: DigestOptions): FileDigest | FileFault;
  /** Many, in their order; the loop has its turn between them, and others take part of much. */
  digests(
    files: readonly FileName[],
    options?: DigestOptions,
  ): Promise<readonly (FileDigest | FileFault)[]>;
  /**
   * Write what was learned. What another process wrote meanwhile is lost, which costs it reading.
   *
   * @param used files of which it was not asked and whose digests are wanted again, by their names
   * @throws {disk.DiskError} when it cannot be written; nothing is lost then but time
   */
  save(used?: (options: DigestOptions) => Iterable<string>): void;
}

/**
 * @param file the stat file, absolute; need not exist
 * @param hands take their part where there is much to hash
 * @param probe a file to be written beside it, absolute, on the project's file system
 */
export function openStatCache(file: string, probe: string, hands?: Hands): StatCache {
  return aside(() => openStatCacheAt(file, disk.fileSystemTime(probe), hands));
}

/**
 * The same at a moment that is known.
 *
 * @param now the project's file system's, in milliseconds; `undefined`: nothing is remembered
 */
export function openStatCacheAt(
  file: string,
  now: number | undefined,
  hands?: Hands,
): StatCache {
  let known: StatFile | undefined;
  let changed = false;

  return {
    now,
    digest(absolute, name, options = {}) {
      const before = look(absolute, keyOf(name, options));
      if ("fault" in before) return before;
      if (before.digest !== undefined) return withMode(before.digest, before.stat, true);
      return readNow({ absolute, name }, before.stat, options);
    },

    async digests(files, options = {}) {
      const results = new Array<FileDigest | FileFault>(files.length);
      const unknown: { readonly index: number; readonly stat: disk.DiskStat }[] = [];
      for (const [index, { absolute, name }] of files.entries()) {
        if (index % BATCH === BATCH - 1) await disk.turn();
        const before = look(absolute, keyOf(name, options));
        if ("fault" in before) results[index] = before;
        else if (before.digest !== undefined) {
          results[index] = withMode(before.digest, before.stat, true);
        } else unknown.push({ index, stat: before.stat });
      }
      const made = await hashShared(
        unknown.map(({ index, stat: { size } }) => ({ path: files[index]!.absolute, size })),
        options.text === true,
        hands,
      );
      const toRead: { readonly index: number; readonly stat: disk.DiskStat }[] = [];
      let read = 0;
      for (const [at, { index, stat }] of unknown.entries()) {
        const file = files[index]!;
        const digest = made?.[at];
        const settled = digest &&
          settle(file.absolute, keyOf(file.name, options), stat, digest);
        if (digest && settled) {
          results[index] = withMode(digest, stat, settled === "remembered");
          if (at % BATCH === BATCH - 1) await disk.turn();
          continue;
        }
        if (stat.size > AT_ONCE) {
          toRead.push({ index, stat });
          continue;
        }
        results[index] = readNow(file, stat, options);
        // Opening costs as much as hashing some kilobytes.
        read += stat.size + 16_384;
        if (read > BYTES_A_TURN) {
          read = 0;
          await disk.turn();
        }
      }
      let next = 0;
      const worker = async () => {
        for (let at = next++; at < toRead.length; at = next++) {
          const { index, stat } = toRead[at]!;
          results[index] = await readLater(files[index]!, stat, options);
        }
      };
      await Promise.all(Array.from({ length: Math.min(WIDTH, toRead.length) }, worker));
      return results;
    },

    save(used = () => []) {
      if (!changed || now === undefined) return;
      const { entries, generation } = loaded();
      const isOut = ({ used }: Known) => generation - used >= KEPT;
      // Which are used elsewhere is asked only where something would be dropped.
      if (entries.values().some(isOut)) {
        for (const options of [{ text: false }, { text: true }]) {
          for (const name of used(options)) use(keyOf(name, options));
        }
        for (const [key, each] of entries) if (isOut(each)) entries.delete(key);
      }
      disk.makeDirectory(dirname(file));
      aside(() => writeStatFile(file, { generation: generation + 1, entries }));
      changed = false;
    },
  };

  /** Read when it is first asked: what is proven without it costs nothing. */
  function loaded(): StatFile {
    return known ??= aside(() => readStatFile(file));
  }

  function use(key: string): void {
    const { entries, generation } = loaded();
    const found = entries.get(key);
    if (found !== undefined) found.used = generation;
  }

  function readNow(
    { absolute, name }: FileName,
    first: disk.DiskStat,
    options: DigestOptions,
  ): FileDigest | FileFault {
    const key = keyOf(name, options);
    let before: disk.DiskStat = first;
    for (let tries = 0; tries < TRIES; tries++) {
      let digest: Digest;
      try {
        digest = options.text === true
          ? digestOf(withoutCarriageReturns(disk.read(absolute)))
          : digestFile(absolute);
      } catch (error) {
        return unreadable(error);
      }
      const settled = settle(absolute, key, before, digest);
      if (settled !== undefined) return withMode(digest, before, settled === "remembered");
      const again = look(absolute, key);
      if ("fault" in again) return again;
      before = again.stat;
    }
    return { fault: "changing" };
  }

  async function readLater(
    { absolute, name }: FileName,
    first: disk.DiskStat,
    options: DigestOptions,
  ): Promise<FileDigest | FileFault> {
    const key = keyOf(name, options);
    let before: disk.DiskStat = first;
    for (let tries = 0; tries < TRIES; tries++) {
      let digest: Digest;
      try {
        digest = await digestLater(absolute, before.size, options.text === true);
      } catch (error) {
        return unreadable(error);
      }
      const settled = settle(absolute, key, before, digest);
      if (settled !== undefined) return withMode(digest, before, settled === "remembered");
      const again = look(absolute, key);
      if ("fault" in again) return again;
      before = again.stat;
    }
    return { fault: "changing" };
  }

  /** What is there, and its digest if that is known. */
  function look(
    absolute: string,
    key: string,
  ): FileFault | { readonly stat: disk.DiskStat; readonly digest: Digest | undefined } {
    const { entries } = loaded();
    const stat = disk.stat(absolute);
    if (stat === undefined) {
      changed = entries.delete(key) || changed;
      return { fault: "missing" };
    }
    if (stat.kind !== "file") return { fault: "not a file" };
    const known = entries.get(key);
    if (known === undefined || now === undefined || !isSame(known, stat)) {
      return { stat, digest: undefined };
    }
    // The clock was set back since: what comes may show these times again.
    if (stat.mtime > now || stat.ctime > now) return { stat, digest: undefined };
    use(key);
    return { stat, digest: `${known.hash}/${known.counted}` as Digest };
  }

  /** Did the file stay as it was while it was read? Remembered if it is old enough. */
  function settle(
    absolute: string,
    key: string,
    before: disk.DiskStat,
    digest: Digest,
  ): "remembered" | "young" | undefined {
    const { entries, generation } = loaded();
    const after = disk.stat(absolute);
    if (after === undefined || after.kind !== "file" || !isSame(before, after)) return undefined;
    const [hash = "", counted] = digest.split("/");
    const asLong = isAsLong(key, Number(counted), after.size);
    // Also when another process has read it.
    if (!asLong) acted();
    if (now !== undefined && isOld(after, now) && asLong) {
      const { size, mtime, ctime, inode } = after;
      const known = { size, mtime, ctime, inode, hash, counted: Number(counted), used: generation };
      entries.set(key, known);
      changed = true;
      return "remembered";
    }
    if (entries.delete(key)) changed = true;
    return "young";
  }
}

/** A file that is written all the time is given up. */
const TRIES = 3;

/**
 * Will a file that is changed from now on show it in its times? @param now the file system's, in
 * milliseconds
 */
export function isOld(
  { mtime, ctime }: Pick<disk.DiskStat, "mtime" | "ctime">,
  now: number,
): boolean {
  const coarse = mtime % 1000 === 0 || ctime % 1000 === 0 || now % 1000 === 0;
  return Math.max(mtime, ctime) < now - (coarse ? COARSE_MARGIN : MARGIN);
}

function keyOf(name: string, { text = false }: DigestOptions): string {
  return (text ? "t" : "b") + name;
}

/** A file of `/proc` says that it is empty, and is another one each time. */
function isAsLong(key: string, counted: number, size: number): boolean {
  // Without its carriage returns a text is shorter.
  return key.startsWith("t") ? counted <= size : counted === size;
}

function withMode(digest: Digest, look: disk.DiskStat, remembered: boolean): FileDigest {
  return { digest, executable: look.executable, look, remembered };
}

function unreadable(error: unknown): FileFault {
  if (!(error instanceof disk.DiskError)) throw error;
  if (error.why === "missing") return { fault: "missing" };
  return { fault: "unreadable", detail: error.message };
}
