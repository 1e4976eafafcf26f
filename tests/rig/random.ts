/**
 * Chance that is the same on every machine: a seed gives one sequence (mulberry32).
 *
 * @module
 */

export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number at least 0 and below `limit`. */
  below(limit: number): number;
  chance(likely: number): boolean;
  of<T>(list: readonly T[]): T;
}

/** @param seed a whole number */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = state + 0x6d2b79f5 >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (likely) => next() < likely,
    of: (list) => list[below(list.length)]!,
  };
}
