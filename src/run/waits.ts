/**
 * Actions that wait in the middle: a body for what it asked for by `run(…)`, a stored result that
 * could not be put back for a slot. While they wait they have nothing; they go on, before others
 * start, when they can have again what they had.
 *
 * @module
 */

import type { StepId } from "../model/id.ts";
import { childrenOf, type Plan, type Step } from "../model/plan.ts";
import type { ReadyQueue } from "./ready_queue.ts";

export class Waits {
  readonly #plan: Plan;
  readonly #queue: ReadyQueue;
  /** Steps whose actions wait -> those they wait for. */
  readonly #resting = new Map<StepId, StepId[]>();
  /** Steps whose actions may go on when there is room for them. */
  readonly #returning = new Map<StepId, (() => void)[]>();

  /** @param plan may grow */
  constructor(plan: Plan, queue: ReadyQueue) {
    this.#plan = plan;
    this.#queue = queue;
  }

  /** How many actions wait. */
  get count(): number {
    return this.#resting.size;
  }

  /** May a step go on as soon as there is room for it? */
  mayGoOn(id: StepId): boolean {
    return this.#returning.has(id);
  }

  /** Everything some steps lead to, what bodies wait for included, and they themselves. */
  closureOf(ids: readonly StepId[]): Set<StepId> {
    const seen = new Set<StepId>(ids);
    for (const id of seen) for (const next of this.#next(id)) seen.add(next);
    return seen;
  }

  /** Does a step wait, directly or not, for another one? @param ended waits for nothing any more */
  leadsTo(from: StepId, to: StepId, ended: (id: StepId) => boolean): boolean {
    const seen = new Set<StepId>([from]);
    for (const id of seen) {
      if (id === to) return true;
      if (!ended(id)) { for (const next of this.#next(id)) seen.add(next); }
    }
    return false;
  }

  /** The action of a step waits for another step. */
  rest(step: Step, id: StepId): void {
    const waits = this.#resting.get(step.id);
    if (waits !== undefined) return void waits.push(id);
    this.#resting.set(step.id, [id]);
    this.#queue.end(step);
  }

  /** One of the waits of a step is over. @returns was it the last? */
  over(step: Step, id: StepId): boolean {
    const waits = this.#resting.get(step.id);
    waits?.splice(waits.indexOf(id), 1);
    return waits?.length === 0;
  }

  /** An action that has given back what it had goes on when it can have it again. */
  goOn(step: Step, go: () => void): void {
    if (!this.#resting.has(step.id)) this.#resting.set(step.id, []);
    this.#returning.set(step.id, [...this.#returning.get(step.id) ?? [], go]);
    this.#queue.goOn(step);
  }

  /** The queue has let a step go on. */
  goesOn(step: Step): void {
    const all = this.#returning.get(step.id) ?? [];
    this.#returning.delete(step.id);
    for (const go of all) go();
    // It may wait for something else by now.
    if (this.#resting.get(step.id)?.length === 0) this.#resting.delete(step.id);
    else this.#queue.end(step);
  }

  /** The action of a step has ended, whatever it waited for. */
  end({ id }: Step): void {
    this.#resting.delete(id);
    this.#returning.delete(id);
  }

  #next(id: StepId): readonly StepId[] {
    return [...childrenOf(this.#plan.steps[id]!), ...this.#resting.get(id) ?? []];
  }
}
