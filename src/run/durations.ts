/**
 * How long actions took in earlier runs, by label: what is started first when not everything can be
 * (the learned critical path). Kept in `.ntask/state/durations`; it decides order only, so what
 * cannot be read or written is no reason for anything.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import { aside } from "../host/witness.ts";
import type { Step } from "../model/plan.ts";

export interface Durations {
  /** Milliseconds; for what is not known yet the mean of the others, and 1 where nothing is. */
  of(step: Step): number;
  /** An action has succeeded. @param ms what it took */
  learn(label: string, ms: number): void;
  /** Keep what was learned. @param time what the run took, in milliseconds */
  save(time: number): void;
}

/** Where a run takes less than this there is nothing to gain, in milliseconds. */
const WORTH = 1000;

/** So many labels are kept, those seen last. */
const MOST = 20_000;

/** @param root of the project, absolute */
export function openDurations(root: string): Durations {
  const state = `${root}/.ntask/state`;
  const file = `${state}/durations`;
  // Only the order follows from it.
  const known = aside(() => read(file));
  const sum = [...known.values()].reduce((total, ms) => total + ms, 0);
  const mean = known.size === 0 ? 1 : sum / known.size;
  const learned = new Map<string, number>();
  return {
    of: ({ label }) => known.get(label) ?? mean,
    learn(label, ms) {
      const before = known.get(label);
      // One slow day is not the rule.
      learned.set(label, Math.round(before === undefined ? ms : (before + ms) / 2));
    },
    save(time) {
      if (learned.size === 0 || time < WORTH) return;
      // Another run may have learned meanwhile.
      const all = read(file);
      for (const [label, ms] of learned) {
        all.delete(label);
        all.set(label, ms);
      }
      try {
        disk.makeOwn(root, "state");
        disk.writeWhole(file, JSON.stringify(Object.fromEntries([...all].slice(-MOST))));
      } catch {
        // The next run has one hint less.
      }
    },
  };
}

function read(file: string): Map<string, number> {
  try {
    if (disk.stat(file) === undefined) return new Map();
    const entries = Object.entries(JSON.parse(new TextDecoder().decode(disk.read(file))) as object);
    return new Map(entries.filter(([, ms]) => Number.isFinite(ms) && ms >= 0));
  } catch {
    return new Map();
  }
}
