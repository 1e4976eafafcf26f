/**
 * The portable shell: a script of the POSIX shell language, run without a shell.
 *
 * In: the script, its `$0` and arguments, the system. Out: its exit status, when everything it
 * wrote is written. What the shell does not cover is found before the first command runs.
 *
 * @module
 */

import { parse } from "unbash";
import type { ShellSystem } from "../../host/shell_system.ts";
import { runWords } from "./command.ts";
import { runScript, runToEnd, substitute } from "./interpreter.ts";
import { complain } from "./output.ts";
import { shownPath } from "./paths.ts";
import { defaultOptions, initialVariables, type Runtime, type Shell } from "./state.ts";
import { Descriptor, standardStream } from "./streams.ts";
import { ShellFault } from "./unwind.ts";
import { unsupported, unsupportedSentence } from "./unsupported.ts";

export interface PortableShellOptions {
  /** The source text. */
  readonly script: string;
  /** `$0`, also the name in messages. */
  readonly name: string;
  /** `$1`, `$2`, … */
  readonly args: readonly string[];
  readonly system: ShellSystem;
}

/**
 * Run a script to its end.
 *
 * @returns the exit status: 2 for a syntax error and for what the shell does not cover
 * @example
 * ```ts
 * import { realShellSystem } from "../../host/shell_system.ts";
 *
 * const status = await runPortableShell({
 *   script: 'echo "hello $1"',
 *   name: "greet",
 *   args: ["world"],
 *   system: realShellSystem(),
 * });
 * ```
 */
export async function runPortableShell(options: PortableShellOptions): Promise<number> {
  const { script: source, system } = options;
  const shell = initialShell(options);
  const status = await runToEnd(shell, async () => {
    const problems = unsupported(source, { utilities: system.windows });
    for (const problem of problems) await complain(shell, unsupportedSentence(source, problem));
    if (problems.length > 0) return 2;
    return await runScript(shell, parse(source), { tested: false, tail: true });
  });
  // What still runs in the background inside this process would end with it.
  while (shell.pending.size > 0) await Promise.all(shell.pending);
  return status;
}

const runtime: Runtime = { substitute, evaluate, command: runWords };

function initialShell({ name, args, system }: PortableShellOptions): Shell {
  const cwd = shownPath(system.cwd, system.windows);
  return {
    system,
    runtime,
    variables: initialVariables(system, system.env, cwd),
    functions: new Map(),
    options: defaultOptions(),
    name,
    positional: args,
    status: 0,
    substitutionStatus: undefined,
    cwd,
    descriptors: new Map(
      system.standard.map((stream, fd) => [fd, new Descriptor(standardStream(system, stream))]),
    ),
    exitTrap: undefined,
    jobs: [],
    lastJob: undefined,
    loopDepth: 0,
    returnDepth: 0,
    life: { signal: undefined, stops: new Set() },
    pending: new Set(),
    announce: undefined,
  };
}

async function evaluate(shell: Shell, source: string, tested: boolean): Promise<number> {
  const problems = unsupported(source);
  for (const problem of problems.slice(1)) {
    await complain(shell, unsupportedSentence(source, problem));
  }
  if (problems[0] !== undefined) throw new ShellFault(unsupportedSentence(source, problems[0]));
  return await runScript(shell, parse(source), { tested, tail: false });
}
