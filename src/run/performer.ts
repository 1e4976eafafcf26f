/**
 * What the scheduler needs done, and what it is told and tells: how actions and steps end.
 *
 * @module
 */

import type { ResourceUsage } from "../host/host.ts";
import type { Reason, State } from "../model/event.ts";
import type { StepId } from "../model/id.ts";
import type { Step } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";

/** How an action ended. */
export interface ActionResult {
  readonly code: number;
  readonly reason?: Extract<Reason, { readonly kind: "exit" | "signal" | "timeout" | "problem" }>;
  /** It was not performed: the stored result of this key is in place. */
  readonly cached?: { readonly key: string; readonly masked?: true };
  /** The key its result was stored under. */
  readonly stored?: string;
  /** What its process has used. */
  readonly usage?: ResourceUsage;
}

/** An action in progress. */
export interface Running {
  /** End it; `kill` leaves it no choice. */
  stop(how: Stop): void;
}

export type Stop = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGKILL";

/** What the scheduler needs done. */
export interface Performer {
  /** Do all conditions hold? */
  holds(step: Step): Promise<boolean | Problem>;
  /** End what is being done to find out whether conditions hold. */
  stop(how: Stop): void;
  /**
   * Start the action.
   *
   * @param done called exactly once, never before `act` returns
   * @param found to be called when its result is stored and only has to be put in place, which takes
   * no slot
   */
  act(step: Step, done: (result: ActionResult) => void, found: Found): Running;
}

/** @returns to be called when the step has to be performed after all; resolves when it may be */
export type Found = () => () => Promise<void>;

/** How a step ended. */
export interface StepEnd {
  readonly state: State;
  readonly code: number;
  readonly reason?: Reason;
  /** The step that failed, when this one stands for it. */
  readonly origin?: StepId;
  /** Of a cached task. */
  readonly key?: string;
  readonly masked?: true;
}

/** Did it leave what it should? Skipping on purpose counts as success. */
export function satisfied(end: StepEnd): boolean {
  return end.state === "ran" || end.state === "cached" ||
    (end.state === "skipped" && end.code === 0);
}

/** The status of what took too long, as of `timeout(1)`. */
export const TIMED_OUT = 124;
