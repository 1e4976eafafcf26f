/**
 * Reads the value of one property into the model. The values may come from TOML or from an options
 * object of `tasks.ts`; the reader says where each stands. A value of the wrong shape becomes a
 * problem and reads as absent.
 *
 * @module
 */

import type { EnvEntry, EnvFile, Scope, Text } from "../../model/action.ts";
import type { Retries } from "../../model/extension.ts";
import type { Place } from "../../model/place.ts";
import type { Problem } from "../../model/problem.ts";
import { nearest } from "../../model/near.ts";

export type Path = readonly (string | number)[];
export type Table = Readonly<Record<string, unknown>>;

/** The table being read. */
export interface Reader {
  /** The task or group, for messages. */
  readonly task: string;
  /** The place of something below the table. */
  place(path: Path, key?: true): Place;
  /** The author's spelling of a number: `1.0`, not `1`. */
  numberText(path: Path, value: number | bigint): string;
  report(problem: Problem): void;
}

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}

/** What a person calls the type of a value. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value instanceof Date) return "a date";
  switch (typeof value) {
    case "string":
      return "a string";
    case "boolean":
      return "a boolean";
    case "bigint":
      return "an integer";
    case "number":
      return Number.isInteger(value) ? "an integer" : "a float";
    case "object":
      return "a table";
    default:
      return `a ${typeof value}`;
  }
}

/** Report a value of the wrong shape. */
export function wrong(
  reader: Reader,
  path: Path,
  expected: string,
  value: unknown,
  found: string = typeName(value),
): undefined {
  const property = path.filter((part) => typeof part === "string").join(".");
  reader.report({
    code: "E_PROP_TYPE",
    task: reader.task,
    place: reader.place(path),
    property,
    expected,
    found,
  });
  return undefined;
}

/** The same for a value of the right type that is not in range: it is shown itself. */
function outOfRange(reader: Reader, path: Path, expected: string, value: unknown): undefined {
  const scalar = typeof value === "number" || typeof value === "string";
  return wrong(reader, path, expected, value, scalar ? JSON.stringify(value) : typeName(value));
}

export function readString(reader: Reader, path: Path, value: unknown): string | undefined {
  return typeof value === "string" ? value : wrong(reader, path, "a string", value);
}

export function readText(reader: Reader, path: Path, value: unknown): Text | undefined {
  const text = readString(reader, path, value);
  return text === undefined ? undefined : { text, place: reader.place(path) };
}

export function readBoolean(reader: Reader, path: Path, value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : wrong(reader, path, "true or false", value);
}

/** A number greater than 0. */
export function readNumber(reader: Reader, path: Path, value: unknown): number | undefined {
  return typeof value === "number" && value > 0
    ? value
    : outOfRange(reader, path, "a number above 0", value);
}

/** An array of strings, or with `single` also one string. */
export function readStrings(
  reader: Reader,
  path: Path,
  value: unknown,
  single: boolean,
): readonly string[] | undefined {
  if (single && typeof value === "string") return [value];
  const expected = single ? "a string or an array of strings" : "an array of strings";
  if (!Array.isArray(value)) return outOfRange(reader, path, expected, value);
  for (const [index, element] of value.entries()) {
    if (typeof element !== "string") {
      return outOfRange(reader, [...path, index], "a string", element);
    }
  }
  return value as string[];
}

/** `"1m30s"`, `"500ms"`, or whole seconds; the result is in milliseconds. */
export function readDuration(reader: Reader, path: Path, value: unknown): number | undefined {
  return durationOf(value) ??
    outOfRange(reader, path, 'a duration such as "90s" or "1m30s"', value);
}

/** The same without a place: `undefined` for what is no duration. */
export function durationOf(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value * 1000;
  if (typeof value === "string") {
    const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/.exec(value);
    if (match !== null && value !== "") {
      const [hours, minutes, seconds, milliseconds] = match.slice(1).map((part) =>
        Number(part ?? 0)
      );
      const total = hours! * 3_600_000 + minutes! * 60_000 + seconds! * 1000 + milliseconds!;
      if (total > 0) return total;
    }
  }
  return undefined;
}

/** What a number of retries means. */
export function retriesOf(max: number): Retries {
  return { max, delay: 1000, factor: 2 };
}

export function readRetries(reader: Reader, path: Path, value: unknown): Retries | undefined {
  const whole = (n: unknown) => typeof n === "number" && Number.isInteger(n) && n >= 0;
  if (whole(value)) return retriesOf(value as number);
  if (!isTable(value)) {
    return outOfRange(reader, path, "a whole number from 0 or { max, delay, factor }", value);
  }
  unknownKeys(reader, path, value, ["max", "delay", "factor"]);
  if (!whole(value.max)) {
    return outOfRange(reader, [...path, "max"], "a whole number from 0", value.max);
  }
  const delay = value.delay === undefined
    ? 1000
    : readDuration(reader, [...path, "delay"], value.delay);
  const factor = value.factor === undefined
    ? 2
    : readNumber(reader, [...path, "factor"], value.factor);
  return delay === undefined || factor === undefined
    ? undefined
    : { max: value.max as number, delay, factor };
}

export function readLimits(
  reader: Reader,
  path: Path,
  value: unknown,
): Readonly<Record<string, number>> | undefined {
  if (!isTable(value)) return outOfRange(reader, path, "a table of limit = count", value);
  const limits: Record<string, number> = {};
  for (const [name, count] of Object.entries(value)) {
    if (typeof count !== "number" || !Number.isInteger(count) || count < 1) {
      return outOfRange(reader, [...path, name], "a whole number above 0", count);
    }
    limits[name] = count;
  }
  return limits;
}

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** An `env` table, in the order written. */
export function readEnv(reader: Reader, path: Path, value: unknown): readonly EnvEntry[] {
  if (!isTable(value)) {
    wrong(reader, path, "a table of variables", value);
    return [];
  }
  const entries: EnvEntry[] = [];
  for (const [name, given] of Object.entries(value)) {
    const at = [...path, name];
    const place = reader.place(at, true);
    if (!ENV_NAME.test(name)) {
      reader.report({ code: "E_ENV_NAME", task: reader.task, place, name });
      continue;
    }
    if (holdsNul(given) || isTable(given) && Object.values(given).some(holdsNul)) {
      reader.report({ code: "E_ENV_VALUE", task: reader.task, place, name });
      continue;
    }
    const plain = envText(reader, at, given);
    if (plain !== undefined) {
      entries.push({ name, value: { kind: "text", text: plain }, secret: false, place });
    } else if (isTable(given)) {
      const entry = readEnvTable(reader, at, given);
      if (entry !== undefined) entries.push({ name, ...entry, place });
    } else {
      wrong(reader, at, "a string, a number or a boolean", given);
    }
  }
  return entries;
}

function holdsNul(value: unknown): boolean {
  return typeof value === "string" && value.includes("\0");
}

function envText(reader: Reader, path: Path, value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" || typeof value === "bigint") return reader.numberText(path, value);
  return undefined;
}

function readEnvTable(
  reader: Reader,
  path: Path,
  table: Table,
): Pick<EnvEntry, "value" | "secret"> | undefined {
  const keys = Object.keys(table);
  const expected = "a string, { value, secret }, { default } or { unset = true }";
  const known = keys.every((key) => ["value", "default", "unset", "secret"].includes(key));
  const ways = ["value", "default", "unset"].filter((key) => key in table);
  if (!known || ways.length !== 1) return wrong(reader, path, expected, table);
  const secret = table.secret === undefined
    ? false
    : readBoolean(reader, [...path, "secret"], table.secret);
  if (secret === undefined) return undefined;
  if (ways[0] === "unset") {
    return table.unset === true
      ? { value: { kind: "unset" }, secret }
      : wrong(reader, [...path, "unset"], "true", table.unset);
  }
  const way = ways[0] as "value" | "default";
  const text = envText(reader, [...path, way], table[way]);
  if (text === undefined) {
    return wrong(reader, [...path, way], "a string, a number or a boolean", table[way]);
  }
  return { value: { kind: way === "value" ? "text" : "default", text }, secret };
}

/** `envfile`: a path, `{ path, override, required }`, or an array of these. */
export function readEnvFiles(reader: Reader, path: Path, value: unknown): readonly EnvFile[] {
  if (Array.isArray(value)) {
    return value.flatMap((element, index) => readEnvFile(reader, [...path, index], element));
  }
  return readEnvFile(reader, path, value);
}

function readEnvFile(reader: Reader, path: Path, value: unknown): readonly EnvFile[] {
  if (typeof value === "string") {
    const text = { text: value, place: reader.place(path) };
    return [{ path: text, override: false, required: false }];
  }
  if (!isTable(value)) {
    wrong(reader, path, "a path, { path, override, required } or an array of these", value);
    return [];
  }
  unknownKeys(reader, path, value, ["path", "override", "required"]);
  const text = readText(reader, [...path, "path"], value.path);
  const flag = (name: "override" | "required") =>
    value[name] === undefined ? false : readBoolean(reader, [...path, name], value[name]) ?? false;
  return text === undefined
    ? []
    : [{ path: text, override: flag("override"), required: flag("required") }];
}

/** `env`, `envfile`, `cwd` and `condition` of one level. */
export function readScope(reader: Reader, path: Path, table: Table): Scope {
  const cwd = table.cwd === undefined ? undefined : readText(reader, [...path, "cwd"], table.cwd);
  const condition = table.condition === undefined
    ? undefined
    : readText(reader, [...path, "condition"], table.condition);
  return {
    env: table.env === undefined ? [] : readEnv(reader, [...path, "env"], table.env),
    envfile: table.envfile === undefined
      ? []
      : readEnvFiles(reader, [...path, "envfile"], table.envfile),
    ...(cwd && { cwd }),
    ...(condition && { condition }),
  };
}

/** Report keys that a table may not have. */
export function unknownKeys(
  reader: Reader,
  path: Path,
  table: Table,
  known: readonly string[],
): void {
  for (const key of Object.keys(table)) {
    if (known.includes(key) || key.startsWith("x-")) continue;
    reader.report({
      code: "E_PROP_UNKNOWN",
      task: reader.task,
      place: reader.place([...path, key], true),
      property: key,
      near: nearest(key, known),
    });
  }
}
