/**
 * Keeping a store small: what was used least recently goes. Nothing that a running process may be
 * using does: neither what was used lately nor a blob that a kept manifest refers to.
 *
 * @module
 */

import { digestFile } from "../host/digest.ts";
import * as disk from "../host/disk.ts";
import { aside } from "../host/witness.ts";
import { FORMAT } from "./local_store.ts";
import type { Digest } from "../model/digest.ts";
import { breakIfStale, type Clock, type Held, hold, lock, ownHolder } from "./lock.ts";
import { decodeParts, decodeResult, sizeOf } from "./manifest.ts";
import { blobsOf } from "./store.ts";

/** While processes run, what was used within this time is kept, in milliseconds. */
const LATELY = 24 * 60 * 60 * 1000;

/** What is in a store. */
export interface StoreUsage {
  readonly results: number;
  readonly blobs: number;
  readonly bytes: number;
}

/** What a store holds, without reading contents. */
export function usageOf(directory: string): StoreUsage {
  refuseOthers(directory);
  const manifests = manifestsOf(directory);
  const blobs = blobsIn(directory);
  const bytes = [...manifests, ...blobs].reduce((sum, { size }) => sum + size, 0);
  return { results: manifests.length, blobs: blobs.length, bytes };
}

/**
 * Remove what was used least recently until the rest is small enough.
 *
 * @param limit in bytes
 * @throws {disk.DiskError}
 */
export async function prune(
  directory: string,
  limit: number,
  clock: Clock,
): Promise<{ readonly before: StoreUsage; readonly after: StoreUsage }> {
  const before = usageOf(directory);
  disk.makeDirectory(`${directory}/locks`);
  const held = await lock(`${directory}/locks/prune`, "pruning", clock);
  try {
    const now = clock.date();
    sweepLocks(directory, clock);
    const lately = filesIn(`${directory}/locks`).some(({ name }) => isPresence(name)) ? LATELY : 0;
    const manifests = manifestsOf(directory).sort((a, b) => b.mtime - a.mtime);
    const kept = new Map<Digest, number>();
    const freed = new Set<string>();
    let bytes = 0;
    let full = false;
    for (const { key, path, size, mtime } of manifests) {
      const text = readText(path);
      // Another process has removed it.
      if (text === undefined) continue;
      const decoded = decodeResult(key, text);
      const blobs = "value" in decoded ? [...blobsOf(decoded.value)] : [];
      const more = size + blobs.reduce((sum, each) => sum + (kept.has(each) ? 0 : sizeOf(each)), 0);
      full ||= bytes + more > limit;
      if ("fault" in decoded || full && now - mtime > lately) {
        disk.removeFile(path);
        for (const each of blobs) freed.add(each.slice(0, 64));
        continue;
      }
      bytes += more;
      for (const each of blobs) kept.set(each, sizeOf(each));
    }
    const names = new Set([...kept.keys()].map((digest) => digest.slice(0, 64)));
    for (const { path, name, mtime } of blobsIn(directory)) {
      if (names.has(name)) continue;
      if (now - mtime > (freed.has(name) ? lately : ABANDONED)) disk.removeFile(path);
    }
    for (const { path, name, mtime } of [directory, `${directory}/actions`].flatMap(filesIn)) {
      if (name.endsWith(".tmp") && now - mtime > ABANDONED) disk.removeFile(path);
    }
  } finally {
    held.release();
  }
  return { before, after: usageOf(directory) };
}

/**
 * A blob without a manifest is waiting for it no longer than this, in milliseconds; more than the
 * grain in which uses are written down.
 */
const ABANDONED = 2 * 60 * 60 * 1000;

/** A store of another version is left alone. */
function refuseOthers(directory: string): void {
  const file = `${directory}/format`;
  const found = disk.stat(file) && new TextDecoder().decode(disk.read(file)).trim();
  if (found === undefined || found === String(FORMAT) || !/^[1-9]\d*$/.test(found)) return;
  throw new disk.DiskError(
    "other",
    directory,
    `${directory} was written by another version of ntask (format ${found})`,
  );
}

/** After a run that has stored something: look through the store when enough has come. */
export async function pruneIfLarge(
  directory: string,
  limit: number,
  written: number,
  clock: Clock,
): Promise<void> {
  const file = `${directory}/grown`;
  try {
    const before = disk.stat(file) === undefined
      ? Number.POSITIVE_INFINITY
      : Number(new TextDecoder().decode(disk.read(file)));
    // A store is looked through when it could have outgrown its limit by a twentieth.
    const grown = (Number.isFinite(before) ? before : limit) + written;
    if (grown < limit / 20) return disk.writeWhole(file, String(grown));
    if (usageOf(directory).bytes > limit) await prune(directory, limit, clock);
    disk.writeWhole(file, "0");
  } catch (error) {
    if (!(error instanceof disk.DiskError)) throw error;
  }
}

/** What was looked at, and what was damaged. */
export interface Verified {
  readonly results: number;
  readonly blobs: number;
  readonly removed: readonly string[];
}

/**
 * Does everything in a store have the content it should? What does not is removed. What other
 * processes are writing is left alone.
 */
export function verify(directory: string): Verified {
  refuseOthers(directory);
  const removed: string[] = [];
  // The manifests first: what comes meanwhile has its blobs before its manifest.
  const manifests = manifestsOf(directory).map((file) => ({ ...file, text: readText(file.path) }));
  const blobs = blobsIn(directory).filter(({ name }) => /^[0-9a-f]{64}$/.test(name));
  const sound = new Map<string, number>();
  for (const { path, name, size } of blobs) {
    if (digestOf(path)?.startsWith(name)) sound.set(name, size);
    else {
      disk.removeFile(path);
      removed.push(path);
    }
  }
  for (const { key, path, text } of manifests) {
    if (text === undefined) continue;
    const decoded = decodeResult(key, text);
    const whole = "value" in decoded && "value" in decodeParts(text) &&
      [...blobsOf(decoded.value)].every((digest) =>
        sound.get(digest.slice(0, 64)) === sizeOf(digest)
      );
    if (whole) continue;
    disk.removeFile(path);
    removed.push(path);
  }
  return { results: manifests.length, blobs: blobs.length, removed };
}

/**
 * Say that a process is using a store.
 *
 * @throws {disk.DiskError}
 */
export function announce(directory: string, clock: Clock): Held {
  const locks = `${directory}/locks`;
  disk.makeDirectory(locks);
  const path = disk.temporaryName(`${locks}/run`);
  aside(() => disk.createExclusive(path, JSON.stringify(ownHolder("a run"))));
  return hold(path, undefined, clock);
}

function isPresence(name: string): boolean {
  return name.startsWith("run.");
}

interface StoredFile {
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly mtime: number;
}

function manifestsOf(directory: string): (StoredFile & { readonly key: string })[] {
  return filesIn(`${directory}/actions`)
    .filter(({ name }) => /^[0-9a-f]{64}\.json$/.test(name))
    .map((file) => ({ ...file, key: file.name.slice(0, 64) }));
}

/** A blob's name, or that of one that is being written. */
const BLOB = /^[0-9a-f]{64}(?:\.[0-9a-f-]+\.\d+\.tmp)?$/;

/** Half-written ones of processes that are gone are among them. */
function blobsIn(directory: string): StoredFile[] {
  return (disk.list(`${directory}/blobs`) ?? [])
    .filter(({ name }) => /^[0-9a-f]{2}$/.test(name))
    .flatMap(({ name }) => filesIn(`${directory}/blobs/${name}`))
    .filter(({ name }) => BLOB.test(name));
}

/** `undefined` when it cannot be read. */
function digestOf(path: string): Digest | undefined {
  try {
    return digestFile(path);
  } catch {
    return undefined;
  }
}

/** `undefined` when it cannot be read. */
function readText(path: string): string | undefined {
  try {
    return new TextDecoder().decode(disk.read(path));
  } catch {
    return undefined;
  }
}

function filesIn(directory: string): StoredFile[] {
  return (disk.list(directory) ?? []).flatMap(({ name }) => {
    const path = `${directory}/${name}`;
    const stat = disk.stat(path);
    return stat?.kind === "file" ? [{ path, name, size: stat.size, mtime: stat.mtime }] : [];
  });
}

function sweepLocks(directory: string, clock: Clock): void {
  for (const { path, name } of filesIn(`${directory}/locks`)) {
    if (/^(?:[0-9a-f]{64}$|run\.)/.test(name)) breakIfStale(path, clock);
  }
}
