/**
 * Children of a function body: they belong to the process they are started from and use its
 * streams, directory and environment.
 *
 * @module
 */

import { spawn } from "node:child_process";
import process from "node:process";
import { windowsCommand } from "./windows_command.ts";
import { signalNumber } from "./signals.ts";

export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to the process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text for its stdin; without it the stdin is shared. */
  readonly stdin?: string;
  readonly capture?: boolean;
}

export interface ChildEnd {
  readonly code: number;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds. */
  readonly duration: number;
}

/**
 * Run a program to its end.
 *
 * @throws {Error} when it cannot be started
 */
export function runHere(command: ChildCommand): Promise<ChildEnd> {
  const started = performance.now();
  const { file, args, verbatim } = process.platform === "win32"
    ? windowsCommand(command.file, command.args)
    : { ...command, verbatim: false };
  const out = command.capture ? "pipe" : "inherit";
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], {
      ...(command.cwd !== undefined && { cwd: command.cwd }),
      env: { ...process.env, ...command.env },
      stdio: [command.stdin === undefined ? "inherit" : "pipe", out, out],
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
    const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
    child.stdout?.on("data", (bytes: Uint8Array) => output.stdout.push(bytes));
    child.stderr?.on("data", (bytes: Uint8Array) => output.stderr.push(bytes));
    child.on("error", reject);
    child.on("close", (code: number | null, signal: string | null) => {
      resolve({
        code: signal === null ? code ?? 1 : 128 + signalNumber(signal),
        signal: signal ?? undefined,
        stdout: Buffer.concat(output.stdout).toString("utf8"),
        stderr: Buffer.concat(output.stderr).toString("utf8"),
        duration: performance.now() - started,
      });
    });
    if (child.stdin) {
      // A child that does not read to the end is no failure of ours.
      child.stdin.on("error", () => {});
      child.stdin.end(command.stdin);
    }
  });
}
