/**
 * Who takes part, in the order of the tables.
 *
 * @module
 */

import type { Peer } from "./peers/peer.ts";
import { doit } from "./peers/doit.ts";
import { goTask } from "./peers/go_task.ts";
import { just } from "./peers/just.ts";
import { make } from "./peers/make.ts";
import { mise } from "./peers/mise.ts";
import { moon } from "./peers/moon.ts";
import { ninja } from "./peers/ninja.ts";
import { ntaskToml, ntaskTs } from "./peers/ntask.ts";
import { nx } from "./peers/nx.ts";
import { turbo } from "./peers/turbo.ts";
import { wireit } from "./peers/wireit.ts";

export const PEERS: readonly Peer[] = [
  ntaskToml,
  ntaskTs,
  make,
  ninja,
  just,
  goTask,
  mise,
  doit,
  turbo,
  nx,
  moon,
  wireit,
];
