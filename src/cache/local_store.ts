/**
 * The store on this machine's disk, shared by the projects and processes that name it:
 *
 * ```
 * format            the version of all this
 * blobs/aa/SHA256   contents
 * actions/KEY.json  manifests
 * locks/            who is building what (lock.ts)
 * ```
 *
 * Everything is written under another name, flushed and renamed, a manifest after its blobs. Blobs
 * are never linked to files of a project: they are copied, by reference where the file system can.
 * When a manifest or a blob was used last is its time of change.
 *
 * @module
 */

import { digestOf } from "../host/hash.ts";
import * as disk from "../host/disk.ts";
import type { Digest } from "../model/digest.ts";
import { copyAll, type Hands } from "./file_work.ts";
import { type Decoded, decodeParts, decodeResult, encodeManifest, sizeOf } from "./manifest.ts";
import {
  type Lookup,
  type Store,
  type Stored,
  type StoredBytes,
  type Unavailable,
  unavailable,
  unavailableFor,
} from "./store.ts";

/** The version of the store's layout and of its manifests. */
export const FORMAT = 1;

/** A use is written down when the last one is older than this, in milliseconds. */
const GRAIN = 60 * 60 * 1000;

export interface LocalStore extends Store {
  readonly directory: string;
  /** Bytes put since it was opened. */
  readonly written: number;
}

/**
 * Open a store; its directory is made when something is put.
 *
 * @param directory absolute
 * @param date the time, in milliseconds since 1970
 * @param options.readOnly look only: not even a use is written down
 * @param options.hands take their part where there is much to copy
 */
export function openLocalStore(
  directory: string,
  date: () => number,
  { readOnly = false, hands }: {
    readonly readOnly?: boolean;
    readonly hands?: Hands | undefined;
  } = {},
): LocalStore {
  let written = 0;
  let ready: Unavailable | true | undefined;
  const store: LocalStore = {
    directory,
    get written() {
      return written;
    },
    get: (key) => Promise.resolve(lookUp(key, (text) => decodeResult(key, text))),
    parts: (key) => Promise.resolve(lookUp(key, decodeParts)),
    put(manifest) {
      return guarded<Stored>(() => {
        const text = encodeManifest(manifest);
        write(manifestPath(directory, manifest.result.key), text);
        return { kind: "stored" };
      });
    },
    putFiles(files) {
      return guarded<Stored>(async () => {
        const wanted = new Map<Digest, string>();
        const hidden = new Set<Digest>();
        for (const { absolute, digest, private: only } of files) {
          if (!isThere(digest)) wanted.set(digest, absolute);
          if (only) hidden.add(digest);
        }
        const made = [...wanted].map(([digest, absolute]) => {
          const path = blobPath(directory, digest);
          return { digest, path, absolute, temporary: disk.temporaryName(path) };
        });
        for (const room of new Set(made.map(({ path }) => above(path)))) makeRoom(room);
        try {
          const failed = await copyAll(
            made.map(({ digest, absolute, temporary }) => ({
              from: absolute,
              to: temporary,
              digest,
              mode: modeOf(false, hidden.has(digest)),
              flush: true,
            })),
            hands,
          );
          if (typeof failed?.end === "object") return unavailableFor(failed.end);
          if (failed !== undefined) return { kind: "changed", path: failed.copy.from };
          for (const { digest, temporary, path } of made) {
            replace(temporary, path);
            written += sizeOf(digest);
          }
          made.length = 0;
          return { kind: "stored" };
        } finally {
          for (const { temporary } of made) disk.removeFile(temporary);
        }
      });
    },
    async putBytes(bytes) {
      const digest = digestOf(bytes);
      return await guarded<StoredBytes>(() => {
        if (!isThere(digest)) write(blobPath(directory, digest), bytes);
        return { kind: "stored", digest };
      });
    },
    hasBlob: (digest) => Promise.resolve(disk.stat(blobPath(directory, digest)) !== undefined),
    readBlob(digest) {
      return Promise.resolve(attempt<Uint8Array>(() => {
        const path = blobPath(directory, digest);
        const kind = disk.stat(path)?.kind;
        if (kind === undefined) return { kind: "miss" };
        if (kind === "directory") return damagedBlob(digest);
        const bytes = disk.read(path);
        return digestOf(bytes) === digest ? { kind: "hit", value: bytes } : damagedBlob(digest);
      }));
    },
    async copyBlobs(copies) {
      try {
        const failed = await copyAll(
          copies.map(({ digest, to, executable = false, private: only = false }) => ({
            from: blobPath(directory, digest),
            to,
            digest,
            mode: modeOf(executable, only),
          })),
          hands,
        );
        if (failed === undefined) return { kind: "hit", value: true };
        if (failed.end === "missing") return { kind: "miss" };
        if (failed.end === "differs") return damagedBlob(failed.copy.digest);
        return unavailableFor(failed.end);
      } catch (error) {
        return unavailable(error);
      }
    },
  };
  return store;

  function lookUp<T>(key: string, decode: (text: string) => Decoded<T>): Lookup<T> {
    return attempt(() => {
      const path = manifestPath(directory, key);
      const stat = disk.stat(path);
      if (stat === undefined) return { kind: "miss" };
      const unfit = opened();
      if (unfit !== undefined) return unfit;
      if (stat.kind === "directory") {
        if (!readOnly) disk.removeTree(path);
        return { kind: "damaged", detail: "the stored result" };
      }
      const decoded = decode(new TextDecoder().decode(disk.read(path)));
      if ("fault" in decoded) {
        if (!readOnly) disk.removeFile(path);
        return { kind: "damaged", detail: "the stored result" };
      }
      touch(path, stat.mtime);
      return { kind: "hit", value: decoded.value };
    });
  }

  function damagedBlob(digest: Digest): Lookup<never> {
    const path = blobPath(directory, digest);
    if (!readOnly && !clear(path)) disk.removeFile(path);
    return { kind: "damaged", detail: `the stored content ${digest.slice(0, 8)}` };
  }

  /** As far as one can tell without reading it. What is about to be referred to is in use. */
  function isThere(digest: Digest): boolean {
    const path = blobPath(directory, digest);
    const stat = disk.stat(path);
    if (stat?.kind !== "file" || stat.size !== sizeOf(digest)) return false;
    touch(path, stat.mtime);
    return true;
  }

  function touch(path: string, last: number): void {
    const now = date();
    if (readOnly || now - last < GRAIN) return;
    try {
      disk.setTimes(path, now, now);
    } catch {
      // A store that cannot be written to is used as it is.
    }
  }

  function write(path: string, content: Uint8Array | string): void {
    makeRoom(above(path));
    clear(path);
    disk.writeWhole(path, content, { flush: true });
    written += content.length;
  }

  /** Is this store one that we may use? Made fit if it is new. */
  function opened(make = false): Unavailable | undefined {
    if (ready !== undefined && !(make && ready !== true)) return ready === true ? undefined : ready;
    const file = `${directory}/format`;
    const found = disk.stat(file) === undefined
      ? undefined
      : new TextDecoder().decode(disk.read(file)).trim();
    // What is no version is damaged; whatever else is there proves itself.
    if (found === undefined || !/^[1-9]\d*$/.test(found)) {
      if (!make) return undefined;
      disk.makeDirectory(directory);
      disk.writeWhole(file, `${FORMAT}\n`, { flush: true });
    } else if (found !== String(FORMAT)) {
      const detail = `${directory} was written by another version of ntask (format ${found})`;
      return ready = { kind: "unavailable", why: "newer", detail };
    }
    ready = true;
    return undefined;
  }

  async function guarded<T>(act: () => T | Promise<T>): Promise<T | Unavailable> {
    try {
      return opened(true) ?? await act();
    } catch (error) {
      return unavailable(error);
    }
  }
}

/** Take a directory away that is where a file of the store must be. @returns whether there was one */
function clear(path: string): boolean {
  const found = disk.stat(path)?.kind === "directory";
  if (found) disk.removeTree(path);
  return found;
}

/** Give a finished file its name in the store. */
function replace(temporary: string, path: string): void {
  try {
    disk.rename(temporary, path);
  } catch (error) {
    if (!clear(path)) throw error;
    disk.rename(temporary, path);
  }
}

/** Make a directory of the store, where nothing else can be. */
function makeRoom(directory: string): void {
  const kind = disk.stat(directory)?.kind;
  if (kind === "file") disk.removeFile(directory);
  if (kind !== "directory") disk.makeDirectory(directory);
}

/** Permission bits, less the umask. Who may read may execute. */
function modeOf(executable: boolean, only: boolean): number {
  return (executable ? 0o777 : 0o666) & (only ? 0o700 : 0o777);
}

export function blobPath(directory: string, digest: Digest): string {
  return `${directory}/blobs/${digest.slice(0, 2)}/${digest.slice(0, 64)}`;
}

export function manifestPath(directory: string, key: string): string {
  return `${directory}/actions/${key}.json`;
}

function attempt<T>(act: () => Lookup<T>): Lookup<T> {
  try {
    return act();
  } catch (error) {
    return unavailable(error);
  }
}

function above(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
