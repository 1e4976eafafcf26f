/**
 * What runs a script: one of the names that ntask knows how to start, or the author's own command
 * line, which is given the script as its last argument.
 *
 * @module
 */

import type { Place } from "./place.ts";

/** The names, in the order in which they are told. */
export const INTERPRETERS = [
  "portable",
  "sh",
  "bash",
  "zsh",
  "pwsh",
  "cmd",
  "python",
] as const;

export type InterpreterName = typeof INTERPRETERS[number];

export type Interpreter = InterpreterName | readonly string[];

/** An interpreter that somebody has asked for. */
export interface DeclaredInterpreter {
  readonly value: Interpreter;
  /** Absent when a variable of the environment says it. */
  readonly place?: Place;
}

/**
 * The language of a script, as far as ntask must know it: how a value is put into it, and which
 * variables it names.
 */
export type Dialect = "posix" | "pwsh" | "cmd" | "python" | "unknown";

/** What starts scripts: the words in front of the script, and its language. */
export interface Interpreting {
  readonly dialect: Dialect;
  /** Absent: the system's shell, or where there is none, the portable one. */
  readonly words?: readonly string[];
  /** It is ntask's own. */
  readonly portable?: true;
}
