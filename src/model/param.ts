/**
 * The parameters of a task: what a command line may say after the task's name. The same nouns
 * serve a function's signature in `tasks.ts` and the typed `args`/`options` tables of TOML.
 *
 * @module
 */

import type { Place } from "./place.ts";

/** A value that crosses from the command line to a task. */
export type Scalar = string | number | boolean | bigint;

/** What a parameter accepts. */
export type ParamType =
  | { readonly kind: "string" }
  | { readonly kind: "number" }
  | { readonly kind: "integer" }
  | { readonly kind: "bigint" }
  | { readonly kind: "boolean" }
  /** A union of literals; a member may be a string, a number or a boolean. */
  | { readonly kind: "choice"; readonly choices: readonly (string | number | boolean)[] };

/** One parameter, as help, completion and the binder see it. */
export interface Param {
  /** As written in the source: `dryRun`. */
  readonly name: string;
  /** As typed on the command line, without dashes: `dry-run`. */
  readonly option: string;
  /** A one-letter option, without its dash. */
  readonly short?: string;
  readonly type: ParamType;
  /** It takes many values: an array or rest parameter. */
  readonly many: boolean;
  /** A rest parameter: it takes every position that is left. */
  readonly rest: boolean;
  /** It may be given by position; false for the members of a destructured object. */
  readonly positional: boolean;
  /** Neither a default nor `?`. */
  readonly required: boolean;
  /** The default as its source text, for help: `"auth"`, `4`. */
  readonly defaultText?: string;
  /** The default itself, where the text is a literal (TOML defaults always are). */
  readonly default?: Scalar | readonly Scalar[];
  /** May a boolean be switched off with `--no-NAME`? */
  readonly negatable: boolean;
  /** A variable that gives the value when the command line does not. */
  readonly env?: string;
  readonly help?: string;
  readonly place?: Place;
}

/**
 * How the bound values are handed to the function: by position, or gathered in one object.
 * `index` is the place in the parameter list, after a leading dependency-values parameter.
 */
export interface Signature {
  readonly params: readonly Param[];
  /**
   * One entry per function parameter, in order: the name of a `Param`, or, for a destructured
   * object, the names of its members.
   */
  readonly shape: readonly (
    | { readonly kind: "single"; readonly name: string }
    | { readonly kind: "object"; readonly names: readonly string[] }
  )[];
}

/** The text of a doc comment, cut into its parts. */
export interface Doc {
  /** Everything before the first tag, with the comment's stars removed; may span lines. */
  readonly text: string;
  readonly examples: readonly string[];
  readonly deprecated?: string;
}
