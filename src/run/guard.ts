/**
 * ntask's side of the guard: a process that outlives ntask when that is killed, and then ends what
 * it has left. It is this program in a hidden mode (`guard_host.ts`), in a session of its own so
 * that the terminal's Ctrl+C is not for it, and is told by its channel what runs. It ends when
 * nothing runs and the channel closes.
 *
 * It is started when something has been running for a while: a short run never has one.
 *
 * @module
 */

import type { Host, Identity, Process } from "../host/host.ts";
import { GUARD } from "./hidden_mode.ts";

/** What the guard is told. */
export type GuardMessage =
  /** Sent once, first: how long things may take to end when they are told to, in milliseconds. */
  | { readonly type: "grace"; readonly grace: number }
  /** What has changed: where something ends, something else mostly starts at once. */
  | {
    readonly type: "news";
    readonly ended: readonly number[];
    readonly runs: readonly (readonly [number: number, identity: Identity])[];
  };

export interface Guard {
  /**
   * Something runs.
   *
   * @param identity by what the guard finds it; asked when the guard is told
   * @param since when it began, by the host's clock; now, if not given
   * @returns to be called when it has ended, or is to be left alone
   */
  watch(identity: () => Identity | undefined, since?: number): () => void;
  /** Nothing runs any more. Resolves when the guard is gone. */
  close(): Promise<void>;
}

/** What ends sooner needs no guard, in milliseconds. */
const SHORT = 100;

export function createGuard(host: Host, grace: number): Guard {
  const watched = new Map<number, { readonly since: number; identity(): Identity | undefined }>();
  let count = 0;
  let process: Process | undefined;
  let gone: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  /** What the guard was told of and has ended, and what it has not been told of. */
  let ended: number[] = [];
  let begun: number[] = [];
  return {
    watch(identity, since = host.now()) {
      // There a job ends what is left (`host/job_windows.ts`).
      if (host.os === "windows") return () => {};
      const number = count++;
      watched.set(number, { since, identity });
      if (process !== undefined) {
        later();
        begun.push(number);
      } else plan();
      return () => {
        watched.delete(number);
        if (process !== undefined) {
          later();
          ended.push(number);
        }
        if (watched.size > 0) return;
        cancel?.();
        cancel = undefined;
      };
    },
    async close() {
      cancel?.();
      // It has nothing to do, and would take its time to find that out.
      process?.kill("SIGKILL");
      await gone;
    },
  };

  /** Look again when what has been running longest has been for long enough. */
  function plan(): void {
    const [first] = watched.values();
    if (first === undefined || cancel !== undefined) return;
    cancel = host.after(Math.max(0, first.since + SHORT - host.now()), () => {
      cancel = undefined;
      const [oldest] = watched.values();
      if (oldest !== undefined && host.now() - oldest.since >= SHORT) start();
      else plan();
    });
  }

  function start(): void {
    const [file, ...args] = host.self;
    const over = Promise.withResolvers<void>();
    gone = over.promise;
    process = host.start({
      file: file!,
      args: [...args, GUARD],
      cwd: host.cwd,
      env: host.env,
      stdio: "piped",
      detached: true,
      channel: true,
    }, {
      output() {},
      message() {},
      end: () => over.resolve(),
      fault: () => over.resolve(),
    });
    process.send({ type: "grace", grace } satisfies GuardMessage);
    begun = [...watched.keys()];
    tell();
  }

  /** Tell the guard when this turn is over, before anything else can happen. */
  function later(): void {
    if (ended.length === 0 && begun.length === 0) queueMicrotask(tell);
  }

  function tell(): void {
    const runs = begun.flatMap((number) => {
      const identity = watched.get(number)?.identity();
      return identity === undefined ? [] : [[number, identity] as const];
    });
    process!.send({ type: "news", ended, runs } satisfies GuardMessage);
    ended = [];
    begun = [];
  }
}
