/**
 * The state of one shell: what a subshell copies and an assignment changes.
 *
 * Words, commands and builtins all work on it. It is the one mutable thing here; whoever needs a
 * shell of its own (a subshell, a stage of a pipeline, a command substitution) forks it.
 *
 * @module
 */

import type { CompoundCommand, CompoundList, ParsedScript, Redirected } from "unbash";
import type { ShellSystem } from "../../host/shell_system.ts";
import { shownPath } from "./paths.ts";
import { type DescriptorTable, forkTable } from "./streams.ts";
import { Variables } from "./variables.ts";

/** What `set` switches. */
export interface Options {
  /** `-e` */
  errexit: boolean;
  /** `-u` */
  nounset: boolean;
  /** `-x` */
  xtrace: boolean;
  /** `-f` */
  noglob: boolean;
  /** `-C` */
  noclobber: boolean;
  /** `-a` */
  allexport: boolean;
  /** `-o pipefail` */
  pipefail: boolean;
}

export interface FunctionDefinition {
  readonly body: CompoundCommand | Redirected | CompoundList;
}

/** A command in the background. */
export interface Job {
  readonly pid: number;
  readonly done: Promise<number>;
  kill(signal: string): void;
}

/** The parts of the interpreter that words and builtins call back into. */
export interface Runtime {
  /** The output of a script in a subshell. */
  substitute(shell: Shell, script: ParsedScript): Promise<string>;
  /** Run source text in this shell, as `eval` does. */
  evaluate(shell: Shell, source: string, tested: boolean): Promise<number>;
  /** Run a program by its words, past functions. */
  command(shell: Shell, words: readonly string[], request: CommandRequest): Promise<number>;
}

/** What `kill` reaches of a job: shared by all shells that belong to it. */
export interface Life {
  /** The signal that ended it. */
  signal: string | undefined;
  /** Ends what is running: a child, a sleep. */
  readonly stops: Set<(signal: string) => void>;
}

/** A program that began to run; undefined for what runs inside this process. */
export interface Started {
  readonly pid: number;
  /** It does not need this process: none of its streams goes through us. */
  readonly independent: boolean;
  kill(signal: string): void;
}

export interface CommandRequest {
  /** Variables for the program alone. */
  readonly env?: ReadonlyMap<string, string>;
  /** No builtin that changes the shell itself: what `env` and `xargs` run is another process. */
  readonly programsOnly?: boolean;
}

export interface Shell {
  readonly system: ShellSystem;
  readonly runtime: Runtime;
  readonly variables: Variables;
  readonly functions: Map<string, FunctionDefinition>;
  readonly options: Options;
  /** `$0` */
  readonly name: string;
  positional: readonly string[];
  status: number;
  /** Status of the last command substitution of the current command. */
  substitutionStatus: number | undefined;
  /** Absolute, with `/`. */
  cwd: string;
  descriptors: DescriptorTable;
  exitTrap: string | undefined;
  readonly jobs: Job[];
  lastJob: number | undefined;
  loopDepth: number;
  /** Functions and sourced files around this point: where `return` goes. */
  returnDepth: number;
  readonly life: Life;
  /** Background work of this process that must be over before it ends. */
  readonly pending: Set<Promise<unknown>>;
  /** Told once, when the command of a job has begun. */
  announce: ((started: Started | undefined) => void) | undefined;
}

export function defaultOptions(): Options {
  return {
    errexit: false,
    nounset: false,
    xtrace: false,
    noglob: false,
    noclobber: false,
    allexport: false,
    pipefail: false,
  };
}

/** The variables that a new shell begins with. */
export function initialVariables(
  system: ShellSystem,
  env: Readonly<Record<string, string>>,
  cwd: string,
): Variables {
  const variables = Variables.from(env, system.windows);
  // A separator from outside would change what the script means.
  variables.unset("IFS");
  variables.set("IFS", " \t\n");
  variables.set("PWD", cwd);
  variables.export("PWD");
  variables.set("PPID", String(system.parent));
  // Windows has another name for it. Programs are not told: they know theirs.
  if (system.windows && variables.get("HOME") === undefined) {
    variables.set("HOME", shownPath(variables.get("USERPROFILE") ?? system.home, true));
  }
  return variables;
}

/** A shell of its own that starts where this one is. */
export function fork(shell: Shell): Shell {
  return {
    ...shell,
    variables: shell.variables.clone(),
    functions: new Map(shell.functions),
    options: { ...shell.options },
    descriptors: forkTable(shell.descriptors),
    exitTrap: undefined,
    jobs: [],
    announce: undefined,
  };
}
