/**
 * How far each step of a plan is from the end of the run: what has the longest way goes first.
 *
 * @module
 */

import type { StepId } from "../model/id.ts";
import { acts, childrenOf, type Step } from "../model/plan.ts";

/**
 * The way from the start of each step to the end of the run, the step itself included: the longest
 * chain of what has to happen one after the other, were there enough slots.
 *
 * @param cost how long the action of a step takes, in any unit
 * @returns by step, in the same unit
 */
export function heightsOf(
  steps: readonly Step[],
  roots: readonly StepId[],
  cost: (step: Step) => number,
): Float64Array {
  // Of a step, without what it depends on: its action or items, and the same with its hooks.
  const inner = new Float64Array(steps.length);
  const whole = new Float64Array(steps.length);
  const sum = (ids: readonly StepId[]) => ids.reduce((total, id) => total + whole[id]!, 0);
  const most = (ids: readonly StepId[]) => ids.reduce((high, id) => Math.max(high, whole[id]!), 0);
  for (const id of holdersFirst(steps, roots).reverse()) {
    const step = steps[id]!;
    const { items, parallel } = step;
    inner[id] = acts(step) ? cost(step) : parallel ? most(items) : sum(items);
    whole[id] = sum(step.pre) + inner[id]! + sum(step.post);
  }
  const after = new Float64Array(steps.length);
  const raise = (id: StepId, by: number) => {
    after[id] = Math.max(after[id]!, by);
  };
  /** One after the other. @param by what comes behind the last */
  const inTurn = (ids: readonly StepId[], by: number) => {
    for (const id of ids.toReversed()) {
      raise(id, by);
      by += whole[id]!;
    }
    return by;
  };
  for (const id of holdersFirst(steps, roots)) {
    const { deps, pre, items, post, parallel } = steps[id]!;
    const behind = inTurn(post, after[id]!);
    if (parallel) { for (const item of items) raise(item, behind); }
    else inTurn(items, behind);
    const before = inTurn(pre, behind + inner[id]!);
    for (const dep of deps) raise(dep, before);
  }
  return after.map((way, id) => way + inner[id]!);
}

/** The steps that the roots lead to, each behind all that lead to it. */
export function holdersFirst(steps: readonly Step[], roots: readonly StepId[]): StepId[] {
  const holders = new Int32Array(steps.length);
  for (const step of steps) for (const child of childrenOf(step)) holders[child]!++;
  const order: StepId[] = [];
  const ready = [...new Set(roots)].filter((id) => holders[id] === 0);
  while (ready.length > 0) {
    const id = ready.pop()!;
    order.push(id);
    for (const child of childrenOf(steps[id]!)) if (--holders[child]! === 0) ready.push(child);
  }
  return order;
}
