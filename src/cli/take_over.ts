/**
 * A process that was started by `front.ts` and is more than that can tell of: from here on it belongs
 * to a run like any other. Nothing is read or looked at again: what it was started for was settled
 * then.
 *
 * @module
 */

import { door } from "../host/door.ts";
import type { Exit } from "../host/host.ts";
import type { QuickProcess, Signal } from "../host/quick.ts";
import { createFamily, exitOf } from "../host/process_rules.ts";
import type { Task } from "../model/task.ts";
import type { KeptStart, StartedRun } from "../run/kept_start.ts";
import { type act, resultOf } from "../run/perform.ts";
import { run } from "../run/run.ts";
import type { Surroundings } from "../source/binding.ts";
import { openTelling } from "./telling.ts";

/** A process that somebody else has started. */
export interface Adopted {
  readonly mark: string;
  /** By the clock of this process, in milliseconds. */
  readonly started: number;
  readonly child: QuickProcess;
  /** When it had ended, where it had. */
  readonly over?: number;
  readonly ended: PromiseWithResolvers<
    { readonly code: number | null; readonly signal: number | string | null }
  >;
  /** Hear of signals from now on, and of those that have come. */
  listen(listener: (signal: Signal) => void): void;
}

/** @returns the exit status of the run */
export async function takeOver(
  { root, command, run: kept }: KeptStart,
  { mark, started, child, over, ended, listen }: Adopted,
): Promise<number> {
  const { step, task, display, options, told } = JSON.parse(kept) as StartedRun;
  const real = await door.open();
  const host = Object.create(real, {
    onSignal: {
      value(listener: (signal: Signal) => void) {
        // Whoever asks is not ready yet.
        queueMicrotask(() => listen(listener));
        return () => {};
      },
    },
  }) as typeof real;
  // What is said up to the start of the process was said when it was started.
  let said = true;
  const telling = await openTelling(host, told, (data) => {
    if (!said) host.stderr.write(data);
  });
  const surroundings: Surroundings = {
    root: root as Surroundings["root"],
    runCwd: host.cwd,
    exe: host.self[0]!,
    windows: false,
    inherited: host.env,
    readFile: host.files.readText,
    task: () => task as Task,
  };
  const adopt: typeof act = (_, { owner, emit }, done) => {
    emit({ type: "step-start", time: 0, step: step.id, command: display });
    const { detached } = command;
    const family = createFamily(child.pid, { ...command, stdio: "inherited", mark }, child.ended);
    const process = { pid: child.pid, ...family, send: () => false, disconnect() {} };
    const owned = owner.own(process, undefined, detached, started);
    ended.promise.then(({ code, signal }) => {
      const exit: Exit = exitOf(code, signal);
      family.exited();
      owned.ended(exit, () => done(resultOf(exit)));
    });
    return owned;
  };
  const plan = { steps: [step], roots: [step.id] };
  const extend = () => {
    throw new Error("a process asks for nothing");
  };
  const check = () => Promise.resolve([]);
  const code = await run(
    { plan, extend, check },
    host,
    surroundings,
    options,
    (event) => {
      telling.hear(event);
      if (event.type === "step-start") said = false;
    },
    // What it took to come here is none of the process's time.
    { performer: adopt, started: started + (over === undefined ? 0 : host.now() - over) },
  );
  await telling.over;
  return code;
}
