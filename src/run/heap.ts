/**
 * A binary heap: things of which the first, by some order, can be taken.
 *
 * @module
 */

export class Heap<T> {
  readonly #before: (a: T, b: T) => boolean;
  #things: T[] = [];

  /** @param before does `a` come before `b`? Two different things are never equal. */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  /** The first, which stays. */
  get first(): T | undefined {
    return this.#things[0];
  }

  push(thing: T): void {
    this.#things.push(thing);
    this.#up(this.#things.length - 1);
  }

  /** Take the first. */
  shift(): T | undefined {
    const things = this.#things;
    const first = things[0];
    const last = things.pop();
    if (things.length > 0 && last !== undefined) {
      things[0] = last;
      this.#down(0);
    }
    return first;
  }

  /** Take everything, in no order. */
  clear(): readonly T[] {
    const all = this.#things;
    this.#things = [];
    return all;
  }

  #up(index: number): void {
    const things = this.#things;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(things[index]!, things[parent]!)) return;
      [things[index], things[parent]] = [things[parent]!, things[index]!];
      index = parent;
    }
  }

  #down(index: number): void {
    const things = this.#things;
    while (true) {
      const left = 2 * index + 1;
      const right = left + 1;
      let best = index;
      if (left < things.length && this.#before(things[left]!, things[best]!)) best = left;
      if (right < things.length && this.#before(things[right]!, things[best]!)) best = right;
      if (best === index) return;
      [things[index], things[best]] = [things[best]!, things[index]!];
      index = best;
    }
  }
}
