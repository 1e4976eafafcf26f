/**
 * What a step gives to the keys of those that depend on it. A cached one gives what it left; an
 * uncached one what it was made of, as if it were cached; a composite what its items gave.
 *
 * @module
 */

import { hashOf } from "../../cache/key.ts";
import type { KeyPart } from "../../model/output.ts";
import type { StepId } from "../../model/id.ts";
import { acts, type Plan, type Step } from "../../model/plan.ts";
import type { StepEnd } from "../performer.ts";

export interface Contribution {
  /** Equal texts mean equal results. */
  readonly text: string;
  /** Of what a function returned; counts where it is taken. */
  readonly value?: string;
  /** A cached step that ran, and whose result could not be stored: its label. */
  readonly unstored?: string;
  /** The key of its stored result. */
  readonly key?: string;
}

export interface Contributions {
  /** What one step gave, once it has ended. */
  of(id: StepId): Contribution;
  set(id: StepId, contribution: Contribution): void;
  ended(step: Step, end: StepEnd): void;
  /** Parts for what a step depends on: its dependencies, then its `pre` items in order. */
  parts(step: Step): readonly KeyPart[];
  /** The label of a cached step above whose result could not be stored. */
  unstoredAbove(step: Step): string | undefined;
}

export function createContributions(plan: Plan): Contributions {
  const known = new Map<StepId, Contribution>();
  const contributions: Contributions = {
    of(id) {
      const before = known.get(id);
      if (before !== undefined) return before;
      const made = gather(plan.steps[id]!);
      known.set(id, made);
      return made;
    },
    set: (id, contribution) => void known.set(id, contribution),
    ended({ id }, { state, reason }) {
      if (state !== "skipped") return;
      // What was left out by hand may have left anything behind.
      const byHand = reason?.kind === "skip";
      const { label } = plan.steps[id]!;
      known.set(id, { text: "not run", ...(byHand && { unstored: label }) });
    },
    parts(step) {
      const taken = new Set(Object.values(step.takes));
      const deps = step.deps.map((id): KeyPart => {
        const { text, value, key } = contributions.of(id);
        const { label } = plan.steps[id]!;
        return {
          name: `dep ${label}`,
          value: taken.has(id) ? hashOf([text, value ?? ""]) : text,
          ...(key !== undefined && { from: key }),
        };
      });
      // The order in which dependencies are written means nothing; that of hooks does.
      deps.sort((a, b) => compare(a.name, b.name) || compare(a.value, b.value));
      const pre = step.pre.map((id, index): KeyPart => ({
        name: `pre ${index} ${plan.steps[id]!.label}`,
        value: contributions.of(id).text,
      }));
      const takes = Object.entries(step.takes).sort(([a], [b]) => compare(a, b))
        .map(([name, id]): KeyPart => ({
          name: `takes ${name}`,
          value: `${plan.steps[id]!.label} ${contributions.of(id).value ?? ""}`,
        }));
      return [...deps, ...pre, ...takes];
    },
    unstoredAbove(step) {
      for (const id of [...step.deps, ...step.pre]) {
        const { unstored } = contributions.of(id);
        if (unstored !== undefined) return unstored;
      }
      return undefined;
    },
  };
  return contributions;

  /** Of what starts nothing itself. */
  function gather(step: Step): Contribution {
    const { label, action, deps, pre, items, post } = step;
    // It was performed before anybody wanted to know what it is made of.
    if (acts(step)) return { text: "not known", unstored: label };
    const all = [...deps, ...pre, ...items, ...post].map(contributions.of);
    const unstored = all.find((each) => each.unstored !== undefined)?.unstored;
    const text = hashOf([label, action.kind, ...all.map((each) => each.text)]);
    return { text, ...(unstored !== undefined && { unstored }) };
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
