/**
 * What `task(…)` and `group(…)` of `tasks.ts` return: plain values that the loader recognises by
 * their mark, whichever copy of ntask made them.
 *
 * @module
 */

export const MARK: unique symbol = Symbol.for("ntask.value");
/** What a group is made of; its members are its properties too. */
export const PARTS: unique symbol = Symbol.for("ntask.parts");

/** A task as written: its options, unchecked, and its body. */
export interface TaskValue {
  readonly [MARK]: "task";
  readonly options: Readonly<Record<string, unknown>>;
  /** A function, or a string: a script for the shell; absent for a task with only dependencies. */
  readonly body?: string | ((...args: never[]) => unknown);
}

/** A task with arguments, for `deps`. */
export interface CallValue {
  readonly [MARK]: "call";
  readonly task: TaskValue;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A group: its members by name, and the options that its members inherit. */
export interface GroupValue {
  readonly [MARK]: "group";
  readonly [PARTS]: {
    readonly options: Readonly<Record<string, unknown>>;
    readonly members: Readonly<Record<string, unknown>>;
  };
}

/** Settings. */
export interface ConfigValue {
  readonly [MARK]: "config";
  readonly settings: Readonly<Record<string, unknown>>;
}

export type MarkedValue = TaskValue | CallValue | GroupValue | ConfigValue;

/** What kind of ntask value is it, if any? */
export function markOf(value: unknown): MarkedValue[typeof MARK] | undefined {
  if (typeof value !== "object" && typeof value !== "function" || value === null) return undefined;
  return (value as Partial<MarkedValue>)[MARK];
}
