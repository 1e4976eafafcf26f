/**
 * Why no stored result of a task could be used, recorded where that was decided.
 *
 * @module
 */

/** One difference, or another obstacle. */
export type Change =
  /** Nothing is known of an earlier run. */
  | { readonly kind: "first" }
  /** It was asked for. */
  | { readonly kind: "forced" }
  /** A part of the key is another one, new, or gone. Values that must not be read are left out. */
  | {
    readonly kind: "part";
    /** As in `KeyPart`. */
    readonly part: string;
    readonly how: "changed" | "added" | "removed";
    readonly before?: string;
    readonly after?: string;
    /** Of a text file: the first line that differs, from 1. */
    readonly line?: number;
  }
  /** Something it depends on left something else than before. */
  | {
    readonly kind: "upstream";
    readonly label: string;
    /** The first output that differs. */
    readonly path?: string;
  }
  /** The same was stored, and cannot be used. */
  | { readonly kind: "unusable"; readonly detail: string }
  /** What it depends on has left a result that could not be stored. */
  | { readonly kind: "unstored"; readonly label: string }
  /** What was compared with was another call of the same task. */
  | { readonly kind: "compared"; readonly call: string }
  /** Parts of the key of the last run are not known any more. */
  | { readonly kind: "unknown" };

/** What would happen to a step. */
export type Prediction =
  | { readonly kind: "hit"; readonly key: string }
  | { readonly kind: "miss"; readonly why: readonly Change[] }
  /** It is performed every time. */
  | { readonly kind: "runs" }
  /** Its condition does not hold. */
  | { readonly kind: "skipped" }
  /** That is known only when another step has been performed. */
  | { readonly kind: "depends"; readonly on: string };
