/**
 * What starts a script: the words in front of it, behind it, and what each interpreter wants done
 * to its text.
 *
 * | interpreter     | is started as                       | `$0`, arguments              |
 * | --------------- | ----------------------------------- | ---------------------------- |
 * | none            | `/bin/sh -c`, or `portable`         | the task's name, `$1` …      |
 * | `portable`      | ntask itself                        | the same                     |
 * | `sh` `bash` `zsh` | `NAME -c SCRIPT`                  | the same                     |
 * | `pwsh`          | `pwsh … -Command SCRIPT`            | `$args`                      |
 * | `cmd`           | a file `.cmd` with the script       | `%1` …                       |
 * | `python`        | `python -c SCRIPT`                  | `sys.argv[1]` …              |
 * | a command line  | the script is its last argument     | as its shell, else behind it |
 *
 * @module
 */

import { scriptFile } from "../host/script_file.ts";
import { hasShell, selfCommand } from "../host/self.ts";
import type { Interpreter, Interpreting } from "../model/interpreter.ts";
import { dialectOf } from "../source/spec/interpreter.ts";
import { PWSH_STATUS } from "../source/spec/script_text.ts";
import { PORTABLE_SHELL } from "./hidden_mode.ts";

/** A script and what it is run with. */
export interface ScriptRequest {
  readonly script: string;
  /** Its `$0`, where there is such a thing. */
  readonly name: string;
  readonly args: readonly string[];
  /** Somebody may be there to answer it. */
  readonly asks: boolean;
}

/**
 * How scripts are started.
 *
 * @param python the words that start the project's Python, asked for when it is wanted
 */
export function interpretingOf<Problem>(
  interpreter: Interpreter | undefined,
  python: () => { readonly words: readonly string[] } | { readonly problem: Problem },
): Interpreting | { readonly problem: Problem } {
  const dialect = dialectOf(interpreter);
  switch (interpreter) {
    case undefined:
      return { dialect };
    case "portable":
      return { dialect, portable: true };
    case "sh":
      return { dialect, words: [hasShell() ? "/bin/sh" : "sh", "-c"] };
    case "pwsh":
      return { dialect, words: ["pwsh", "-NoLogo", "-NoProfile", "-Command"] };
    case "cmd":
      return { dialect, words: [] };
    case "python": {
      const found = python();
      return "problem" in found ? found : { dialect, words: [...found.words, "-c"] };
    }
    default:
      return {
        dialect,
        words: typeof interpreter === "string" ? [interpreter, "-c"] : interpreter,
      };
  }
}

/** The words that run a script. */
export function scriptProgram(
  { dialect, words, portable }: Interpreting,
  { script, name, args, asks }: ScriptRequest,
): readonly string[] {
  if (portable || words === undefined && !hasShell()) {
    return [...selfCommand(), PORTABLE_SHELL, script, name, ...args];
  }
  if (words === undefined) return ["/bin/sh", "-c", script, name, ...args];
  switch (dialect) {
    case "posix":
      return [...words, script, name, ...args];
    case "pwsh": {
      const [program, ...options] = words;
      // Without anybody to answer, a question is an error.
      return [
        program!,
        ...asks ? [] : ["-NonInteractive"],
        ...options,
        `${script}\n${PWSH_STATUS}`,
      ];
    }
    case "cmd":
      return [scriptFile(batchText(script), ".cmd"), ...args];
    case "python":
    case "unknown":
      return [...words, script, ...args];
  }
}

/** Lines as `cmd` reads them, which are not shown while they run. */
function batchText(script: string): string {
  const lines = script.replace(/\r?\n/g, "\r\n");
  // deno-lint-ignore no-control-regex -- what is beyond ASCII depends on the console
  const wide = /[^\x00-\x7f]/.test(script) ? "@chcp 65001 >nul\r\n" : "";
  return `@echo off\r\n${wide}${lines}\r\n`;
}
