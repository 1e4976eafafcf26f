/**
 * What ntask and a function host say to each other, as JSON over their channel.
 *
 * ```
 * ntask -> host   run …                    … ran, ran          … run …
 * host  -> ntask        want, want …                  end
 * ```
 *
 * @module
 */

import type { Thrown } from "../source/thrown.ts";
import type { BodyInterpreting } from "./shell_tag.ts";

/** ntask -> host: run one body. A host runs one at a time. */
export interface RunBody {
  readonly type: "run";
  readonly module: string;
  readonly root: string;
  readonly export: readonly (string | number)[];
  /** The task's function, or the function that is its `condition`. */
  readonly part: "body" | "condition";
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What runs the commands of its `shell`. */
  readonly interpreting: BodyInterpreting;
  /** The arguments, by position, as stored values. */
  readonly args: string;
  /** Written to both streams when the body is done, so that ntask knows whose output is whose. */
  readonly mark: string;
}

/** host -> ntask: the body waits for another task, `run(…)`. */
export interface WantTask {
  readonly type: "want";
  /** The number of the request within the body. */
  readonly request: number;
  /** A reference text, or the names by which the module knows the task. */
  readonly target:
    | { readonly text: string }
    /** `values`: a stored value. */
    | { readonly names: readonly string[]; readonly values?: string };
}

/** ntask -> host: how that went. */
export interface RanTask {
  readonly type: "ran";
  readonly request: number;
  readonly outcome:
    | { readonly ok: true; readonly value: string }
    | { readonly ok: false; readonly code: number; readonly message: string };
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
