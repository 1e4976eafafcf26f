/**
 * What somebody else has put where ntask writes: it has to make way, but it is not lost. It is moved
 * below `.ntask/state/replaced/`, into a directory of the run, under its own path; unless what comes
 * in its place turns out to be the same, as when a colleague has committed what he has generated.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import type { Digest } from "../model/digest.ts";
import type { Output } from "../model/output.ts";
import type { Workshop } from "./outputs.ts";

/** Of so many runs that moved something it is kept. */
const KEPT = 20;

/** A file that is not ours. */
export interface Theirs {
  /** Relative to the root. */
  readonly path: string;
  /** Where it could be read. */
  readonly digest?: Digest;
}

/** One that is out of the way. */
export interface Aside extends Theirs {
  /** Where it is now, absolute. */
  readonly at: string;
}

/**
 * Which of some files have a content that is neither what ntask had put there nor anything that is
 * stored.
 *
 * @param paths of files, relative to the root
 */
export async function theirsAmong(
  { root, ledger, statCache, store }: Pick<Workshop, "root" | "ledger" | "statCache" | "store">,
  paths: readonly string[],
): Promise<readonly Theirs[]> {
  const digests = await statCache.digests(
    paths.map((path) => ({ absolute: `${root}/${path}`, name: path })),
  );
  const found: Theirs[] = [];
  for (const [index, path] of paths.entries()) {
    const now = digests[index]!;
    if ("fault" in now) {
      if (now.fault !== "missing" && now.fault !== "not a file") found.push({ path });
      continue;
    }
    if (ledger.owns(path) && ledger.isAsMade(path, now.digest)) continue;
    if (!await store.hasBlob(now.digest)) found.push({ path, digest: now.digest });
  }
  return found;
}

/**
 * Move files out of the way.
 *
 * @throws {disk.DiskError} when one cannot be moved; it is where it was then
 */
export function setAside(
  { root, replaced }: Pick<Workshop, "root" | "replaced">,
  files: readonly Theirs[],
): readonly Aside[] {
  if (files.length > 0 && disk.stat(replaced) === undefined) sweep(replaced);
  return files.map((file) => {
    const { path } = file;
    const to = free(`${replaced}/${path}`);
    disk.makeDirectory(above(to));
    try {
      disk.rename(`${root}/${path}`, to);
    } catch (error) {
      if (!(error instanceof disk.DiskError) || error.why !== "other") throw error;
      // It lies on another file system.
      disk.copyFile(`${root}/${path}`, to);
      disk.removeFile(`${root}/${path}`);
    }
    return { ...file, at: to };
  });
}

/** Forget those in whose place the same has come. @returns the others */
export function dropSame(
  { replaced }: Pick<Workshop, "replaced">,
  aside: readonly Aside[],
  outputs: readonly Output[],
): readonly Aside[] {
  if (aside.length === 0) return aside;
  const made = new Map(
    outputs.map((output) => [output.path, output.kind === "file" ? output.digest : undefined]),
  );
  return aside.filter(({ path, digest, at }) => {
    if (digest === undefined || made.get(path) !== digest) return true;
    disk.removeFile(at);
    for (let up = above(at); up.length >= replaced.length; up = above(up)) {
      if (!disk.removeEmptyDirectory(up)) break;
    }
    return false;
  });
}

function above(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** The same path, or one behind which nothing lies. */
function free(path: string): string {
  for (let count = 1;; count++) {
    const candidate = count === 1 ? path : `${path}.${count}`;
    if (disk.stat(candidate) === undefined) return candidate;
  }
}

/** The oldest go; their names begin with the time. */
function sweep(replaced: string): void {
  const all = above(replaced);
  const names = (disk.list(all) ?? []).map(({ name }) => name).sort();
  for (const name of names.slice(0, Math.max(0, names.length + 1 - KEPT))) {
    disk.removeTree(`${all}/${name}`);
  }
}
