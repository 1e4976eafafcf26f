/**
 * Plan -> events: performs a plan and tells everything that happens.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import type { Event, State, StepOutline } from "../model/event.ts";
import type { StepId } from "../model/id.ts";
import type { Plan, Step } from "../model/plan.ts";
import { VERSION } from "../model/version.ts";
import type { Surroundings } from "../source/binding.ts";
import { createEnvironment } from "../source/spec/environment.ts";
import { holds } from "./condition.ts";
import { createFunctionRunner } from "./function.ts";
import { act, type Performance, type ProcessSettings } from "./perform.ts";
import type { CacheOptions, Rebuilder } from "./rebuild/rebuilder.ts";
import { pythonMarkers } from "./python.ts";
import { type Schedule, schedule } from "./scheduler.ts";
import { createRunWanted, type ExtendByReference } from "./wanted.ts";

export interface RunOptions extends ProcessSettings {
  readonly cache: CacheOptions;
  readonly targets: readonly string[];
  readonly jobs: number;
  readonly keepGoing: boolean;
  /** Every question is answered with yes. */
  readonly confirmed: boolean;
  /** The report shows a step that runs alone as it comes, so the step may write itself. */
  readonly direct: boolean;
}

/** Statuses of a run that was interrupted. */
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Perform a plan to its end. Everything that can go wrong is in the events.
 *
 * @param emit is told every event, in order
 * @returns the exit status (cli.md "Exit codes")
 */
export async function run(
  { plan, extend }: { readonly plan: Plan; readonly extend: ExtendByReference },
  host: Host,
  surroundings: Surroundings,
  options: RunOptions,
  emit: (event: Event) => void,
): Promise<number> {
  const started = host.now();
  const time = () => microseconds(host.now() - started);
  const outlines = outline(plan.steps);
  emit({
    type: "run-start",
    at: host.date().toISOString(),
    version: VERSION,
    targets: options.targets,
    jobs: options.jobs,
    steps: [...outlines],
  });

  const begun = new Map<StepId, number>();
  const counts: Record<State, number> = { ran: 0, cached: 0, failed: 0, skipped: 0, cancelled: 0 };
  const watched = (event: Event) => {
    if (event.type === "step-start") begun.set(event.step, event.time);
    if (event.type === "output") rebuilder?.heard(event);
    emit(event);
  };
  const values = new Map<StepId, string>();
  let rebuilder: Rebuilder | undefined = undefined as Rebuilder | undefined;
  const runWanted = createRunWanted({
    plan,
    extend,
    surroundings,
    confirmed: options.confirmed,
    values,
    schedule: () => running,
    added(steps) {
      const more = outline(steps);
      outlines.push(...more);
      emit({ type: "steps-added", steps: more });
    },
  });
  const functions = createFunctionRunner({
    host,
    root: surroundings.root,
    runWanted,
    killGrace: options.killGrace,
    direct: options.direct,
    emit: watched,
    time,
    values,
  });
  const { direct } = options;
  const { root, inherited, windows } = surroundings;
  const env = createEnvironment(Object.entries(inherited), windows);
  const performance: Performance = {
    host,
    surroundings,
    functions,
    python: pythonMarkers(host, {
      root,
      env,
      ...(options.python !== undefined && { setting: options.python }),
    }),
    settings: options,
    direct,
    emit: watched,
    time,
  };
  rebuilder = await openRebuilder(plan, options, performance, values);
  const running: Schedule = schedule(plan, {
    holds: (step) => holds(step, performance),
    act: (step, done) => rebuilder?.act(step, done) ?? act(step, performance, done),
  }, {
    jobs: options.jobs,
    keepGoing: options.keepGoing,
    onEnd(step, stepEnd) {
      const { state, code, reason, key, masked } = stepEnd;
      rebuilder?.ended(step, stepEnd);
      if (outlines[step.id]!.acts) counts[state]++;
      if (reason?.kind === "problem") {
        emit({ type: "problem", problem: reason.problem, step: step.id });
      }
      const start = begun.get(step.id);
      const now = time();
      emit({
        type: "step-end",
        time: now,
        step: step.id,
        state,
        code,
        ...(reason && { reason }),
        ...(start !== undefined && { duration: microseconds(now - start) }),
        ...(key !== undefined && { key }),
        ...(masked && { masked }),
      });
    },
  });

  let interrupted: keyof typeof INTERRUPTED | undefined;
  const release = host.onSignal((signal) => {
    emit({ type: "interrupt", time: time(), signal });
    // The first one is handed on; who sends a second one means it.
    running.interrupt(interrupted === undefined ? signal : "SIGKILL");
    interrupted ??= signal;
  });
  const end = await running.ended;
  release();
  functions.close();
  await rebuilder?.close();
  const code = interrupted === undefined ? end.code : INTERRUPTED[interrupted];
  emit({ type: "run-end", time: time(), code, counts });
  return code;
}

/** Only where a task has inputs or outputs; what that takes is loaded then. */
async function openRebuilder(
  plan: Plan,
  { cache }: RunOptions,
  performance: Performance,
  values: Map<StepId, string>,
): Promise<Rebuilder | undefined> {
  const { host, surroundings, emit } = performance;
  const concerned = plan.steps.some(({ task, action, inline }) => {
    const { inputs, outputs, outputsOptional } = surroundings.task(task).extension;
    return !inline && action.kind !== "none" &&
      (inputs ?? outputs ?? outputsOptional) !== undefined;
  });
  if (!concerned) return undefined;
  const [{ createRebuilder }, { openSession }] = await Promise.all([
    import("./rebuild/rebuilder.ts"),
    import("./rebuild/session.ts"),
  ]);
  const session = openSession(host, surroundings.root, cache.directory);
  if ("detail" in session) {
    if (!cache.off) emit({ type: "problem", problem: { code: "W_CACHE_STORE", ...session } });
    return undefined;
  }
  return createRebuilder(plan, session, cache, performance, values);
}

/** Milliseconds, rounded to microseconds. */
function microseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function outline(steps: readonly Step[]): StepOutline[] {
  const items = new Set(steps.flatMap((step) => step.parallel ? step.items : []));
  return steps.map((step) => ({
    label: step.label,
    acts: acts(step),
    overlaps: !step.alone,
    item: items.has(step.id),
  }));
}

/** Does it start anything itself? */
function acts(step: Step): boolean {
  const { kind } = step.action;
  return kind !== "none" && kind !== "composite" && kind !== "group";
}
