/**
 * An invocation that leads to one process, again: where everything looks as it did, the process is
 * started before the machine is opened, the task files are read or a plan is made.
 * `run/kept_start.ts` says why that is right.
 *
 * Most such processes end soon and well, and that is all. One that takes its time, fails or is
 * interrupted is taken over by a run like any other.
 *
 * @module
 */

import { createMarks, RUN_ID } from "../host/mark.ts";
import { type Quick, quick, type Signal } from "../host/quick.ts";
import { duration } from "../report/duration.ts";
import {
  isPlain,
  type KeptStart,
  looksTheSame,
  readStart,
  startKey,
  startsDirectory,
} from "../run/kept_start.ts";
import type { Adopted } from "./take_over.ts";

/** After so many milliseconds it is no short process any more: others have to know of it. */
const SHORT = 50;

/** @returns the exit status of a run that was started here */
export async function front(argv: readonly string[]): Promise<number | undefined> {
  if (!isPlain(argv)) return undefined;
  const machine = quick();
  // A run inside of a task is another one each time.
  if (machine === undefined || machine.env[RUN_ID] !== undefined) return undefined;
  const root = rootAbove(machine);
  if (root === undefined) return undefined;
  // Files are read by other threads: what can be done meanwhile is.
  machine.expect(`${root}/tasks.toml`);
  const kept = readStart(machine, `${startsDirectory(root)}/${startKey(machine, argv)}`);
  if (kept === undefined) return undefined;
  const same = looksTheSame(machine, kept.sights);
  const start = prepare(machine, kept);
  if (await same) return await start.go();
  start.forget();
  return undefined;
}

/** The nearest directory upwards in which starts are kept. */
function rootAbove(machine: Quick): string | undefined {
  // The root of the file system is the empty path here.
  for (let at = machine.cwd === "/" ? "" : machine.cwd;; at = at.slice(0, at.lastIndexOf("/"))) {
    if (machine.isThere(startsDirectory(at))) return at;
    if (at === "") return undefined;
  }
}

function prepare(machine: Quick, kept: KeptStart) {
  const { command, before, after } = kept;
  const mark = createMarks(undefined)();
  const launch = machine.prepare(command, [RUN_ID, mark]);
  const over = Promise.withResolvers<number>();
  const ended: Adopted["ended"] = Promise.withResolvers();
  let child: Adopted["child"];
  let fault: unknown;
  let endedAt: number | undefined;
  let started = 0;
  let taken = false;
  const signals: Signal[] = [];
  let hear = (signal: Signal): void => {
    signals.push(signal);
    if (started > 0) takeOver();
  };
  const release = machine.onSignal((signal) => hear(signal));

  async function takeOver(): Promise<void> {
    if (taken) return;
    taken = true;
    const { takeOver } = await import("./take_over.ts");
    over.resolve(
      takeOver(kept, {
        mark,
        started,
        ...(child && { child }),
        ...(endedAt !== undefined && { over: endedAt }),
        ...(fault !== undefined && { fault }),
        ended,
        listen(listener) {
          hear = listener;
          for (const signal of signals.splice(0)) listener(signal);
        },
      }),
    );
  }

  return {
    /** Everything looks as it did. */
    async go(): Promise<number> {
      await machine.say(before);
      started = machine.now();
      try {
        child = launch(async (code, signal) => {
          calledOff();
          endedAt = machine.now();
          ended.resolve({ code, signal });
          if (taken || code !== 0) return void takeOver();
          await machine.say(after.join(duration(endedAt - started)));
          over.resolve(0);
        });
      } catch (error) {
        fault = error;
      }
      const calledOff = machine.after(SHORT, takeOver);
      if (fault !== undefined || signals.length > 0) takeOver();
      return await over.promise;
    },
    forget: release,
  };
}
