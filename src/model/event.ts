/**
 * Events: plain JSON, the only thing that leaves `run`. Every report is a function of them, live
 * or replayed from a stored log.
 *
 * @module
 */

import type { Change } from "./change.ts";
import type { StepId } from "./id.ts";
import type { Problem } from "./problem.ts";

/**
 * How a step ended.
 *
 * - `ran`: its action was performed and succeeded (or it had none, and all it needs succeeded)
 * - `cached`: its result was stored by an earlier run, and is in place
 * - `failed`: its action, or something it needs, was performed and failed
 * - `skipped`: not performed, on purpose: a condition, `--skip`, or a failure upstream
 * - `cancelled`: not performed, or ended early, because the run was stopping
 */
export type State = "ran" | "cached" | "failed" | "skipped" | "cancelled";

/** Why a step has the state it has, recorded where the decision fell. */
export type Reason =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "problem"; readonly problem: Problem }
  /** It took longer than its `timeout`, in milliseconds. */
  | { readonly kind: "timeout"; readonly limit: number }
  /** Something it needs failed. */
  | { readonly kind: "upstream"; readonly step: StepId }
  | { readonly kind: "condition" }
  /** `--skip` names it. */
  | { readonly kind: "skip" }
  /** Only steps that were skipped would have needed it. */
  | { readonly kind: "unneeded" }
  /** The run was stopping: after the failure of `step`, or on a signal. */
  | { readonly kind: "stopped"; readonly step?: StepId; readonly signal?: string };

/** A step that failed is tried again. */
export interface Retry {
  readonly code: number;
  readonly reason: Reason;
  /** Which attempt has failed, from 1, and how many there are at most. */
  readonly attempt: number;
  readonly of: number;
  /** Milliseconds until the next. */
  readonly delay: number;
  /** Items of a composite that run again: their ends do not count any more. */
  readonly undone: readonly StepId[];
}

/** Output, as text where the bytes are UTF-8, else in base64, so that no byte is lost. */
export type Chunk = { readonly text: string } | { readonly base64: string };

/** What a report has to know about a step before it starts. */
export interface StepOutline {
  readonly label: string;
  /** It has an action of its own that starts something. */
  readonly acts: boolean;
  /** It may run beside other steps. */
  readonly overlaps: boolean;
  /** An item of a parallel composite or group: its lines are shown as they come. */
  readonly item: boolean;
}

export type Event =
  | {
    readonly type: "run-start";
    /** ISO 8601, UTC. */
    readonly at: string;
    readonly version: string;
    readonly targets: readonly string[];
    readonly jobs: number;
    /** One per step of the plan; events name steps by their index here. */
    readonly steps: readonly StepOutline[];
  }
  /** A body asked for tasks that were not planned: their steps follow those known so far. */
  | { readonly type: "steps-added"; readonly steps: readonly StepOutline[] }
  /** `time` is in milliseconds since `run-start`, here and below. */
  | {
    readonly type: "step-start";
    readonly time: number;
    readonly step: StepId;
    /** What is started, as a person would type it. */
    readonly command?: string;
    /** Of a cached task: why no stored result could be used. */
    readonly why?: readonly Change[];
  }
  /** An attempt has failed, and there will be another. */
  | Retry & {
    readonly type: "step-retry";
    readonly time: number;
    readonly step: StepId;
  }
  /** It waits for another process, in words. */
  | {
    readonly type: "step-wait";
    readonly time: number;
    readonly step: StepId;
    readonly holder: string;
  }
  | {
    readonly type: "output";
    readonly step: StepId;
    readonly stream: "stdout" | "stderr";
    readonly chunk: Chunk;
  }
  | {
    readonly type: "step-end";
    readonly time: number;
    readonly step: StepId;
    readonly state: State;
    /** The exit status: 0 unless failed or cancelled. */
    readonly code: number;
    readonly reason?: Reason;
    /** Milliseconds its action took; absent when it was never started. */
    readonly duration?: number;
    /** Of a cached task: the key of its result, 64 hexadecimal digits. */
    readonly key?: string;
    /** A secret stood in what it wrote when it ran; what was shown now has it masked. */
    readonly masked?: true;
  }
  | { readonly type: "problem"; readonly problem: Problem; readonly step?: StepId }
  /** ntask was told to stop. */
  | { readonly type: "interrupt"; readonly time: number; readonly signal: string }
  | {
    readonly type: "run-end";
    readonly time: number;
    readonly code: number;
    readonly counts: Readonly<Record<State, number>>;
  };
