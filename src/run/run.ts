/**
 * Plan -> events: performs a plan and tells everything that happens.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import { acted, leadOf } from "../host/witness.ts";
import { heightsOf } from "../graph/rank.ts";
import type { Event, State, StepOutline } from "../model/event.ts";
import { concernsFiles } from "../model/extension.ts";
import type { StepId } from "../model/id.ts";
import { acts, type Plan, type Step } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { VERSION } from "../model/version.ts";
import type { Surroundings } from "../source/binding.ts";
import { createEnvironment } from "../source/spec/environment.ts";
import { holds } from "./condition.ts";
import type { Durations } from "./durations.ts";
import { createFunctionRunner } from "./function.ts";
import { act, type Performance, type ProcessSettings } from "./perform.ts";
import type { Rebuilder } from "./rebuild/rebuilder.ts";
import type { CacheOptions } from "./rebuild/work.ts";
import { createOwner } from "./owner.ts";
import { pythonMarkers } from "./python.ts";
import type { RunLog } from "./run_log.ts";
import { type Schedule, schedule } from "./scheduler.ts";
import { createScreen } from "./screen.ts";
import { type Checking, createRunWanted, type ExtendByReference } from "./wanted.ts";

export interface RunOptions extends ProcessSettings {
  readonly cache: CacheOptions;
  readonly targets: readonly string[];
  readonly jobs: number;
  /** How much there is of each named limit. */
  readonly limits: Readonly<Record<string, number>>;
  readonly keepGoing: boolean;
  /** Every question is answered with yes. */
  readonly confirmed: boolean;
  /** The report shows a step that runs alone as it comes, so the step may write itself. */
  readonly direct: boolean;
  /** The report shows the events themselves: no step may write itself. */
  readonly events: boolean;
}

/** How a run comes to be under way. */
export interface Entry {
  /** Starts the action of a step that is not cached. */
  readonly performer?: typeof act;
  /** When it began, by the host's clock. */
  readonly started?: number;
}

/** Statuses of a run that was interrupted. */
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Perform a plan to its end. Everything that can go wrong is in the events.
 *
 * @param report is told every event, in order
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
  { performer = act, started = host.now() }: Entry = {},
): Promise<number> {
  const time = () => microseconds(host.now() - started);
  const outlines = outline(plan.steps);
  const at = host.date().toISOString();
  let cache: OpenedCache | undefined;
  let fault: Problem | undefined;
  const secrets = new Set<string>();
  const show = createScreen((id) => {
    const { alone, terminal } = plan.steps[id]!;
    return terminal && !alone && !options.events;
  }, report);
  const emit = (event: Event) => {
    cache?.log.add(event);
    show(event);
  };
  const begun = new Map<StepId, number>();
  /** How the steps that act have ended. */
  const ends = new Map<StepId, State>();
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
  const owner = createOwner(host, options.killGrace);
  const functions = createFunctionRunner({
    host,
    root: surroundings.root,
    runWanted,
    owner,
    settings: options,
    direct: options.direct,
    events: options.events,
    emit: watched,
    time,
    values,
  });
  const { direct, events } = options;
  const { root, inherited, windows } = surroundings;
  const env = createEnvironment(inherited, windows);
  const performance: Performance = {
    host,
    surroundings,
    functions,
    owner,
    python: pythonMarkers(host, {
      root,
      env,
      ...(options.python !== undefined && { setting: options.python }),
    }),
    settings: options,
    secrets,
    direct,
    events,
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
  const durations = await learned();
  const heights = heightsOf(plan.steps, plan.roots, (step) => durations?.of(step) ?? 1);
  // Before anything starts: a task may send a signal as soon as it is there.
  let interrupted: keyof typeof INTERRUPTED | undefined;
  const release = host.onSignal((signal) => {
    emit({ type: "interrupt", time: time(), signal });
    // The first one is handed on; who sends a second one means it.
    running.interrupt(interrupted === undefined ? signal : "SIGKILL");
    interrupted ??= signal;
  });
  const running: Schedule = schedule(plan, {
    holds: (step) => holds(step, performance),
    stop: (how) => functions.stop(how),
    act: (step, done, found) =>
      cache?.rebuilder.act(step, done, found) ?? performer(step, performance, done),
  }, {
    jobs: options.jobs,
    limits: options.limits,
    keepGoing: options.keepGoing,
    // What a body asks for is waited for.
    height: ({ id }) => heights[id] ?? Infinity,
    after: host.after,
    onRetry(step, retry) {
      for (const id of retry.undone) {
        begun.delete(id);
        ends.delete(id);
        ended.delete(id);
      }
      emit({ type: "step-retry", time: time(), step: step.id, ...retry });
    },
    onEnd(step, stepEnd) {
      const { state, code, reason, key, masked } = stepEnd;
      ended.add(step.id);
      cache?.rebuilder.ended(step, stepEnd);
      if (outlines[step.id]!.acts) ends.set(step.id, state);
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
      if (state === "ran" && start !== undefined) durations?.learn(step.label, now - start);
    },
  });
  const end = await running.ended;
  release();
  functions.close();
  await Promise.all([cache?.rebuilder.close(), owner.close()]);
  const code = interrupted === undefined ? end.code : INTERRUPTED[interrupted];
  // Of a run without a cache only its start can be kept.
  const mayBeKept = cache === undefined ? leadOf() !== undefined : cache.rebuilder.idle();
  if (code !== 0 || !mayBeKept) acted();
  emit({ type: "run-end", time: time(), code, counts: countsOf(ends.values()) });
  cache?.log.close();
  durations?.save(time());
  return code;

  /** How long actions take is of interest where not all can start when they might. */
  async function learned(): Promise<Durations | undefined> {
    const beside = plan.steps.filter((step) => acts(step) && !step.alone).length;
    if (options.jobs === 1 || beside <= options.jobs) return undefined;
    const { openDurations } = await import("./durations.ts");
    return openDurations(root);
  }

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
    !inline && action.kind !== "none" && concernsFiles(find(task).extension)
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

function countsOf(ends: Iterable<State>): Record<State, number> {
  const counts = { ran: 0, cached: 0, failed: 0, skipped: 0, cancelled: 0 };
  for (const state of ends) counts[state]++;
  return counts;
}
