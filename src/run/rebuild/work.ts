/**
 * What the parts of the rebuilder share in one run.
 *
 * @module
 */

import type { Workshop } from "../../cache/outputs.ts";
import type { Tree } from "../../cache/tree.ts";
import type { StepId, TaskId } from "../../model/id.ts";
import type { Plan } from "../../model/plan.ts";
import type { Performance } from "../perform.ts";
import type { Found, Running, Stop } from "../performer.ts";
import type { Contributions } from "./contribution.ts";
import type { Questions } from "./questions.ts";
import type { Reasons } from "./reasons.ts";
import type { Kitchen } from "./recipe.ts";
import type { Session } from "./session.ts";
import type { Recorder } from "./stdio.ts";
import type { Voice } from "./voice.ts";

/** What an invocation says about the cache. */
export interface CacheOptions {
  /** Neither read nor write any results. */
  readonly off: boolean;
  /** Perform these, or those that were asked for, whatever is stored. */
  readonly force: readonly TaskId[] | "targets" | undefined;
  /** The setting; relative to the root. */
  readonly directory?: string;
  /** How large the store may grow, in bytes. */
  readonly size: number;
}

export interface Work {
  readonly plan: Plan;
  readonly session: Session;
  readonly performance: Performance;
  /** What steps returned, as stored text. */
  readonly values: Map<StepId, string>;
  readonly contributions: Contributions;
  readonly questions: Questions;
  readonly reasons: Reasons;
  readonly voice: Voice;
  readonly kitchen: Kitchen;
  /** What kept steps under way write. */
  readonly recorders: Map<StepId, Recorder>;
  /** The claims of steps under way, and for which claim a step is performed. */
  readonly claims: Map<StepId, string>;
  readonly within: Map<StepId, string>;
  /** The tree as it was before anything was performed or restored. */
  readonly snapshot: Tree;
  /** Something has been performed or restored since. */
  touched: boolean;
  /** A damaged ledger is made good once. */
  adopted: Promise<void> | undefined;
}

/** A step under way, which may be told to end before anything was started. */
export interface Life extends Running {
  stopped: boolean;
  /** It has waited for somebody, who has changed what is there. */
  waited: boolean;
  current: Running | undefined;
  /** What is stored is put in place, which takes no slot. */
  readonly found: Found;
}

/** @param whileDeciding ends what is asked before anything is performed */
export function createLife(whileDeciding: () => void, found: Found): Life {
  return {
    found,
    stopped: false,
    waited: false,
    current: undefined,
    stop(how: Stop) {
      this.stopped = true;
      if (this.current === undefined) whileDeciding();
      else this.current.stop(how);
    },
  };
}

/** What outputs are kept with. */
export function workshopOf({ session, questions }: Work): Workshop {
  const { root, ledger, statCache, findings, store, state, replaced } = session;
  const others = questions.makesOutputs;
  return { root, ledger, statCache, findings, store, staging: state, replaced, others };
}
