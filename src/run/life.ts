/**
 * What the scheduler knows of one step while a plan is performed (toml-spec §10):
 *
 * ```
 *                               /--- again, after a while (retries) ---\
 *                               v                                      |
 * idle -> checking -> needs -> pre -> queued -> acting or items -> post -> done
 *            |          |       |        |             |                    ^
 *            +----------+-------+--------+-------------+-- skipped, failed, cancelled
 * ```
 *
 * @module
 */

import type { StepId } from "../model/id.ts";
import type { Step } from "../model/plan.ts";
import type { ActionResult, StepEnd } from "./performer.ts";

export type Phase =
  | "idle"
  | "checking"
  | "needs"
  | "pre"
  | "queued"
  | "acting"
  | "items"
  /** Until the next attempt. */
  | "pausing"
  | "post"
  | "done";

/** Why nothing more is started. */
export interface Stopping {
  readonly step?: StepId;
  readonly signal?: string;
}

export interface Life {
  readonly step: Step;
  /** The composite or group it is an item of, or the step whose hook it is. */
  readonly owner: StepId | undefined;
  phase: Phase;
  /** How many attempts have failed. */
  failed: number;
  /** Of a composite: it keeps what its items take from. */
  reserved: boolean;
  /** Of a composite: it took too long. */
  late: boolean;
  /** Calls off a timer: its time limit, or the pause before it is tried again. */
  wake?: () => void;
  /** What it is part of is stopping, and the run may go on. */
  stopping?: Stopping;
  /** How its action ended well. */
  result?: ActionResult;
  end?: StepEnd;
  listeners: ((end: StepEnd) => void)[];
}

export function newLife(step: Step, owner: StepId | undefined): Life {
  return { step, owner, phase: "idle", failed: 0, reserved: false, late: false, listeners: [] };
}
