/**
 * What is asked about steps: whether their results are kept, whether somebody wants to know what they
 * were made of, whether they are to be performed in any case.
 *
 * @module
 */

import type { StepId } from "../../model/id.ts";
import { acts, type Plan, type Step } from "../../model/plan.ts";
import type { Surroundings } from "../../source/binding.ts";
import { isCached } from "./recipe.ts";
import type { CacheOptions } from "./work.ts";

export interface Questions {
  /** Are its results kept in this run? */
  caches(step: Step): boolean;
  hasOutputs(step: Step): boolean;
  /** Is it a task of the plan that has outputs? */
  makesOutputs(task: string): boolean;
  /** Does a cached step depend on it? */
  isObserved(step: Step): boolean;
  /** Is it to be performed whatever is stored? */
  isForced(step: Step): boolean;
}

/** @param plan may grow */
export function createQuestions(
  plan: Plan,
  options: CacheOptions,
  { task: find }: Pick<Surroundings, "task">,
): Questions {
  const roots = new Set(plan.roots);
  let observed = new Set<StepId>();
  let observedOf = 0;
  let making = new Set<string>();
  let makingOf = 0;
  return { caches, hasOutputs, makesOutputs, isObserved, isForced };

  function caches(step: Step): boolean {
    return !options.off && !step.inline && !step.partial && acts(step) &&
      isCached(find(step.task).extension);
  }

  function hasOutputs(step: Step): boolean {
    if (step.inline || !acts(step)) return false;
    const { outputs, outputsOptional } = find(step.task).extension;
    return (outputs?.length ?? 0) + (outputsOptional?.length ?? 0) > 0;
  }

  function makesOutputs(task: string): boolean {
    if (makingOf !== plan.steps.length) {
      making = new Set(
        plan.steps.filter((step) => !step.skip && hasOutputs(step)).map((step) => step.task),
      );
      makingOf = plan.steps.length;
    }
    return making.has(task);
  }

  function isObserved({ id }: Step): boolean {
    if (observedOf !== plan.steps.length) {
      observed = observedBy(plan, caches);
      observedOf = plan.steps.length;
    }
    return observed.has(id);
  }

  function isForced(step: Step): boolean {
    if (options.force === undefined) return false;
    return options.force === "targets"
      ? roots.has(step.id) || itemsOf(plan, roots).has(step.id)
      : options.force.includes(step.task);
  }
}

/** Every step that a cached one depends on. */
function observedBy(plan: Plan, caches: (step: Step) => boolean): Set<StepId> {
  const found = new Set<StepId>();
  for (const step of plan.steps) {
    if (!caches(step)) continue;
    for (const id of [...step.deps, ...step.pre]) found.add(id);
  }
  for (const id of found) {
    const { deps, pre, items, post } = plan.steps[id]!;
    for (const each of [...deps, ...pre, ...items, ...post]) found.add(each);
  }
  return found;
}

function itemsOf(plan: Plan, roots: ReadonlySet<StepId>): ReadonlySet<StepId> {
  const found = new Set<StepId>(roots);
  for (const id of found) for (const item of plan.steps[id]!.items) found.add(item);
  return found;
}
