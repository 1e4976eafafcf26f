/**
 * Random graphs: every plan is a topological order of exactly what is needed, every cycle is found
 * and shown as it is, and size alone breaks nothing.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { heightsOf } from "../../src/graph/rank.ts";
import { outline, planOf, project, sound } from "../rig/planning.ts";
import { type Random, randomFrom } from "../rig/random.ts";

/** `deps[i]` are the tasks that `i` needs; all of them have smaller numbers. */
function randomDag(random: Random, size: number): number[][] {
  return Array.from({ length: size }, (_, task) => {
    const deps = new Set<number>();
    for (let tries = random.below(4); task > 0 && tries > 0; tries--) deps.add(random.below(task));
    return [...deps];
  });
}

/** The tasks are written in a random order, so that nothing depends on it. */
function toml(deps: readonly (readonly number[])[], random: Random): string {
  const lines = deps.map((list, task) =>
    `t${task} = { cmd = "p ${task}", deps = [${list.map((dep) => `"t${dep}"`).join(", ")}] }`
  );
  for (let last = lines.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [lines[last], lines[other]] = [lines[other]!, lines[last]!];
  }
  return `[tasks]\n${lines.join("\n")}\n`;
}

Deno.test("300 random graphs: a plan holds what is needed, once, dependencies first", async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = randomFrom(seed);
    const deps = randomDag(random, 1 + random.below(80));
    const made = await sound(toml(deps, random));
    const target = random.below(deps.length);
    const needed = new Set([target]);
    for (const task of needed) for (const dep of deps[task]!) needed.add(dep);
    const { steps, roots } = planOf(made, `t${target}`);
    const labels = steps.map((step) => step.label);
    const heights = heightsOf(steps, roots, () => 1);
    assertEquals([...labels].sort(), [...needed].map((task) => `t${task}`).sort(), `seed ${seed}`);
    assertEquals(labels[roots[0]!], `t${target}`);
    for (const step of steps) {
      const own = deps[Number(step.label.slice(1))]!.map((dep) => `t${dep}`);
      assertEquals(step.deps.map((id) => labels[id]), own, `seed ${seed}: ${step.label}`);
      assert(step.deps.every((id) => id < step.id), `seed ${seed}: ${step.label}`);
      for (const id of step.deps) assert(heights[id]! > heights[step.id]!, `seed ${seed}`);
    }
  }
});

Deno.test("300 random graphs with one edge back: the cycle that is reported is one", async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = randomFrom(seed);
    const deps = randomDag(random, 2 + random.below(60));
    // From a task that something needs, back to what needs it, directly or not.
    const top = deps.findLastIndex((list) => list.length > 0);
    if (top === -1) continue;
    let bottom = top;
    for (let hops = 1 + random.below(5); hops > 0 && deps[bottom]!.length > 0; hops--) {
      bottom = random.of(deps[bottom]!);
    }
    deps[bottom]!.push(top);
    const { problems } = await project(toml(deps, random));
    assert(problems.length > 0, `seed ${seed}: the cycle is not found`);
    for (const problem of problems) {
      assert(problem.code === "E_CYCLE", `seed ${seed}: ${problem.code}`);
      const path = problem.path.map((name) => Number(name.slice(1)));
      assertEquals(path[0], path.at(-1), `seed ${seed}`);
      for (const [index, from] of path.slice(0, -1).entries()) {
        assert(
          deps[from]!.includes(path[index + 1]!),
          `seed ${seed}: ${problem.path.join(" -> ")}`,
        );
      }
      assertEquals(new Set(path).size, path.length - 1, `seed ${seed}: nothing is there twice`);
    }
  }
});

Deno.test("a chain of 20,000 tasks and a layer of 20,000 are planned without a stack overflow", async () => {
  const size = 20_000;
  const chain = Array.from({ length: size }, (_, task) => task === 0 ? [] : [task - 1]);
  const random = randomFrom(1);
  const long = planOf(await sound(toml(chain, random)), `t${size - 1}`);
  assertEquals(outline(long).at(-1), `${size - 1} t${size - 1} <- deps ${size - 2}`);
  const layer = Array.from(
    { length: size },
    (_, task) => task < size - 1 ? [] : Array.from({ length: size - 1 }, (_, dep) => dep),
  );
  const wide = planOf(await sound(toml(layer, random)), `t${size - 1}`);
  assertEquals(wide.steps.length, size);
});

Deno.test("a cycle of 20,000 tasks is reported as one path", async () => {
  const size = 20_000;
  const ring = Array.from({ length: size }, (_, task) => [(task + 1) % size]);
  const { problems } = await project(toml(ring, randomFrom(1)));
  assertEquals(problems.map(({ code }) => code), ["E_CYCLE"]);
});
