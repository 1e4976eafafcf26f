/**
 * Reads what a script is to be run by, and says which language that is.
 *
 * @module
 */

import {
  type Dialect,
  type Interpreter,
  type InterpreterName,
  INTERPRETERS,
} from "../../model/interpreter.ts";
import { nearest } from "../../model/near.ts";

/** Why something is no interpreter. */
export interface InterpreterFault {
  /** As a sentence has it behind "it must be". */
  readonly expected: string;
  readonly near: readonly string[];
}

const NAMES: ReadonlySet<unknown> = new Set(INTERPRETERS);

/** What one may be, in words. */
export const INTERPRETER_EXPECTED: string = `one of ${
  INTERPRETERS.map((name) => `"${name}"`).join(", ")
}, or a command line as an array`;

/** What others call them. */
const ALSO: Readonly<Record<string, InterpreterName>> = {
  powershell: "pwsh",
  dash: "sh",
  posix: "sh",
  shell: "sh",
  batch: "cmd",
};

export function readInterpreter(
  value: unknown,
): { readonly value: Interpreter } | { readonly fault: InterpreterFault } {
  if (NAMES.has(value)) return { value: value as InterpreterName };
  if (!Array.isArray(value) || value.length === 0) {
    const near = typeof value !== "string"
      ? []
      : Object.hasOwn(ALSO, value)
      ? [ALSO[value]!]
      : nearest(value, [...INTERPRETERS]);
    return { fault: { expected: INTERPRETER_EXPECTED, near } };
  }
  if (!value.every((word) => typeof word === "string" && word !== "" && !word.includes("\0"))) {
    return { fault: { expected: "an array of words, none of them empty", near: [] } };
  }
  const words = value as readonly string[];
  const dialect = dialectOf(words);
  if (dialect === "cmd") return { fault: { expected: '"cmd", without options', near: [] } };
  const reads = TAKES_SCRIPT[dialect];
  if (reads === undefined || reads.test(words.at(-1)!)) return { value: words };
  // Without it, a script would be taken for the name of a file.
  const option = dialect === "pwsh" ? "-Command" : "-c";
  const whole = JSON.stringify([...words, option]).replaceAll(",", ", ");
  return { fault: { expected: `a command line that takes a script: ${whole}`, near: [] } };
}

/** The last word of a command line that is followed by a script. */
const TAKES_SCRIPT: Readonly<Partial<Record<Dialect, RegExp>>> = {
  posix: /^-[A-Za-z]*c[A-Za-z]*$/,
  pwsh: /^-c(?:o(?:m(?:m(?:a(?:n(?:d)?)?)?)?)?)?$/i,
  python: /^-[A-Za-z]*c$/,
};

const POSIX = /^(?:sh|bash|dash|ash|zsh|ksh|mksh|yash)$/;

/** The language of a script for an interpreter; without one, that of the system's shell. */
export function dialectOf(interpreter: Interpreter | undefined): Dialect {
  if (typeof interpreter === "string") {
    return interpreter === "pwsh" || interpreter === "cmd" || interpreter === "python"
      ? interpreter
      : "posix";
  }
  if (interpreter === undefined) return "posix";
  const [program, next = ""] = interpreter.map(baseName);
  // What starts another program in this environment leaves the language to that.
  if (program === "env" && interpreter.length > 1 && !/^-|=/.test(next)) {
    return dialectOf(interpreter.slice(1));
  }
  if (program === "busybox" && POSIX.test(next)) return "posix";
  if (POSIX.test(program!)) return "posix";
  if (program === "pwsh" || program === "powershell") return "pwsh";
  if (program === "cmd") return "cmd";
  return /^(?:python|pypy)[\d.]*$|^py$/.test(program!) ? "python" : "unknown";
}

/** An interpreter's name in a sentence. */
export function interpreterName(interpreter: Interpreter | undefined): string {
  if (interpreter === undefined) return "sh";
  return typeof interpreter === "string" ? interpreter : interpreter[0]!;
}

function baseName(word: string): string {
  return word.replace(/^.*[\\/]/, "").replace(/\.exe$/i, "").toLowerCase();
}
