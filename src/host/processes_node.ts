/**
 * Starting and ending processes.
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

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import type { Command, Process, ProcessListener } from "./host.ts";
import { endTree, PRIVATE_VARIABLES, SILENCE, startFault } from "./process_rules.ts";
import { signalNumber } from "./signals.ts";
import { windowsCommand } from "./windows_command.ts";

export function startProcess(command: Command, listener: ProcessListener): Process {
  const windows = process.platform === "win32";
  const { file, args, verbatim } = windows
    ? windowsCommand(command.file, command.args)
    : { ...command, verbatim: false };
  const env: Record<string, string> = { ...command.env };
  for (const name of PRIVATE_VARIABLES) delete env[name];
  const stdin = command.stdio === "piped" ? "ignore" : "inherit";
  const out = command.stdio === "inherited" ? "inherit" : "pipe";
  let child: ChildProcess;
  try {
    child = spawn(file, [...args], {
      cwd: command.cwd,
      env,
      detached: command.detached && !windows,
      stdio: command.channel ? [stdin, out, out, "ipc"] : [stdin, out, out],
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
  } catch (error) {
    listener.fault(startFault(error));
    return { pid: undefined, kill() {}, send: () => false, disconnect() {} };
  }
  watch(child, listener);
  return {
    pid: child.pid,
    kill(signal) {
      if (child.pid === undefined || windows && child.exitCode !== null) return;
      endTree(child.pid, signal, command.detached);
    },
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
  let open = 0;
  let exit: { code: number; signal?: string } | undefined;
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const finish = () => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    child.stdout?.destroy();
    child.stderr?.destroy();
    listener.end(exit ?? { code: 1 });
  };
  const settle = () => {
    if (exit === undefined || ended) return;
    if (open === 0) return finish();
    clearTimeout(timer);
    timer = setTimeout(finish, SILENCE);
  };

  for (const name of ["stdout", "stderr"] as const) {
    const pipe = child[name];
    if (!pipe) continue;
    open++;
    pipe.on("data", (bytes: Uint8Array) => {
      if (ended) return;
      listener.output(name, bytes);
      settle();
    });
    // A broken pipe is an end, not a failure of the task.
    pipe.on("error", () => {});
    pipe.on("close", () => {
      open--;
      settle();
    });
  }
  if (listener.message) {
    child.on("message", (message: unknown) => ended || listener.message!(message));
  }
  child.on("error", (error) => {
    if (child.pid !== undefined || ended) return;
    ended = true;
    listener.fault(startFault(error));
  });
  child.on("exit", (code: number | null, signal: string | null) => {
    exit = signal === null ? { code: code ?? 1 } : { code: 128 + signalNumber(signal), signal };
    settle();
  });
}
