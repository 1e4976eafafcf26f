/**
 * One exported value of `tasks.ts` -> one draft: its options are checked by the property table that
 * TOML uses, under their camelCase names.
 *
 * @module
 */

import type { Action, Item, Reference, Text } from "../../model/action.ts";
import type { AbsolutePath, TaskId } from "../../model/id.ts";
import { nearest } from "../../model/near.ts";
import type { Doc } from "../../model/param.ts";
import type { Place } from "../../model/place.ts";
import type { Problem } from "../../model/problem.ts";
import type { Draft } from "../../model/task.ts";
import type { StaticExport } from "../signature/static_module.ts";
import { readExtension } from "../spec/extension.ts";
import { camelCase, type Level, PROPERTIES, PROPERTY, snakeCase } from "../spec/property.ts";
import { readItems } from "../spec/items.ts";
import type { ExportPath } from "./exports.ts";
import { readBoolean, type Reader, readScope, readString, type Table } from "../spec/value.ts";

/** What is known about an exported task or group. */
export interface Export {
  readonly id: TaskId;
  readonly path: ExportPath;
  readonly parent?: TaskId;
  readonly kind: "task" | "group";
  readonly action: Action;
  /** As the author wrote them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly deps: readonly Reference[];
  /** Used by another task, but not exported. */
  readonly inner: boolean;
  readonly written: StaticExport | undefined;
}

/** Kinds are bodies here, and dependencies are read by the caller. */
const NOT_OPTIONS: ReadonlySet<string> = new Set([
  "cmd",
  "shell",
  "call",
  "tasks",
  "use",
  "args",
  "options",
]);

/**
 * @param task_of turns a task value among `pre` and `post` into a reference
 */
export function readDraft(
  file: AbsolutePath,
  entry: Export,
  problems: Problem[],
  taskOf: (value: unknown, place: Place) => Reference | undefined,
): Draft {
  const { id, written, kind } = entry;
  const place: Place = written?.place ?? { file, whole: true };
  const reader: Reader = {
    task: id,
    place: (option, key) =>
      "offset" in place && option.length > 0 ? { ...place, option, ...(key && { key }) } : place,
    numberText: (_, value) => String(value),
    report: (problem) => void problems.push(camel(problem)),
  };
  const table = toTable(reader, entry.options, kind);
  const extension = readExtension(reader, table);
  const help = table.help === undefined ? undefined : readString(reader, ["help"], table.help);
  const doc: Doc | undefined = help === undefined
    ? written?.doc
    : { examples: [], ...written?.doc, text: help.trim() };
  const items = (name: "pre" | "post") => readHooks(reader, name, table[name], taskOf);
  return {
    id,
    ...(entry.parent !== undefined && { parent: entry.parent }),
    kind,
    source: "ts",
    place,
    action: entry.action,
    scope: {
      ...readScope(reader, [], table),
      ...(typeof entry.options.condition === "function" && kind === "task" && {
        condition: { text: "() => …", place, body: { module: file, export: entry.path } },
      }),
    },
    deps: entry.deps,
    pre: items("pre"),
    post: items("post"),
    hidden: entry.inner || extension.hidden === true ||
      id.split(".").some((part) => part.startsWith("_")),
    isDefault: extension.default === true,
    aliases: extension.aliases ?? [],
    ...(doc && { doc }),
    ...(written?.signature && { signature: written.signature }),
    extension,
  };
}

/** The options under TOML's names; what is unknown is reported and left out. */
function toTable(
  reader: Reader,
  options: Readonly<Record<string, unknown>>,
  kind: "task" | "group",
): Table {
  const level: Level = kind;
  const table: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || key === "deps" && kind === "task") continue;
    if (key === "description") table.help = value;
    else if (key === "parallel" && kind === "task") {
      // `parallel: false` is how a function task says that it runs alone.
      const parallel = readBoolean(reader, ["parallel"], value);
      if (parallel === false) table.exclusive = true;
    } else if (key === "condition" && typeof value === "function" && kind === "task") {
      // It has no text; what it is was noted by the caller.
      continue;
    } else {
      const name = snakeCase(key);
      const property = PROPERTY.get(name);
      if (property === undefined || NOT_OPTIONS.has(name) || camelCase(name) !== key) {
        reader.report({
          code: "E_PROP_UNKNOWN",
          task: reader.task,
          place: reader.place([key], true),
          property: key,
          near: nearest(key, optionNames(level)),
        });
      } else if (!property.levels.includes(level)) {
        const where = kind === "group" ? "a group" : "a task";
        const place = reader.place([key], true);
        reader.report({ code: "E_PROP_SCOPE", task: reader.task, place, property: key, where });
      } else table[name] = value;
    }
  }
  return table;
}

function optionNames(level: Level): string[] {
  const names = PROPERTIES.filter(({ name, levels }) =>
    levels.includes(level) && !NOT_OPTIONS.has(name)
  ).map(({ name }) => camelCase(name));
  return [...names, "description"];
}

function readHooks(
  reader: Reader,
  name: "pre" | "post",
  value: unknown,
  taskOf: (value: unknown, place: Place) => Reference | undefined,
): readonly Item[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).flatMap((element: unknown, index) => {
    const reference = taskOf(element, reader.place([name, index]));
    return reference === undefined
      ? readItems(reader, [name, index], element)
      : [{ kind: "use" as const, reference }];
  });
}

/** Messages name properties as their language does. */
function camel(problem: Problem): Problem {
  return "property" in problem
    ? { ...problem, property: problem.property.split(".").map(camelCase).join(".") }
    : problem;
}

/** A string body: a script for the shell. */
export function scriptAction(text: string, place: Place): Action {
  const script: Text = { text, place };
  return { kind: "shell", script };
}
