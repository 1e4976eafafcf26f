/**
 * What the order of ready steps is worth: a layered graph of 3,000 tasks whose durations vary widely,
 * on a virtual clock. `deno run -A tests/property/order_test.ts` prints the figures.
 *
 * @module
 */

import { assert } from "@std/assert";
import { heightsOf } from "../../src/graph/rank.ts";
import type { Plan, Step } from "../../src/model/plan.ts";
import { planOf, sound } from "../rig/planning.ts";
import { type Random, randomFrom } from "../rig/random.ts";
import { runVirtually } from "../rig/virtual.ts";

/** 60 layers of 50; each task needs a few of the layer before, and a chain of long ones runs through. */
async function layered(random: Random): Promise<Plan> {
  const lines: string[] = [];
  for (let layer = 0; layer < 60; layer++) {
    for (let at = 0; at < 50; at++) {
      const deps = new Set<number>();
      for (let tries = layer === 0 ? 0 : random.below(3); tries > 0; tries--) {
        deps.add((layer - 1) * 50 + random.below(50));
      }
      if (at === 49 && layer > 0) deps.add((layer - 1) * 50 + 49);
      const names = [...deps].map((dep) => `"t${dep}"`).join(", ");
      lines.push(`t${layer * 50 + at} = { cmd = "p", deps = [${names}] }`);
    }
  }
  const all = Array.from({ length: 3000 }, (_, task) => `"t${task}"`).join(", ");
  return planOf(await sound(`[tasks]\n${lines.join("\n")}\nall.deps = [${all}]\n`), "all");
}

/** A few take very long, most are short. */
function durationsOf(plan: Plan, random: Random): (step: Step) => number {
  const times = plan.steps.map(() => Math.ceil(10 * (1 / (1 - 0.995 * random.below(1000) / 1000))));
  return ({ id, label }) => /^t\d*[49]9$/.test(label) ? 4 * times[id]! : times[id]!;
}

/** Whoever is ready first starts first. */
function inReadyOrder(): (step: Step) => number {
  const seen = new Map<Step, number>();
  return (step) => {
    if (!seen.has(step)) seen.set(step, -seen.size);
    return seen.get(step)!;
  };
}

interface Times {
  readonly ideal: number;
  readonly ready: number;
  readonly dependants: number;
  readonly learned: number;
}

async function timesFor(seed: number, jobs: number): Promise<Times> {
  const random = randomFrom(seed);
  const plan = await layered(random);
  const takes = durationsOf(plan, random);
  const run = async (height: (step: Step) => number) => {
    const { time } = await runVirtually(plan, {
      jobs,
      height,
      async act({ step, pass }) {
        await pass(takes(step));
        return { code: 0 };
      },
    });
    return time;
  };
  const by = (heights: Float64Array) => (step: Step) => heights[step.id]!;
  const acting = plan.steps.filter(({ action }) => action.kind !== "none");
  const work = acting.reduce((sum, step) => sum + takes(step), 0);
  const ways = heightsOf(plan.steps, plan.roots, takes);
  return {
    ideal: Math.max(work / jobs, Math.max(...ways)),
    ready: await run(inReadyOrder()),
    dependants: await run(by(heightsOf(plan.steps, plan.roots, () => 1))),
    learned: await run(by(ways)),
  };
}

Deno.test("3,000 tasks: with what was learned the run is near the ideal, and shorter than in ready order", async () => {
  for (const jobs of [2, 8, 32]) {
    const { ideal, ready, dependants, learned } = await timesFor(1, jobs);
    const text = `-j${jobs}: ${JSON.stringify({ ideal, ready, dependants, learned })}`;
    assert(learned <= ideal * 1.05, text);
    assert(learned <= dependants && learned <= ready, text);
  }
});

if (import.meta.main) {
  const cell = (value: string) => value.padStart(12);
  console.log(["jobs", "ideal", "ready order", "dependants", "learned"].map(cell).join(""));
  for (const jobs of [2, 4, 8, 16, 32]) {
    const { ideal, ready, dependants, learned } = await timesFor(1, jobs);
    const ratio = (time: number) => cell(`${(time / ideal).toFixed(3)}x`);
    console.log(
      cell(String(jobs)) + cell(ideal.toFixed(0)) + ratio(ready) + ratio(dependants) +
        ratio(learned),
    );
  }
}
