/**
 * Children of a function body: they belong to the process they are started from and use its
 * streams, directory and environment.
 *
 * A child with a time limit leads a process group of its own, so that all of it can be ended; what
 * ends this process ends those too.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { process } from "./process.ts";
import { endTree } from "./process_rules.ts";
import { signalNumber } from "./signals.ts";
import { refusedByWindows, windowsCommand } from "./windows_command.ts";

export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to the process's own; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** For its stdin; without it the stdin is shared. */
  readonly stdin?: string | Uint8Array;
  readonly capture?: boolean;
  /** The longest it may take, in milliseconds. */
  readonly timeout?: number;
}

export interface ChildEnd {
  readonly code: number;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly timedOut: boolean;
}

/** How long a child that took too long may take to end, in milliseconds. */
const GRACE = 2000;

/** Groups of their own that are running. */
const groups = new Set<number>();

/**
 * Run a program to its end.
 *
 * @throws {Error} when it cannot be started
 */
export function runHere(command: ChildCommand): Promise<ChildEnd> {
  const started = performance.now();
  const windows = process.platform === "win32";
  const { file, args, verbatim } = windows
    ? windowsCommand(command.file, command.args)
    : { ...command, verbatim: false };
  const refused = windows ? refusedByWindows(command.file, command.args) : undefined;
  if (refused !== undefined) return Promise.reject(new Error(refused.detail));
  const out = command.capture ? "pipe" : "inherit";
  const group = command.timeout !== undefined && !windows;
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], {
      ...(command.cwd !== undefined && { cwd: command.cwd }),
      env: definedOnly({ ...process.env, ...command.env }),
      stdio: [command.stdin === undefined ? "inherit" : "pipe", out, out],
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
      detached: group,
    });
    const { pid } = child;
    if (group && pid !== undefined) own(pid);
    const timers: ReturnType<typeof setTimeout>[] = [];
    let timedOut = false;
    if (command.timeout !== undefined && pid !== undefined) {
      timers.push(setTimeout(() => {
        timedOut = true;
        endTree(pid, "SIGTERM", group);
        timers.push(setTimeout(() => endTree(pid, "SIGKILL", group), GRACE));
      }, command.timeout));
    }
    const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
    child.stdout?.on("data", (bytes: Uint8Array) => output.stdout.push(bytes));
    child.stderr?.on("data", (bytes: Uint8Array) => output.stderr.push(bytes));
    const settle = () => {
      for (const timer of timers) clearTimeout(timer);
      if (pid !== undefined) groups.delete(pid);
    };
    child.on("error", (error: Error) => {
      settle();
      reject(error);
    });
    child.on("close", (code: number | null, signal: string | null) => {
      settle();
      resolve({
        code: timedOut ? 124 : signal === null ? code ?? 1 : 128 + signalNumber(signal),
        signal: signal ?? undefined,
        stdout: Buffer.concat(output.stdout).toString("utf8"),
        stderr: Buffer.concat(output.stderr).toString("utf8"),
        duration: performance.now() - started,
        timedOut,
      });
    });
    if (child.stdin) {
      // A child that does not read to the end is no failure of ours.
      child.stdin.on("error", () => {});
      child.stdin.end(command.stdin);
    }
  });
}

/** Write values to stderr as `console.error` does. */
export function writeErrorLine(values: readonly unknown[]): void {
  console.error(...values);
}

function own(pid: number): void {
  if (groups.size === 0) process.once("exit", endGroups);
  groups.add(pid);
}

function endGroups(): void {
  for (const pid of groups) endTree(pid, "SIGKILL", true);
}

function definedOnly(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}
