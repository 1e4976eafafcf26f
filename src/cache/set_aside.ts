/**
 * What somebody else has put where ntask writes: it has to make way, but it is not lost. It is moved
 * below `.ntask/state/replaced/`, into a directory of the run, under its own path.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import type { Workshop } from "./outputs.ts";

/** Of so many runs that moved something it is kept. */
const KEPT = 20;

/**
 * Which of some files have a content that is neither what ntask had put there nor anything that is
 * stored.
 *
 * @param paths of files, relative to the root
 */
export async function theirsAmong(
  { root, ledger, statCache, store }: Pick<Workshop, "root" | "ledger" | "statCache" | "store">,
  paths: readonly string[],
): Promise<readonly string[]> {
  const digests = await statCache.digests(
    paths.map((path) => ({ absolute: `${root}/${path}`, name: path })),
  );
  const found: string[] = [];
  for (const [index, path] of paths.entries()) {
    const now = digests[index]!;
    if ("fault" in now) {
      if (now.fault !== "missing" && now.fault !== "not a file") found.push(path);
      continue;
    }
    if (ledger.owns(path) && ledger.isAsMade(path, now.digest)) continue;
    if (!await store.hasBlob(now.digest)) found.push(path);
  }
  return found;
}

/**
 * Move files out of the way.
 *
 * @param paths relative to the root
 * @returns them
 * @throws {disk.DiskError} when one cannot be moved; it is where it was then
 */
export function setAside(
  { root, replaced }: Pick<Workshop, "root" | "replaced">,
  paths: readonly string[],
): readonly string[] {
  if (paths.length > 0 && disk.stat(replaced) === undefined) sweep(replaced);
  for (const path of paths) {
    const to = free(`${replaced}/${path}`);
    disk.makeDirectory(to.slice(0, to.lastIndexOf("/")));
    try {
      disk.rename(`${root}/${path}`, to);
    } catch (error) {
      if (!(error instanceof disk.DiskError) || error.why !== "other") throw error;
      // It lies on another file system.
      disk.copyFile(`${root}/${path}`, to);
      disk.removeFile(`${root}/${path}`);
    }
  }
  return paths;
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
  const all = replaced.slice(0, replaced.lastIndexOf("/"));
  const names = (disk.list(all) ?? []).map(({ name }) => name).sort();
  for (const name of names.slice(0, Math.max(0, names.length + 1 - KEPT))) {
    disk.removeTree(`${all}/${name}`);
  }
}
