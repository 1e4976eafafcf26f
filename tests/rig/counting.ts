/**
 * Counting calls of the file system, as the program under test in this process makes them: what may
 * not grow is counted, not timed.
 *
 * @module
 */

import fs from "node:fs";

export type Counted = "lstatSync" | "statSync" | "readdirSync" | "openSync" | "readFileSync";

export interface Counts {
  of(name: Counted): number;
  /** How often a call was made for paths that a text stands in. */
  about(name: Counted, part: string): number;
  [Symbol.dispose](): void;
}

/**
 * Count until disposed of.
 *
 * @param see what a call returns instead of what it found
 */
export function counting(
  names: readonly Counted[],
  see: (path: string, found: unknown) => unknown = (_, found) => found,
): Counts {
  const calls = new Map<Counted, string[]>(names.map((name) => [name, []]));
  const originals = names.map((name) => [name, fs[name]] as const);
  const table = fs as unknown as Record<string, unknown>;
  for (const [name, original] of originals) {
    table[name] = (...args: readonly unknown[]) => {
      const path = String(args[0]);
      calls.get(name)!.push(path);
      return see(path, (original as (...args: readonly unknown[]) => unknown)(...args));
    };
  }
  return {
    of: (name) => calls.get(name)!.length,
    about: (name, part) => calls.get(name)!.filter((path) => path.includes(part)).length,
    [Symbol.dispose]() {
      for (const [name, original] of originals) table[name] = original;
    },
  };
}
