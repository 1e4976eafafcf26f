/**
 * What a task does, as its author wrote it: templates are kept as text and evaluated by `run`,
 * immediately before the action starts.
 *
 * @module
 */

import type { CallResult } from "./extension.ts";
import type { AbsolutePath, TaskId } from "./id.ts";
import type { DeclaredInterpreter } from "./interpreter.ts";
import type { Place } from "./place.ts";

/** A text of the author's with the place it was written at. */
export interface Text {
  readonly text: string;
  readonly place: Place;
}

/** A marker expression, or a function of `tasks.ts`, whose `text` is only for people. */
export interface Condition extends Text {
  readonly body?: FunctionBody;
}

/** Where a function of `tasks.ts` is: `export` is the path to its task, `["api", "lint"]`. */
export interface FunctionBody {
  readonly module: AbsolutePath;
  readonly export: readonly (string | number)[];
}

/** One entry of an `env` table. Entries keep their order: a later value sees an earlier one. */
export interface EnvEntry {
  readonly name: string;
  readonly value:
    | { readonly kind: "text"; readonly text: string }
    /** Only if the variable is unset. */
    | { readonly kind: "default"; readonly text: string }
    | { readonly kind: "unset" };
  readonly secret: boolean;
  readonly place: Place;
}

/** One file of `KEY=VALUE` lines. */
export interface EnvFile {
  readonly path: Text;
  /** It may replace inherited variables. */
  readonly override: boolean;
  /** A missing file is an error. */
  readonly required: boolean;
}

/** What one level (the root, a group, a task, an item) says about environment and directory. */
export interface Scope {
  readonly env: readonly EnvEntry[];
  readonly envfile: readonly EnvFile[];
  readonly cwd?: Text;
  readonly condition?: Condition;
  /** Of an item: the longest it may take, in milliseconds. */
  readonly timeout?: number;
}

/** A value that can be stored and sent to another process: JSON, or the codec's richer text. */
export type Value = unknown;

/** A mention of another task, in `deps`, `tasks`, `pre` or `post`. */
export type Reference =
  & { readonly place: Place; readonly scope?: Scope }
  & (
    /** A name, perhaps followed by that task's command line: `"test --pattern auth"`. */
    | { readonly kind: "text"; readonly text: string }
    /** A task value of `tasks.ts`, with bound arguments when `.with(…)` gave some. */
    | {
      readonly kind: "task";
      readonly id: TaskId;
      readonly values?: Readonly<Record<string, Value>>;
    }
  )
  /** The key under which a `deps` record hands the result to the body. */
  & { readonly takes?: string };

/** One item of a composite or a hook. */
export type Item =
  | { readonly kind: "use"; readonly reference: Reference }
  | {
    readonly kind: "inline";
    readonly action: Action;
    readonly scope: Scope;
    readonly place: Place;
  };

/** What a task does. */
export type Action =
  /** Words of the word grammar (toml-spec §7.3), started without a shell. */
  | { readonly kind: "command"; readonly line: Text }
  /** The list form: every element one argument. */
  | { readonly kind: "argv"; readonly words: readonly Text[] }
  | {
    readonly kind: "shell";
    readonly script: Text;
    /** Its own, or that of what it stands in; absent: the system's shell. */
    readonly interpreter?: DeclaredInterpreter;
  }
  /** A Python or JavaScript function by its address (toml-spec §13). */
  | { readonly kind: "call"; readonly target: Text; readonly result: CallResult }
  /** A function of `tasks.ts`. */
  | FunctionBody & {
    readonly kind: "function";
    /** Its first parameter receives the values of its `deps` record. */
    readonly takes: boolean;
    /** What the commands of its body are run by. */
    readonly interpreter?: DeclaredInterpreter;
  }
  | { readonly kind: "composite"; readonly items: readonly Item[]; readonly parallel: boolean }
  /** A whole-group run: the members that are not hidden, in definition order. */
  | { readonly kind: "group"; readonly parallel: boolean }
  /** Only dependencies. */
  | { readonly kind: "none" };
