/**
 * What a run now would do with each step of a plan: the questions of a run, and nothing is performed,
 * put back or written. Where a run could find something else, because another step has to be
 * performed or put back before, it depends on that.
 *
 * @module
 */

import { couldOverlap } from "../../cache/glob.ts";
import { keyOf } from "../../cache/key.ts";
import { createOrder } from "../../cache/order.ts";
import type { OutputRules } from "../../cache/outputs.ts";
import { inPlace, obstacleToRestore } from "../../cache/restore.ts";
import { storedParts } from "../../cache/secret_text.ts";
import type { Change, Prediction } from "../../model/change.ts";
import type { StepId } from "../../model/id.ts";
import type { Result } from "../../model/output.ts";
import { acts, type Step } from "../../model/plan.ts";
import type { Problem } from "../../model/problem.ts";
import { describe, know } from "./knowing.ts";
import type { StepPatterns } from "./patterns.ts";
import { whyNot } from "./reasons.ts";
import { settleResult, unlikeNow } from "./stored_result.ts";
import { type Work, workshopOf } from "./work.ts";

/** What a prediction cannot go on with. */
export class PredictionError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems[0]!.code);
    this.problems = problems;
  }
}

/**
 * @returns asks about each step once, in the order of the plan; it may be known already that it
 *   depends on something
 */
export function createPredictor(work: Work): (step: Step, on?: string) => Promise<Prediction> {
  const { plan, session, contributions, questions, performance: { surroundings } } = work;
  const { store } = session;
  /** What is performed, and what is put back before it can be read. */
  const willRun = new Map<StepId, string>();
  const willRestore = new Map<string, OutputRules>();
  const order = createOrder(plan);
  return predict;

  async function predict(step: Step, on?: string): Promise<Prediction> {
    if (step.skip) {
      contributions.ended(step, { state: "skipped", code: 0, reason: { kind: "skip" } });
      return { kind: "runs" };
    }
    const depends = (on: string): Prediction => {
      willRun.set(step.id, step.label);
      return { kind: "depends", on };
    };
    if (on !== undefined) return depends(on);
    const performed = [...willRun].find(([id]) => order(id, step.id));
    if (!questions.caches(step)) {
      if (acts(step)) willRun.set(step.id, step.label);
      return { kind: "runs" };
    }
    if (performed !== undefined) return depends(performed[1]);
    const described = await describe(work, step, true);
    if ("problems" in described) throw new PredictionError(described.problems);
    const known = await know(work, described);
    const { patterns, inputs } = known;
    const missing = [...willRestore].find(([, each]) =>
      patterns.inputs !== undefined && couldOverlap(patterns.inputs, each.set)
    );
    if (missing !== undefined) return depends(missing[0]);
    const miss = (why: readonly Change[]): Prediction => {
      willRun.set(step.id, step.label);
      return { kind: "miss", why };
    };
    const declared = surroundings.task(step.task).extension.inputs ?? [];
    if (inputs?.uncached !== undefined) {
      return miss([{ kind: "unusable", detail: `${inputs.uncached.path} cannot be read` }]);
    }
    if (declared.length > 0 && inputs?.entries.length === 0) {
      return miss([{ kind: "unusable", detail: "no file matches its inputs" }]);
    }
    const unstored = contributions.unstoredAbove(step);
    if (unstored !== undefined) return miss([{ kind: "unstored", label: unstored }]);
    const key = keyOf(known.parts);
    const forced = questions.isForced(step);
    const found = forced ? undefined : await store.get(key);
    let unusable: string | undefined;
    if (found?.kind === "hit") {
      unusable = await obstacle(found.value, patterns);
      if (unusable === undefined) {
        settleResult(work, step, found.value, patterns.outputs !== undefined);
        return { kind: "hit", key };
      }
    } else if (found?.kind === "damaged") unusable = `${found.detail} is damaged`;
    const parts = await storedParts(known.parts, `${session.state}/hmac`, false);
    return miss(await whyNot(work.reasons, step, key, parts, forced, unusable));
  }

  /** Why a stored result could not be used. Reads only. */
  async function obstacle(
    stored: Result,
    { outputs: rules }: StepPatterns,
  ): Promise<string | undefined> {
    const unlike = await unlikeNow(work, stored, rules);
    if (unlike !== undefined) return unlike;
    if (stored.stdio !== undefined) {
      const read = await store.readBlob(stored.stdio);
      if (read.kind !== "hit") return "its stored output cannot be read";
    }
    if (rules === undefined) return undefined;
    const workshop = workshopOf(work);
    if (await inPlace(workshop, rules, stored)) return undefined;
    const found = await obstacleToRestore(workshop, rules, stored);
    if (found === undefined) willRestore.set(stored.task, rules);
    return found;
  }
}
