/**
 * Reads the extension properties of a table: one line a property, by the types of the table in
 * `property.ts`.
 *
 * @module
 */

import type { CallResult, Extension, Platform } from "../../model/extension.ts";
import type { DeclaredInterpreter } from "../../model/interpreter.ts";
import type { Place } from "../../model/place.ts";
import { readInterpreter } from "./interpreter.ts";
import { camelCase, PROPERTIES, type Property } from "./property.ts";
import {
  type Path,
  readBoolean,
  readDuration,
  type Reader,
  readLimits,
  readNumber,
  readRetries,
  readString,
  readStrings,
  type Table,
  typeName,
} from "./value.ts";

/** What is checked later, and told at its place. */
const PLACED: ReadonlySet<string> = new Set(["inputs", "outputs", "outputs_optional", "uses"]);

/**
 * @param table the task's table, with TOML's spelling of the names
 * @returns the properties that are there and sound; `deps` is not among them
 */
export function readExtension(reader: Reader, table: Table): Extension {
  const extension: Record<string, unknown> = {};
  const places: Record<string, Place> = {};
  for (const property of PROPERTIES) {
    const { core, name } = property;
    // Most properties are not there, and a project has many tasks.
    if (core || table[name] === undefined || name === "deps") continue;
    const read = readOne(reader, [], table, property);
    if (read === undefined) continue;
    extension[camelCase(name)] = read;
    if (PLACED.has(name)) places[name] = reader.place([name]);
  }
  if (Object.keys(places).length > 0) extension.places = places;
  checkCached(reader, extension);
  return extension;
}

/** Those of an inline item. */
export function readItemExtension(
  reader: Reader,
  path: Path,
  table: Table,
): Pick<Extension, "timeout"> {
  const extension: Record<string, unknown> = {};
  for (const property of PROPERTIES) {
    const { core, name, levels } = property;
    if (core || !levels.includes("item")) continue;
    const read = readOne(reader, path, table, property);
    if (read !== undefined) extension[camelCase(name)] = read;
  }
  const { timeout } = extension as Extension;
  return { ...(timeout !== undefined && { timeout }) };
}

function readOne(reader: Reader, path: Path, table: Table, { name, type }: Property): unknown {
  return table[name] === undefined
    ? undefined
    : readTyped(reader, [...path, name], table[name], type);
}

/** Keeping results needs to know what they were made of, and nobody at the terminal (§14.2). */
function checkCached(reader: Reader, extension: Extension): void {
  const { cached, inputs, outputs, interactive } = extension;
  const about = (property: string) => ({
    task: reader.task,
    place: reader.place([property], true),
    property,
  });
  if (inputs === undefined && (cached === true || outputs !== undefined && cached !== false)) {
    const said = cached === true ? "cached" : "outputs";
    reader.report({ code: "E_CACHE_INPUTS", ...about(said) });
  }
  if (inputs !== undefined && cached !== false && interactive === true) {
    reader.report({ code: "E_CACHE_INTERACTIVE", ...about("interactive") });
  }
}

function readTyped(reader: Reader, path: Path, value: unknown, type: string): unknown {
  switch (type) {
    case "boolean":
      return readBoolean(reader, path, value);
    case "number":
      return readNumber(reader, path, value);
    case "string":
      return readString(reader, path, value);
    case "strings":
      return readStrings(reader, path, value, true);
    case "string-array":
      return readStrings(reader, path, value, false);
    case "duration":
      return readDuration(reader, path, value);
    case "retries":
      return readRetries(reader, path, value);
    case "limits":
      return readLimits(reader, path, value);
    case "platform":
      return oneOf<Platform>(reader, path, value, ["os-arch", "os", "any"]);
    case "result":
      return oneOf<CallResult>(reader, path, value, ["exit", "print", "ignore"]);
    case "interpreter":
      return declaredInterpreter(reader, path, value);
    default:
      throw new Error(`no reader for the property type ${type}`);
  }
}

function declaredInterpreter(
  reader: Reader,
  path: Path,
  value: unknown,
): DeclaredInterpreter | undefined {
  const read = readInterpreter(value);
  if ("value" in read) return { value: read.value, place: reader.place(path) };
  const { expected, near } = read.fault;
  reader.report({
    code: "E_PROP_TYPE",
    task: reader.task,
    place: reader.place(path),
    property: path.filter((part) => typeof part === "string").join("."),
    expected,
    found: Array.isArray(value)
      ? JSON.stringify(value).replaceAll(",", ", ")
      : typeof value === "string"
      ? `"${value}"`
      : typeName(value),
    ...(near.length > 0 && { near }),
  });
  return undefined;
}

function oneOf<T extends string>(
  reader: Reader,
  path: Path,
  value: unknown,
  allowed: readonly T[],
): T | undefined {
  if (allowed.includes(value as T)) return value as T;
  reader.report({
    code: "E_PROP_TYPE",
    task: reader.task,
    place: reader.place(path),
    property: path.join("."),
    expected: `one of ${allowed.map((word) => `"${word}"`).join(", ")}`,
    found: typeof value === "string" ? `"${value}"` : typeName(value),
  });
  return undefined;
}
