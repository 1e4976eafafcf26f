/**
 * The properties beyond the core of the language (toml-spec §14), typed. Names are camelCase here
 * and in `tasks.ts`, snake_case in TOML.
 *
 * @module
 */

import type { DeclaredInterpreter } from "./interpreter.ts";
import type { Place } from "./place.ts";

/** How often a failing task is tried again. */
export interface Retries {
  /** Further attempts after the first. */
  readonly max: number;
  /** Before the first retry, in milliseconds. */
  readonly delay: number;
  /** What the delay is multiplied with after each retry. */
  readonly factor: number;
}

/** What becomes of what a call returns: the status, text on stdout, or nothing. */
export type CallResult = "exit" | "print" | "ignore";

export type Platform = "os-arch" | "os" | "any";

/** Does a task say what it reads or writes? */
export function concernsFiles({ inputs, outputs, outputsOptional }: Extension): boolean {
  return (inputs ?? outputs ?? outputsOptional) !== undefined;
}

/** Absent means: not said, the default holds. */
export interface Extension {
  /** Where patterns and limits are written. */
  readonly places?: Readonly<Record<string, Place>>;
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly outputsOptional?: readonly string[];
  readonly cached?: boolean;
  readonly cacheEnv?: readonly string[];
  readonly tools?: readonly string[];
  readonly platform?: Platform;
  readonly text?: boolean;
  readonly clean?: boolean;
  readonly gitignore?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly result?: CallResult;
  readonly retries?: Retries;
  /** Named limit -> how many of it the task takes. */
  readonly uses?: Readonly<Record<string, number>>;
  readonly weight?: number;
  readonly interpreter?: DeclaredInterpreter;
  readonly interactive?: boolean;
  readonly exclusive?: boolean;
  readonly keepGoing?: boolean;
  readonly confirm?: string;
  readonly tags?: readonly string[];
  readonly aliases?: readonly string[];
  readonly default?: boolean;
  readonly hidden?: boolean;
}
