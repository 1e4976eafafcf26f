/**
 * Files among the outputs of a task that are nobody's: hand-written ones, and what other tools have
 * left. They are no inputs, and yet an action can leave something out because of them (`make`, `cp
 * -n`). So a result that was made beside such files is one only where they are what they were.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import type { Beside } from "../model/output.ts";
import type { FileDigest, FileFault, StatCache } from "./stat_cache.ts";

/** Something that was found. */
interface There {
  readonly path: string;
  readonly kind: string;
}

/** What some files and links are, as they are now; without what cannot be read. */
export async function contentsOf(
  { root, statCache }: { readonly root: string; readonly statCache: StatCache },
  entries: readonly There[],
): Promise<ReadonlyMap<string, string>> {
  const files = entries.filter(({ kind }) => kind === "file");
  const digests = await statCache.digests(
    files.map(({ path }) => ({ absolute: `${root}/${path}`, name: path })),
  );
  const found = new Map<string, string>();
  for (const [index, { path }] of files.entries()) {
    const content = contentOf(digests[index]!);
    if (content !== undefined) found.set(path, content);
  }
  for (const { path, kind } of entries) {
    const target = kind === "link" ? disk.readLink(`${root}/${path}`) : undefined;
    if (target !== undefined) found.set(path, `-> ${target}`);
  }
  return found;
}

export function contentOf(found: FileDigest | FileFault): string | undefined {
  if ("fault" in found) return undefined;
  return found.digest + (disk.HAS_MODES && found.executable ? " x" : "");
}

/** What is not as it was when a result was made beside it. */
export async function changedBeside(
  place: { readonly root: string; readonly statCache: StatCache },
  beside: readonly Beside[] = [],
): Promise<string | undefined> {
  if (beside.length === 0) return undefined;
  const entries = beside.flatMap(({ path }) => {
    const kind = disk.stat(`${place.root}/${path}`)?.kind;
    return kind === undefined ? [] : [{ path, kind }];
  });
  const now = await contentsOf(place, entries);
  return beside.find(({ path, content }) => now.get(path) !== content)?.path;
}
