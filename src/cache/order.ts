/**
 * What comes before what in a plan, whatever the machine: by dependencies, hooks and sequences.
 *
 * @module
 */

import type { StepId } from "../model/id.ts";
import type { Plan } from "../model/plan.ts";

/** The moments of a step, as nodes of a graph: a path is an order. */
const START = 0, READY = 1, ACT = 2, ACTED = 3, END = 4, MOMENTS = 5;

/** @returns whether the action of one step has ended before that of another begins */
export function createOrder(plan: Plan): (first: StepId, second: StepId) => boolean {
  const next: number[][] = Array.from({ length: plan.steps.length * MOMENTS }, () => []);
  const moment = (id: StepId, which: number) => id * MOMENTS + which;
  const edge = (from: number, to: number) => void next[from]!.push(to);
  const holders = new Map<StepId, number>();
  for (const { deps } of plan.steps) {
    for (const id of deps) holders.set(id, (holders.get(id) ?? 0) + 1);
  }
  for (const id of plan.roots) holders.set(id, (holders.get(id) ?? 0) + 1);
  for (const step of plan.steps) {
    const at = (which: number) => moment(step.id, which);
    for (let which = START; which < END; which++) edge(at(which), at(which + 1));
    for (const id of step.deps) {
      edge(moment(id, END), at(READY));
      // Nobody else can have asked for it before.
      if (holders.get(id) === 1) edge(at(START), moment(id, START));
    }
    chain(step.pre, at(READY), at(ACT));
    if (step.parallel) { for (const id of step.items) chain([id], at(ACT), at(ACTED)); }
    else chain(step.items, at(ACT), at(ACTED));
    chain(step.post, at(ACTED), at(END));
  }
  const reached = new Map<StepId, Set<number>>();
  return (first, second) => {
    const seen = reached.get(first) ?? new Set([moment(first, ACTED)]);
    if (!reached.has(first)) {
      for (const from of seen) for (const to of next[from]!) seen.add(to);
      reached.set(first, seen);
    }
    return seen.has(moment(second, ACT));
  };

  function chain(ids: readonly StepId[], from: number, to: number): void {
    let last = from;
    for (const id of ids) {
      edge(last, moment(id, START));
      last = moment(id, END);
    }
    edge(last, to);
  }
}
