/**
 * The way through a module's exports to its tasks, the same when a project is loaded and when a
 * function host looks for the body to run.
 *
 * @module
 */

import {
  type CallValue,
  type ConfigValue,
  type GroupValue,
  markOf,
  PARTS,
  type TaskValue,
} from "../../model/task_value.ts";

export type ExportPath = readonly (string | number)[];

/** Something found among the exports. */
export type Found =
  | { readonly kind: "task"; readonly path: ExportPath; readonly value: TaskValue }
  | { readonly kind: "group"; readonly path: ExportPath; readonly value: GroupValue }
  | { readonly kind: "config"; readonly path: ExportPath; readonly value: ConfigValue };

/**
 * Every task and group a module exports, through groups, namespaces, records and arrays, in the
 * order of their definition as far as JavaScript keeps it.
 */
export function walkExports(module: Readonly<Record<string, unknown>>): readonly Found[] {
  const found: Found[] = [];
  for (const [name, value] of Object.entries(module)) {
    // The default export is for settings; the loader says so where it is something else.
    if (name !== "default" || markOf(value) === "config") visit([name], value, new Set());
  }
  return found;

  function visit(path: ExportPath, value: unknown, trail: ReadonlySet<unknown>): void {
    if (trail.has(value)) return;
    const inner = new Set([...trail, value]);
    switch (markOf(value)) {
      case "task":
        found.push({ kind: "task", path, value: value as TaskValue });
        return;
      case "group": {
        const group = value as GroupValue;
        found.push({ kind: "group", path, value: group });
        for (const [name, member] of Object.entries(group[PARTS].members)) {
          visit([...path, name], member, inner);
        }
        return;
      }
      case "config":
        found.push({ kind: "config", path, value: value as ConfigValue });
        return;
      case "call":
        return;
    }
    if (Array.isArray(value)) {
      value.forEach((element, index) => visit([...path, index], element, inner));
    } else if (isRecord(value)) {
      for (const [name, member] of Object.entries(value)) visit([...path, name], member, inner);
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ||
    (value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === "Module";
}

/** `["api", "lint"]` -> `api.lint`, `["fit", 0]` -> `fit[0]`. */
export function exportName(path: ExportPath): string {
  return path.map((part, index) =>
    typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`
  ).join("");
}

/** A dependency as an author may write it, and the key of a `deps` record. */
export interface WrittenDep {
  readonly key: string | number;
  readonly takes?: string;
  readonly value: unknown;
}

/** The entries of `deps`: one, a list, or a record whose values the body receives. */
export function writtenDeps(deps: unknown): readonly WrittenDep[] {
  if (deps === undefined) return [];
  if (Array.isArray(deps)) return deps.map((value, key) => ({ key, value }));
  if (typeof deps === "string" || typeof deps === "function" || markOf(deps) !== undefined) {
    return [{ key: 0, value: deps }];
  }
  if (typeof deps !== "object" || deps === null) return [{ key: 0, value: deps }];
  return Object.entries(deps).map(([takes, value]) => ({ key: takes, takes, value }));
}

/** Thunks stand for what they return: `() => later`. */
export function unthunk(value: unknown): unknown {
  return typeof value === "function" && markOf(value) === undefined ? value() : value;
}

/**
 * The task at the end of a path. A part behind a task is a key of its `deps`: so a task that is
 * used but not exported can be found again.
 */
export function findTask(
  module: Readonly<Record<string, unknown>>,
  path: ExportPath,
): TaskValue | undefined {
  let value: unknown = module;
  for (const part of path) {
    const mark = markOf(value);
    if (mark === "group") value = (value as GroupValue)[PARTS].members[part];
    else if (mark === "task") {
      const dep = writtenDeps((value as TaskValue).options.deps).find(({ key }) => key === part);
      const target = unthunk(dep?.value);
      value = markOf(target) === "call" ? (target as CallValue).task : target;
    } else value = (value as Record<string | number, unknown> | undefined)?.[part];
  }
  return markOf(value) === "task" ? value as TaskValue : undefined;
}

/**
 * Every way to a task among the exports, the shortest first; through the dependencies of others for
 * one that is not exported.
 */
export function pathsTo(
  module: Readonly<Record<string, unknown>>,
  task: TaskValue,
): readonly ExportPath[] {
  const seen = new Set<TaskValue>();
  const paths: ExportPath[] = [];
  const queue = walkExports(module).flatMap((found) => found.kind === "task" ? [found] : []);
  for (let next = 0; next < queue.length; next++) {
    const { path, value } = queue[next]!;
    if (value === task) paths.push(path);
    if (seen.has(value)) continue;
    seen.add(value);
    for (const { key, value: dep } of writtenDeps(value.options.deps)) {
      const target = unthunk(dep);
      const mark = markOf(target);
      if (mark !== "task" && mark !== "call") continue;
      const inner = mark === "call" ? (target as CallValue).task : target as TaskValue;
      queue.push({ kind: "task", path: [...path, key], value: inner });
    }
  }
  return paths;
}
