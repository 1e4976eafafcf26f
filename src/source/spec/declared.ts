/**
 * `args` and `options` of a TOML task: plain texts are notes for help; tables are declared
 * parameters, which make the command line strict (toml-spec §6.5).
 *
 * @module
 */

import type { Param, ParamType, Scalar, Signature } from "../../model/param.ts";
import { nearest } from "../../model/near.ts";
import { isTable, type Path, type Reader, type Table, typeName } from "./value.ts";

/** What a task's table says about its command line. */
export interface Declared {
  readonly notes?: {
    readonly args: readonly string[];
    readonly options: Readonly<Record<string, string>>;
  };
  readonly signature?: Signature;
}

const KEYS = [
  "name",
  "help",
  "type",
  "default",
  "choices",
  "required",
  "multiple",
  "short",
  "env",
  "negatable",
];

const TYPES: Readonly<Record<string, ParamType>> = {
  string: { kind: "string" },
  integer: { kind: "integer" },
  float: { kind: "number" },
  boolean: { kind: "boolean" },
};

export function readArguments(reader: Reader, table: Table): Declared {
  const args = table.args === undefined
    ? []
    : Array.isArray(table.args)
    ? table.args as readonly unknown[]
    : [table.args];
  const options = table.options === undefined ? {} : table.options;
  if (!isTable(options)) {
    wrong(reader, ["options"], "a table of option = text", options);
    return {};
  }
  const params: Param[] = [];
  const notes: string[] = [];
  const optionNotes: Record<string, string> = {};
  for (const [index, entry] of args.entries()) {
    const path = Array.isArray(table.args) ? ["args", index] : ["args"];
    if (typeof entry === "string") notes.push(entry);
    else if (isTable(entry)) {
      const name = entry.name;
      if (typeof name !== "string") wrong(reader, [...path, "name"], "a string", name);
      else params.push(param(reader, path, name, entry, true));
    } else wrong(reader, path, "a string or a table", entry);
  }
  for (const [name, entry] of Object.entries(options)) {
    if (typeof entry === "string") optionNotes[name] = entry;
    else if (isTable(entry)) params.push(param(reader, ["options", name], name, entry, false));
    else wrong(reader, ["options", name], "a string or a table", entry);
  }
  if (params.length > 0) {
    // Texts beside tables document parameters that are strings.
    const documented = [
      ...notes.map((help, index) => plain(`arg${index}`, help, true)),
      ...Object.entries(optionNotes).map(([name, help]) => plain(name, help, false)),
    ];
    const all = [...params, ...documented];
    return { signature: { params: all, shape: all.map(({ name }) => ({ kind: "single", name })) } };
  }
  if (notes.length === 0 && Object.keys(optionNotes).length === 0) return {};
  return { notes: { args: notes, options: optionNotes } };
}

function plain(name: string, help: string, positional: boolean): Param {
  return {
    name,
    option: name.replaceAll("_", "-"),
    type: TYPES.string!,
    many: false,
    rest: false,
    positional,
    required: false,
    negatable: false,
    help,
  };
}

function param(
  reader: Reader,
  path: Path,
  name: string,
  table: Table,
  positional: boolean,
): Param {
  for (const key of Object.keys(table)) {
    if (KEYS.includes(key) || key.startsWith("x-")) continue;
    reader.report({
      code: "E_PROP_UNKNOWN",
      task: reader.task,
      place: reader.place([...path, key], true),
      property: key,
      near: nearest(key, KEYS),
    });
  }
  const typeWord = table.type ?? "string";
  let type = typeof typeWord === "string" ? TYPES[typeWord] : undefined;
  if (type === undefined) {
    wrong(reader, [...path, "type"], `one of ${Object.keys(TYPES).join(", ")}`, typeWord);
    type = TYPES.string!;
  }
  if (table.choices !== undefined) {
    if (
      Array.isArray(table.choices) && table.choices.length > 0 &&
      table.choices.every((choice) => typeof choice === "string" || typeof choice === "number")
    ) type = { kind: "choice", choices: table.choices as (string | number)[] };
    else wrong(reader, [...path, "choices"], "an array of strings or numbers", table.choices);
  }
  const text = (key: "help" | "short" | "env") => {
    const value = table[key];
    if (value === undefined || typeof value === "string") return value;
    wrong(reader, [...path, key], "a string", value);
  };
  const flag = (key: "required" | "multiple" | "negatable") => {
    const value = table[key];
    if (value === undefined || typeof value === "boolean") return value;
    wrong(reader, [...path, key], "true or false", value);
  };
  const many = flag("multiple") ?? false;
  const preset = readDefault(reader, [...path, "default"], table.default, type, many);
  const help = text("help");
  const short = text("short");
  const env = text("env");
  return {
    name,
    option: name.replaceAll("_", "-"),
    ...(short !== undefined && { short: short.replace(/^-/, "") }),
    type,
    many,
    rest: many && positional,
    positional,
    required: flag("required") ?? (positional && preset === undefined),
    ...(preset !== undefined && { default: preset, defaultText: String(preset) }),
    negatable: flag("negatable") ?? type.kind === "boolean",
    ...(env !== undefined && { env }),
    ...(help !== undefined && { help }),
    place: reader.place(path),
  };
}

function readDefault(
  reader: Reader,
  path: Path,
  value: unknown,
  type: ParamType,
  many: boolean,
): Scalar | readonly Scalar[] | undefined {
  if (value === undefined) return undefined;
  const fits = (item: unknown) => {
    switch (type.kind) {
      case "integer":
        return typeof item === "number" && Number.isInteger(item);
      case "number":
        return typeof item === "number";
      case "boolean":
        return typeof item === "boolean";
      case "choice":
        return type.choices.includes(item as string);
      default:
        return typeof item === "string";
    }
  };
  const sound = many ? Array.isArray(value) && value.every(fits) : fits(value);
  if (sound) return value as Scalar | readonly Scalar[];
  const expected = type.kind === "choice"
    ? `one of ${type.choices.map((choice) => JSON.stringify(choice)).join(", ")}`
    : `${many ? "an array of " : ""}${type.kind}`;
  wrong(reader, path, expected, value);
  return undefined;
}

function wrong(reader: Reader, path: Path, expected: string, value: unknown): void {
  const property = path.filter((part) => typeof part === "string").join(".");
  const found = typeName(value);
  const place = reader.place(path);
  reader.report({ code: "E_PROP_TYPE", task: reader.task, place, property, expected, found });
}
