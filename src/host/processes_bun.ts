/**
 * Starting processes by Bun's own call, which starts faster than `node:child_process` by the time
 * that takes to load. The rules are those of `processes_node.ts`.
 *
 * @module
 */

import type { Command, Process, ProcessListener, ResourceUsage } from "./host.ts";
import { process } from "./process.ts";
import {
  createEnding,
  createFamily,
  type Ending,
  environmentFor,
  exitOf,
  NO_PROCESS,
  startFault,
} from "./process_rules.ts";
import { windowsCommand } from "./windows_command.ts";

/** How long one stream may be read while others wait, in milliseconds. */
const LONGEST_TURN = 5;

const bun = (globalThis as unknown as { Bun: BunRuntime }).Bun;

export function startProcess(command: Command, listener: ProcessListener): Process {
  const windows = process.platform === "win32";
  const { file, args, verbatim } = windows
    ? windowsCommand(command.file, command.args)
    : { ...command, verbatim: false };
  const out = command.stdio === "inherited" ? "inherit" : "pipe";
  const ending = createEnding(listener);
  let child: BunProcess;
  try {
    child = bun.spawn([file, ...args], {
      cwd: command.cwd,
      env: environmentFor(command),
      detached: command.detached && !windows,
      stdio: [command.stdio === "piped" ? "ignore" : "inherit", out, out],
      // Nothing is read before we read: the runtime would try for each pipe, and then we once more.
      lazy: true,
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
      ...(command.channel && {
        serialization: "json",
        ipc: (message: unknown) => ending.over() || listener.message?.(message),
      }),
      onExit(child, code, signal) {
        const used = child.resourceUsage();
        family.exited();
        ending.exited({ ...exitOf(code, signal), ...(used && { usage: usageOf(used) }) });
      },
    });
  } catch (error) {
    listener.fault(startFault(error));
    return NO_PROCESS;
  }
  const family = createFamily(
    child.pid,
    command,
    () => child.exitCode !== null || child.signalCode !== null,
  );
  if (out === "pipe") {
    for (const name of ["stdout", "stderr"] as const) pump(child[name]!, name, listener, ending);
  }
  return {
    pid: child.pid,
    ...family,
    send(message) {
      try {
        child.send(message);
        return true;
      } catch {
        return false;
      }
    },
    disconnect() {
      // It ends by itself now; what it has left lives on.
      family.exited();
      try {
        child.disconnect();
      } catch {
        // It is closed already.
      }
    },
  };
}

function usageOf({ cpuTime: { user, system }, maxRSS }: BunResourceUsage): ResourceUsage {
  return { user: Number(user) / 1000, system: Number(system) / 1000, memory: maxRSS };
}

async function pump(
  stream: ReadableStream<Uint8Array>,
  name: "stdout" | "stderr",
  listener: ProcessListener,
  ending: Ending,
): Promise<void> {
  const reader = stream.getReader();
  ending.opened(() => void reader.cancel().catch(() => {}));
  let turn = performance.now();
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done || ending.over()) break;
      listener.output(name, value);
      ending.heard();
      // While there is always more to read, nothing else would ever have its turn: no signal, no
      // timer, no other process.
      if (performance.now() - turn < LONGEST_TURN) continue;
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
  } catch {
    // A broken pipe is an end, not a failure of the task.
  }
  ending.closed();
}
