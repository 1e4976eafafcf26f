/**
 * The scheduler: when each step of a plan may go on. It decides order only; what a step does is
 * the performer's, and whether it has to be done at all will be the rebuilder's.
 *
 * One step's life (toml-spec §10):
 *
 * ```
 * idle -> checking -> needs -> pre -> queued -> acting -> post -> done
 *            |          |       |  \_> items _____________/        ^
 *            |          |       |                                  |
 *            +----------+-------+-- skipped, failed, cancelled ----+
 * ```
 *
 * Everything but the actions themselves is synchronous, through one work list: after an event all
 * its consequences are settled before the next action is chosen, so the order is the same on every
 * machine. With one job the choice follows the plan's numbering (depth first as written); with
 * more, the step that most others wait for goes first.
 *
 * @module
 */

import type { ResourceUsage } from "../host/host.ts";
import type { Reason, State } from "../model/event.ts";
import type { StepId } from "../model/id.ts";
import type { Plan, Step } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { ReadyQueue } from "./ready_queue.ts";

/** How an action ended. */
export interface ActionResult {
  readonly code: number;
  readonly reason?: Extract<Reason, { readonly kind: "exit" | "signal" | "timeout" | "problem" }>;
  /** It was not performed: the stored result of this key is in place. */
  readonly cached?: { readonly key: string; readonly masked?: true };
  /** The key its result was stored under. */
  readonly stored?: string;
  /** What its process has used. */
  readonly usage?: ResourceUsage;
}

/** An action in progress. */
export interface Running {
  /** End it; `kill` leaves it no choice. */
  stop(how: Stop): void;
}

export type Stop = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGKILL";

/** What the scheduler needs done. */
export interface Performer {
  /** Do all conditions hold? */
  holds(step: Step): Promise<boolean | Problem>;
  /** End what is being done to find out whether conditions hold. */
  stop(how: Stop): void;
  /** Start the action; `done` is called exactly once, never before `act` returns. */
  act(step: Step, done: (result: ActionResult) => void): Running;
}

/** How a step ended. */
export interface StepEnd {
  readonly state: State;
  readonly code: number;
  readonly reason?: Reason;
  /** The step that failed, when this one stands for it. */
  readonly origin?: StepId;
  /** Of a cached task. */
  readonly key?: string;
  readonly masked?: true;
}

export interface ScheduleOptions {
  readonly jobs: number;
  readonly keepGoing: boolean;
  onEnd(step: Step, end: StepEnd): void;
}

/** A schedule in progress. */
export interface Schedule {
  /** Resolves when no action is running and every step has ended. */
  readonly ended: Promise<ScheduleEnd>;
  /** Start nothing more and end what is running. */
  interrupt(signal: Stop): void;
  /**
   * The action of a step waits for another step (`run(…)` in a body); while it waits it takes no
   * slot. The steps may be new: they have been added to the plan's since.
   *
   * @returns how that step ended, or `cycle`: it would wait for itself
   */
  request(by: StepId, id: StepId): Promise<StepEnd | "cycle">;
}

export interface ScheduleEnd {
  /** The status of the first step that failed, or 0. */
  readonly code: number;
}

/** The status of a condition without an answer, where that is no mistake in the definition. */
const CONDITION_STATUS: { readonly [code: string]: number } = {
  R_PYTHON: 127,
  R_THROWN: 1,
  R_HOST: 1,
};

type Phase =
  | "idle"
  | "checking"
  | "needs"
  | "pre"
  | "queued"
  | "acting"
  | "items"
  | "post"
  | "done";

interface Life {
  readonly step: Step;
  phase: Phase;
  /** How its action ended well. */
  result?: ActionResult;
  end?: StepEnd;
  listeners: ((end: StepEnd) => void)[];
}

/** Did it leave what it should? Skipping on purpose counts as success. */
export function satisfied(end: StepEnd): boolean {
  return end.state === "ran" || end.state === "cached" ||
    (end.state === "skipped" && end.code === 0);
}

export function schedule(plan: Plan, performer: Performer, options: ScheduleOptions): Schedule {
  const lives: Life[] = [];
  grow();
  const queue = new ReadyQueue(options.jobs === 1 ? "written" : "height");
  const running = new Map<StepId, Running>();
  const work: (() => void)[] = [];
  let settling = false;
  /** Slots taken; actions of unbounded steps take none. */
  let slots = 0;
  let exclusive = false;
  /** How many have the terminal: one, but for bodies that go on after others they waited for. */
  let terminals = 0;
  const waitingForTerminal: Step[] = [];
  let stopping: { readonly step?: StepId; readonly signal?: string } | undefined;
  let failure: StepEnd | undefined;
  let rootsLeft = plan.roots.length;
  /** Steps whose actions wait for others -> those they wait for. */
  const resting = new Map<StepId, StepId[]>();
  const rootEnds: StepEnd[] = [];
  let resolve!: (end: ScheduleEnd) => void;
  const ended = new Promise<ScheduleEnd>((done) => resolve = done);

  settle(() => {
    for (const root of plan.roots) {
      demand(root, (end) => {
        rootsLeft--;
        rootEnds.push(end);
      });
    }
  });
  return {
    ended,
    interrupt(signal) {
      settle(() => halt({ signal }, signal));
    },
    request(by, id) {
      grow();
      if (leadsTo(id, by)) return Promise.resolve("cycle");
      return new Promise((answer) =>
        settle(() => {
          rest(by, id);
          rootsLeft++;
          demand(id, (end) => {
            rootsLeft--;
            resume(by, id);
            answer(end);
          });
        })
      );
    },
  };

  function grow(): void {
    for (let at = lives.length; at < plan.steps.length; at++) {
      lives.push({ step: plan.steps[at]!, phase: "idle", listeners: [] });
    }
  }

  /** Does a step wait, directly or not, for another one? */
  function leadsTo(from: StepId, to: StepId): boolean {
    const seen = new Set<StepId>([from]);
    for (const id of seen) {
      if (id === to) return true;
      if (lives[id]!.end !== undefined) continue;
      const { deps, pre, items, post } = plan.steps[id]!;
      for (const next of [...deps, ...pre, ...items, ...post, ...resting.get(id) ?? []]) {
        seen.add(next);
      }
    }
    return false;
  }

  function rest(by: StepId, id: StepId): void {
    const waits = resting.get(by);
    if (waits !== undefined) return void waits.push(id);
    if (!running.has(by)) return;
    resting.set(by, [id]);
    release(plan.steps[by]!);
  }

  /** One of the waits is over; with the last one the slot is taken again, be there one or not. */
  function resume(by: StepId, id: StepId): void {
    const waits = resting.get(by);
    if (waits === undefined) return;
    waits.splice(waits.indexOf(id), 1);
    if (waits.length > 0) return;
    resting.delete(by);
    take(plan.steps[by]!);
  }

  /** What an action has for itself while it does something. */
  function take({ unbounded, exclusive: alone, terminal }: Step): void {
    if (!unbounded) slots++;
    if (alone) exclusive = true;
    if (terminal) terminals++;
  }

  function release({ unbounded, exclusive: alone, terminal }: Step): void {
    if (!unbounded) slots--;
    if (alone) exclusive = false;
    if (!terminal) return;
    terminals--;
    for (const step of waitingForTerminal.splice(0)) queue.push(step);
  }

  /** Run `first` and everything that follows from it, then start what may start. */
  function settle(first: () => void): void {
    work.push(first);
    if (settling) return;
    settling = true;
    do {
      // The list grows while it is walked; shifting a long array would be quadratic.
      for (let next = 0; next < work.length; next++) work[next]!();
      work.length = 0;
    } while (startOne());
    settling = false;
    if (rootsLeft === 0 && running.size === 0) finishRun();
  }

  function demand(id: StepId, listener: (end: StepEnd) => void): void {
    const life = lives[id]!;
    if (life.end !== undefined) {
      const end = life.end;
      work.push(() => listener(end));
      return;
    }
    life.listeners.push(listener);
    if (life.phase !== "idle") return;
    life.phase = "checking";
    work.push(() => check(life));
  }

  function check(life: Life): void {
    const { step } = life;
    if (stopping !== undefined) return cancel(life);
    if (step.skip) return finish(life, { state: "skipped", code: 0, reason: { kind: "skip" } });
    if (step.conditions.length === 0) return needs(life);
    performer.holds(step).then((answer) =>
      settle(() => {
        if (stopping !== undefined) cancel(life);
        else if (answer === true) needs(life);
        else if (answer === false) {
          finish(life, { state: "skipped", code: 0, reason: { kind: "condition" } });
        } else {
          fail(life, {
            code: CONDITION_STATUS[answer.code] ?? 2,
            reason: { kind: "problem", problem: answer },
          });
        }
      })
    );
  }

  function needs(life: Life): void {
    life.phase = "needs";
    let left = life.step.deps.length;
    let bad: { end: StepEnd; id: StepId } | undefined;
    if (left === 0) return chain(life, "pre", 0);
    for (const id of life.step.deps) {
      demand(id, (end) => {
        if (!satisfied(end) && bad === undefined) bad = { end, id };
        if (--left > 0) return;
        if (bad !== undefined) blocked(life, bad.end, bad.id);
        else chain(life, "pre", 0);
      });
    }
  }

  /** The pre or post items, one after the other. */
  function chain(life: Life, kind: "pre" | "post", index: number): void {
    life.phase = kind;
    const id = life.step[kind][index];
    if (id === undefined) {
      if (kind === "pre") return body(life);
      const { cached, stored: key } = life.result ?? {};
      if (cached !== undefined) return finish(life, { state: "cached", code: 0, ...cached });
      return finish(life, { state: "ran", code: 0, ...(key !== undefined && { key }) });
    }
    demand(id, (end) => {
      if (satisfied(end)) chain(life, kind, index + 1);
      else if (kind === "pre") blocked(life, end, id);
      else failedBy(life, end, id);
    });
  }

  function body(life: Life): void {
    const { step } = life;
    if (stopping !== undefined) return cancel(life);
    switch (step.action.kind) {
      case "none":
        return chain(life, "post", 0);
      case "composite":
      case "group":
        life.phase = "items";
        return step.parallel ? together(life) : inTurn(life, 0, undefined);
      default:
        life.phase = "queued";
        queue.push(step);
    }
  }

  function inTurn(life: Life, index: number, bad: { end: StepEnd; id: StepId } | undefined): void {
    const id = life.step.items[index];
    if (id === undefined) {
      if (bad !== undefined) return failedBy(life, bad.end, bad.id);
      return chain(life, "post", 0);
    }
    demand(id, (end) => {
      if (satisfied(end)) inTurn(life, index + 1, bad);
      else if (options.keepGoing || life.step.keepGoing) {
        inTurn(life, index + 1, bad ?? { end, id });
      } else failedBy(life, end, id);
    });
  }

  function together(life: Life): void {
    let left = life.step.items.length;
    let bad: { end: StepEnd; id: StepId } | undefined;
    if (left === 0) return chain(life, "post", 0);
    for (const id of life.step.items) {
      demand(id, (end) => {
        // A sibling that was stopped because of the failure must not stand for it.
        if (!satisfied(end) && (bad === undefined || bad.end.state === "cancelled")) {
          bad = { end, id };
        }
        if (--left > 0) return;
        if (bad !== undefined) failedBy(life, bad.end, bad.id);
        else chain(life, "post", 0);
      });
    }
  }

  function startOne(): boolean {
    if (stopping !== undefined || exclusive) return false;
    const draining = queue.hasExclusive();
    if (draining && running.size > resting.size) return false;
    const step = queue.pop(draining ? "exclusive" : slots < options.jobs ? "any" : "unbounded");
    if (step === undefined) return false;
    if (step.terminal && terminals > 0) {
      waitingForTerminal.push(step);
      return true;
    }
    const life = lives[step.id]!;
    life.phase = "acting";
    take(step);
    const action = performer.act(step, (result) =>
      settle(() => {
        running.delete(step.id);
        // A body may end without waiting for what it asked for.
        if (!resting.delete(step.id)) release(step);
        if (result.code === 0) {
          life.result = result;
          chain(life, "post", 0);
        } else if (stopping !== undefined) {
          finish(life, { state: "cancelled", code: result.code, reason: stopped() });
        } else fail(life, result);
      }));
    running.set(step.id, action);
    return true;
  }

  /** The step's own action, or its condition, failed. */
  function fail(life: Life, result: ActionResult): void {
    const end: StepEnd = {
      state: "failed",
      code: result.code,
      reason: result.reason ?? { kind: "exit", code: result.code },
      origin: life.step.id,
    };
    failure ??= end;
    reaches(life, end);
    finish(life, end);
  }

  /** A failure ends the run when it reaches a step above which nobody keeps going. */
  function reaches({ step }: Life, { origin }: StepEnd): void {
    if (options.keepGoing || step.sheltered || stopping !== undefined) return;
    halt({ ...(origin !== undefined && { step: origin }) }, "SIGTERM");
  }

  /** Something that belongs to the step failed, so it failed itself. */
  function failedBy(life: Life, end: StepEnd, id: StepId): void {
    const state = end.state === "cancelled" ? "cancelled" : "failed";
    const origin = end.origin ?? id;
    const reason: Reason = state === "cancelled" ? stopped() : { kind: "upstream", step: origin };
    reaches(life, end);
    finish(life, { state, code: end.code, reason, origin });
  }

  /** Something it needs failed before it began. */
  function blocked(life: Life, end: StepEnd, id: StepId): void {
    if (end.state === "cancelled" || stopping !== undefined) return cancel(life);
    const origin = end.origin ?? id;
    const reason: Reason = { kind: "upstream", step: origin };
    reaches(life, end);
    if (stopping !== undefined) return cancel(life);
    finish(life, { state: "skipped", code: end.code || 1, reason, origin });
  }

  function cancel(life: Life): void {
    finish(life, { state: "cancelled", code: failure?.code ?? 1, reason: stopped() });
  }

  function stopped(): Reason {
    return { kind: "stopped", ...stopping };
  }

  function finish(life: Life, end: StepEnd): void {
    life.phase = "done";
    life.end = end;
    options.onEnd(life.step, end);
    const { listeners } = life;
    life.listeners = [];
    for (const listener of listeners) work.push(() => listener(end));
  }

  /** Nothing new is started; what runs is told to end. A later call may be more insistent. */
  function halt(why: NonNullable<typeof stopping>, signal: Stop): void {
    stopping ??= why;
    for (const step of [...queue.clear(), ...waitingForTerminal.splice(0)]) {
      cancel(lives[step.id]!);
    }
    performer.stop(signal);
    for (const action of running.values()) action.stop(signal);
  }

  function finishRun(): void {
    rootsLeft = -1;
    for (const life of lives) {
      if (life.end !== undefined) continue;
      if (stopping !== undefined) cancel(life);
      else finish(life, { state: "skipped", code: 0, reason: { kind: "unneeded" } });
    }
    // A body may have caught the failure of what it ran: then nobody's task has failed.
    resolve({ code: rootEnds.every(satisfied) ? 0 : failure?.code ?? 1 });
  }
}
