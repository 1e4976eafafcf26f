/**
 * The scheduler on random plans, with actions that end in a random order: compared with a reference
 * that is plain recursion (what runs when nothing is stopped), and held to what must always be true.
 * No clock and no process is involved, so every run of a seed is the same.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Action } from "../../src/model/action.ts";
import type { AbsolutePath, StepId, TaskId } from "../../src/model/id.ts";
import type { Plan, Step } from "../../src/model/plan.ts";
import type { StepEnd } from "../../src/run/performer.ts";
import { schedule } from "../../src/run/scheduler.ts";
import { type Random, randomFrom } from "../rig/random.ts";

const NOWHERE = { text: "", place: { file: "/tasks.toml" as AbsolutePath, whole: true } } as const;
const COMMAND: Action = { kind: "shell", script: NOWHERE };

interface Case {
  readonly plan: Plan;
  /** The status each action ends with. */
  readonly codes: readonly number[];
  /** Steps whose condition does not hold. */
  readonly closed: ReadonlySet<StepId>;
}

/** A plan as `buildPlan` numbers it: what a step holds comes before it, its post items behind it. */
function randomCase(random: Random): Case {
  const steps: Step[] = [];
  const codes: number[] = [];
  const closed = new Set<StepId>();
  const shared: StepId[] = [];
  const limit = 1 + random.below(60);

  function build(depth: number): StepId {
    const few = (most: number, likely: number) =>
      Array.from({ length: random.chance(likely) ? 1 + random.below(most) : 0 });
    const pick = few(4, shared.length > 0 ? 0.5 : 0).map(() => random.of(shared));
    const deps = new Set(pick);
    if (steps.length < limit && random.chance(0.3)) {
      const dep = build(depth + 1);
      shared.push(dep);
      deps.add(dep);
    }
    const nest = depth < 6 && steps.length < limit;
    const pre = few(2, nest ? 0.15 : 0).map(() => build(depth + 1));
    const composite = nest && random.chance(depth === 0 ? 0.8 : 0.4);
    const items = few(4, composite ? 0.9 : 0).map(() => build(depth + 1));
    const id = steps.length as StepId;
    const parallel = composite && random.chance(0.5);
    const action: Action = composite
      ? { kind: "composite", items: [], parallel }
      : random.chance(0.1)
      ? { kind: "none" }
      : COMMAND;
    const step: Step = {
      id,
      task: `t${id}` as TaskId,
      label: `t${id}`,
      action,
      args: { kind: "words", words: [] },
      rest: [],
      layers: [],
      conditions: random.chance(0.1) ? [NOWHERE] : [],
      deps: [...deps],
      takes: {},
      pre,
      items,
      parallel,
      post: [] as StepId[],
      inline: false,
      partial: false,
      skip: random.chance(0.05),
      exclusive: action === COMMAND && random.chance(0.05),
      terminal: action === COMMAND && random.chance(0.1),
      unbounded: false,
      alone: false,
      keepGoing: composite && random.chance(0.2),
      sheltered: false,
    };
    steps.push(step);
    codes.push(random.chance(0.15) ? 1 + random.below(9) : 0);
    if (step.conditions.length > 0 && random.chance(0.5)) closed.add(id);
    (step.post as StepId[]).push(...few(2, nest ? 0.15 : 0).map(() => build(depth + 1)));
    return id;
  }
  const roots = Array.from({ length: 1 + random.below(3) }, () => build(0));
  return { plan: { steps, roots }, codes, closed };
}

interface Trace {
  readonly ends: ReadonlyMap<StepId, StepEnd>;
  /** Actions in the order they were started. */
  readonly started: readonly StepId[];
  readonly mostAtOnce: number;
  /** How many had started when the first failed or the interrupt came. */
  readonly startedBefore: number | undefined;
  readonly told: ReadonlySet<StepId>;
  readonly code: number;
}

/** Perform a plan; each action ends when the random order says so. */
async function perform(
  { plan, codes, closed }: Case,
  random: Random,
  options: { readonly jobs: number; readonly keepGoing: boolean; readonly interruptAt?: number },
): Promise<Trace> {
  const ends = new Map<StepId, StepEnd>();
  const started: StepId[] = [];
  const running = new Map<StepId, (code: number) => void>();
  const told = new Set<StepId>();
  let mostAtOnce = 0;
  let startedBefore: number | undefined;
  const run = schedule(plan, {
    stop() {},
    holds: (step) => Promise.resolve(!closed.has(step.id)),
    act(step, done) {
      assert(!started.includes(step.id), `${step.label} is started twice`);
      const exclusive = [...running.keys()].some((id) => plan.steps[id]!.exclusive);
      assert(!exclusive && !(step.exclusive && running.size > 0), `${step.label} is not alone`);
      const terminal = [...running.keys()].some((id) => plan.steps[id]!.terminal);
      assert(!(step.terminal && terminal), `${step.label} has the terminal with another one`);
      started.push(step.id);
      running.set(step.id, (code) => {
        running.delete(step.id);
        done({ code });
      });
      mostAtOnce = Math.max(mostAtOnce, running.size);
      return { stop: () => void told.add(step.id) };
    },
  }, {
    ...options,
    limits: {},
    height: (step) => (step.id * 7) % 5,
    after: () => () => {},
    onRetry: () => assert(false, "nothing is tried again"),
    onEnd(step, end) {
      assert(!ends.has(step.id), `${step.label} ends twice`);
      assert(!running.has(step.id), `${step.label} ends while its action runs`);
      ends.set(step.id, end);
      if (end.state === "failed") startedBefore ??= started.length;
    },
  });
  let over = false;
  run.ended.then(() => over = true);
  for (let moves = 0; !over; moves++) {
    if (moves === options.interruptAt) {
      startedBefore ??= started.length;
      run.interrupt("SIGINT");
    } else if (running.size > 0 && random.chance(0.7)) {
      const id = random.of([...running.keys()]);
      running.get(id)!(told.has(id) ? 130 : codes[id]!);
    } else await Promise.resolve();
    assert(moves < 100_000, "it does not come to an end");
  }
  return { ends, started, mostAtOnce, startedBefore, told, code: (await run.ended).code };
}

/** What happens when every failure only stops what depends on it. */
function reference({ plan, codes, closed }: Case): ReadonlyMap<StepId, StepEnd["state"]> {
  const states = new Map<StepId, StepEnd["state"]>();
  const good = new Set<StepId>();
  const settle = (id: StepId): boolean => {
    if (states.has(id)) return good.has(id);
    const step = plan.steps[id]!;
    const end = (state: StepEnd["state"], ok: boolean) => {
      states.set(id, state);
      if (ok) good.add(id);
      return ok;
    };
    if (step.skip || closed.has(id)) return end("skipped", true);
    // All of them, also behind one that fails.
    if (step.deps.map(settle).includes(false)) return end("skipped", false);
    if (!step.pre.every(settle)) return end("skipped", false);
    if (step.action.kind === "composite") {
      if (step.items.map(settle).includes(false)) return end("failed", false);
    } else if (step.action.kind !== "none" && codes[id] !== 0) return end("failed", false);
    return step.post.every(settle) ? end("ran", true) : end("failed", false);
  };
  plan.roots.forEach(settle);
  return states;
}

Deno.test("2,000 random plans with keep-going end as plain recursion says (lesson 3)", async () => {
  for (let seed = 1; seed <= 2000; seed++) {
    const random = randomFrom(seed);
    const given = randomCase(random);
    const jobs = 1 + random.below(4);
    const trace = await perform(given, random, { jobs, keepGoing: true });
    const expected = reference(given);
    for (const { id, label } of given.plan.steps) {
      // What nothing asked for any more was never needed.
      const state = expected.get(id) ?? "skipped";
      assertEquals(trace.ends.get(id)?.state, state, `seed ${seed}: ${label}`);
    }
    assert(trace.mostAtOnce <= jobs, `seed ${seed}: ${trace.mostAtOnce} at once with -j${jobs}`);
    const failed = [...expected].some(([, state]) => state === "failed");
    assertEquals(trace.code !== 0, failed, `seed ${seed}`);
    assertEquals(trace.told.size, 0, `seed ${seed}: nothing is told to end`);
  }
});

Deno.test("2,000 random plans stop at the first failure (lesson 21)", async () => {
  for (let seed = 1; seed <= 2000; seed++) {
    const random = randomFrom(seed);
    const given = randomCase(random);
    const steps = given.plan.steps.map((step) => ({ ...step, keepGoing: false }));
    const strict = { ...given, plan: { ...given.plan, steps } };
    const jobs = 1 + random.below(4);
    const trace = await perform(strict, random, { jobs, keepGoing: false });
    assertEquals(trace.ends.size, steps.length, `seed ${seed}: every step has ended`);
    assert(trace.mostAtOnce <= jobs, `seed ${seed}`);
    const own = [...trace.ends].filter(([id, end]) => end.origin === id);
    assert(own.length <= 1, `seed ${seed}: one failure ends the run, not ${own.length}`);
    const [id, first] = own[0] ?? [];
    assertEquals(trace.code, first?.code ?? 0, `seed ${seed}: the status is the first failure's`);
    if (id === undefined) {
      const states = reference(strict);
      for (const step of steps) {
        assertEquals(trace.ends.get(step.id)?.state, states.get(step.id) ?? "skipped");
      }
      continue;
    }
    assertEquals(
      trace.started.length,
      trace.startedBefore,
      `seed ${seed}: nothing starts after it`,
    );
    for (const step of steps) {
      const end = trace.ends.get(step.id)!;
      const acted = trace.started.includes(step.id);
      if (end.state === "failed" && step.id !== id) {
        assertEquals(end.origin, id, `seed ${seed}: ${step.label} stands for the failure only`);
      }
      if (!acted && step.action === COMMAND && end.state !== "skipped") {
        assertEquals(end.state, "cancelled", `seed ${seed}: ${step.label} waited`);
      }
    }
  }
});

Deno.test("below a composite that keeps going, a failure stops what needs it and nothing else", async () => {
  for (let seed = 1; seed <= 1000; seed++) {
    const random = randomFrom(seed);
    const given = randomCase(random);
    // One composite that keeps going holds everything.
    const id = given.plan.steps.length as StepId;
    const steps = given.plan.steps.map((step) => ({ ...step, sheltered: true }));
    const action: Action = { kind: "composite", items: [], parallel: random.chance(0.5) };
    const own = { conditions: [], deps: [], pre: [], post: [], skip: false, exclusive: false };
    const items = given.plan.roots;
    const { parallel } = action;
    const all: Step = { ...steps[0]!, ...own, id, action, items, parallel, keepGoing: true };
    const held: Case = {
      ...given,
      plan: { steps: [...steps, { ...all, sheltered: false }], roots: [id] },
      codes: [...given.codes, 0],
    };
    const strict = { ...held, plan: { ...held.plan, steps: held.plan.steps.map(keepsGoing) } };
    const trace = await perform(strict, random, { jobs: 2, keepGoing: false });
    const expected = reference(strict);
    for (const [step, state] of expected) {
      assertEquals(trace.ends.get(step)?.state, state, `seed ${seed}: t${step}`);
    }
  }
});

/** Every composite keeps going, so the reference holds for it. */
function keepsGoing(step: Step): Step {
  return step.action.kind === "composite" ? { ...step, keepGoing: true } : step;
}

Deno.test("an interrupt at any moment starts nothing more and ends every step once", async () => {
  for (let seed = 1; seed <= 1000; seed++) {
    const random = randomFrom(seed);
    const given = randomCase(random);
    const interruptAt = random.below(60);
    const options = { jobs: 1 + random.below(4), keepGoing: random.chance(0.5), interruptAt };
    const trace = await perform(given, random, options);
    assertEquals(trace.ends.size, given.plan.steps.length, `seed ${seed}`);
    for (const id of trace.told) {
      assertEquals(trace.ends.get(id)?.state, "cancelled", `seed ${seed}: t${id}`);
    }
  }
});

Deno.test("with one job the actions start in the plan's own order", async () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = randomFrom(seed);
    const { plan } = randomCase(random);
    const steps = plan.steps.map((step) => ({ ...step, conditions: [], skip: false }));
    const given = {
      plan: { ...plan, steps },
      codes: steps.map(() => 0),
      closed: new Set<StepId>(),
    };
    const { started } = await perform(given, random, { jobs: 1, keepGoing: false });
    const asked = given.plan.steps.filter(({ action, exclusive }) =>
      action === COMMAND && !exclusive
    ).map(({ id }) => id);
    const sorted = started.filter((id) => !steps[id]!.exclusive);
    assertEquals(sorted, asked, `seed ${seed}`);
  }
});
