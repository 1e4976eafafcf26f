/**
 * The same invocation again, where nothing has changed: what it came to is told again without a
 * thought. `run/idle_run.ts` says why that is right.
 *
 * @module
 */

import { above, below } from "../host/below.ts";
import type { Host } from "../host/host.ts";
import { acted, leadOf, testimony, watch, watching } from "../host/witness.ts";
import type { Event } from "../model/event.ts";
import type { Plan } from "../model/plan.ts";
import type { Workspace } from "../model/task.ts";
import type { ToldBy } from "../run/idle_run.ts";
import { mayStart } from "../run/kept_start.ts";
import type { RunOptions } from "../run/run.ts";
import { commands } from "./command/registry.ts";
import type { Parsed } from "./options.ts";

/**
 * Tell a kept run again, if there is one of this invocation and everything looks as it did; else
 * begin to note what is looked at.
 *
 * @returns the exit status of a run that was told again
 */
export async function again(host: Host, parsed: Parsed): Promise<number | undefined> {
  if (!mayRun(parsed)) return undefined;
  // A run inside of a task is another one each time; and a checkout is changed without a new version.
  if (host.env.NTASK_RUN_ID !== undefined || host.self.some((word) => word.endsWith(".ts"))) return;
  const root = projectAbove(host);
  if (root === undefined) {
    // Nothing is old to a clock that nobody has read, so only a start can be kept.
    watch(-Infinity);
    return undefined;
  }
  const started = host.now();
  const [{ retell }, disk] = await Promise.all([import("./retell.ts"), host.disk()]);
  // Before anything is looked at: what changes from now on shows it in its times.
  const now = disk.fileSystemTime(below(root, ".ntask", "state", PROBE));
  if (now === undefined) return undefined;
  if (await retell(host, root, { started, now })) return 0;
  watch(now);
  host.self.forEach(disk.statTarget);
  return undefined;
}

/** Whoever caches reads the clock of the project's file system by this file. */
const PROBE = "probe";

/** Does an invocation ask for a run, which may write? Where words can mean either, no. */
function mayRun({ command, words, given }: Parsed): boolean {
  if (command !== undefined || given.flags.has("help") || given.flags.has("dry-run")) return false;
  const [first] = words;
  if (first !== undefined && first !== "run" && Object.hasOwn(commands, first)) return false;
  // An option of ntask's may stand behind a task.
  return !words.some((word) => /^(?:-[a-z]*[hn]|--(?:dry-run|help)\b)/i.test(word));
}

/** What is said of a run, as long as it may be one to be told again. */
export interface Memory {
  hear(event: Event): void;
  /** Something that ntask itself has written to stderr. */
  said(data: string | Uint8Array): void;
  /** Keep the run, if it found everything as it was left; or its start, if it did nothing else. */
  keep(host: Host, run: Remembered): Promise<void>;
}

/** A run that is over. */
export interface Remembered {
  readonly workspace: Workspace;
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly told: ToldBy;
}

const KEPT: ReadonlySet<Event["type"]> = new Set(["run-start", "output", "step-end", "run-end"]);

/** So much output, in characters, is as quickly read from the store. */
const MOST = 1 << 20;

/** What one process that starts and ends is told by. */
const PLAIN = ["run-start", "step-start", "step-end", "run-end"];

export function createMemory(): Memory {
  const events: Event[] = [];
  let length = 0;
  /** Of a run that may be no more than a start: the first events, and what was said in words. */
  const first: Event[] = [];
  const words = { before: "", after: "" };
  return {
    said(data) {
      if (first.length > PLAIN.length) return;
      if (typeof data !== "string") acted();
      else if (first.some(({ type }) => type === "step-end")) words.after += data;
      else words.before += data;
    },
    hear(event) {
      if (first.length <= PLAIN.length) first.push(event);
      if (!watching()) return void events.splice(0);
      if (event.type === "output") {
        length += "text" in event.chunk ? event.chunk.text.length : event.chunk.base64.length;
      }
      // What starts now says so itself.
      if (event.type === "step-start") return;
      // A problem was worth saying: it is worth looking for again.
      if (!KEPT.has(event.type) || length > MOST) acted();
      else events.push(event);
    },
    async keep(host, run) {
      const [seen, lead] = [testimony(), leadOf()];
      acted();
      const started = first.some(({ type }) => type === "step-start");
      if (seen !== undefined && !started) {
        const { keepRun } = await import("./retell.ts");
        keepRun(host, { root: run.workspace.root, told: run.told, events }, seen);
      } else if (lead !== undefined && mayStart(host.argv)) {
        if (first.map(({ type }) => type).join() !== PLAIN.join()) return;
        const { keepStart } = await import("./keep_start.ts");
        await keepStart(host, lead, { ...run, events: first, words });
      }
    },
  };
}

/** The nearest directory upwards in which results are kept. */
function projectAbove({ cwd, files }: Host): string | undefined {
  for (let at = cwd;; at = above(at)) {
    if (files.kind(below(at, ".ntask", "state", PROBE)) === "file") return at;
    if (above(at) === at) return undefined;
  }
}
