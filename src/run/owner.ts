/**
 * Whose processes are whose: all that a task has started is the task's, and ends with it when it is
 * told to end or is killed. A task that ends by itself leaves its background processes alone.
 *
 * ```
 * running --its process ends by itself------------------------------------------> over
 *    \--told--> ending --its process ends--> the rest is told --nothing is left--> over
 *                  \--grace is over, or told by KILL--> killed --nothing is left--^
 * ```
 *
 * Each task has a mark that stands in the environment of what it starts, so that this is found also
 * where it has left the task's process group. The guard is told of all that runs, so that it ends
 * when ntask itself is killed.
 *
 * @module
 */

import type { Command, Exit, Host, KillSignal, Process, ProcessListener } from "../host/host.ts";
import { createMarks, RUN_ID } from "../host/mark.ts";
import { createGuard } from "./guard.ts";
import type { Running, Stop } from "./performer.ts";

export interface Owner {
  /** A mark for one task. */
  mark(): string;
  /**
   * Start a process of a task.
   *
   * @param host the machine, as the task is given it
   */
  start(
    host: Host,
    command: Command & { readonly mark: string },
    listener: ProcessListener,
  ): Running;
  /**
   * Own what a process does for a task from now on.
   *
   * @param task its mark, where the process was started with another one
   * @param since when it was started, by the host's clock; now, if not given
   */
  own(process: Process, task: string | undefined, detached: boolean, since?: number): Owned;
  /** Nothing runs any more. Resolves when nothing of ntask's own is left either. */
  close(): Promise<void>;
}

/** What runs for a task. */
export interface Owned extends Running {
  /**
   * Its own process, or what that did for the task, has ended.
   *
   * @param how killed by a signal, it has not ended by itself, whoever sent it
   * @param over called when nothing is left that has to end with it
   */
  ended(how: Pick<Exit, "code" | "signal">, over: () => void): void;
  /** It was told to end. */
  readonly told: boolean;
}

/** How long the rest is waited for that cannot be killed, in milliseconds. */
const PATIENCE = 2000;

/** Between two looks at what is left, in milliseconds: at first, and later at most. */
const POLL = 10;
const LONGEST_POLL = 100;

export function createOwner(host: Host, killGrace: number): Owner {
  const guard = createGuard(host, killGrace);
  const mark = createMarks(host.env[RUN_ID]);

  function own(
    process: Process,
    task: string | undefined,
    detached: boolean,
    since?: number,
  ): Owned {
    const release = process.pid === undefined
      ? () => {}
      : guard.watch(() => process.identity(task), since);
    let told: KillSignal | undefined;
    let ending: (() => void) | undefined;
    let dead = false;
    let cancel: (() => void) | undefined;
    let limit = Infinity;
    let next: (() => void) | undefined;
    const tell = (signal: KillSignal) => {
      told = signal;
      process.kill(signal, task);
      if (signal === "SIGKILL") limit = Math.min(limit, host.now() + PATIENCE);
    };
    const later = () => {
      cancel ??= host.after(killGrace, () => {
        tell("SIGKILL");
        look();
      });
    };
    /** Look again and again, a little less often each time: it reads about every process. */
    const look = (pause = POLL) => {
      next?.();
      if (ending === undefined || dead) return;
      // Whoever cannot be killed is left to the system.
      if (!process.left(task) || host.now() > limit) {
        dead = true;
        cancel?.();
        release();
        return ending();
      }
      // What was being started when all were killed was not seen.
      if (told === "SIGKILL") process.kill("SIGKILL", task);
      next = host.after(pause, () => look(Math.min(1.5 * pause, LONGEST_POLL)));
    };
    return {
      get told() {
        return told !== undefined;
      },
      stop(how: Stop) {
        if (dead) return;
        // Ctrl+C reaches a process that has the terminal from the terminal.
        if (how === "SIGINT" && !detached) {
          told ??= how;
          return;
        }
        tell(how);
        if (how === "SIGKILL") look();
        else later();
      },
      ended(how, over) {
        const settle = () => {
          if (told === undefined && how.signal === undefined) {
            dead = true;
            release();
            return over();
          }
          ending = over;
          // What has not listened to INT or HUP, as a shell's background does not, is asked once more.
          if (told !== "SIGTERM" && told !== "SIGKILL" && process.left(task)) {
            tell("SIGTERM");
            later();
          }
          look();
        };
        // What the terminal sends reaches both; this one may hear of it later than of the end.
        if (told === undefined && !detached && how.code !== 0) host.after(POLL, settle);
        else settle();
      },
    };
  }

  return {
    mark,
    own,
    start(place, command, listener) {
      const process = place.start(command, {
        ...listener,
        end: (exit) => owned.ended(exit, () => listener.end(exit)),
      });
      const owned = own(process, undefined, command.detached);
      return owned;
    },
    close: () => guard.close(),
  };
}
