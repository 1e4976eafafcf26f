/**
 * Branded names, so that a path cannot pass for a task name.
 *
 * @module
 */

declare const brand: unique symbol;

/** The full, dotted name of a task or group: `build`, `api.lint`, `test:unit`. */
export type TaskId = string & { readonly [brand]: "TaskId" };

/** An absolute path in the host's own dialect. */
export type AbsolutePath = string & { readonly [brand]: "AbsolutePath" };

/** The number of a step within one plan. Written in the order of the plan, from 0. */
export type StepId = number & { readonly [brand]: "StepId" };
