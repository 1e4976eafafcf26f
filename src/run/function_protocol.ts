/**
 * What ntask and a function host say to each other, as JSON over their channel.
 *
 * @module
 */

import type { Thrown } from "../source/thrown.ts";

/** ntask -> host: run one body. A host runs one at a time. */
export interface RunBody {
  readonly type: "run";
  readonly module: string;
  readonly export: readonly (string | number)[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The arguments, by position, as stored values. */
  readonly args: string;
  /** Written to both streams when the body is done, so that ntask knows whose output is whose. */
  readonly mark: string;
}

/** host -> ntask: the body is done; its output ends at the mark. */
export type BodyEnd =
  | { readonly type: "returned"; readonly value: string }
  | {
    readonly type: "threw";
    /** The status it means: that of a failed command, else 1. */
    readonly code: number;
    readonly thrown: Thrown;
  };
