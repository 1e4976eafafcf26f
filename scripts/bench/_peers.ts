/**
 * Who takes part, in the order of the tables.
 *
 * @module
 */

import { mise } from "./peers/mise.ts";
import { ninja } from "./peers/ninja.ts";
import { ntaskToml, ntaskTs } from "./peers/ntask.ts";
import type { Peer } from "./peers/_peer.ts";
import { turbo } from "./peers/turbo.ts";

export const PEERS: readonly Peer[] = [ntaskToml, ntaskTs, ninja, mise, turbo];
