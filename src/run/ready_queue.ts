/**
 * The steps that could start now, and which of them may.
 *
 * The best one goes first. What it needs and cannot have is kept for it: no worse one that needs the
 * same overtakes it, so a heavy step is not starved by light ones. An exclusive step shuts a gate:
 *
 * ```
 * (best of all) -> draining --nothing acts--> open -> away
 * ```
 *
 * Nothing starts while it drains; behind an open one only what the exclusive composite itself leads
 * to, and nothing beside an exclusive action.
 *
 * @module
 */

import type { StepId } from "../model/id.ts";
import type { Step } from "../model/plan.ts";
import { Heap } from "./heap.ts";
import { type Before, Shares } from "./shares.ts";

interface Gate {
  readonly step: Step;
  open: boolean;
  /** What may start behind it when it is open. */
  closure: ReadonlySet<StepId>;
  /** What it keeps from starting. */
  readonly outside: Heap<Step>;
}

const NOBODY: ReadonlySet<StepId> = new Set();

export class ReadyQueue {
  readonly #before: Before;
  readonly #shares: Shares;
  readonly #ready: Heap<Step>;
  /** The innermost last. */
  readonly #gates: Gate[] = [];
  /** Those that go on, and do not start. */
  readonly #returning = new Set<Step>();

  /** @param before who starts first */
  constructor(jobs: number, limits: Readonly<Record<string, number>>, before: Before) {
    this.#before = (a, b) => {
      if (this.#returning.size === 0) return before(a, b);
      const back = this.#returning.has(a);
      return back === this.#returning.has(b) ? before(a, b) : back;
    };
    this.#shares = new Shares(jobs, limits, this.#before);
    this.#ready = new Heap(this.#before);
  }

  push(step: Step): void {
    this.#ready.push(step);
  }

  /**
   * The best step that may go now; it has been given what it needs.
   *
   * @param busy some action is under way
   * @param over a step in the queue that need not go any more
   */
  next(busy: boolean, over: (step: Step) => boolean): Step | undefined {
    for (;;) {
      const gate = this.#gates.at(-1);
      if (gate?.open === false) {
        if (over(gate.step)) {
          this.end(gate.step);
          continue;
        }
        if (!busy) {
          gate.open = true;
          this.#returning.delete(gate.step);
          return gate.step;
        }
      }
      const step = this.#best()?.shift();
      if (step === undefined) return undefined;
      if (over(step)) {
        this.#returning.delete(step);
        continue;
      }
      const waiting = this.#obstacle(step);
      if (waiting !== undefined) {
        waiting.push(step);
        continue;
      }
      this.#shares.take(step);
      if (!step.exclusive) {
        this.#returning.delete(step);
        return step;
      }
      const outside = new Heap(this.#before);
      this.#gates.push({ step, open: false, closure: NOBODY, outside });
    }
  }

  /** A composite has started: what it leads to goes on its account. */
  hold(step: Step, closure: Set<StepId>): void {
    this.#shares.hold(step, closure);
    const gate = this.#gates.find((gate) => gate.step === step);
    if (gate !== undefined) gate.closure = closure;
    this.#askAgain();
  }

  /** A step needs nothing any more, or nothing for a while; it may have given it back before. */
  end(step: Step): void {
    this.#again(this.#shares.give(step));
    const index = this.#gates.findIndex((gate) => gate.step === step);
    if (index !== -1) this.#again(this.#gates.splice(index, 1)[0]!.outside.clear());
  }

  /** A step goes on as soon as it can have what it had; it goes before those that start. */
  goOn(step: Step): void {
    if (this.#returning.has(step)) return;
    this.#returning.add(step);
    this.#ready.push(step);
  }

  /** A body leads to steps that nobody knew of. */
  extend(by: StepId, ids: ReadonlySet<StepId>): void {
    if (this.#shares.extend(by, ids)) this.#askAgain();
  }

  /** Empty the queue; what was in it is returned as written. */
  clear(): readonly Step[] {
    const all = [...this.#ready.clear(), ...this.#shares.clear()];
    for (const { step, open, outside } of this.#gates) {
      all.push(...outside.clear());
      if (!open) all.push(step);
    }
    return all.sort((a, b) => a.id - b.id);
  }

  /** Where they have to wait is another place now. */
  #askAgain(): void {
    this.#again(this.#shares.clear());
    for (const { outside } of this.#gates) this.#again(outside.clear());
  }

  #again(steps: readonly Step[]): void {
    for (const step of steps) this.#ready.push(step);
  }

  #best(): Heap<Step> | undefined {
    const waiting = this.#shares.best();
    const { first } = this.#ready;
    if (first === undefined) return waiting;
    return waiting === undefined || this.#before(first, waiting.first!) ? this.#ready : waiting;
  }

  /** Where a step has to wait. */
  #obstacle(step: Step): Heap<Step> | undefined {
    const gate = this.#gates.at(-1);
    if (gate !== undefined && !(gate.open && gate.closure.has(step.id))) return gate.outside;
    return this.#shares.missing(step)?.waiting;
  }
}
