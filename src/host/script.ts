/**
 * This process as the host of a script the user called: its arguments, signals and end.
 *
 * @module
 */

import process from "node:process";
import { follow } from "./follow.ts";

/** The process as its script sees it. */
export interface ScriptProcess {
  readonly env: Record<string, string | undefined>;
  readonly cwd: string;
  /**
   * Aborted when the process is told to end. Who has asked for it ends in their own time, until
   * they are told again; who has not would never know, and is ended.
   */
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
  const told = new AbortController();
  let asked = false;
  const streams = [follow(process.stdout), follow(process.stderr)];
  for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    process.on(signal, () => {
      if (!asked || told.signal.aborted) process.exit(status);
      told.abort(signal);
    });
  }
  return {
    env: process.env,
    cwd: process.cwd(),
    get signal() {
      asked = true;
      return told.signal;
    },
    print: (value) => console.log(value),
    log: (text) => void process.stderr.write(text + "\n"),
    async end() {
      await Promise.all(streams.map((followed) => followed.idle()));
      return process.exitCode === undefined ? undefined : Number(process.exitCode);
    },
  };
}
