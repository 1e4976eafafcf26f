/**
 * One word of a command line against the type of a parameter.
 *
 * @module
 */

import { nearest } from "../../model/near.ts";
import type { ParamType, Scalar } from "../../model/param.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^0[xob][\da-f]+$/i;
const INTEGER = /^[+-]?\d+$/;

/** Either the value that a word means, or what is wrong with it. */
export type Converted =
  | { readonly ok: true; readonly value: Scalar }
  | { readonly ok: false; readonly detail: string; readonly near?: readonly string[] };

/** Is the word, though it begins with a dash, a value: `-5`, `-.5`, `-`? */
export function isValue(word: string): boolean {
  return !word.startsWith("-") || word === "-" || /^-\.?\d/.test(word);
}

/** The value that a word means for a type. */
export function convert(type: ParamType, word: string): Converted {
  const quoted = JSON.stringify(word);
  switch (type.kind) {
    case "string":
      return { ok: true, value: word };
    case "number": {
      const value = NUMBER.test(word) ? Number(word) : NaN;
      if (Number.isFinite(value)) return { ok: true, value };
      return wrong(`${quoted} is not a ${NUMBER.test(word) ? "finite " : ""}number`);
    }
    case "integer": {
      const value = INTEGER.test(word) ? Number(word) : NaN;
      if (Number.isSafeInteger(value)) return { ok: true, value };
      return wrong(`${quoted} is not ${INTEGER.test(word) ? "a safe" : "an"} integer`);
    }
    case "bigint":
      // The `n` of the source is allowed.
      return /^[+-]?\d+n?$/.test(word)
        ? { ok: true, value: BigInt(word.replace(/n$/, "")) }
        : wrong(`${quoted} is not an integer`);
    case "boolean":
      if (word === "true" || word === "false") return { ok: true, value: word === "true" };
      return wrong(`${quoted} is neither true nor false`);
    case "choice": {
      const found = type.choices.find((choice) => String(choice) === word);
      if (found !== undefined) return { ok: true, value: found };
      const names = type.choices.map(String);
      return {
        ...wrong(`${quoted} is not one of ${names.join(", ")}`),
        near: nearest(word, names),
      };
    }
  }
}

/** Why a value is not of a type; `undefined` when it is. */
export function mismatch(type: ParamType, value: unknown): string | undefined {
  const is = (fits: boolean, what: string) => fits ? undefined : `${shown(value)} is ${what}`;
  switch (type.kind) {
    case "string":
      return is(typeof value === "string", "no string");
    case "boolean":
      return is(typeof value === "boolean", "no boolean");
    case "bigint":
      return is(typeof value === "bigint", "no bigint");
    case "number":
      return is(typeof value === "number" && Number.isFinite(value), "no finite number");
    case "integer":
      return is(Number.isSafeInteger(value), "no integer");
    case "choice":
      return is(
        type.choices.some((choice) => choice === value),
        `not one of ${type.choices.map(String).join(", ")}`,
      );
  }
}

/** A value as a person would write it. */
export function shown(value: unknown): string {
  return typeof value === "bigint" ? `${value}n` : JSON.stringify(value) ?? String(value);
}

/** The word that means a value: `convert` undone. */
export function wordOf(value: unknown): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function wrong(detail: string): Extract<Converted, { ok: false }> {
  return { ok: false, detail };
}
