/**
 * The steps that could start now, best first: a binary heap.
 *
 * @module
 */

import type { Step } from "../model/plan.ts";

/**
 * - `written`: the plan's numbering, depth first as the author wrote it
 * - `height`: the longest chain of waiting steps first, ties as written
 */
export type Priority = "written" | "height";

export class ReadyQueue {
  readonly #priority: Priority;
  readonly #bounded: Step[] = [];
  /** Unbounded steps start at once, so there are never many. */
  readonly #unbounded: Step[] = [];
  readonly #exclusive: Step[] = [];

  constructor(priority: Priority) {
    this.#priority = priority;
  }

  push(step: Step): void {
    if (step.exclusive) this.#exclusive.push(step);
    else if (step.unbounded) this.#unbounded.push(step);
    else {
      this.#bounded.push(step);
      this.#up(this.#bounded.length - 1);
    }
  }

  hasExclusive(): boolean {
    return this.#exclusive.length > 0;
  }

  /** Take the best step of a sort; `any` prefers those that need no slot. */
  pop(sort: "any" | "unbounded" | "exclusive"): Step | undefined {
    if (sort === "exclusive") return this.#exclusive.shift();
    const free = this.#unbounded.shift();
    if (free !== undefined || sort === "unbounded") return free;
    const heap = this.#bounded;
    const best = heap[0];
    const last = heap.pop();
    if (heap.length > 0 && last !== undefined) {
      heap[0] = last;
      this.#down(0);
    }
    return best;
  }

  /** Empty the queue; what was in it is returned as written. */
  clear(): readonly Step[] {
    const all = [
      ...this.#bounded.splice(0),
      ...this.#unbounded.splice(0),
      ...this.#exclusive.splice(0),
    ];
    return all.sort((a, b) => a.id - b.id);
  }

  #before(a: Step, b: Step): boolean {
    if (this.#priority === "height" && a.height !== b.height) return a.height > b.height;
    return a.id < b.id;
  }

  #up(index: number): void {
    const heap = this.#bounded;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(heap[index]!, heap[parent]!)) return;
      [heap[index], heap[parent]] = [heap[parent]!, heap[index]!];
      index = parent;
    }
  }

  #down(index: number): void {
    const heap = this.#bounded;
    while (true) {
      const left = 2 * index + 1;
      const right = left + 1;
      let best = index;
      if (left < heap.length && this.#before(heap[left]!, heap[best]!)) best = left;
      if (right < heap.length && this.#before(heap[right]!, heap[best]!)) best = right;
      if (best === index) return;
      [heap[index], heap[best]] = [heap[best]!, heap[index]!];
      index = best;
    }
  }
}
