/**
 * What tasks take of named limits, and when they must be alone: whether that can work at all.
 *
 * @module
 */

import type { Item, Reference } from "../model/action.ts";
import type { Graph } from "../model/graph.ts";
import type { StepId, TaskId } from "../model/id.ts";
import { nearest } from "../model/near.ts";
import { childrenOf, type Plan, reserves, type Step } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { Task } from "../model/task.ts";

/**
 * @param limits how much there is of each
 * @returns limits that do not exist or are too small, composites whose items could wait for each
 * other for ever, and exclusive tasks among those that run at the same time
 */
export function checkShares(
  graph: Graph,
  limits: Readonly<Record<string, number>>,
): readonly Problem[] {
  const { tasks } = graph.workspace;
  const problems: Problem[] = [];
  for (const task of tasks.values()) {
    const { uses, places } = task.extension;
    const place = places?.uses ?? task.place;
    for (const [limit, count] of Object.entries(uses ?? {})) {
      const size = limits[limit];
      const about = { task: task.id, place, limit };
      if (size === undefined) {
        const near = nearest(limit, Object.keys(limits));
        problems.push({ code: "E_LIMIT_UNKNOWN", ...about, near });
      } else if (count > size) problems.push({ code: "E_LIMIT_SIZE", ...about, count, size });
    }
    const { action } = task;
    if (action.kind !== "composite" && action.kind !== "group") continue;
    if (reserves(task.extension)) problems.push(...checkHeld(graph, task));
    if (action.parallel) problems.push(...checkAlone(graph, task));
  }
  return problems;
}

/** What a composite leads to takes no more of a limit than the composite holds. */
function* checkHeld(
  { workspace: { tasks }, resolved }: Graph,
  composite: Task,
): Generator<Problem> {
  const seen = new Set<TaskId>([composite.id]);
  for (const id of seen) {
    const task = tasks.get(id)!;
    // What stands before or behind the composite itself runs while it holds nothing.
    const inner = task === composite ? itemsOf(task) : [...task.deps, ...referencesOf(task)];
    for (const reference of inner) {
      const to = resolved.get(reference)?.id;
      if (to !== undefined) seen.add(to);
    }
    if (task.action.kind === "group") task.members.forEach((member) => seen.add(member));
    if (task === composite) continue;
    for (const [limit, count] of Object.entries(task.extension.uses ?? {})) {
      const held = composite.extension.uses?.[limit] ?? 0;
      if (count <= held) continue;
      const { places } = composite.extension;
      const place = places?.uses ?? composite.place;
      yield { code: "E_LIMIT_HELD", task: composite.id, place, limit, item: id, count, held };
    }
  }
}

/**
 * The same for steps that a body asks for while it runs.
 *
 * @returns a composite that leads to the body, and what it does not hold of what a step takes
 */
export function unheld(
  { steps }: Plan,
  by: StepId,
  asked: StepId,
): { readonly holder: Step; readonly step: Step; readonly limit: string } | undefined {
  const takes = (step: Step) => step.items.length > 0 && reserves(step);
  const holders = steps.filter((step) => takes(step) && closureOf(steps, step.items).has(by));
  if (holders.length === 0) return undefined;
  for (const id of closureOf(steps, [asked])) {
    const step = steps[id]!;
    for (const [limit, count] of Object.entries(step.uses ?? {})) {
      const holder = holders.find(({ uses }) => count > (uses?.[limit] ?? 0));
      if (holder !== undefined) return { holder, step, limit };
    }
  }
  return undefined;
}

function closureOf(steps: readonly Step[], ids: readonly StepId[]): ReadonlySet<StepId> {
  const seen = new Set(ids);
  for (const id of seen) for (const next of childrenOf(steps[id]!)) seen.add(next);
  return seen;
}

/** Nothing that is to run alone is among what runs at the same time. */
function* checkAlone(
  { workspace: { tasks }, resolved }: Graph,
  composite: Task,
): Generator<Problem> {
  const { action } = composite;
  const count = action.kind === "composite" ? action.items.length : composite.members.length;
  if (count < 2) return;
  const found = new Set<TaskId>([composite.id]);
  for (const id of found) {
    const task = tasks.get(id)!;
    const inner = task.action.kind === "group"
      ? task.members.filter((member) => !tasks.get(member)!.hidden)
      : (task === composite ? itemsOf(task) : referencesOf(task))
        .flatMap((reference) => resolved.get(reference)?.id ?? []);
    for (const item of inner) {
      if (tasks.get(item)?.extension.exclusive === true && !found.has(item)) {
        yield { code: "E_EXCLUSIVE", task: composite.id, place: composite.place, item };
      }
      found.add(item);
    }
  }
}

/** The items of a task that refer to others. */
function itemsOf({ action }: Task): readonly Reference[] {
  return action.kind === "composite" ? usedBy(action.items) : [];
}

/** The same with its hooks. */
function referencesOf(task: Task): readonly Reference[] {
  return [...usedBy(task.pre), ...itemsOf(task), ...usedBy(task.post)];
}

function usedBy(items: readonly Item[]): readonly Reference[] {
  return items.flatMap((item) => item.kind === "use" ? [item.reference] : []);
}
