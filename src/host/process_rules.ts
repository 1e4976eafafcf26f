/**
 * What holds for processes on every runtime.
 *
 * A detached child leads a process group of its own; a signal goes to the whole group, so shells,
 * their children and theirs are reached. Windows has no groups: the tree is ended by `taskkill`.
 *
 * ```
 * started --exit--> draining --both pipes closed, or 100 ms of silence--> ended
 * ```
 *
 * A background process that outlives its parent may keep the pipes open; waiting for it would
 * hang the run, cutting at once would lose the last lines. Hence the silence.
 *
 * @module
 */

import process from "node:process";
import type { Exit, KillSignal, ProcessListener, StartFault } from "./host.ts";
import { signalNumber } from "./signals.ts";

/** How long a pipe that outlives its process may be silent before it is given up, in ms. */
const SILENCE = 100;

/** The runtime's own switches are never handed down. */
export const PRIVATE_VARIABLES = ["BUN_BE_BUN", "BUN_OPTIONS", "NODE_CHANNEL_FD"];

/**
 * Send a signal to a child and all its descendants.
 *
 * @param group the child leads a process group
 */
export function endTree(pid: number, signal: KillSignal, group: boolean): void {
  if (process.platform === "win32") return void endWindowsTree(pid);
  try {
    process.kill(group ? -pid : pid, signal);
  } catch {
    // It is gone already.
  }
}

/** Windows has no groups: the tree is ended by `taskkill`, and where there is none, its root. */
async function endWindowsTree(pid: number): Promise<void> {
  const { spawn } = await import("node:child_process");
  const alone = () => {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  };
  const killer = spawn("taskkill", ["/T", "/F", "/PID", String(pid)], {
    stdio: "ignore",
    windowsHide: true,
  });
  killer.on("error", alone);
  killer.on("exit", (code) => code !== 0 && alone());
}

/** Why a child could not be started. */
export function startFault(error: unknown): StartFault {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return { why: "missing", detail: message };
  if (code === "EACCES" || code === "EPERM" || code === "ENOEXEC") {
    return { why: "not-executable", detail: message };
  }
  if (code === "E2BIG" || code === "ENAMETOOLONG") return { why: "too-long", detail: message };
  return { why: "other", detail: message };
}

/** How a process ended, as a shell gives it. */
export function exitOf(code: number | null, signal: number | string | null): Exit {
  if (signal === null || signal === undefined) return { code: code ?? 1 };
  const name = String(signal);
  return { code: 128 + signalNumber(name), signal: name };
}

/** Waits for the exit and for the pipes, and gives up pipes that stay open and silent. */
export interface Ending {
  opened(stop: () => void): void;
  closed(): void;
  heard(): void;
  exited(exit: Exit): void;
  over(): boolean;
}

export function createEnding(listener: ProcessListener): Ending {
  const stops: (() => void)[] = [];
  let open = 0;
  let exit: Exit | undefined;
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const finish = () => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    for (const stop of stops) stop();
    listener.end(exit!);
  };
  const settle = () => {
    if (exit === undefined || ended) return;
    if (open === 0) return finish();
    clearTimeout(timer);
    timer = setTimeout(finish, SILENCE);
  };
  return {
    opened(stop) {
      open++;
      stops.push(stop);
    },
    closed() {
      open--;
      settle();
    },
    heard: settle,
    exited(how) {
      exit = how;
      settle();
    },
    over: () => ended,
  };
}
