/**
 * What a `tasks.ts` imports.
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

import {
  type CallValue,
  type ConfigValue,
  type GroupValue,
  MARK,
  markOf,
  type TaskValue,
} from "./model/task_value.ts";
export { type CallContext, context } from "./run/call_context.ts";
export { shell, ShellError, type ShellOptions, type ShellResult } from "./run/shell_tag.ts";

/** A mention of another task: the task, a call with arguments, its name, or a later one. */
export type Dependency = Task | Call | string | (() => Task | Call | string);

/** A task as `deps` and `group` take it. */
export interface Task<A extends readonly unknown[] = readonly never[], R = unknown>
  extends TaskValue {
  /**
   * The task with arguments: a dependency of its own.
   *
   * @param values the parameters by name
   * @example task({ deps: [build.with({ mode: "prod" })] }, "./release.sh")
   */
  with(values: Readonly<Record<string, unknown>>): Call;
  /** Only for types: what the body takes and returns. */
  readonly __types?: (...args: A) => R;
}

/** A task with arguments. */
export type Call = CallValue;

/** A group of tasks. */
export type Group = GroupValue;

/** Options that a group hands to its members. */
export interface GroupOptions {
  /** What the group is for. */
  readonly help?: string;
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  readonly envfile?: string | readonly string[];
  /** The directory its members run in, relative to the project root. */
  readonly cwd?: string;
  /** A marker expression; every member runs only if it holds. */
  readonly condition?: string;
  /** Run the whole group at once. */
  readonly parallel?: boolean;
  readonly aliases?: readonly string[];
}

/** Options of a task: the properties of the TOML language, in camelCase. */
export interface TaskOptions extends Omit<GroupOptions, "parallel"> {
  /** Same as `help`. */
  readonly description?: string;
  /** What must have succeeded before: once per run and arguments. */
  readonly deps?: Dependency | readonly Dependency[] | Readonly<Record<string, Dependency>>;
  readonly inputs?: string | readonly string[];
  readonly outputs?: string | readonly string[];
  readonly outputsOptional?: string | readonly string[];
  readonly cached?: boolean;
  readonly cacheEnv?: readonly string[];
  readonly tools?: readonly string[];
  readonly platform?: "os-arch" | "os" | "any";
  readonly text?: boolean;
  readonly clean?: boolean;
  readonly gitignore?: boolean;
  /** It runs alone: everything in flight ends first. */
  readonly exclusive?: boolean;
  /** `false` is the same as `exclusive: true`. */
  readonly parallel?: boolean;
  readonly timeout?: string | number;
  readonly retries?: number | { readonly max: number; delay?: string | number; factor?: number };
  readonly uses?: Readonly<Record<string, number>>;
  readonly weight?: number;
  readonly tags?: readonly string[];
  /** What `ntask` alone runs. */
  readonly default?: boolean;
  /** Not listed. */
  readonly hidden?: boolean;
  readonly interactive?: boolean;
  readonly interpreter?: string | readonly string[];
  readonly confirm?: string;
  readonly pre?: Dependency | readonly Dependency[];
  readonly post?: Dependency | readonly Dependency[];
}

/** What a task does: a function, whose parameters become the command line, or a shell script. */
// deno-lint-ignore no-explicit-any -- any function is a body; `unknown[]` would refuse them all
export type Body = string | ((...args: any[]) => unknown);

/**
 * Define a task.
 *
 * @param body a function, or a script for the shell
 * @returns a value to export; its export name is the task's name
 * @example export const build = task({ deps: [lint] }, "tsc -p .")
 */
export function task(body: Body): Task;
export function task(options: TaskOptions, body?: Body): Task;
export function task(first: Body | TaskOptions, second?: Body): Task {
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
  const value: Task = {
    [MARK]: "task",
    options: { ...options },
    ...(body !== undefined && { body }),
    with: (values) => ({ [MARK]: "call", task: value, values: { ...values } }),
  };
  return Object.freeze(value);
}

/**
 * Define a group: its members' names follow its own, `api.lint`.
 *
 * @param members tasks and groups by name
 * @param options what all members inherit
 */
export function group(
  members: Readonly<Record<string, Task | Group>>,
  options: GroupOptions = {},
): Group {
  for (const [name, member] of Object.entries(members)) {
    const mark = markOf(member);
    if (mark !== "task" && mark !== "group") {
      throw new TypeError(`the member ${JSON.stringify(name)} of a group is not a task`);
    }
  }
  return { [MARK]: "group", members: { ...members }, options: { ...options } };
}

/** Settings of a project, as `[ntask]` has them in TOML, in camelCase. */
export interface Config {
  /** At most so many tasks at once. */
  readonly jobs?: number;
  /** Go on with what does not depend on a failure. */
  readonly keepGoing?: boolean;
  /** How the output of tasks is shown. */
  readonly output?: "prefixed" | "grouped" | "stream" | "errors" | "quiet" | "json";
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly noColor?: boolean;
  readonly noDeps?: boolean;
  readonly noHooks?: boolean;
  readonly noPre?: boolean;
  readonly noPost?: boolean;
  readonly yes?: boolean;
  /** Tasks to leave out wherever they occur. */
  readonly skip?: string | readonly string[];
  /** The Python that `call` and conditions use: a program or a path. */
  readonly python?: string;
  /** Look for programs in `node_modules/.bin` and `.venv`; the default is true. */
  readonly projectBins?: boolean;
  /** A variable that is not set, and has no default, is an error. */
  readonly strictEnv?: boolean;
  /** How long a task may take to end when it is told to: `"5s"`. */
  readonly killGrace?: string | number;
  readonly interpreter?: string | readonly string[];
  /** How many of each limit there are, for `uses`. */
  readonly limits?: Readonly<Record<string, number>>;
}

/**
 * The settings of the project.
 *
 * @example export default config({ jobs: 4 });
 */
export function config(settings: Config): ConfigValue {
  if (typeof settings !== "object" || settings === null) {
    throw new TypeError("config() takes an object of settings");
  }
  return { [MARK]: "config", settings: { ...settings } };
}
