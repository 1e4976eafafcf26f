/**
 * Forgetting results. What a project's files are is never touched, and of a store that others may
 * share only what this project's runs refer to.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import { openLastDecisions } from "./last.ts";
import { manifestPath } from "./local_store.ts";
import { usageOf } from "./prune.ts";

export interface Cleaned {
  readonly results: number;
  /** A store that was removed with all that was in it. */
  readonly directory?: string;
}

/**
 * @param store the store's directory
 * @param state the project's `.ntask/state`
 * @param own the store is the project's own, below its root
 * @param all remove contents too, and what is known of files
 * @throws {disk.DiskError}
 */
export function clean(
  store: string,
  state: string,
  { own, all }: { readonly own: boolean; readonly all: boolean },
): Cleaned {
  // Whose version is another one is left alone.
  usageOf(store);
  let results = 0;
  const last = openLastDecisions(state);
  if (own) {
    results = usageOf(store).results;
    disk.removeTree(all ? store : `${store}/actions`);
  } else {
    for (const { key } of last.all().values()) {
      const path = manifestPath(store, key);
      if (disk.stat(path) === undefined) continue;
      disk.removeFile(path);
      results++;
    }
  }
  disk.removeFile(`${state}/last.json`);
  disk.removeTree(`${state}/last`);
  for (const name of ["idle", "starts"]) disk.removeTree(`${state}/${name}`);
  if (all) {
    for (const name of ["stat", "findings"]) disk.removeFile(`${state}/${name}`);
    for (const name of halfDone(state)) disk.removeTree(`${state}/${name}`);
  }
  return { results, ...(own && all && { directory: store }) };
}

/** What processes that were killed had made ready to put in place. */
function halfDone(state: string): readonly string[] {
  return (disk.list(state) ?? []).map(({ name }) => name).filter((name) => {
    const [, pid] = /^restore\.(\d+)-.*\.tmp$/.exec(name) ?? [];
    return pid !== undefined && !disk.processAlive(Number(pid));
  });
}
