/**
 * What the values of settings may be: read from the text of a flag or a variable, and from what a file
 * holds.
 *
 * @module
 */

import { type Interpreter, INTERPRETERS } from "../model/interpreter.ts";
import { nearest } from "../model/near.ts";
import type { OutputMode } from "../report/registry.ts";
import { INTERPRETER_EXPECTED, readInterpreter } from "../source/spec/interpreter.ts";
import type { Schema } from "../source/spec/schema.ts";
import { durationOf } from "../source/spec/value.ts";

/** What a value may be: how it is read from text, and what a file may hold. */
export interface Kind<T> {
  /** As a sentence has it: "a whole number above 0". */
  readonly expected: string;
  /** As JSON Schema has it. */
  readonly schema: Schema;
  fromText(text: string): T | undefined;
  fromValue(value: unknown): T | undefined;
  /** What may have been meant by something else. */
  near?(value: unknown): readonly string[];
}

/** As people write it in a variable. */
const [YES, NO] = [/^(?:1|true|y|yes|on)$/i, /^(?:0|false|n|no|off)$/i];

export const FLAG: Kind<boolean> = {
  expected: "true or false",
  schema: { type: "boolean" },
  fromText: (text) => YES.test(text) ? true : NO.test(text) ? false : undefined,
  fromValue: (value) => typeof value === "boolean" ? value : undefined,
};

export const COUNT: Kind<number> = {
  expected: "a whole number above 0",
  schema: { type: "integer", minimum: 1 },
  fromText: (text) => /^0*[1-9]\d*$/.test(text) ? Number(text) : undefined,
  fromValue: (value) =>
    typeof value === "number" && Number.isInteger(value) && value > 0 ? value : undefined,
};

export const TRIES: Kind<number> = {
  expected: "a whole number from 0",
  schema: { type: "integer", minimum: 0 },
  fromText: (text) => /^\d+$/.test(text) ? Number(text) : undefined,
  fromValue: (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined,
};

export const NAMES: Kind<readonly string[]> = {
  expected: "a name or a list of names",
  schema: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
  fromText: namesOf,
  fromValue(value) {
    const list = typeof value === "string" ? [value] : value;
    return Array.isArray(list) && list.every((name) => typeof name === "string")
      ? list.flatMap(namesOf)
      : undefined;
  },
};

function namesOf(text: string): readonly string[] {
  return text.split(",").filter((name) => name !== "");
}

export const TEXT: Kind<string> = {
  expected: "a text",
  schema: { type: "string", minLength: 1 },
  fromText: (text) => text,
  fromValue: (value) => typeof value === "string" && value !== "" ? value : undefined,
};

export const DURATION: Kind<number> = {
  expected: 'a duration such as "90s" or "1m30s"',
  schema: { $ref: "#/definitions/duration" },
  fromText: (text) => durationOf(/^\d+$/.test(text) ? Number(text) : text),
  fromValue: durationOf,
};

const MODES = ["prefixed", "grouped", "stream", "errors", "quiet", "json"] as const;

export const MODE: Kind<OutputMode> = {
  expected: `one of ${MODES.join(", ")}`,
  schema: { enum: MODES },
  fromText: (text) => MODES.find((mode) => mode === text),
  fromValue: (value) => MODES.find((mode) => mode === value),
  near: (value) => typeof value === "string" ? nearest(value, MODES) : [],
};

/** Yes, no, or names. */
export const FORCE: Kind<boolean | readonly string[]> = {
  expected: "true, false or a list of names",
  schema: { anyOf: [{ type: "boolean" }, ...(NAMES.schema as { anyOf: Schema[] }).anyOf] },
  // A task may be called "on".
  fromText: (text) =>
    /^(?:1|true)$/.test(text) ? true : /^(?:0|false)$/.test(text) || namesOf(text),
  fromValue: (value) => typeof value === "boolean" ? value : NAMES.fromValue(value),
};

const UNITS: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

export const SIZE: Kind<number> = {
  expected: 'a size such as "10GB" or "500MB"',
  schema: { anyOf: [{ type: "string" }, { type: "integer", minimum: 0 }] },
  fromText(text) {
    const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)B?$/i.exec(text.trim());
    return match === null ? undefined : Number(match[1]) * UNITS[match[2]!.toUpperCase()]!;
  },
  fromValue: (value) =>
    typeof value === "string"
      ? SIZE.fromText(value)
      : typeof value === "number" && Number.isInteger(value) && value >= 0
      ? value
      : undefined,
};

const ENV_MODES = ["inherit", "strict"] as const;

export const ENV_MODE: Kind<string> = {
  expected: `one of ${ENV_MODES.join(", ")}`,
  schema: { enum: ENV_MODES },
  fromText: (text) => ENV_MODES.find((mode) => mode === text),
  fromValue: (value) => ENV_MODES.find((mode) => mode === value),
};

export const INTERPRETER: Kind<Interpreter> = {
  expected: INTERPRETER_EXPECTED,
  schema: {
    anyOf: [
      { enum: INTERPRETERS },
      { type: "array", items: { type: "string", minLength: 1 }, minItems: 1 },
    ],
  },
  fromText(text) {
    if (!text.startsWith("[")) return INTERPRETER.fromValue(text);
    try {
      return INTERPRETER.fromValue(JSON.parse(text));
    } catch {
      return undefined;
    }
  },
  fromValue(value) {
    const read = readInterpreter(value);
    return "value" in read ? read.value : undefined;
  },
  near(value) {
    const read = readInterpreter(value);
    return "fault" in read ? read.fault.near : [];
  },
};

export const LIMITS: Kind<Readonly<Record<string, number>>> = {
  expected: "a table of limit = count",
  schema: { type: "object", additionalProperties: { type: "integer", minimum: 1 } },
  fromText: () => undefined,
  fromValue: (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) &&
      Object.values(value).every((count) => COUNT.fromValue(count) !== undefined)
      ? value as Readonly<Record<string, number>>
      : undefined,
};
