/**
 * A run without processes: actions take what a test says, on a clock that only moves when everything
 * that follows from the last moment is settled.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Retry } from "../../src/model/event.ts";
import type { StepId } from "../../src/model/id.ts";
import type { Plan, Step } from "../../src/model/plan.ts";
import type { ActionResult, Found, StepEnd } from "../../src/run/performer.ts";
import { type Schedule, schedule } from "../../src/run/scheduler.ts";

/** What an action does. Time passes while it awaits {@linkcode Acting.pass}. */
export interface Acting {
  readonly step: Step;
  readonly schedule: Schedule;
  readonly found: Found;
  /** It was told to end. */
  stopped(): boolean;
  /** Resolves earlier when the action is told to end. */
  pass(time: number): Promise<void>;
}

export interface VirtualRun {
  readonly jobs: number;
  readonly keepGoing?: boolean;
  readonly limits?: Readonly<Record<string, number>>;
  height(step: Step): number;
  act(acting: Acting): Promise<ActionResult>;
  /** Something has begun or ended. */
  onMove?(running: ReadonlySet<StepId>): void;
  onRetry?(step: Step, retry: Retry): void;
}

export interface VirtualEnd {
  /** When the last action ended. */
  readonly time: number;
  readonly code: number;
  readonly ends: ReadonlyMap<StepId, StepEnd>;
}

/** Perform a plan. @throws {Error} when nothing can go on before everything has ended */
export async function runVirtually(plan: Plan, options: VirtualRun): Promise<VirtualEnd> {
  let now = 0;
  let last = 0;
  let count = 0;
  const timers = new Map<number, { readonly at: number; readonly ring: () => void }>();
  const after = (ms: number, ring: () => void) => {
    const id = count++;
    timers.set(id, { at: now + ms, ring });
    return () => void timers.delete(id);
  };
  const running = new Set<StepId>();
  const ends = new Map<StepId, StepEnd>();
  let fault: unknown;
  const moved = () => {
    try {
      options.onMove?.(running);
    } catch (error) {
      fault ??= error;
    }
  };
  const made: Schedule = schedule(plan, {
    holds: () => Promise.resolve(true),
    stop() {},
    act(step, done, found) {
      let stopped = false;
      const wakes = new Set<() => void>();
      running.add(step.id);
      moved();
      const acting: Acting = {
        step,
        get schedule() {
          return made;
        },
        found,
        stopped: () => stopped,
        pass: (time) =>
          new Promise((resolve) => {
            if (stopped) return resolve();
            const wake = () => {
              cancel();
              wakes.delete(wake);
              resolve();
            };
            const cancel = after(time, wake);
            wakes.add(wake);
          }),
      };
      // Never before `act` returns.
      Promise.resolve().then(() => options.act(acting)).catch((error): ActionResult => {
        fault ??= error;
        return { code: 70 };
      }).then((result) => {
        running.delete(step.id);
        last = now;
        moved();
        done(result);
      });
      return {
        stop() {
          stopped = true;
          for (const wake of [...wakes]) wake();
        },
      };
    },
  }, {
    jobs: options.jobs,
    keepGoing: options.keepGoing ?? false,
    limits: options.limits ?? {},
    height: options.height,
    after,
    onEnd: (step, end) => void ends.set(step.id, end),
    onRetry: options.onRetry ?? (() => {}),
  });
  let over = false;
  made.ended.then(() => over = true);
  while (!over) {
    // Whatever follows from this moment comes first.
    await new Promise((resolve) => setImmediate(resolve));
    if (fault !== undefined) throw fault;
    if (over) break;
    const next = [...timers].toSorted(([a, x], [b, y]) => x.at - y.at || a - b)[0];
    if (next === undefined) {
      const waiting = plan.steps.filter(({ id }) => !ends.has(id)).map(({ label }) => label);
      throw new Error(`nothing can go on; not ended: ${waiting.join(" ")}`);
    }
    const [id, { at, ring }] = next;
    timers.delete(id);
    now = at;
    ring();
  }
  return { time: last, code: (await made.ended).code, ends };
}
