/**
 * The scheduler: when each step of a plan may go on. It decides order only; what a step does is
 * the performer's, and whether it has to be done at all will be the rebuilder's.
 *
 * Everything but the actions themselves is synchronous, through one work list: after an event all
 * its consequences are settled before the next action is chosen, so the order is the same on every
 * machine. With one job the choice follows the plan's numbering (depth first as written); with
 * more, the step with the longest way to the end of the run goes first.
 *
 * @module
 */

import type { Reason, Retry } from "../model/event.ts";
import type { StepId } from "../model/id.ts";
import { type Plan, reserves, type Step } from "../model/plan.ts";
import { type Life, newLife, type Stopping } from "./life.ts";
import {
  type ActionResult,
  type Performer,
  type Running,
  satisfied,
  type StepEnd,
  type Stop,
  TIMED_OUT,
} from "./performer.ts";
import { ReadyQueue } from "./ready_queue.ts";
import type { Before } from "./shares.ts";
import { Waits } from "./waits.ts";

export interface ScheduleOptions {
  readonly jobs: number;
  readonly keepGoing: boolean;
  /** How much there is of each named limit. */
  readonly limits: Readonly<Record<string, number>>;
  /** How long it is from the start of a step to the end of the run, in any unit. */
  height(step: Step): number;
  /** Call once after some milliseconds. @returns call it off */
  after(ms: number, listener: () => void): () => void;
  onEnd(step: Step, end: StepEnd): void;
  onRetry(step: Step, retry: Retry): void;
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

/** Statuses of what cannot be started at all: another attempt would end the same. */
const HOPELESS: ReadonlySet<number> = new Set([2, 126, 127]);

export function schedule(plan: Plan, performer: Performer, options: ScheduleOptions): Schedule {
  const lives: Life[] = [];
  grow();
  const queue = new ReadyQueue(options.jobs, options.limits, orderOf(options));
  const running = new Map<StepId, Running>();
  const work: (() => void)[] = [];
  let settling = false;
  let stopping: Stopping | undefined;
  let failure: StepEnd | undefined;
  let rootsLeft = plan.roots.length;
  const waits = new Waits(plan, queue);
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
      const ended = (step: StepId) => lives[step]!.end !== undefined;
      if (waits.leadsTo(id, by, ended)) return Promise.resolve("cycle");
      queue.extend(by, waits.closureOf([id]));
      const step = plan.steps[by]!;
      return new Promise((answer) =>
        settle(() => {
          if (running.has(by)) waits.rest(step, id);
          rootsLeft++;
          demand(id, (end) => {
            rootsLeft--;
            // With the last of its waits over it takes again what it had.
            if (waits.over(step, id)) goOn(step, () => answer(end));
            else answer(end);
          });
        })
      );
    },
  };

  function grow(): void {
    const from = lives.length;
    const owners = new Map<StepId, StepId>();
    for (const { id, pre, items, post } of plan.steps.slice(from)) {
      for (const owned of [...pre, ...items, ...post]) owners.set(owned, id);
    }
    for (const step of plan.steps.slice(from)) lives.push(newLife(step, owners.get(step.id)));
  }

  function goOn(step: Step, go: () => void): void {
    if (stopping === undefined) waits.goOn(step, go);
    else go();
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
    if (stops(life)) return cancel(life);
    if (step.skip) return finish(life, { state: "skipped", code: 0, reason: { kind: "skip" } });
    if (step.conditions.length === 0) return needs(life);
    performer.holds(step).then((answer) =>
      settle(() => {
        if (life.end !== undefined) return;
        if (stops(life)) cancel(life);
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
        if (--left > 0 || life.end !== undefined) return;
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
    if (stops(life)) return cancel(life);
    const { kind } = step.action;
    if (kind === "none") return chain(life, "post", 0);
    if (kind === "composite" || kind === "group") {
      if (step.items.length === 0) return chain(life, "post", 0);
      if (!reserves(step)) return contents(life);
    }
    life.phase = "queued";
    queue.push(step);
  }

  function contents(life: Life): void {
    const { step } = life;
    life.phase = "items";
    if (step.timeout !== undefined) {
      life.wake = options.after(step.timeout, () =>
        settle(() => {
          life.late = true;
          haltWithin(life, { step: step.id });
        }));
    }
    if (step.parallel) together(life);
    else inTurn(life, 0, undefined);
  }

  function inTurn(life: Life, index: number, bad: { end: StepEnd; id: StepId } | undefined): void {
    const id = life.step.items[index];
    if (id === undefined) return contentsEnd(life, bad);
    if (life.late || stops(life)) {
      const end = bad?.end ?? { state: "cancelled", code: 1, reason: stopped(life) };
      return contentsEnd(life, { end, id: bad?.id ?? id });
    }
    demand(id, (end) => {
      if (satisfied(end)) inTurn(life, index + 1, bad);
      else if (options.keepGoing || life.step.keepGoing) {
        inTurn(life, index + 1, bad ?? { end, id });
      } else contentsEnd(life, { end, id });
    });
  }

  function together(life: Life): void {
    let left = life.step.items.length;
    let bad: { end: StepEnd; id: StepId } | undefined;
    for (const id of life.step.items) {
      demand(id, (end) => {
        // A sibling that was stopped because of the failure must not stand for it.
        if (!satisfied(end) && (bad === undefined || bad.end.state === "cancelled")) {
          bad = { end, id };
        }
        if (--left === 0) contentsEnd(life, bad);
      });
    }
  }

  function contentsEnd(life: Life, bad: { end: StepEnd; id: StepId } | undefined): void {
    const { step } = life;
    callOff(life);
    if (life.reserved) {
      life.reserved = false;
      queue.end(step);
    }
    if (life.late) {
      const result: ActionResult = {
        code: TIMED_OUT,
        reason: { kind: "timeout", limit: step.timeout! },
      };
      if (!again(life, result.code, result.reason!)) fail(life, result);
    } else if (bad === undefined) chain(life, "post", 0);
    else {
      const { end, id } = bad;
      const reason: Reason = { kind: "upstream", step: end.origin ?? id };
      if (!again(life, end.code, reason)) failedBy(life, end, id);
    }
  }

  /** Is an action under way, beside those that wait for others? */
  function busy(): boolean {
    return running.size > waits.count;
  }

  function startOne(): boolean {
    if (stopping !== undefined) return false;
    const step = queue.next(
      busy(),
      ({ id }) => lives[id]!.phase !== "queued" && !waits.mayGoOn(id),
    );
    if (step === undefined) return false;
    const life = lives[step.id]!;
    if (waits.mayGoOn(step.id)) waits.goesOn(step);
    else if (step.items.length > 0) {
      life.reserved = true;
      queue.hold(step, waits.closureOf(step.items));
      contents(life);
    } else {
      life.phase = "acting";
      const done = (result: ActionResult) => settle(() => actionEnd(life, result));
      running.set(step.id, performer.act(step, done, () => found(step)));
    }
    return true;
  }

  /** A step has only to be put in place. With one job, or alone, that has its turn like the rest. */
  function found(step: Step): () => Promise<void> {
    if (options.jobs === 1 || step.exclusive) return () => Promise.resolve();
    settle(() => queue.end(step));
    return () => new Promise((go) => settle(() => goOn(step, go)));
  }

  function actionEnd(life: Life, result: ActionResult): void {
    const { step } = life;
    running.delete(step.id);
    waits.end(step);
    queue.end(step);
    const { code, reason = { kind: "exit", code } } = result;
    if (code === 0) {
      life.result = result;
      chain(life, "post", 0);
    } else if (stops(life)) {
      finish(life, { state: "cancelled", code, reason: stopped(life) });
    } else if (reason.kind === "problem" && HOPELESS.has(code) || !again(life, code, reason)) {
      fail(life, result);
    }
  }

  /** Try a step again, if it may be. */
  function again(life: Life, code: number, reason: Reason): boolean {
    const { step } = life;
    if (stops(life) || !hasAttempts(life)) return false;
    const { max, delay: first, factor } = step.retries!;
    const delay = Math.min(first * factor ** life.failed, LONGEST_PAUSE);
    life.failed++;
    life.late = false;
    life.phase = "pausing";
    const undone = reset(step);
    options.onRetry(step, { code, reason, attempt: life.failed, of: max + 1, delay, undone });
    life.wake = options.after(delay, () =>
      settle(() => {
        delete life.wake;
        if (life.end === undefined) body(life);
      }));
    return true;
  }

  function hasAttempts({ step, failed }: Life): boolean {
    return failed < (step.retries?.max ?? 0);
  }

  /** The items of a composite have a new life. */
  function reset({ items }: Step): readonly StepId[] {
    const undone: StepId[] = [];
    const renew = (id: StepId): void => {
      const { step, owner } = lives[id]!;
      lives[id] = newLife(step, owner);
      undone.push(id);
      [...step.pre, ...step.items, ...step.post].forEach(renew);
    };
    items.forEach(renew);
    return undone;
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
    life.phase = "done";
    reaches(life, end);
    finish(life, end);
  }

  /**
   * A failure ends the run when it reaches a step above which nobody keeps going; what is tried
   * again ends with all its items first.
   */
  function reaches(life: Life, { origin }: StepEnd): void {
    if (options.keepGoing || life.step.sheltered || stops(life)) return;
    const why = { ...(origin !== undefined && { step: origin }) };
    for (let at = life; at.owner !== undefined;) {
      const owner = lives[at.owner]!;
      if (hasAttempts(owner) && owner.step.items.includes(at.step.id)) {
        return haltWithin(owner, why);
      }
      at = owner;
    }
    halt(why, "SIGTERM");
  }

  /** Something that belongs to the step failed, so it failed itself. */
  function failedBy(life: Life, end: StepEnd, id: StepId): void {
    const state = end.state === "cancelled" ? "cancelled" : "failed";
    const origin = end.origin ?? id;
    const reason: Reason = state === "cancelled"
      ? end.reason ?? stopped(life)
      : { kind: "upstream", step: origin };
    reaches(life, end);
    finish(life, { state, code: end.code, reason, origin });
  }

  /** Something it needs failed before it began. */
  function blocked(life: Life, end: StepEnd, id: StepId): void {
    if (end.state === "cancelled" || stops(life)) return cancel(life);
    const origin = end.origin ?? id;
    const reason: Reason = { kind: "upstream", step: origin };
    reaches(life, end);
    if (stops(life)) return cancel(life);
    finish(life, { state: "skipped", code: end.code || 1, reason, origin });
  }

  function cancel(life: Life): void {
    finish(life, { state: "cancelled", code: failure?.code ?? 1, reason: stopped(life) });
  }

  function stops(life: Life): boolean {
    return (stopping ?? life.stopping) !== undefined;
  }

  function stopped(life: Life): Reason {
    return { kind: "stopped", ...stopping ?? life.stopping };
  }

  function finish(life: Life, end: StepEnd): void {
    if (life.end !== undefined) return;
    callOff(life);
    life.phase = "done";
    life.end = end;
    options.onEnd(life.step, end);
    const { listeners } = life;
    life.listeners = [];
    for (const listener of listeners) work.push(() => listener(end));
  }

  function callOff(life: Life): void {
    life.wake?.();
    delete life.wake;
  }

  /** Nothing new is started; what runs is told to end. A later call may be more insistent. */
  function halt(why: Stopping, signal: Stop): void {
    stopping ??= why;
    for (const step of queue.clear()) {
      const life = lives[step.id]!;
      if (life.phase === "queued") cancel(life);
      else if (waits.mayGoOn(step.id)) waits.goesOn(step);
    }
    for (const life of lives) {
      if (life.phase === "pausing") cancel(life);
    }
    for (const action of running.values()) action.stop(signal);
    performer.stop(signal);
  }

  /** The items of one step are stopped, and what else there is goes on. */
  function haltWithin({ step }: Life, why: Stopping): void {
    const stop = (id: StepId): void => {
      const life = lives[id]!;
      if (life.end !== undefined) return;
      life.stopping ??= why;
      const { phase } = life;
      if (phase === "checking" || phase === "needs" || phase === "queued" || phase === "pausing") {
        cancel(life);
      }
      running.get(id)?.stop("SIGTERM");
      [...life.step.pre, ...life.step.items, ...life.step.post].forEach(stop);
    };
    step.items.forEach(stop);
  }

  function finishRun(): void {
    rootsLeft = -1;
    for (const life of lives) {
      if (life.end !== undefined) continue;
      if (stops(life)) cancel(life);
      else finish(life, { state: "skipped", code: 0, reason: { kind: "unneeded" } });
    }
    // A body may have caught the failure of what it ran: then nobody's task has failed.
    resolve({ code: rootEnds.every(satisfied) ? 0 : failure?.code ?? 1 });
  }
}

/** No pause between attempts is longer, in milliseconds. */
const LONGEST_PAUSE = 24 * 60 * 60 * 1000;

/** What takes no slot first; then as written, or what the end of the run waits for longest. */
function orderOf({ jobs, height }: ScheduleOptions): Before {
  const rank = ({ exclusive, unbounded }: Step) => jobs > 1 && exclusive ? 0 : unbounded ? 1 : 2;
  return (a, b) => {
    const [first, second] = [rank(a), rank(b)];
    if (first !== second) return first < second;
    if (jobs === 1) return a.id < b.id;
    const [high, low] = [height(a), height(b)];
    return high === low ? a.id < b.id : high > low;
  };
}
