/**
 * This process as the host of a script the user called: its arguments, signals and end.
 *
 * @module
 */

import { follow } from "./follow.ts";
import { process } from "./process.ts";
import { listenForEnd, toldSignal } from "./told.ts";

/** The process as its script sees it. */
export interface ScriptProcess {
  readonly env: Record<string, string | undefined>;
  readonly cwd: string;
  /** Aborted when the process is told to end. */
  readonly signal: AbortSignal;
  /** Write a value to stdout, as `console.log` does. */
  print(value: unknown): void;
  /** Write a line to stderr. */
  log(text: string): void;
  /** Resolves when everything written is out, with the status the script has set, if it has. */
  end(): Promise<number | undefined>;
}

/**
 * Make the process look like the script's own.
 *
 * @param name what stands where a program's name does, in `process.argv[1]`
 */
export function enterScript(name: string, args: readonly string[]): ScriptProcess {
  process.argv = [process.argv[0]!, name, ...args];
  const streams = [follow(process.stdout), follow(process.stderr)];
  listenForEnd();
  return {
    env: process.env,
    cwd: process.cwd(),
    signal: toldSignal,
    print: (value) => console.log(value),
    log: (text) => void process.stderr.write(text + "\n"),
    async end() {
      await Promise.all(streams.map((followed) => followed.idle()));
      return process.exitCode === undefined ? undefined : Number(process.exitCode);
    },
  };
}
