/**
 * Starting processes by `node:child_process`, for Deno and Node.
 *
 * The rules are those of `process_rules.ts`.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import type { Command, Process, ProcessListener } from "./host.ts";
import { process } from "./process.ts";
import {
  createEnding,
  createFamily,
  environmentFor,
  exitOf,
  NO_PROCESS,
  startFault,
} from "./process_rules.ts";
import { windowsCommand } from "./windows_command.ts";

export function startProcess(command: Command, listener: ProcessListener): Process {
  const windows = process.platform === "win32";
  const { file, args, verbatim } = windows
    ? windowsCommand(command.file, command.args)
    : { ...command, verbatim: false };
  const stdin = command.stdio === "piped" ? "ignore" : "inherit";
  const out = command.stdio === "inherited" ? "inherit" : "pipe";
  let child: ChildProcess;
  try {
    child = spawn(file, [...args], {
      cwd: command.cwd,
      env: environmentFor(command),
      detached: command.detached && !windows,
      stdio: command.channel ? [stdin, out, out, "ipc"] : [stdin, out, out],
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
  } catch (error) {
    listener.fault(startFault(error));
    return NO_PROCESS;
  }
  watch(child, listener);
  if (child.pid === undefined) return NO_PROCESS;
  return {
    pid: child.pid,
    ...createFamily(child.pid, command, () => child.exitCode !== null || child.signalCode !== null),
    send(message) {
      if (!child.connected) return false;
      try {
        return child.send(message as object);
      } catch {
        return false;
      }
    },
    disconnect() {
      if (child.connected) child.disconnect();
    },
  };
}

function watch(child: ChildProcess, listener: ProcessListener): void {
  const ending = createEnding(listener);
  for (const name of ["stdout", "stderr"] as const) {
    const pipe = child[name];
    if (!pipe) continue;
    ending.opened(() => pipe.destroy());
    pipe.on("data", (bytes: Uint8Array) => {
      if (ending.over()) return;
      listener.output(name, bytes);
      ending.heard();
    });
    // A broken pipe is an end, not a failure of the task.
    pipe.on("error", () => {});
    pipe.on("close", () => ending.closed());
  }
  if (listener.message) {
    child.on("message", (message: unknown) => ending.over() || listener.message!(message));
  }
  child.on("error", (error) => {
    if (child.pid === undefined) listener.fault(startFault(error));
  });
  child.on("exit", (code: number | null, signal: string | null) => {
    ending.exited(exitOf(code, signal));
  });
}
