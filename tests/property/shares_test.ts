/**
 * Slots, named limits, exclusive steps and retries on random plans and a virtual clock: nothing takes
 * more than there is, who runs alone runs alone, nobody waits for ever.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Action } from "../../src/model/action.ts";
import type { AbsolutePath, StepId, TaskId } from "../../src/model/id.ts";
import { acts, childrenOf, type Plan, type Step } from "../../src/model/plan.ts";
import { type Random, randomFrom } from "../rig/random.ts";
import { runVirtually } from "../rig/virtual.ts";

const NOWHERE = { text: "", place: { file: "/tasks.toml" as AbsolutePath, whole: true } } as const;
const COMMAND: Action = { kind: "shell", script: NOWHERE };
const LIMITS = { db: 2, port: 1 };

type Uses = Readonly<Record<string, number>>;

/** @param may how much of each limit a step may take here, so that no two wait for each other */
function randomPlan(random: Random, retries: boolean): Plan {
  const steps: Step[] = [];
  /** Dependencies that anybody may have: they take nothing. */
  const shared: StepId[] = [];
  const size = 2 + random.below(40);

  function some(may: Uses): Uses | undefined {
    const taken = Object.entries(may).flatMap(([name, size]) =>
      random.chance(0.3) ? [[name, 1 + random.below(size)] as const] : []
    );
    return taken.length === 0 ? undefined : Object.fromEntries(taken);
  }

  function build(depth: number, may: Uses, parallel: boolean, most = 9): StepId {
    const few = (count: number, likely: number) =>
      Array.from({ length: random.chance(likely) ? 1 + random.below(count) : 0 });
    const nest = depth < 4 && steps.length < size;
    const composite = nest && random.chance(depth === 0 ? 0.8 : 0.4);
    const weight = random.chance(0.2)
      ? Math.min(most, random.of([composite ? 1 : 0.5, 2, 3, 9]))
      : undefined;
    const uses = some(may);
    const exclusive = !parallel && random.chance(0.08);
    const holds = composite && ((uses ?? weight) !== undefined || exclusive);
    const held = holds ? uses ?? {} : may;
    const together = composite && !exclusive && random.chance(0.5);
    const inner = together || parallel;
    const heaviest = composite ? Math.min(most, weight ?? 9) : most;
    const deps = few(3, shared.length > 0 ? 0.4 : 0).map(() => random.of(shared));
    if (nest && random.chance(0.3)) deps.push(build(depth + 1, held, inner, heaviest));
    if (steps.length < size && random.chance(0.2)) {
      const dep = build(9, {}, true, 1);
      shared.push(dep);
      deps.push(dep);
    }
    const pre = few(1, nest ? 0.15 : 0).map(() => build(depth + 1, held, inner, heaviest));
    const items = few(4, composite ? 1 : 0).map(() => build(depth + 1, held, inner, heaviest));
    const id = steps.length as StepId;
    steps.push({
      id,
      task: `t${id}` as TaskId,
      label: `t${id}`,
      action: composite ? { kind: "composite", items: [], parallel: together } : COMMAND,
      args: { kind: "words", words: [] },
      rest: [],
      layers: [],
      conditions: [],
      deps: [...new Set(deps)],
      takes: {},
      pre,
      items,
      parallel: together,
      post: [],
      inline: false,
      partial: false,
      skip: false,
      exclusive,
      terminal: !composite && random.chance(0.1),
      unbounded: false,
      alone: false,
      keepGoing: false,
      sheltered: false,
      ...(uses && { uses }),
      ...(weight !== undefined && { weight }),
      ...(retries && random.chance(0.4) && {
        retries: { max: 1 + random.below(3), delay: 5, factor: 2 },
      }),
    });
    (steps[id]!.post as StepId[]).push(
      ...few(1, nest ? 0.15 : 0).map(() => build(depth + 1, held, inner, heaviest)),
    );
    return id;
  }
  const roots = Array.from({ length: 1 + random.below(4) }, () => build(0, LIMITS, false));
  return { steps, roots };
}

function closureOf({ steps }: Plan, ids: readonly StepId[]): Set<StepId> {
  const seen = new Set(ids);
  for (const id of seen) for (const next of childrenOf(steps[id]!)) seen.add(next);
  return seen;
}

/** Holds at every moment. @param taking the actions that are under way and have what they need */
function watch(
  plan: Plan,
  jobs: number,
  closures: ReadonlyMap<StepId, ReadonlySet<StepId>>,
  begun: ReadonlySet<StepId>,
  ended: (id: StepId) => boolean,
) {
  return (taking: readonly Step[], seed: number) => {
    const text = `seed ${seed}: ${taking.map(({ label }) => label).join(" ")}`;
    const weights = taking.filter(({ exclusive }) => !exclusive).map(({ weight = 1 }) => weight);
    const slots = weights.reduce((sum, weight) => sum + weight, 0);
    assert(slots <= jobs || weights.length === 1, `${text}: ${slots} slots of ${jobs}`);
    for (const [limit, size] of Object.entries(LIMITS)) {
      const used = taking.reduce((sum, { uses }) => sum + (uses?.[limit] ?? 0), 0);
      assert(used <= size, `${text}: ${used} ${limit}`);
    }
    const terminals = taking.filter(({ terminal }) => terminal).length;
    assert(terminals <= 1, `${text}: ${terminals} terminals`);
    const alone = taking.find(({ exclusive }) => exclusive);
    assert(alone === undefined || taking.length === 1, `${text}: ${alone?.label} is not alone`);
    for (const [id, closure] of closures) {
      const { items, exclusive, uses = {} } = plan.steps[id]!;
      if (ended(id) || !items.some((item) => begun.has(item))) continue;
      const others = taking.filter((step) => !closure.has(step.id));
      if (exclusive) assertEquals(others.length, 0, `${text}: beside t${id}`);
      for (const [limit, count] of Object.entries(uses)) {
        const left = LIMITS[limit as keyof typeof LIMITS] - count;
        const used = others.reduce((sum, step) => sum + (step.uses?.[limit] ?? 0), 0);
        assert(used <= left, `${text}: ${limit} beside t${id}`);
      }
    }
  };
}

Deno.test("1,000 random plans: shares are kept, who is exclusive is alone, and all comes to its end", async () => {
  for (let seed = 1; seed <= 1000; seed++) {
    const random = randomFrom(seed);
    const plan = randomPlan(random, false);
    const owned = new Set(
      plan.steps.flatMap(({ pre, items, post }) => [...pre, ...items, ...post]),
    );
    const jobs = 1 + random.below(4);
    const begun = new Set<StepId>();
    const over = new Set<StepId>();
    // Those that rest, or only put something in place, take nothing.
    const idle = new Set<StepId>();
    const restoring = new Set<StepId>();
    const closures = new Map(
      plan.steps.filter(({ items }) => items.length > 0)
        .map(({ id, items }) => [id, closureOf(plan, items)]),
    );
    const check = watch(plan, jobs, closures, begun, (id) => over.has(id));
    const asked = new Map<StepId, StepId>();
    let running: ReadonlySet<StepId> = new Set();
    const look = () => {
      const taking = [...running].filter((id) => !idle.has(id)).map((id) => plan.steps[id]!);
      for (const { id } of taking) begun.add(id);
      check(taking, seed);
      const alone = taking.some(({ exclusive }) => exclusive);
      assert(!alone || restoring.size === 0, `seed ${seed}: a restore beside an exclusive step`);
    };
    const { ends, code } = await runVirtually(plan, {
      jobs,
      limits: LIMITS,
      height: (step) => (step.id * 7) % 5,
      onMove(now) {
        running = now;
        for (const { id, items } of plan.steps) {
          if (items.length > 0 && items.every((item) => over.has(item))) over.add(id);
        }
        look();
      },
      async act({ step, found, pass, schedule }) {
        await pass(1 + random.below(5));
        if (random.chance(0.2)) {
          if (jobs > 1 && !step.exclusive) {
            idle.add(step.id);
            restoring.add(step.id);
          }
          const back = found();
          await pass(1 + random.below(5));
          restoring.delete(step.id);
          if (random.chance(0.5)) {
            over.add(step.id);
            return { code: 0, cached: { key: "" } };
          }
          await back();
          idle.delete(step.id);
          look();
          await pass(1 + random.below(5));
        }
        // A body asks for something that takes nothing.
        const wanted = plan.steps.filter((other) =>
          acts(other) && childrenOf(other).length === 0 && other.uses === undefined &&
          (other.weight ?? 1) <= 1 &&
          !owned.has(other.id) && other !== step
        );
        if (wanted.length > 0 && random.chance(0.3)) {
          idle.add(step.id);
          const { id } = random.of(wanted);
          asked.set(step.id, id);
          const chain = new Set<StepId>();
          for (let at: StepId | undefined = id; at !== undefined && !chain.has(at);) {
            chain.add(at);
            at = asked.get(at);
          }
          for (const closure of closures.values()) {
            if (closure.has(step.id)) { for (const at of chain) closure.add(at); }
          }
          await schedule.request(step.id, id);
          asked.delete(step.id);
          idle.delete(step.id);
          await pass(1 + random.below(3));
        }
        over.add(step.id);
        return { code: 0 };
      },
    });
    assertEquals(code, 0, `seed ${seed}`);
    for (const { id, label } of plan.steps) {
      assert(["ran", "cached"].includes(ends.get(id)!.state), `seed ${seed}: ${label}`);
    }
  }
});

Deno.test("1,000 random plans with failures: as many attempts as there may be, and an end for every step", async () => {
  for (let seed = 1; seed <= 1000; seed++) {
    const random = randomFrom(seed);
    const plan = randomPlan(random, true);
    const owners = new Map(
      plan.steps.flatMap(({ id, pre, items, post }) =>
        [...pre, ...items, ...post].map((owned) => [owned, id])
      ),
    );
    const limited = plan.steps.map((step) =>
      step.items.length > 0 && random.chance(0.3)
        ? { ...step, timeout: 1 + random.below(30) }
        : step
    );
    const given = { ...plan, steps: limited };
    /** How many attempts of each action fail. */
    const bad = given.steps.map(() => random.chance(0.25) ? 1 + random.below(4) : 0);
    const attempts = given.steps.map(() => 0);
    const last = new Map<StepId, number>();
    const retried = new Map<StepId, number>();
    const keepGoing = random.chance(0.5);
    const run = await runVirtually(given, {
      jobs: 1 + random.below(4),
      keepGoing,
      limits: LIMITS,
      height: (step) => (step.id * 7) % 5,
      async act({ step: { id }, pass, stopped }) {
        attempts[id]!++;
        await pass(1 + random.below(8));
        const code = stopped() ? 143 : attempts[id]! <= bad[id]! ? 3 : 0;
        last.set(id, code);
        return { code };
      },
      onRetry({ id, retries, items }, { attempt, of, delay, undone }) {
        assertEquals(of, retries!.max + 1, `seed ${seed}`);
        assert(attempt < of, `seed ${seed}: attempt ${attempt} of ${of}`);
        assertEquals(delay, 5 * 2 ** (attempt - 1), `seed ${seed}`);
        assert(items.every((item) => undone.includes(item)), `seed ${seed}`);
        for (const other of undone) retried.delete(other);
        assertEquals(attempt, (retried.get(id) ?? 0) + 1, `seed ${seed}: t${id}`);
        retried.set(id, attempt);
      },
    });
    assertEquals(run.ends.size, given.steps.length, `seed ${seed}`);
    for (const { id, label, items, retries } of given.steps) {
      const { state } = run.ends.get(id)!;
      let most = 1;
      for (let at: StepId | undefined = id; at !== undefined; at = owners.get(at)) {
        most *= (given.steps[at]!.retries?.max ?? 0) + 1;
      }
      assert(attempts[id]! <= most, `seed ${seed}: ${label} had ${attempts[id]} of ${most}`);
      if (items.length === 0 && state === "ran") assertEquals(last.get(id), 0, `seed ${seed}`);
      if (keepGoing && state === "failed" && items.length === 0 && last.get(id) !== 0) {
        assertEquals(retried.get(id) ?? 0, retries?.max ?? 0, `seed ${seed}: ${label} gave up`);
      }
    }
    const good = given.roots.every((id) => run.ends.get(id)!.state === "ran");
    assertEquals(run.code === 0, good, `seed ${seed}`);
  }
});
