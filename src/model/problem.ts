/**
 * Expected failures, as values. A problem holds a code, a place and data; the sentence a person
 * reads is made from them in one module, `report/problem.ts`.
 *
 * `E_` is found when a file is loaded, `R_` when a task is run, `W_` is a warning.
 *
 * @module
 */

import type { AbsolutePath } from "./id.ts";
import type { Place } from "./place.ts";

/** The data of each code. */
export interface ProblemData {
  // --- loading -----------------------------------------------------------------------------
  E_TOML: {
    readonly detail: string;
    /** Of what stands there twice. */
    readonly otherPlace?: Place;
  };
  E_SOURCE_CONFLICT: { readonly tables: readonly string[] };
  /** `looked` are the directories searched; `empty` the task files found without a task in them. */
  E_NO_TASKS: { readonly start: AbsolutePath; readonly empty: readonly AbsolutePath[] };
  /** A task file, or what `role` says. */
  E_FILE: { readonly file: string; readonly why: FileFault; readonly role?: "environment file" };
  E_DIRECTORY: {
    readonly directory: string;
    readonly why: DirectoryFault;
    /** By an option. */
    readonly given: boolean;
  };
  E_NAME: { readonly name: string; readonly why: string };
  E_NAME_RESERVED: { readonly name: string };
  E_NAME_DUP: { readonly name: string; readonly other: string; readonly otherPlace: Place };
  E_TASK_TYPE: { readonly name: string; readonly found: string };
  E_KIND_MULTI: { readonly kinds: readonly string[] };
  E_KIND_NONE: { readonly name: string };
  E_GROUP_EXEC: { readonly member: string; readonly kind: string };
  E_PROP_UNKNOWN: { readonly property: string; readonly near: readonly string[] };
  E_PROP_TYPE: {
    readonly property: string;
    readonly expected: string;
    readonly found: string;
    readonly near?: readonly string[];
  };
  E_PROP_SCOPE: { readonly property: string; readonly where: string; readonly instead?: string };
  /** A named limit that is not in the settings, or is smaller than what is to be taken of it. */
  E_LIMIT_UNKNOWN: { readonly limit: string; readonly near: readonly string[] };
  E_LIMIT_SIZE: { readonly limit: string; readonly count: number; readonly size: number };
  /** What a composite leads to takes more of a limit than the composite holds. */
  E_LIMIT_HELD: {
    readonly limit: string;
    readonly item: string;
    readonly count: number;
    readonly held: number;
  };
  /** A task that must run alone is among those that run at the same time. */
  E_EXCLUSIVE: { readonly item: string };
  /** Results are to be kept, but nothing says what they are made of. */
  E_CACHE_INPUTS: { readonly property: string };
  E_CACHE_INTERACTIVE: { readonly property: string };
  /** The body of a cached task uses a name of a function or block around it. */
  E_CACHE_CAPTURE: { readonly name: string };
  /** A pattern of inputs or outputs that cannot be one. */
  E_CACHE_PATTERN: {
    readonly property: string;
    readonly pattern: string;
    readonly why:
      | "outside"
      | "absolute"
      | "empty"
      | "malformed"
      | "drive"
      | "root"
      | "store"
      | "own root";
    readonly detail?: string;
    /** What it should be. */
    readonly instead?: string;
  };
  /** An output that is an input, or two tasks that write the same in no order. */
  E_CACHE_OVERLAP:
    | { readonly output: string; readonly input: string }
    | { readonly output: string; readonly other: string; readonly otherOutput: string };
  E_ENV_NAME: { readonly name: string };
  /** No system can hand it to a process. */
  E_ENV_VALUE: { readonly name: string };
  E_CMD_EMPTY: { readonly property: string };
  E_CMD_PARSE: { readonly detail: string };
  E_CALL: { readonly text: string; readonly why: string };
  E_REF_EMPTY: Record<never, never>;
  E_REF_UNKNOWN: { readonly name: string; readonly near: readonly string[] };
  E_REF_DYNAMIC: { readonly text: string };
  /** The path of task names; the first is repeated at the end. */
  E_CYCLE: { readonly path: readonly string[] };
  E_PLACEHOLDER: { readonly text: string; readonly near: readonly string[] };
  /** A placeholder where a script's language gives no safe way to put a value in. */
  E_ARG_PLACE: {
    readonly text: string;
    readonly interpreter: string;
    readonly why: string;
    readonly instead: string;
  };
  E_COND_SYNTAX: { readonly detail: string };
  E_COND_VAR: { readonly name: string; readonly near: readonly string[] };
  E_COND_OP: { readonly operator: string; readonly marker: string };
  E_COND_FILES: Record<never, never>;
  E_JSON: { readonly detail: string };
  E_SETTING_UNKNOWN: { readonly key: string; readonly near: readonly string[] };
  E_SETTING_TYPE: {
    readonly key: string;
    readonly expected: string;
    readonly found: string;
    readonly near?: readonly string[];
  };
  /** A setting has two places in one project. */
  E_SETTING_CONFLICT: { readonly key: string; readonly otherPlace: Place };
  E_TS_SYNTAX: { readonly detail: string };
  /** A `tasks.ts` threw while it was evaluated. */
  E_TS_LOAD: {
    readonly name: string;
    readonly detail: string;
    /** It was loaded already: a timer, or a promise that nobody waited for. */
    readonly late?: true;
  };
  /** An exported function has a parameter that cannot become a command line. */
  E_TS_PARAM: {
    readonly param: string;
    readonly type: string;
    readonly why: string;
    /** What its type may be, where that is what is wrong. */
    readonly allowed?: readonly string[];
  };
  /** An import leads nowhere. */
  /** An import of what is not there: a module, or a name in it. */
  E_TS_IMPORT: {
    readonly specifier: string;
    readonly name?: string;
    readonly near?: readonly string[];
  };
  E_TS_OPTION: { readonly detail: string };
  // --- running -----------------------------------------------------------------------------
  R_TASK_UNKNOWN: { readonly name: string; readonly near: readonly string[] };
  R_OPTION: { readonly detail: string; readonly near: readonly string[] };
  R_ARG_MISSING: { readonly task: string; readonly name: string; readonly usage: string };
  R_ARG_VALUE: {
    readonly task: string;
    readonly name: string;
    readonly detail: string;
    readonly usage: string;
    readonly near?: readonly string[];
  };
  R_ARG_UNEXPECTED: {
    readonly task: string;
    readonly word: string;
    readonly why: string;
    readonly usage: string;
    readonly near: readonly string[];
  };
  /** `ntask init` would have to overwrite something. */
  R_INIT: { readonly file: string };
  /** A file could not be written. */
  R_WRITE: { readonly file: string; readonly detail: string };
  /** A task asks before it runs, and nobody can be asked. */
  R_CONFIRM: { readonly question: string };
  R_ARG_HEREDOC: { readonly delimiter: string };
  R_ENV_UNSET: { readonly name: string };
  R_CWD: { readonly directory: string; readonly why: DirectoryFault };
  R_COMMAND: {
    readonly program: string;
    readonly why:
      | "missing"
      /** What it is made for is not there: the interpreter in its first line, mostly. */
      | "interpreter"
      | "not-executable"
      /** No program, and no interpreter in its first line. */
      | "format"
      | "directory"
      | "too-long"
      /** An argument with a line end, which `cmd` cannot hand on. */
      | "line-end"
      | "other";
    readonly detail?: string;
    readonly searched: readonly string[];
    /** Programs whose names are near. */
    readonly near?: readonly string[];
    /** It is a word of this shell's, and no program. */
    readonly builtin?: "a shell" | "cmd";
    /** The packages of the project are not installed. */
    readonly install?: string;
  };
  /** The portable shell does not cover a construct. */
  R_SHELL: { readonly construct: string; readonly detail: string };
  /** The body of a function threw. */
  R_THROWN: {
    /** Of the error; empty when what was thrown is no error. */
    readonly name: string;
    readonly detail: string;
    /** The user's calls that led there, the innermost first. */
    readonly stack: readonly StackCall[];
    /** What the error says it was caused by, in words. */
    readonly causes: readonly string[];
  };
  /** A function host ended without an answer. */
  R_HOST: { readonly detail: string };
  /** Declared outputs that were not produced. */
  R_CACHE_OUTPUT: {
    readonly patterns: readonly string[];
    /** A link on the way to one of them. */
    readonly link?: string;
  };
  /** A command of `tools` failed. */
  R_CACHE_TOOL: { readonly command: string; readonly detail: string };
  R_PYTHON: { readonly searched: readonly string[] };
  /** What a script asks to be run by is not there. */
  R_INTERPRETER: { readonly interpreter: string; readonly program: string };
  /** A NUL character, which ends every text that a system hands to a process. */
  R_NUL: { readonly where: "variable" | "argument"; readonly name: string };
  R_CALL: { readonly target: string; readonly detail: string };
  // --- warnings ----------------------------------------------------------------------------
  /** Its input patterns match nothing: it runs uncached. */
  W_CACHE_NO_INPUTS: { readonly patterns: readonly string[] };
  /** It reads what another task of the plan writes, in no order. */
  W_CACHE_ORDER: { readonly path: string; readonly writer: string };
  /** An input that is left out, or because of which the result is not kept. */
  W_CACHE_INPUT: {
    readonly path: string;
    readonly why: "special" | "unreadable" | "not unicode" | "changing";
  };
  /** An input has changed while the task ran. */
  W_CACHE_CHANGED: { readonly path: string };
  /** Something about its outputs keeps the result from being stored. */
  W_CACHE_OUTPUT: {
    readonly path: string;
    readonly why:
      | "special"
      | "unreadable"
      | "not unicode"
      | "name"
      | "untouched"
      | "overwritten"
      | "input"
      | "changing";
  };
  /** The store, or what ntask keeps in the project, cannot be used. */
  W_CACHE_STORE: { readonly detail: string };
  /** Files where ntask writes that were not ntask's, and how many more: moved to a directory. */
  W_CACHE_ASIDE: { readonly path: string; readonly more: number; readonly directory: string };
  /** What a function returned holds a secret, so it is not kept. */
  W_CACHE_SECRET: Record<never, never>;
  /** Code is loaded or made that is not written out. */
  W_CACHE_CODE: Record<never, never>;
  /** Variables are used by names that are made up when it runs. */
  W_CACHE_ENV: Record<never, never>;
  /** More inputs than anybody means. */
  W_CACHE_MANY: { readonly count: number; readonly directory: string; readonly below: number };
  W_SHADOWED: { readonly file: AbsolutePath; readonly by: AbsolutePath };
  W_SHELL_SYNTAX: { readonly word: string };
  W_LOOKS_LIKE_PROPERTY: { readonly name: string; readonly property: string };
  W_ENVFILE: {
    readonly file: string;
    readonly line?: number;
    readonly detail: string;
    /** It need not be there: said with `-v` only. */
    readonly missing?: true;
  };
  /** A task needs the terminal, and there is none to read from. */
  W_INTERACTIVE: Record<never, never>;
  /** An interpreter where nothing is a script. */
  W_INTERPRETER: Record<never, never>;
  /** A script that the portable shell cannot run; systems without a shell use that. */
  W_PORTABLE: {
    readonly construct: string;
    readonly detail: string;
    /** It is what was asked for, on every system. */
    readonly declared?: true;
  };
}

/** A call on the stack of an error: where it was when the error was made. */
export interface StackCall {
  readonly name: string;
  readonly file: AbsolutePath;
  /** From 1, as is `column`. */
  readonly line: number;
  readonly column: number;
}

/** Why a file or directory could not be used. */
export type FileFault =
  | "missing"
  | "unreadable"
  | "is-directory"
  | "is-pipe"
  | "not-directory"
  | "not-utf8"
  | "endless"
  | "unknown-format";

/** Why there is no working in a directory. */
export type DirectoryFault = "missing" | "not-directory" | "odd-name";

/** @param kind what is there, if anything is */
export function directoryFault(path: string, kind: string | undefined): DirectoryFault {
  if (kind !== undefined) return "not-directory";
  // A name that is not UTF-8 has become another one, and that is not there.
  return path.includes("\ufffd") ? "odd-name" : "missing";
}

export type ProblemCode = keyof ProblemData;

/** One expected failure. */
export type Problem<C extends ProblemCode = ProblemCode> = {
  [K in C]:
    & { readonly code: K; readonly task?: string; readonly place?: Place }
    & ProblemData[K];
}[C];

/** Either a value, or the problems that stand in its way. Warnings may come with a value. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };
