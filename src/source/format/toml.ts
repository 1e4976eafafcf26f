/**
 * A TOML task file -> drafts. The whole file is validated and every problem reported; what is
 * sound is handed over beside them, so that listing still works.
 *
 * @module
 */

import { parse, TomlDate, TomlError } from "smol-toml";
import type { Action, Scope } from "../../model/action.ts";
import type { AbsolutePath, TaskId } from "../../model/id.ts";
import { distance, nearest } from "../../model/near.ts";
import type { Place } from "../../model/place.ts";
import type { Problem } from "../../model/problem.ts";
import type { WrittenSetting } from "../../model/setting.ts";
import type { Draft } from "../../model/task.ts";
import { tomlSpans } from "../locate.ts";
import { fromTable } from "../settings.ts";
import type { Opened, Reading } from "./registry.ts";
import { readArguments } from "../spec/declared.ts";
import { readExtension } from "../spec/extension.ts";
import { KINDS, type Level, PROPERTIES, PROPERTY, RESERVED } from "../spec/property.ts";
import { readAction, readItems, readReferences } from "../spec/items.ts";
import {
  isTable,
  type Path,
  readBoolean,
  type Reader,
  readScope,
  readString,
  type Table,
  typeName,
} from "../spec/value.ts";

/** Where tasks may stand, by the name of the file. */
function tablePaths(file: string): readonly (readonly string[])[] {
  const tool = ["tool", "ntask", "tasks"];
  return isPyproject(file) ? [tool, ["tasks"]] : [["tasks"]];
}

function isPyproject(file: string): boolean {
  return /(^|[\\/])pyproject\.toml$/.test(file);
}

/** What only a task that does something itself may say. */
const CACHING: ReadonlySet<string> = new Set(["inputs", "outputs", "outputs_optional", "cached"]);

export async function read({ file, text: written }: Opened): Promise<Reading> {
  const text = lineEnds(written);
  const { document, problem, settings } = await opened(file, text);
  if (problem !== undefined) {
    return { sheet: { file, drafts: [], globals: NO_SCOPE }, settings, problems: [problem] };
  }
  if (document === undefined) return { settings, problems: [] };
  return { ...await readToml(document), settings };
}

async function opened(file: AbsolutePath, text: string): Promise<ReturnType<typeof openToml>> {
  try {
    return openToml(file, text, tablePaths(file));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { tomlMistake } = await import("../toml_mistake.ts");
    return { problem: await tomlMistake(file, text, error), settings: [] };
  }
}

/** As every system has them: to a shell the first half of a line end of Windows is a character. */
function lineEnds(text: string): string {
  return text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
}

/** A parsed TOML document and the way to its tasks table. */
export interface TomlDocument {
  readonly file: AbsolutePath;
  readonly text: string;
  readonly table: Table;
  /** `["tasks"]` or `["tool", "ntask", "tasks"]`. */
  readonly path: readonly string[];
}

/**
 * Parse a file and find its tasks table.
 *
 * @param paths where a tasks table may stand
 * @returns the document; `undefined` when no table is there; or the problem
 * @throws {TomlError} for a text that is no TOML
 */
export function openToml(
  file: AbsolutePath,
  text: string,
  paths: readonly (readonly string[])[],
): {
  readonly document?: TomlDocument;
  readonly problem?: Problem;
  readonly settings: readonly WrittenSetting[];
} {
  const root: Table = parse(text);
  const settings = settingsOf(file, root);
  const found = paths.filter((path) => dig(root, path) !== undefined);
  if (found.length === 0) return { settings };
  if (found.length > 1) {
    const tables = found.map((path) => `[${path.join(".")}]`);
    const place: Place = { file, path: found[1]!, key: true };
    return { problem: { code: "E_SOURCE_CONFLICT", place, tables }, settings };
  }
  const path = found[0]!;
  const table = dig(root, path);
  if (!isTable(table) || table instanceof TomlDate) {
    return {
      problem: {
        code: "E_PROP_TYPE",
        place: { file, path },
        property: path.join("."),
        expected: "a table",
        found: typeName(table),
      },
      settings,
    };
  }
  return { document: { file, text, table, path }, settings };
}

/** `[ntask]`, in a pyproject.toml `[tool.ntask]`, where the tasks may stand beside the settings. */
function settingsOf(file: AbsolutePath, root: Table): readonly WrittenSetting[] {
  const path = isPyproject(file) ? ["tool", "ntask"] : ["ntask"];
  const table = dig(root, path);
  if (!isTable(table)) return [];
  return fromTable(file, path, table, "project").filter(({ key }) =>
    !(isPyproject(file) && key === "tasks")
  );
}

function dig(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const key of path) {
    if (!isTable(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Read every task and group of a document. */
export async function readToml(
  document: TomlDocument,
): Promise<Pick<Reading, "sheet" | "problems">> {
  const { file, text, table, path } = document;
  const spans = numbersNeedText(table, text) ? await tomlSpans(text) : undefined;
  const problems: Problem[] = [];
  const drafts: Draft[] = [];
  const report = (problem: Problem) => void problems.push(problem);
  const readerFor = (task: string, base: Path): Reader => ({
    task,
    place: (rest, key) => ({ file, path: [...base, ...rest], ...(key && { key }) }),
    numberText(rest, value) {
      const span = spans?.value([...base, ...rest]);
      return span === undefined ? String(value) : text.slice(span.start, span.end);
    },
    report,
  });

  const globals: Record<string, unknown> = {};
  const root = readerFor("", path);
  for (const [name, value] of Object.entries(table)) {
    if (name.startsWith("x-")) continue;
    if (PROPERTY.get(name)?.levels.includes("root")) globals[name] = value;
    else if (RESERVED.has(name)) {
      report({ code: "E_NAME_RESERVED", task: name, place: root.place([name], true), name });
    } else node(name, value, [...path, name], undefined);
  }
  const scope = readScope(root, [], globals);
  if (drafts.length === 0 && problems.length === 0) {
    report({ code: "E_NO_TASKS", place: { file, path, key: true }, start: file, empty: [file] });
  }
  return { sheet: { file, drafts, globals: scope }, problems };

  function node(name: string, value: unknown, at: Path, parent: TaskId | undefined): void {
    const id = (parent === undefined ? name : `${parent}.${name}`) as TaskId;
    const reader = readerFor(id, at);
    const why = badName(name);
    if (why !== undefined) {
      report({ code: "E_NAME", task: id, place: reader.place([], true), name, why });
      return;
    }
    const base = { id, ...(parent !== undefined && { parent }), place: reader.place([], true) };
    if (typeof value === "string") {
      const line = { text: value, place: reader.place([]) };
      const empty = value.trim() === "";
      if (empty) report({ code: "E_CMD_EMPTY", task: id, place: line.place, property: "cmd" });
      drafts.push(task(base, name, empty ? { kind: "none" } : { kind: "command", line }));
      return;
    }
    if (!isTable(value) || value instanceof TomlDate) {
      const found = typeName(value);
      report({ code: "E_TASK_TYPE", task: id, place: reader.place([]), name, found });
      return;
    }
    const kinds = KINDS.filter((kind) => kind in value);
    if (kinds.length > 1) {
      report({ code: "E_KIND_MULTI", task: id, place: reader.place([], true), kinds });
    } else if (kinds.length === 1) taskTable(base, name, value, reader, kinds[0]!);
    else if ("deps" in value) taskTable(base, name, value, reader, undefined);
    else group(base, name, value, at, reader);
  }

  function taskTable(
    base: Pick<Draft, "id" | "place" | "parent">,
    name: string,
    value: Table,
    reader: Reader,
    kind: typeof KINDS[number] | undefined,
  ): void {
    const level: Level = kind === "tasks" ? "composite" : "task";
    for (const key of Object.keys(value)) {
      const property = PROPERTY.get(key);
      if (property !== undefined) checkLevel(reader, key, level);
      else if (isTable(value[key]) && !key.startsWith("x-")) {
        const place = reader.place([key], true);
        const kindName = kind ?? "deps";
        report({ code: "E_GROUP_EXEC", task: base.id, place, member: key, kind: kindName });
      } else if (!key.startsWith("x-")) unknownProperty(reader, key, level);
    }
    const action: Action | undefined = kind === undefined ? { kind: "none" } : kind === "tasks"
      ? {
        kind: "composite",
        items: readItems(reader, ["tasks"], value.tasks),
        parallel: parallel(reader, value),
      }
      : readAction(reader, [], value, kind);
    // A task without a sound action stays, so that references to it do not fail as well.
    const draft = task(base, name, action ?? { kind: "none" });
    drafts.push({ ...draft, ...common(reader, value) });
  }

  function group(
    base: Pick<Draft, "id" | "place" | "parent">,
    name: string,
    value: Table,
    at: Path,
    reader: Reader,
  ): void {
    const members = Object.keys(value).filter((key) => isMember(key, value[key]));
    if (members.length === 0) {
      if ("use" in value) checkLevel(reader, "use", "task");
      else report({ code: "E_KIND_NONE", task: base.id, place: base.place, name });
      return;
    }
    const own: Record<string, unknown> = {};
    for (const [key, given] of Object.entries(value)) {
      if (key.startsWith("x-") || members.includes(key)) continue;
      if (PROPERTY.has(key)) {
        checkLevel(reader, key, "group");
        own[key] = given;
      } else if (Array.isArray(given)) {
        const place = reader.place([key]);
        const found = typeName(given);
        report({ code: "E_TASK_TYPE", task: `${base.id}.${key}`, place, name: key, found });
      } else unknownProperty(reader, key, "group");
    }
    const draft = task(base, name, { kind: "group", parallel: parallel(reader, own) }, "group");
    drafts.push({ ...draft, ...common(reader, own) });
    for (const key of members) {
      warnLooksLikeProperty(reader, key);
      node(key, value[key], [...at, key], base.id);
    }
  }

  function common(reader: Reader, value: Table) {
    const extension = readExtension(reader, value);
    const help = value.help === undefined ? undefined : readString(reader, ["help"], value.help);
    const declared = readArguments(reader, value);
    return {
      scope: readScope(reader, [], value),
      deps: value.deps === undefined ? [] : readReferences(reader, ["deps"], value.deps),
      pre: value.pre === undefined ? [] : readItems(reader, ["pre"], value.pre),
      post: value.post === undefined ? [] : readItems(reader, ["post"], value.post),
      hidden: extension.hidden === true || reader.task.split(".").some((part) => part[0] === "_"),
      isDefault: extension.default === true,
      aliases: extension.aliases ?? [],
      ...(help !== undefined && { doc: { text: help.trim(), examples: [] } }),
      ...declared,
      extension,
    };
  }

  function checkLevel(reader: Reader, key: string, level: Level): void {
    const property = PROPERTY.get(key)!;
    if (property.levels.includes(level)) return;
    const where = level === "group"
      ? "a group"
      : level === "composite"
      ? "a composite task"
      : "a task";
    const instead = key === "use"
      ? "tasks = …"
      : key === "parallel"
      ? "parallel belongs to tasks = […] and to groups"
      : CACHING.has(key)
      ? "cache its items"
      : undefined;
    report({
      code: "E_PROP_SCOPE",
      task: reader.task,
      place: reader.place([key], true),
      property: key,
      where,
      ...(instead && { instead }),
    });
  }

  function unknownProperty(reader: Reader, key: string, level: Level): void {
    const known = PROPERTIES.filter((p) => p.levels.includes(level)).map((p) => p.name);
    report({
      code: "E_PROP_UNKNOWN",
      task: reader.task,
      place: reader.place([key], true),
      property: key,
      near: nearest(key, known),
    });
  }

  function warnLooksLikeProperty(reader: Reader, key: string): void {
    if (PROPERTY.has(key)) return;
    const close =
      [...PROPERTY.keys()].find((name) => distance(key, name) <= 2 && name.length > 3) ??
        // What other tools call it; short names are near to everything.
        (distance(key, "command") <= 2 ? "cmd" : undefined);
    if (close === undefined) return;
    report({
      code: "W_LOOKS_LIKE_PROPERTY",
      task: reader.task,
      place: reader.place([key], true),
      name: key,
      property: close,
    });
  }
}

function parallel(reader: Reader, value: Table): boolean {
  return value.parallel === undefined
    ? false
    : readBoolean(reader, ["parallel"], value.parallel) ?? false;
}

const NO_SCOPE: Scope = { env: [], envfile: [] };

function task(
  base: Pick<Draft, "id" | "place" | "parent">,
  name: string,
  action: Action,
  kind: Draft["kind"] = "task",
): Draft {
  return {
    ...base,
    kind,
    source: "toml",
    action,
    scope: NO_SCOPE,
    deps: [],
    pre: [],
    post: [],
    hidden: name.startsWith("_") ||
      base.parent?.split(".").some((part) => part[0] === "_") === true,
    isDefault: false,
    aliases: [],
    extension: {},
  };
}

const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.:/@+-]*$/u;
/** The same for most names; the tables of Unicode take a while to load. */
const PLAIN_NAME = /^[a-zA-Z_][a-zA-Z0-9_.:/@+-]*$/;

/** Why a name cannot be one (toml-spec §2.3), or `undefined`. */
export function badName(name: string): string | undefined {
  if (PLAIN_NAME.test(name)) return undefined;
  if (name === "") return "it is empty";
  if (/^\d+$/.test(name)) return "it is only digits";
  if (name.startsWith("-")) return "it begins with a dash, like an option";
  if (/\s/.test(name)) return "it contains a blank";
  if (!NAME.test(name)) return "it may hold letters, digits and _ . : / @ + - only";
  return undefined;
}

/** Does this entry of a table without a kind define a task or group? (toml-spec §2.2, §2.4) */
function isMember(key: string, value: unknown): boolean {
  if (key.startsWith("x-")) return false;
  if (typeof value !== "string" && (!isTable(value) || value instanceof TomlDate)) return false;
  const property = PROPERTY.get(key);
  return property === undefined ||
    !property.core && (property.type === "boolean" || property.type === "number");
}

/**
 * JavaScript forgets how a number was written, and environment variables take it as written. The
 * parser that remembers is only worth its time when a spelling can differ.
 */
function numbersNeedText(table: Table, text: string): boolean {
  const odd = /\b0[xob]|\d_\d|[=,[{]\s*[+]\d|\b(?:inf|nan)\b/.test(text);
  const visit = (value: unknown, inEnv: boolean): boolean => {
    if (typeof value === "number") return inEnv && (odd || /\d[.eE]/.test(text));
    if (Array.isArray(value)) return value.some((element) => visit(element, inEnv));
    if (!isTable(value)) return false;
    return Object.entries(value).some(([key, inner]) => visit(inner, inEnv || key === "env"));
  };
  return visit(table, false);
}
