/**
 * Which steps of a plan a run would come to: those that its targets lead to, but for what lies behind
 * a condition that does not hold. What a function says is known only when it has run.
 *
 * @module
 */

import type { StepId } from "../model/id.ts";
import type { Plan, Step } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";

export type Demand =
  | { readonly kind: "yes" }
  /** A function decides. */
  | { readonly kind: "open"; readonly on: string }
  /** Its condition does not hold. */
  | { readonly kind: "no" };

const WEIGHT = { no: 0, open: 1, yes: 2 };

/**
 * @param holds what is known of a step's conditions; functions count as true
 * @returns without the steps that nobody would ask for
 */
export async function demandsOf(
  plan: Plan,
  holds: (step: Step) => Promise<boolean | Problem>,
): Promise<{ readonly of: ReadonlyMap<StepId, Demand> } | { readonly problem: Problem }> {
  const of = new Map<StepId, Demand>();
  const answers = new Map<StepId, boolean | Problem>();
  const waiting: { readonly id: StepId; readonly demand: Demand }[] = [];
  const ask = (ids: readonly StepId[], demand: Demand) => {
    for (const id of ids) waiting.push({ id, demand });
  };
  ask(plan.roots, { kind: "yes" });
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { id, demand } = next;
    const step = plan.steps[id]!;
    const answer = answers.get(id) ?? await holds(step);
    answers.set(id, answer);
    if (typeof answer === "object") return { problem: answer };
    const own: Demand = !answer
      ? { kind: "no" }
      : isOpen(step) && demand.kind === "yes"
      ? { kind: "open", on: "its condition" }
      : demand;
    const known = of.get(id);
    if (known !== undefined && WEIGHT[known.kind] >= WEIGHT[own.kind]) continue;
    of.set(id, own);
    if (own.kind === "no") continue;
    const { deps, pre, items, post, label } = step;
    const handedOn = own.kind === "open" && own.on === "its condition"
      ? { ...own, on: `the condition of ${label}` }
      : own;
    ask([...deps, ...pre, ...items, ...post], handedOn);
  }
  return { of };
}

function isOpen({ skip, conditions }: Step): boolean {
  return !skip && conditions.some(({ body }) => body !== undefined);
}
