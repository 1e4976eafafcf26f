/**
 * A plan: every occurrence of a task that one invocation leads to, numbered in depth-first order
 * as written, with bound arguments. It is plain data; `--dry-run` prints it and `run` performs it.
 *
 * Dependencies are shared: one step per identity (task, arguments, caller overrides). Items and
 * hooks are never shared: each mention is a step of its own.
 *
 * @module
 */

import type { Action, Condition, Scope, Text, Value } from "./action.ts";
import type { Extension, Retries } from "./extension.ts";
import type { StepId, TaskId } from "./id.ts";

/** The arguments of one call. */
export type Arguments =
  /** For tasks without declared parameters: the words, verbatim. */
  | { readonly kind: "words"; readonly words: readonly string[] }
  /** For declared parameters: one value per parameter of the signature, defaults left out. */
  | { readonly kind: "values"; readonly values: Readonly<Record<string, Value>> };

/** A task and what it is called with. */
export interface Call {
  readonly task: TaskId;
  readonly args: Arguments;
}

/** A scope that applies to a step. */
export interface Layer {
  readonly scope: Scope;
  /** Who said it, when not the step's own task: placeholders in it mean this call's arguments. */
  readonly by?: Call;
}

/** One occurrence of a task, or of an inline item. */
export interface Step {
  readonly id: StepId;
  /** The task it performs, or, for an inline item, the task that holds it. */
  readonly task: TaskId;
  /** What people see: `build`, `ci[1]` for the second inline item of `ci`, `test.pre[0]`. */
  readonly label: string;
  readonly action: Action;
  /** What placeholders mean: the task's arguments, for an inline item those of its owner. */
  readonly args: Arguments;
  /** Words that are handed to the action as they are. */
  readonly rest: readonly string[];
  /** In the order they apply, caller overrides last. */
  readonly layers: readonly Layer[];
  readonly cwd?: Text;
  readonly conditions: readonly Condition[];
  /** Must have succeeded before anything else of this step; started together. */
  readonly deps: readonly StepId[];
  /** Dependencies whose results the body receives: name -> step. */
  readonly takes: Readonly<Record<string, StepId>>;
  /** Run one after the other before the action. */
  readonly pre: readonly StepId[];
  /** The items of a composite or group. */
  readonly items: readonly StepId[];
  readonly parallel: boolean;
  /** Run one after the other after the action succeeded. */
  readonly post: readonly StepId[];
  /** An inline item: it has no name of its own. */
  readonly inline: boolean;
  /** Dependencies or hooks of it are left out in this run, so what it leaves proves nothing. */
  readonly partial: boolean;
  /** Left out by `--skip`; it counts as a success. */
  readonly skip: boolean;
  readonly exclusive: boolean;
  /** It is given the terminal, and only one at a time is. */
  readonly terminal: boolean;
  /** How long its action, or all its items, may take, in milliseconds. */
  readonly timeout?: number;
  /** How often it is tried again. */
  readonly retries?: Retries;
  /** How much of each named limit it takes while it is under way. */
  readonly uses?: Readonly<Record<string, number>>;
  /** How many slots it takes, when not one; a composite takes them for its items. */
  readonly weight?: number;
  /** A composite or group that runs all its items, also behind one that failed. */
  readonly keepGoing: boolean;
  /** Somebody above keeps going: a failure stops only what needs this step. */
  readonly sheltered: boolean;
  /** Not counted against `-j`: an item of a parallel composite without an explicit `-j`. */
  readonly unbounded: boolean;
  /** No other step of the plan can be running at the same time. */
  readonly alone: boolean;
}

/** What one invocation will do. */
export interface Plan {
  readonly steps: readonly Step[];
  /** The requested tasks, in the order given. */
  readonly roots: readonly StepId[];
}

/** Does it start anything itself? */
export function acts({ action: { kind } }: Pick<Step, "action">): boolean {
  return kind !== "none" && kind !== "composite" && kind !== "group";
}

/** Everything that has to end before a step has. */
export function childrenOf({ deps, pre, items, post }: Step): readonly StepId[] {
  return [...deps, ...pre, ...items, ...post];
}

/** Has a composite to wait for something before its items may start? Then it keeps that for them. */
export function reserves(
  { exclusive, uses, weight }: Pick<Extension, "exclusive" | "uses" | "weight">,
): boolean {
  return exclusive === true || (uses ?? weight) !== undefined;
}
