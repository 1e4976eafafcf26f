/**
 * What holds for processes on every runtime.
 *
 * A detached child leads a process group of its own; a signal goes to the whole group, so shells,
 * their children and theirs are reached. Windows has no groups: there a job is ended, or the tree by
 * `taskkill` where no job is to be had.
 *
 * ```
 * started --exit--> draining --both pipes closed, 100 ms of silence, or patience lost--> ended
 * ```
 *
 * A background process that outlives its parent may keep the pipes open; waiting for it would
 * hang the run, cutting at once would lose the last lines. Hence the silence. One that never is
 * silent is listened to for a second; by then what the process itself had written has been read,
 * for a pipe holds less than the pieces that are read in any case.
 *
 * @module
 */

import { createJob } from "./job_windows.ts";
import type { Command, Exit, KillSignal, Process, ProcessListener, StartFault } from "./host.ts";
import { PRIVATE_VARIABLES } from "./environment.ts";
import { RUN_ID } from "./mark.ts";
import { process } from "./process.ts";
import { isNested, processStart, type Root, signalProcess, treeOf } from "./process_tree.ts";
import { signalNumber } from "./signals.ts";

/** How long a pipe that outlives its process may be silent before it is given up, in ms. */
const SILENCE = 100;

/** How long a pipe that outlives its process is read at most, in ms. */
const PATIENCE = 1000;

/** So many pieces are read whatever the time: this process itself may have been held up. */
const PIECES = 16;

/** Stands for when a process began that has ended: no process ever began then. */
const ENDED = "ended";

/** The environment a child is started with. */
export function environmentFor({ env, mark }: Command): Record<string, string> {
  const whole: Record<string, string> = { ...env };
  if (mark !== undefined) whole[RUN_ID] = mark;
  for (const name of PRIVATE_VARIABLES) if (name in whole) delete whole[name];
  return whole;
}

/** What could not be started. */
export const NO_PROCESS: Process = {
  pid: undefined,
  kill() {},
  left: () => false,
  identity: () => undefined,
  send: () => false,
  disconnect() {},
};

/** A child and what belongs to it. */
interface Family extends Pick<Process, "kill" | "left" | "identity"> {
  /** It has ended. */
  exited(): void;
}

/**
 * A child and what belongs to it.
 *
 * @param ended has the child's own process been waited for?
 */
export function createFamily(
  pid: number,
  { detached, mark = "" }: Command,
  ended: () => boolean,
): Family {
  if (process.platform === "win32") return createWindowsFamily(pid, mark !== "", ended);
  let start: string | undefined;
  const root = (task = mark): Root => {
    const gone = ended();
    // Read when somebody asks: few ever do. The number is its own as long as it is not waited for;
    // from then on it is nobody's.
    start ??= gone ? ENDED : processStart(pid);
    return { pid, group: detached, mark: task, start, gone, serves: task !== mark };
  };
  return {
    kill: (signal, task) => signalTree(root(task), signal),
    left: (task) => treeOf(root(task)).length > 0,
    identity(task) {
      const { gone: _, ...identity } = root(task);
      return identity;
    },
    exited() {},
  };
}

/** Any signal ends all of it: there are none on Windows that a program could be told to end by. */
function createWindowsFamily(pid: number, owned: boolean, ended: () => boolean): Family {
  const job = owned ? createJob(pid) : undefined;
  let killed = false;
  return {
    kill() {
      killed = true;
      if (job !== undefined) job.terminate();
      else if (!ended()) void endWindowsTree(pid);
    },
    left() {
      const left = job?.left() === true;
      if (!left && ended()) job?.release();
      return left;
    },
    identity: () => undefined,
    exited() {
      if (!killed) job?.release();
    },
  };
}

/**
 * Send a signal to all that belongs to a process. Each gets it once: what an ntask in there has
 * started is told by that one, unless there is no telling any more.
 */
export function signalTree(root: Root, signal: KillSignal): void {
  const whole = root.group && root.gone !== true && root.serves !== true;
  const members = root.mark === "" ? [] : treeOf(root);
  if (whole) signalProcess(-root.pid, signal);
  else if (root.mark === "" && root.gone !== true) signalProcess(root.pid, signal);
  for (const row of members) {
    if (whole && row.group === root.pid) continue;
    if (signal !== "SIGKILL" && isNested(row, root)) continue;
    signalProcess(row.pid, signal);
  }
}

/** Send a signal to a child of this process, or to the group it leads. */
export function endTree(pid: number, signal: KillSignal, group: boolean): void {
  if (process.platform === "win32") return void endWindowsTree(pid);
  signalProcess(group ? -pid : pid, signal);
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
  if (code === "EACCES" || code === "EPERM") return { why: "not-executable", detail: message };
  if (code === "ENOEXEC") return { why: "format", detail: message };
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
  let since = 0;
  let pieces = 0;
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
    heard() {
      if (exit === undefined || ended) return;
      if (++pieces > PIECES && performance.now() - since > PATIENCE) finish();
      else settle();
    },
    exited(how) {
      exit = how;
      since = performance.now();
      settle();
    },
    over: () => ended,
  };
}
