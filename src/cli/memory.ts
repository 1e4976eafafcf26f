/**
 * What is remembered of a run while it goes on, so that it can be kept when it is over: all of one that
 * found everything as it was left, or the start of one that did nothing else.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import { acted, leadOf, testimony, watching } from "../host/witness.ts";
import type { Event } from "../model/event.ts";
import type { Plan } from "../model/plan.ts";
import type { Workspace } from "../model/task.ts";
import type { ToldBy } from "../run/idle_run.ts";
import { mayStart } from "../run/kept_start.ts";
import type { RunOptions } from "../run/run.ts";

/** What is said of a run, as long as it may be one to be told again. */
export interface Memory {
  hear(event: Event): void;
  /** Something was written to stderr. */
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
      // What tasks have written comes in bytes, and is no part of what a start says.
      if (first.length > PLAIN.length || typeof data !== "string") return;
      words[first.some(({ type }) => type === "step-end") ? "after" : "before"] += data;
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
        keepStart(host, lead, { ...run, events: first, words });
      }
    },
  };
}
