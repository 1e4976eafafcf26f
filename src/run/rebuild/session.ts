/**
 * What the cache of one run works with: what belongs to the project's root lies in its
 * `.ntask/state/`, the results in the store, wherever that is.
 *
 * @module
 */

import { resolve } from "@std/path";
import { type Areas, CLAIM, createAreas } from "../../cache/areas.ts";
import { type LastDecisions, openLastDecisions } from "../../cache/last.ts";
import { type Ledger, openLedger } from "../../cache/ledger.ts";
import { type LocalStore, openLocalStore } from "../../cache/local_store.ts";
import { type Lines, openLines } from "../../cache/lines.ts";
import type { Clock } from "../../cache/lock.ts";
import { type Findings, openFindings } from "../../cache/findings.ts";
import { openStatCache, openStatCacheAt, type StatCache } from "../../cache/stat_cache.ts";
import { unavailable } from "../../cache/store.ts";
import type { Host } from "../../host/host.ts";
import * as disk from "../../host/disk.ts";
import type { AbsolutePath } from "../../model/id.ts";
import { createHands } from "./hands.ts";

export interface Session {
  readonly root: AbsolutePath;
  /** `.ntask/state`, absolute. */
  readonly state: string;
  /** Where this run moves what is not ntask's and lies in its way, absolute. */
  readonly replaced: string;
  readonly clock: Clock;
  readonly statCache: StatCache;
  readonly findings: Findings;
  readonly ledger: Ledger;
  readonly areas: Areas;
  readonly last: LastDecisions;
  readonly store: LocalStore;
  readonly lines: Lines;
  /** End what was started for it. */
  close(): void;
}

/** Where a project's results are. */
export function storeDirectory(root: string, setting: string | undefined): string {
  return setting === undefined ? `${root}/.ntask/cache` : resolve(root, setting);
}

/** Of this run, in the order of time. */
function stampOf(host: Host): string {
  return `${host.date().toISOString().replaceAll(":", "-")}-${disk.ownPid}`;
}

/**
 * @param cacheDir the setting
 * @param options.readOnly look only: nothing is made or written
 * @returns everything, or why nothing can be kept in this project
 */
export function openSession(
  host: Host,
  root: AbsolutePath,
  cacheDir: string | undefined,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Session | { readonly detail: string } {
  const state = `${root}/.ntask/state`;
  const clock: Clock = {
    after: (ms, listener) => host.after(ms, listener),
    date: () => host.date().getTime(),
  };
  const helpers = host.cpus > 1 ? createHands(host) : undefined;
  const hands = helpers?.hands;
  try {
    if (!readOnly) disk.makeOwn(root, "state");
    // Without a probe of the file system's clock nothing that is remembered is trusted.
    const statCache = readOnly
      ? openStatCacheAt(`${state}/stat`, undefined, hands)
      : openStatCache(`${state}/stat`, `${state}/probe`, hands);
    return {
      root,
      state,
      replaced: `${state}/replaced/${stampOf(host)}`,
      clock,
      statCache,
      findings: openFindings(root, `${state}/findings`, statCache.now),
      ledger: openLedger(`${state}/ledger`),
      areas: createAreas(`${state}/areas`, clock, host.env[CLAIM]),
      last: openLastDecisions(state),
      close: () => helpers?.close(),
      lines: openLines(root, `${state}/lines`, !readOnly),
      store: openLocalStore(storeDirectory(root, cacheDir), clock.date, { readOnly, hands }),
    };
  } catch (error) {
    return { detail: unavailable(error).detail };
  }
}
