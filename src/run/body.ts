/**
 * What a body may ask of the ntask that runs it: other tasks, the project root, a line on stderr,
 * and whether it has been told to end. Evaluating a task file for its options, as ntask itself
 * does, runs no body, and then there is nobody to ask.
 *
 * @module
 */

import { writeErrorLine } from "../host/children.ts";
import { toldSignal } from "../host/told.ts";
import { type CallValue, markOf, type TaskValue } from "../model/task_value.ts";

/** Which task a body wants run. */
export type Wanted =
  /** A name, perhaps with arguments: `"test --pattern=x"`. */
  | { readonly text: string }
  | { readonly task: TaskValue; readonly values?: Readonly<Record<string, unknown>> };

/** The project root. A live binding: it is known before a task file is evaluated. */
export let bodyRoot = "";

/** Aborted when the body is told to end. */
export const bodySignal: AbortSignal = toldSignal;

let ask: ((wanted: Wanted) => Promise<unknown>) | undefined;

/** Say which project this is. */
export function enterProject(root: string): void {
  bodyRoot = root;
}

/** Say who runs tasks for a body. */
export function enterBody(runTask: (wanted: Wanted) => Promise<unknown>): void {
  ask = runTask;
}

/** `run` of `tasks.ts`. */
export function runFromBody(target: unknown): Promise<unknown> {
  if (ask === undefined) throw new Error("run() works inside the body of a task only");
  const meant = typeof target === "function" && markOf(target) === undefined ? target() : target;
  if (typeof meant === "string") return ask({ text: meant });
  switch (markOf(meant)) {
    case "task":
      return ask({ task: meant as TaskValue });
    case "call": {
      const { task, values } = meant as CallValue;
      return ask({ task, values });
    }
    default:
      throw new TypeError("run() takes a task, a task with arguments, or a name");
  }
}

/** `log` of `tasks.ts`: objects as `console` shows them. */
export function writeLog(...values: readonly unknown[]): void {
  writeErrorLine(values);
}
