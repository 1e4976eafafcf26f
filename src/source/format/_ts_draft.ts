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
import {
  type Path,
  readBoolean,
  type Reader,
  readScope,
  readString,
  type Table,
} from "../spec/value.ts";

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

/** Turns a task value among `pre` and `post` into a reference. @param path its way from the options */
type TaskOf = (value: unknown, place: Place, path: Path) => Reference | undefined;

/** The draft of an export; what is wrong with it is added to `problems`. */
export function readDraft(
  file: AbsolutePath,
  entry: Export,
  problems: Problem[],
  taskOf: TaskOf,
): Draft {
  const { id, written, kind } = entry;
  const place: Place = written?.place ?? { file, whole: true };
  const optionPlace = (option: Path, key?: true): Place =>
    "offset" in place
      ? { ...place, argument: kind === "group" ? 1 : 0, option, ...(key && { key }) }
      : place;
  // Where both are written, the later one counts.
  const help = Object.keys(entry.options).findLast((key) =>
    (key === "help" || key === "description") && entry.options[key] !== undefined
  );
  const reader: Reader = {
    task: id,
    place([first, ...rest], key) {
      if (first === undefined) return place;
      const name = first === "help" ? help ?? "help" : camelCase(String(first));
      return optionPlace([name, ...rest], key);
    },
    numberText: (_, value) => String(value),
    report: (problem) => void problems.push(camel(problem)),
  };
  const table = toTable(reader, entry.options, kind, (key) => optionPlace([key], true));
  const extension = readExtension(reader, table);
  const text = table.help === undefined ? undefined : readString(reader, ["help"], table.help);
  const doc: Doc | undefined = text === undefined
    ? written?.doc
    : { examples: [], ...written?.doc, text: text.trim() };
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
  placeOf: (key: string) => Place,
): Table {
  const level: Level = kind;
  const table: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || key === "deps" && kind === "task" || key.startsWith("x-")) continue;
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
          place: placeOf(key),
          property: key,
          near: nearest(key, optionNames(level)),
        });
      } else if (!property.levels.includes(level)) {
        const where = kind === "group" ? "a group" : "a task";
        const place = placeOf(key);
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
  taskOf: TaskOf,
): readonly Item[] {
  if (value === undefined) return [];
  const single = !Array.isArray(value);
  return (single ? [value] : value).flatMap((element: unknown, index) => {
    const path = single ? [name] : [name, index];
    const reference = taskOf(element, reader.place(path), path);
    return reference === undefined
      ? readItems(reader, path, element)
      : [{ kind: "use" as const, reference }];
  });
}

/** Messages name properties as their language does. */
function camel(problem: Problem): Problem {
  // What is unknown is shown as it was written.
  return "property" in problem && problem.code !== "E_PROP_UNKNOWN"
    ? { ...problem, property: problem.property.split(".").map(camelCase).join(".") }
    : problem;
}

/** A string body: a script for the shell. */
export function scriptAction(text: string, place: Place): Action {
  const script: Text = { text, place };
  return { kind: "shell", script };
}
