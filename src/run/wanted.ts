/**
 * What bodies ask for by `run(…)`: a reference comes in, its steps join the plan that is being
 * performed, and what the task returned goes out, or why it did not.
 *
 * @module
 */

import type { PlanKnowledge } from "../cache/check.ts";
import { unheld } from "../graph/shares.ts";
import type { Reference } from "../model/action.ts";
import type { StepId } from "../model/id.ts";
import type { Plan, Step } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { Surroundings } from "../source/binding.ts";
import type { RunWanted } from "./function.ts";
import type { RanTask } from "./function_protocol.ts";
import { satisfied, type StepEnd } from "./performer.ts";
import type { Schedule } from "./scheduler.ts";

/** Adds what a reference means to the plan. */
export type ExtendByReference = (reference: Reference, by: Step) =>
  | {
    readonly ok: true;
    readonly value: { readonly root: StepId; readonly added: readonly Step[] };
  }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What has joined a plan that is under way. */
export type Joined = NonNullable<PlanKnowledge["joined"]>;

/** What is wrong with the order in which a plan writes and reads that something has joined. */
export type Checking = (joined: Joined) => Promise<readonly Problem[]>;

/** Deeper than any honest nesting of `run` in `run`. */
const DEPTH = 100;

export function createRunWanted(options: {
  readonly plan: Plan;
  readonly extend: ExtendByReference;
  readonly surroundings: Surroundings;
  /** Every question is answered with yes. */
  readonly confirmed: boolean;
  readonly values: ReadonlyMap<StepId, string>;
  schedule(): Schedule;
  readonly check: Checking;
  ended(id: StepId): boolean;
  warn(problem: Problem): void;
  /** Steps have joined the plan, be they performed or not. */
  joined(steps: readonly Step[]): void;
  /** They are about to be performed, which the body of a step asked for. */
  added(steps: readonly Step[], by: Step): Promise<void>;
}): RunWanted {
  const { plan, extend, surroundings, confirmed, values } = options;
  /** How many bodies asked for one another until this step. */
  const depths = new Map<StepId, number>();
  const askers = new Map<StepId, StepId>();
  /** What cannot run beside what is under way, and why. */
  const barred = new Map<StepId, string>();
  const apart = new Set<StepId>();
  let joining = Promise.resolve();

  return async (by, target) => {
    const { extension } = surroundings.task(by.task);
    if (extension.inputs !== undefined && extension.cached !== false) {
      // Its result would not say what this other task did.
      return refused(1, `${by.label} is cached, so what it runs must be known: list it in deps`);
    }
    const extended = extend(referenceOf(by, target), by);
    if (!extended.ok) return refused(2, await textOf(extended.problems));
    const { root, added } = extended.value;
    if (added.length > 0) options.joined(added);
    const { label } = plan.steps[root]!;
    const depth = (depths.get(by.id) ?? 0) + 1;
    for (const { id } of added) {
      depths.set(id, depth);
      askers.set(id, by.id);
    }
    if (depth > DEPTH) {
      return refused(1, `${label}: ${DEPTH} tasks run each other, one in the other`);
    }
    for (const { task } of added) {
      const question = surroundings.task(task).extension.confirm;
      if (question === undefined || confirmed) continue;
      return refused(
        2,
        `${task} asks “${question}”: name it in deps, so that it is asked, or --yes`,
      );
    }
    const missing = unheld(plan, by.id, root);
    if (missing !== undefined) {
      const { holder, step, limit } = missing;
      return refused(
        2,
        `${step.label} uses ${limit}, and ${by.label} runs for ${holder.label}, which does not: ` +
          `list ${limit} in the uses of ${holder.label}`,
      );
    }
    // Who comes second may ask for what is about to join.
    const last = plan.steps.length;
    joining = joining.then(() => join(root, added, by, last));
    await joining;
    const bar = barred.get(root);
    if (bar !== undefined) return refused(2, bar);
    const end = await options.schedule().request(by.id, root);
    if (end === "cycle") return refused(1, `${by.label} and ${label} would wait for each other`);
    if (satisfied(end)) {
      return { ok: true, value: values.get(root) ?? "" };
    }
    return refused(end.code, `${label} ${howItEnded(end)}`);
  };

  /** @param last how many steps there were when they were added */
  async function join(root: StepId, added: readonly Step[], by: Step, last: number) {
    if (added.length === 0) return;
    const found = await options.check({
      steps: added,
      apart: (id) => id >= last || apart.has(id),
      askedBy: (id) => askers.get(id),
      ended: options.ended,
    });
    const error = found.find(({ code }) => code.startsWith("E_"));
    if (error === undefined) {
      for (const problem of found) options.warn(problem);
      return await options.added(added, by);
    }
    barred.set(root, await textOf([error]));
    for (const { id } of added) apart.add(id);
  }

  function referenceOf(by: Step, target: Parameters<RunWanted>[1]): Reference {
    const { place } = surroundings.task(by.task);
    if ("text" in target) return { kind: "text", text: target.text, place };
    const id = target.ids.find((name) => surroundings.task(name) !== undefined) ?? target.ids[0]!;
    return { kind: "task", id, place, ...(target.values && { values: target.values }) };
  }
}

function refused(code: number, message: string): RanTask["outcome"] {
  return { ok: false, code: code || 1, message };
}

function howItEnded({ state, code }: StepEnd): string {
  return state === "failed"
    ? `failed with status ${code}`
    : state === "skipped"
    ? "was left out"
    : "was stopped";
}

async function textOf([problem]: readonly Problem[]): Promise<string> {
  const { sentence } = await import("../report/problem.ts");
  const { message, hint } = sentence(problem!, (path) => path);
  return hint === undefined ? message : `${message}; ${hint}`;
}
