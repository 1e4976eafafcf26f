/**
 * What holds for processes on every runtime.
 *
 * @module
 */

import process from "node:process";
import type { KillSignal, StartFault } from "./host.ts";

/** How long a pipe that outlives its process may be silent before it is given up, in ms. */
export const SILENCE = 100;

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
