/**
 * ntask's side of the guard: a process that outlives ntask when that is killed, and then ends what
 * it has left. It is this program in a hidden mode (`guard_host.ts`), in a session of its own so
 * that the terminal's Ctrl+C is not for it, and is told by its channel what runs. It ends when
 * nothing runs and the channel closes.
 *
 * It is started when something has been running for a while, and is told of such things only: a run
 * of short tasks never has one.
 *
 * @module
 */

import type { Host, Identity, Process } from "../host/host.ts";
import { GUARD } from "./hidden_mode.ts";

/** What the guard is told. */
export type GuardMessage =
  /** Sent once, first: how long things may take to end when they are told to, in milliseconds. */
  | { readonly type: "grace"; readonly grace: number }
  | { readonly type: "runs"; readonly number: number; readonly identity: Identity }
  | { readonly type: "ended"; readonly number: number };

export interface Guard {
  /**
   * Something runs.
   *
   * @param identity by what the guard finds it; asked when the guard is told
   * @returns to be called when it has ended, or is to be left alone
   */
  watch(identity: () => Identity | undefined): () => void;
  /** Nothing runs any more. Resolves when the guard is gone. */
  close(): Promise<void>;
}

/** What ends sooner needs no guard, in milliseconds. */
const SHORT = 100;

export function createGuard(host: Host, grace: number): Guard {
  /** What has not been running for long: by number, the oldest first. */
  const young = new Map<number, { readonly since: number; identity(): Identity | undefined }>();
  /** What the guard has been told of. */
  const told = new Set<number>();
  let count = 0;
  let process: Process | undefined;
  let gone: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  return {
    watch(identity) {
      // There a job ends what is left (`host/job_windows.ts`).
      if (host.os === "windows") return () => {};
      const number = count++;
      young.set(number, { since: host.now(), identity });
      plan();
      return () => {
        young.delete(number);
        if (told.delete(number)) process!.send({ type: "ended", number } satisfies GuardMessage);
        if (young.size > 0) return;
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

  /** Look again when the oldest that the guard does not know has been running for long enough. */
  function plan(): void {
    const [oldest] = young.values();
    if (oldest === undefined || cancel !== undefined) return;
    cancel = host.after(Math.max(0, oldest.since + SHORT - host.now()), () => {
      cancel = undefined;
      for (const [number, { since, identity }] of young) {
        if (host.now() - since < SHORT) break;
        young.delete(number);
        tell(number, identity());
      }
      plan();
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
  }

  function tell(number: number, identity: Identity | undefined): void {
    if (identity === undefined) return;
    if (process === undefined) start();
    told.add(number);
    process!.send({ type: "runs", number, identity } satisfies GuardMessage);
  }
}
