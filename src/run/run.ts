/**
 * Plan -> events: performs a plan and tells everything that happens.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import type { Event, State, StepOutline } from "../model/event.ts";
import type { StepId } from "../model/id.ts";
import type { Plan, Step } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { VERSION } from "../model/version.ts";
import type { Surroundings } from "../source/binding.ts";
import { createEnvironment } from "../source/spec/environment.ts";
import { holds } from "./condition.ts";
import { createFunctionRunner } from "./function.ts";
import { act, type Performance, type ProcessSettings } from "./perform.ts";
import type { Rebuilder } from "./rebuild/rebuilder.ts";
import type { CacheOptions } from "./rebuild/work.ts";
import { pythonMarkers } from "./python.ts";
import type { RunLog } from "./run_log.ts";
import { type Schedule, schedule } from "./scheduler.ts";
import { type Checking, createRunWanted, type ExtendByReference } from "./wanted.ts";

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
  { plan, extend, check }: {
    readonly plan: Plan;
    readonly extend: ExtendByReference;
    readonly check: Checking;
  },
  host: Host,
  surroundings: Surroundings,
  options: RunOptions,
  report: (event: Event) => void,
): Promise<number> {
  const started = host.now();
  const time = () => microseconds(host.now() - started);
  const outlines = outline(plan.steps);
  const at = host.date().toISOString();
  let cache: OpenedCache | undefined;
  let fault: Problem | undefined;
  const secrets = new Set<string>();
  const emit = (event: Event) => {
    cache?.log.add(event);
    report(event);
  };
  const begun = new Map<StepId, number>();
  const counts: Record<State, number> = { ran: 0, cached: 0, failed: 0, skipped: 0, cancelled: 0 };
  const watched = (event: Event) => {
    if (event.type === "step-start") begun.set(event.step, event.time);
    if (event.type === "output") cache?.rebuilder.heard(event);
    emit(event);
  };
  const values = new Map<StepId, string>();
  const ended = new Set<StepId>();
  const runWanted = createRunWanted({
    plan,
    extend,
    surroundings,
    confirmed: options.confirmed,
    values,
    schedule: () => running,
    check,
    ended: (id) => ended.has(id),
    warn: (problem) => emit({ type: "problem", problem }),
    joined(steps) {
      const more = outline(steps);
      outlines.push(...more);
      emit({ type: "steps-added", steps: more });
    },
    async added(steps, by) {
      if (cache === undefined && concernsCache(steps, surroundings)) cache = await openCache();
      cache?.rebuilder.asked(steps, by);
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
    secrets,
    direct,
    emit: watched,
    time,
  };
  if (concernsCache(plan.steps, surroundings)) cache = await openCache();
  emit({
    type: "run-start",
    at,
    version: VERSION,
    targets: options.targets,
    jobs: options.jobs,
    steps: [...outlines],
  });
  if (fault !== undefined) emit({ type: "problem", problem: fault });
  const running: Schedule = schedule(plan, {
    holds: (step) => holds(step, performance),
    act: (step, done) => cache?.rebuilder.act(step, done) ?? act(step, performance, done),
  }, {
    jobs: options.jobs,
    keepGoing: options.keepGoing,
    onEnd(step, stepEnd) {
      const { state, code, reason, key, masked } = stepEnd;
      ended.add(step.id);
      cache?.rebuilder.ended(step, stepEnd);
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
  await cache?.rebuilder.close();
  const code = interrupted === undefined ? end.code : INTERRUPTED[interrupted];
  emit({ type: "run-end", time: time(), code, counts });
  cache?.log.close();
  return code;

  /** What caching takes is loaded where a task has inputs or outputs. */
  async function openCache(): Promise<OpenedCache | undefined> {
    const [{ createRebuilder }, { openSession }, { openRunLog }] = await Promise.all([
      import("./rebuild/rebuilder.ts"),
      import("./rebuild/session.ts"),
      import("./run_log.ts"),
    ]);
    const session = openSession(host, surroundings.root, options.cache.directory);
    if ("detail" in session) {
      fault = options.cache.off ? undefined : { code: "W_CACHE_STORE", ...session };
      return undefined;
    }
    const log = openRunLog(`${session.state}/runs`, at, secrets);
    const rebuilder = createRebuilder(plan, session, options.cache, performance, values);
    return { rebuilder, log };
  }
}

interface OpenedCache {
  readonly rebuilder: Rebuilder;
  readonly log: RunLog;
}

/** Has one of these steps inputs or outputs? */
function concernsCache(steps: readonly Step[], { task: find }: Surroundings): boolean {
  return steps.some(({ task, action, inline }) =>
    !inline && action.kind !== "none" && find(task).extension.places !== undefined
  );
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
