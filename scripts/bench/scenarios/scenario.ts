/**
 * What a scenario is, and the entries that most of them have.
 *
 * @module
 */

import { Fault } from "../../command.ts";
import { type Bench, entryOf, type Stand, unable } from "../stands.ts";
import type { Entry, Unable } from "../measure.ts";
import type { Workspace } from "../workspace.ts";
import type { Peer } from "../peers/peer.ts";

export interface Scenario {
  /** As it is asked for on the command line. */
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  readonly workspace: Workspace;
  /** The first of the floors is the one that others are compared with. */
  entries(bench: Bench): Promise<(Entry | Unable)[]>;
}

/** What a runner does in a scenario, or why it cannot. */
export type Part = Pick<Entry, "before" | "after" | "note"> & { readonly words: readonly string[] };

/**
 * An entry for every runner.
 *
 * @param state how its workspace is before the first run
 * @param part its words and proofs
 */
export async function everybody(
  bench: Bench,
  workspace: Workspace,
  state: "written" | "made",
  part: (stand: Stand) => Part | string,
  takesPart: (peer: Peer) => true | string = () => true,
): Promise<(Entry | Unable)[]> {
  const entries: (Entry | Unable)[] = [];
  for (const peer of bench.peers) {
    const may = takesPart(peer);
    const stand = may === true ? await bench.stand(peer, workspace, state) : new Fault(may);
    if (stand instanceof Fault) {
      entries.push(unable(peer, stand.message));
      continue;
    }
    const does = part(stand);
    if (typeof does === "string") entries.push(unable(peer, does));
    else {
      const { words, ...rest } = does;
      entries.push({ ...entryOf(stand, words), ...rest });
    }
  }
  return entries;
}
