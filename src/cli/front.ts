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

import { digestOf } from "../host/hash.ts";
import { createMarks, RUN_ID } from "../host/mark.ts";
import {
  ABSENT,
  type Quick,
  quick,
  type QuickProcess,
  type Reading,
  type Signal,
} from "../host/quick.ts";
import { duration } from "../report/duration.ts";
import {
  type KeptStart,
  LARGEST,
  looksTheSame,
  mayStart,
  startKey,
  startOf,
  STARTS,
} from "../run/kept_start.ts";
import type { Adopted } from "./take_over.ts";

/** Where one of these is, a project may begin or a repository does: no project beyond counts. */
const ENDS = ["tasks.toml", "ntask.toml", "tasks.ts", "pyproject.toml", ".git"];

/** A task file of more bytes is read when it is known that it counts. */
const AHEAD = 1 << 16;

/** After so many milliseconds it is no short process any more: others have to know of it. */
const SHORT = 50;

/** What came of a start: how it ended, or that it was only spoken of. */
export type Started = { readonly code: number } | { readonly said: string };

/** @returns nothing where there is no start to be told again */
export async function front(argv: readonly string[]): Promise<Started | undefined> {
  if (!mayStart(argv)) return undefined;
  const machine = quick();
  if (machine === undefined) return undefined;
  const { cwd, env, file, read } = machine;
  let kept: KeptStart | undefined;
  try {
    // The nearest upwards, as far as a plan would look for task files at all (`source/discover.ts`).
    // The root of the file system is the empty path here.
    let key: string | undefined;
    let ahead: { readonly path: string; readonly reading: Reading } | undefined;
    for (let at = cwd === "/" ? "" : cwd;; at = at.slice(0, at.lastIndexOf("/"))) {
      const end = endAt(machine, at);
      if (file(at + STARTS).lastModified !== ABSENT) {
        const path = `${at}${STARTS}/${key ??= startKey(machine, argv)}`;
        const { size } = file(path);
        if (size > 0 && size <= LARGEST) {
          const reading = read(path, size);
          // The task file will be wanted too, as a rule.
          if (end !== undefined) {
            const { size } = file(end);
            if (size <= AHEAD) ahead = { path: end, reading: read(end, size) };
          }
          await reading.begun;
          const bytes = reading.bytes();
          kept = startOf(bytes instanceof Uint8Array ? bytes : await bytes);
          if (kept?.root === (at || "/")) break;
        }
      }
      if (at === "" || at === env.HOME || end !== undefined) return undefined;
    }
    if (!looksTheSame(machine, kept.sights)) return undefined;
    const texts: [Reading, string][] = [];
    for (const [path, { digest, size }] of kept.sights.texts) {
      texts.push([path === ahead?.path ? ahead.reading : read(path, size), digest]);
    }
    for (const [reading, digest] of texts) {
      if (!reading.hasBegun()) await reading.begun;
      const bytes = reading.bytes();
      if (digestOf(bytes instanceof Uint8Array ? bytes : await bytes) !== digest) return undefined;
    }
  } catch {
    // It cannot be read, or was written by nobody who knows how.
    return undefined;
  }
  return await go(machine, kept);
}

function endAt({ file }: Quick, directory: string): string | undefined {
  for (const name of ENDS) {
    const path = `${directory}/${name}`;
    if (file(path).lastModified !== ABSENT) return path;
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
  // To wait for nothing would take longer than to go on (`host/quick.ts`).
  const saying = machine.say(before);
  if (saying !== undefined) await saying;
  const started = machine.now();
  try {
    child = machine.start(command, [RUN_ID, mark], (_, code, signal) => {
      machine.clearTimeout(timer);
      endedAt = machine.now();
      ended.resolve({ code, signal });
      if (taken || code !== 0) return void takeOver();
      const said = machine.say(after.join(duration(endedAt - started)));
      if (said === undefined) over.resolve(0);
      else said.then(() => over.resolve(0));
    });
  } catch {
    // Somebody took away what was there a moment ago, or the right to it: a plan tells what now.
    return { said: before };
  }
  const timer = machine.setTimeout(takeOver, SHORT);
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
