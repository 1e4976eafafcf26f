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
import { type Quick, quick, type QuickProcess, type Signal } from "../host/quick.ts";
import { duration } from "../report/duration.ts";
import {
  type KeptStart,
  looksTheSame,
  mayStart,
  readStart,
  startKey,
  startsDirectory,
} from "../run/kept_start.ts";
import type { Adopted } from "./take_over.ts";

/** Where one of these is, a project may begin or a repository does: no project beyond counts. */
const ENDS = ["tasks.toml", "ntask.toml", "tasks.ts", "pyproject.toml", ".git"];

/** After so many milliseconds it is no short process any more: others have to know of it. */
const SHORT = 50;

/** What came of a start: how it ended, or that it was only spoken of. */
export type Started = { readonly code: number } | { readonly said: string };

/** @returns nothing where there is no start to be told again */
export async function front(argv: readonly string[]): Promise<Started | undefined> {
  if (!mayStart(argv)) return undefined;
  const machine = quick();
  if (machine === undefined) return undefined;
  const kept = await findStart(machine, argv);
  if (kept === undefined || !await looksTheSame(machine, kept.sights)) return undefined;
  return await go(machine, kept);
}

/** The nearest upwards, as far as a plan would look for task files at all (`source/discover.ts`). */
async function findStart(
  machine: Quick,
  argv: readonly string[],
): Promise<KeptStart | undefined> {
  let key: string | undefined;
  // The root of the file system is the empty path here.
  for (let at = machine.cwd === "/" ? "" : machine.cwd;; at = at.slice(0, at.lastIndexOf("/"))) {
    const directory = startsDirectory(at);
    if (machine.isThere(directory)) {
      const kept = await readStart(machine, `${directory}/${key ??= startKey(machine, argv)}`);
      if (kept?.root === (at || "/")) return kept;
    }
    if (at === "" || at === machine.env.HOME) return undefined;
    for (const name of ENDS) if (machine.isThere(`${at}/${name}`)) return undefined;
  }
}

async function go(machine: Quick, kept: KeptStart): Promise<Started> {
  const { command, before, after } = kept;
  const mark = createMarks(undefined)();
  const over = Promise.withResolvers<number>();
  const ended: Adopted["ended"] = Promise.withResolvers();
  const signals: Signal[] = [];
  let hear = (signal: Signal): void => {
    signals.push(signal);
    takeOver();
  };
  let child: QuickProcess | undefined;
  let endedAt: number | undefined;
  let taken = false;
  machine.onSignal((signal) => hear(signal));
  await machine.say(before);
  const started = machine.now();
  try {
    child = machine.start(command, [RUN_ID, mark], async (code, signal) => {
      calledOff();
      endedAt = machine.now();
      ended.resolve({ code, signal });
      if (taken || code !== 0) return void takeOver();
      await machine.say(after.join(duration(endedAt - started)));
      over.resolve(0);
    });
  } catch {
    // Somebody took away what was there a moment ago, or the right to it: a plan tells what now.
    return { said: before };
  }
  const calledOff = machine.after(SHORT, takeOver);
  if (signals.length > 0) takeOver();
  return { code: await over.promise };

  async function takeOver(): Promise<void> {
    if (taken || child === undefined) return;
    taken = true;
    const { takeOver } = await import("./take_over.ts");
    over.resolve(
      takeOver(kept, {
        mark,
        started,
        child,
        ...(endedAt !== undefined && { over: endedAt }),
        ended,
        listen(listener) {
          hear = listener;
          for (const signal of signals.splice(0)) listener(signal);
        },
      }),
    );
  }
}
