/**
 * The holes of `shell` templates, in the language of whatever runs the command: a value is one word
 * whatever is in it, an array is several.
 *
 * @module
 */

import type { Dialect } from "../model/interpreter.ts";
import type { Hole } from "../model/ntask.d.ts";
import { misplacedInCmd, wordForProgram } from "../source/spec/script_text.ts";
import { quoteWord } from "./display.ts";

/** A template with its holes filled. */
export interface Filled {
  readonly script: string;
  /** As a person reads it, where the script only refers to the values. */
  readonly shown: string;
  /** For the command's environment. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The script that a template means.
 *
 * @throws {TypeError} for a hole that is an object, or a text with a NUL; or where the language has
 * no way to put a value in
 * @example fillTemplate("posix", ["rm ", ""], [["a b", "c"]]).script // "rm 'a b' 'c'"
 */
export function fillTemplate(
  dialect: Dialect,
  text: readonly string[],
  holes: readonly Hole[],
): Filled {
  if (dialect === "cmd") return fillCmd(text, holes);
  const script = fill(text, holes, QUOTE[dialect], dialect === "python" ? ", " : " ");
  return { script, shown: script, variables: {} };
}

const QUOTE: Readonly<Record<Exclude<Dialect, "cmd">, (value: string) => string>> = {
  posix: quoteWord,
  // Typographic quotes are quotes there.
  pwsh: (value) => `'${value.replace(/['\u2018\u2019\u201a\u201b]/g, "$&$&")}'`,
  // What JSON escapes, Python escapes in the same way; half a character it takes as such.
  python: (value) => JSON.stringify(value),
  unknown() {
    throw new TypeError(
      "a hole of shell`…` cannot be quoted for this interpreter: hand it over by .env({ … })",
    );
  },
};

/** `%NAME%` is read as code, `!NAME!` is not: see the placeholders of such a script. */
function fillCmd(text: readonly string[], holes: readonly Hole[]): Filled {
  if (holes.length === 0) {
    const script = text.join("");
    return { script, shown: script, variables: {} };
  }
  const why = misplacedInCmd(text.join("{args}"));
  if (why !== undefined) {
    throw new TypeError(`a hole of shell\`…\` cannot stand in this script for cmd: ${why}`);
  }
  const names = new Map<string, string>();
  const refer = (value: string) => {
    const word = wordForProgram(value);
    const name = names.get(word) ?? `NTASK_ARG_${names.size + 1}`;
    names.set(word, name);
    return `!${name}!`;
  };
  const script = fill(text, holes, refer, " ");
  return {
    script: `@setlocal EnableDelayedExpansion\n${script}`,
    shown: fill(text, holes, wordForProgram, " "),
    variables: Object.fromEntries([...names].map(([value, name]) => [name, value])),
  };
}

function fill(
  text: readonly string[],
  holes: readonly Hole[],
  quote: (value: string) => string,
  between: string,
): string {
  let script = text[0] ?? "";
  holes.forEach((hole, index) => {
    script += fillHole(hole, quote, between) + (text[index + 1] ?? "");
  });
  return script;
}

function fillHole(hole: Hole, quote: (value: string) => string, between: string): string {
  if (hole === false || hole === null || hole === undefined) return "";
  if (Array.isArray(hole)) {
    return hole.map((value) => fillHole(value as Hole, quote, between)).join(between);
  }
  if (typeof hole === "object" || typeof hole === "function" || typeof hole === "symbol") {
    throw new TypeError("a hole of shell`…` takes text, numbers and arrays of them");
  }
  const value = String(hole);
  if (value.includes("\0")) throw new TypeError("a hole of shell`…` contains a NUL character");
  return quote(value);
}
