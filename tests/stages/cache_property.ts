/**
 * The property test of the cache: random projects, random edits, and after each edit what a run
 * leaves must be what a clean run without a cache leaves.
 *
 * Run: NTASK_TEST_BIN=dist/ntask deno run -A tests/stages/cache_property.ts [OPTION…]
 *
 *     --steps N          edits in all; 2000
 *     --seed S           of the first project; the next ones have the numbers after it; 1
 *     --projects P       the edits are shared out among so many; steps / 40
 *     --without A,B      leave out these steps (with one project)
 *     --shrink           leave out what a failure does not need; its story then is shorter
 *     --no-cache-yet     the program under test has no cache: only what it makes is compared
 *     --keep-going       go on with the next project after a failure, and tell of it in short
 *     --stories DIR      and write all of it there
 *     --functions        functions in every project, not in every third
 *     --still          projects in which a run may have nothing to do, not in every third
 *     --full             fail when something the test is for was seen too seldom
 *
 * @module
 */

import { join } from "@std/path";
import { parseArgs } from "node:util";
import { binary } from "../rig/binary.ts";
import { type Course, drive, type Failure } from "./cache/drive.ts";
import { emptyTally, missing, type Tally, tallyText } from "./cache/tally.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    steps: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    projects: { type: "string" },
    without: { type: "string", default: "" },
    shrink: { type: "boolean", default: false },
    "no-cache-yet": { type: "boolean", default: false },
    "keep-going": { type: "boolean", default: false },
    stories: { type: "string" },
    functions: { type: "boolean", default: false },
    still: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
  },
});

async function main(): Promise<number> {
  const steps = Number(values.steps);
  const projects = Number(values.projects ?? Math.max(1, Math.round(steps / 40)));
  const tally = emptyTally();
  const start = performance.now();
  let failed = 0;
  for (let index = 0; index < projects; index++) {
    const course = courseOf(Number(values.seed) + index, Math.ceil(steps / projects));
    const failure = await drive(course, tally);
    if (failure !== undefined && values["keep-going"]) {
      failed++;
      if (values.stories !== undefined) {
        Deno.writeTextFileSync(join(values.stories, `${course.seed}.txt`), failure.story);
      }
      console.log(`seed ${course.seed}, step ${failure.step}: ${failure.complaint.slice(0, 400)}`);
    } else if (failure !== undefined) {
      console.log(await shortest(course, failure));
      console.log(tallyText(tally));
      console.log("0 passed, 1 failed");
      return 1;
    }
    if (index % 25 === 24) console.log(`… ${tally.steps} steps, ${secondsSince(start)} s`);
  }
  console.log(`seeds ${values.seed} to ${Number(values.seed) + projects - 1}`);
  console.log(tallyText(tally));
  const absent = values.full ? missing(tally) : [];
  for (const line of absent) console.log(line);
  failed += absent.length + tally.unproven.size;
  console.log(`${tally.steps} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function courseOf(seed: number, steps: number): Course {
  const without = new Set(String(values.without).split(",").filter(Boolean).map(Number));
  return {
    seed,
    steps,
    // Deno would load what the user's files import.
    shape: {
      functions: values.functions || !values.still && seed % 3 === 0,
      packages: binary.form !== "deno run",
      still: values.still || seed % 3 === 1,
    },
    cache: !values["no-cache-yet"],
    without,
  };
}

/** The story of a failure, with fewer steps before it where that is wanted and possible. */
async function shortest(course: Course, failure: Failure): Promise<string> {
  if (!values.shrink) return failure.story;
  let best = failure;
  let without = new Set(course.without);
  const tally: Tally = emptyTally();
  for (let size = Math.ceil(best.step / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = best.step - size; from >= 0; from -= size) {
      const fewer = new Set(without);
      for (let step = from; step < from + size; step++) fewer.add(step);
      if (fewer.size === without.size) continue;
      const next = await drive({ ...course, steps: best.step + 1, without: fewer }, tally);
      if (next === undefined || next.step !== best.step) continue;
      best = next;
      without = fewer;
    }
  }
  return `${best.story}\nalone: --seed ${course.seed} --projects 1 --steps ${best.step + 1} ` +
    `--without ${[...without].join()}`;
}

function secondsSince(start: number): string {
  return ((performance.now() - start) / 1000).toFixed(0);
}

if (import.meta.main) Deno.exit(await main());
