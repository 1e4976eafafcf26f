/**
 * Plan -> what a run now would do: the same questions a run asks, and nothing is performed, put back
 * or written.
 *
 * @module
 */

import type { Decision } from "../cache/last.ts";
import type { Host } from "../host/host.ts";
import type { Prediction } from "../model/change.ts";
import type { StepId } from "../model/id.ts";
import type { Plan } from "../model/plan.ts";
import type { Outcome, Problem } from "../model/problem.ts";
import type { Surroundings } from "../source/binding.ts";
import { createEnvironment } from "../source/spec/environment.ts";
import { holds } from "./condition.ts";
import { demandsOf } from "./demand.ts";
import type { Performance, ProcessSettings } from "./perform.ts";
import { pythonMarkers } from "./python.ts";
import type { CacheOptions } from "./rebuild/work.ts";

export interface Predicted {
  readonly predictions: ReadonlyMap<StepId, Prediction>;
  /** What was decided last time about cached steps. */
  readonly last: ReadonlyMap<StepId, Decision>;
  readonly warnings: readonly Problem[];
}

export async function predict(
  plan: Plan,
  host: Host,
  surroundings: Surroundings,
  options: ProcessSettings & { readonly cache: CacheOptions },
): Promise<Outcome<Predicted>> {
  const [{ createRebuilder }, { PredictionError }, { openSession }] = await Promise.all([
    import("./rebuild/rebuilder.ts"),
    import("./rebuild/predicting.ts"),
    import("./rebuild/session.ts"),
  ]);
  const { root, inherited, windows } = surroundings;
  const warnings: Problem[] = [];
  const performance: Performance = {
    host,
    surroundings,
    settings: options,
    functions: {
      run: refuse,
      test: () => Promise.resolve(true),
      stop() {},
      close() {},
    },
    owner: { mark: refuse, start: refuse, own: refuse, close: refuse },
    python: pythonMarkers(host, {
      root,
      env: createEnvironment(inherited, windows),
      ...(options.python !== undefined && { setting: options.python }),
    }),
    direct: false,
    events: true,
    emit(event) {
      if (event.type === "problem") warnings.push(event.problem);
    },
    time: () => 0,
  };
  const session = openSession(host, root, options.cache.directory, { readOnly: true });
  if ("detail" in session) {
    return { ok: false, problems: [{ code: "W_CACHE_STORE", detail: session.detail }] };
  }
  const rebuilder = createRebuilder(plan, session, options.cache, performance, new Map());
  const ask = rebuilder.predictor();
  const predictions = new Map<StepId, Prediction>();
  const last = new Map<StepId, Decision>();
  try {
    const demands = await demandsOf(plan, (step) => holds(step, performance));
    if ("problem" in demands) return { ok: false, problems: [demands.problem] };
    for (const step of plan.steps) {
      const demand = demands.of.get(step.id);
      if (demand === undefined || demand.kind === "no") {
        rebuilder.ended(step, { state: "skipped", code: 0, reason: { kind: "condition" } });
        predictions.set(step.id, { kind: "skipped" });
        continue;
      }
      predictions.set(step.id, await ask(step, demand.kind === "open" ? demand.on : undefined));
      const before = rebuilder.lastOf(step);
      if (before !== undefined) last.set(step.id, before);
    }
  } catch (error) {
    if (!(error instanceof PredictionError)) throw error;
    return { ok: false, problems: error.problems };
  } finally {
    session.close();
  }
  return { ok: true, value: { predictions, last, warnings }, warnings: [] };

  function refuse(): never {
    throw new Error("a prediction performs nothing");
  }
}
