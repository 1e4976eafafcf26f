/**
 * What a `tasks.ts` imports. Its types, with their documentation, are in `model/ntask.d.ts`, which
 * is also the text that projects are given; here is what the names do.
 *
 * @example
 * ```ts
 * import { shell, task } from "ntask";
 *
 * export const lint = task("deno lint src");
 *
 * export const test = task({ deps: [lint] }, (pattern = "") =>
 *   shell`deno test ${pattern ? `--filter=${pattern}` : null}`);
 * ```
 *
 * @module
 */

import type * as api from "./model/ntask.d.ts";
import { MARK, markOf, PARTS, type TaskValue } from "./model/task_value.ts";
import { bodyRoot, bodySignal, runFromBody, writeLog } from "./run/body.ts";
export type {
  Call,
  CallContext,
  Config,
  Dependency,
  DependencyList,
  DependencyRecord,
  EnvFile,
  EnvValue,
  Group,
  GroupOptions,
  Hole,
  Interpreter,
  Settings,
  Shell,
  ShellOptions,
  ShellResult,
  Task,
  TaskOptions,
  Values,
} from "./model/ntask.d.ts";
export { context } from "./run/call_context.ts";
export { shell, ShellError } from "./run/shell_tag.ts";

type Body = string | ((...args: never[]) => unknown);

/** @see {@linkcode api.task} */
export const task = defineTask as unknown as typeof api.task;

function defineTask(
  first: Body | Readonly<Record<string, unknown>>,
  second?: Body,
): TaskValue & { with(values: Readonly<Record<string, unknown>>): unknown } {
  const [options, body] = typeof first === "string" || typeof first === "function"
    ? [{}, first]
    : [first, second];
  if (typeof options !== "object" || options === null || markOf(options) !== undefined) {
    throw new TypeError("task() takes options and a body, a body, or options alone");
  }
  if (body !== undefined && typeof body !== "string" && typeof body !== "function") {
    throw new TypeError("the body of a task is a function or a string");
  }
  if (body === undefined && !("deps" in options)) {
    throw new TypeError("a task without a body needs deps");
  }
  const value = {
    [MARK]: "task" as const,
    options: { ...options },
    ...(body !== undefined && { body }),
    with(values: Readonly<Record<string, unknown>>) {
      if (typeof values !== "object" || values === null || Array.isArray(values)) {
        throw new TypeError('with() takes the parameters by name: build.with({ mode: "prod" })');
      }
      return Object.freeze({ [MARK]: "call", task: value, values: { ...values } });
    },
  };
  return Object.freeze(value);
}

/** @see {@linkcode api.group} */
export const group = defineGroup as unknown as typeof api.group;

function defineGroup(
  members: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>> = {},
): unknown {
  if (typeof members !== "object" || members === null || markOf(members) !== undefined) {
    throw new TypeError("group() takes its members by name: group({ lint, test })");
  }
  for (const [name, member] of Object.entries(members)) {
    const mark = markOf(member);
    if (mark !== "task" && mark !== "group") {
      throw new TypeError(`the member ${JSON.stringify(name)} of a group is not a task`);
    }
  }
  const parts = { members: { ...members }, options: { ...options } };
  return Object.freeze({ ...members, [MARK]: "group", [PARTS]: parts });
}

/** @see {@linkcode api.config} */
export const config = defineConfig as unknown as typeof api.config;

function defineConfig(settings: Readonly<Record<string, unknown>>): unknown {
  if (typeof settings !== "object" || settings === null) {
    throw new TypeError("config() takes an object of settings");
  }
  return Object.freeze({ [MARK]: "config", settings: { ...settings } });
}

/** @see {@linkcode api.run} */
export const run = runFromBody as unknown as typeof api.run;

/** @see {@linkcode api.log} */
export const log: typeof api.log = writeLog;

/** @see {@linkcode api.signal} */
export const signal: AbortSignal = bodySignal;

/** @see {@linkcode api.root} */
export { bodyRoot as root };
