/**
 * The builtins by name. One line here and one file in this folder make a new one; it is loaded when
 * a script first uses it.
 *
 * @module
 */

import type { Shell } from "../state.ts";

export interface Invocation {
  readonly shell: Shell;
  readonly name: string;
  readonly args: readonly string[];
  /** Someone looks at the status: `set -e` does not apply inside. */
  readonly tested: boolean;
}

/**
 * A builtin: the status comes back, output goes to the shell's descriptors. Throws `NotCovered`
 * before anything happened, `ShellFault` where the shell ends with it, `StreamFault`, `BrokenPipe`.
 */
export type Builtin = (invocation: Invocation) => number | Promise<number>;

/**
 * - `special`: the standard's special builtins: assignments before them stay, errors end the shell.
 * - `shell`: works on the shell or is built in everywhere.
 * - `utility`: a program elsewhere. Where a POSIX system has it, that one knows the options ours
 *   does not.
 * - `fallback`: only where the system has no such program.
 */
export type BuiltinKind = "special" | "shell" | "utility" | "fallback";

export interface BuiltinEntry {
  readonly kind: BuiltinKind;
  load(): Promise<{ readonly run: Builtin }>;
}

export const builtins: Readonly<Record<string, BuiltinEntry>> = {
  ".": { kind: "special", load: () => import("./dot.ts") },
  ":": { kind: "special", load: () => import("./truth.ts") },
  "[": { kind: "shell", load: () => import("./test.ts") },
  basename: { kind: "utility", load: () => import("./path_parts.ts") },
  break: { kind: "special", load: () => import("./leave.ts") },
  cat: { kind: "utility", load: () => import("./cat.ts") },
  cd: { kind: "shell", load: () => import("./directory.ts") },
  command: { kind: "shell", load: () => import("./command.ts") },
  continue: { kind: "special", load: () => import("./leave.ts") },
  cp: { kind: "utility", load: () => import("./copy.ts") },
  date: { kind: "utility", load: () => import("./date.ts") },
  dirname: { kind: "utility", load: () => import("./path_parts.ts") },
  echo: { kind: "shell", load: () => import("./echo.ts") },
  env: { kind: "utility", load: () => import("./env.ts") },
  eval: { kind: "special", load: () => import("./eval.ts") },
  exec: { kind: "special", load: () => import("./exec.ts") },
  exit: { kind: "special", load: () => import("./leave.ts") },
  export: { kind: "special", load: () => import("./declare.ts") },
  false: { kind: "shell", load: () => import("./truth.ts") },
  grep: { kind: "utility", load: () => import("./grep.ts") },
  head: { kind: "utility", load: () => import("./head.ts") },
  kill: { kind: "shell", load: () => import("./kill.ts") },
  local: { kind: "shell", load: () => import("./declare.ts") },
  ls: { kind: "utility", load: () => import("./ls.ts") },
  mkdir: { kind: "utility", load: () => import("./make_directory.ts") },
  mktemp: { kind: "utility", load: () => import("./mktemp.ts") },
  mv: { kind: "utility", load: () => import("./move.ts") },
  printenv: { kind: "utility", load: () => import("./env.ts") },
  printf: { kind: "shell", load: () => import("./printf.ts") },
  pwd: { kind: "shell", load: () => import("./directory.ts") },
  read: { kind: "shell", load: () => import("./read.ts") },
  readonly: { kind: "special", load: () => import("./declare.ts") },
  return: { kind: "special", load: () => import("./leave.ts") },
  rm: { kind: "utility", load: () => import("./remove.ts") },
  rmdir: { kind: "utility", load: () => import("./remove.ts") },
  seq: { kind: "utility", load: () => import("./seq.ts") },
  set: { kind: "special", load: () => import("./set.ts") },
  sh: { kind: "fallback", load: () => import("./sh.ts") },
  shift: { kind: "special", load: () => import("./set.ts") },
  sleep: { kind: "utility", load: () => import("./sleep.ts") },
  sort: { kind: "utility", load: () => import("./sort.ts") },
  tail: { kind: "utility", load: () => import("./tail.ts") },
  tee: { kind: "utility", load: () => import("./tee.ts") },
  test: { kind: "shell", load: () => import("./test.ts") },
  touch: { kind: "utility", load: () => import("./touch.ts") },
  tr: { kind: "utility", load: () => import("./tr.ts") },
  trap: { kind: "special", load: () => import("./trap.ts") },
  true: { kind: "shell", load: () => import("./truth.ts") },
  type: { kind: "shell", load: () => import("./command.ts") },
  uniq: { kind: "utility", load: () => import("./uniq.ts") },
  unset: { kind: "special", load: () => import("./declare.ts") },
  wait: { kind: "shell", load: () => import("./wait.ts") },
  wc: { kind: "utility", load: () => import("./wc.ts") },
  which: { kind: "utility", load: () => import("./which.ts") },
  xargs: { kind: "utility", load: () => import("./xargs.ts") },
};
