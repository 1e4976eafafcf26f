/**
 * What is run after an edit, and how.
 *
 * @module
 */

import type { Random } from "../../rig/random.ts";
import { ARGUMENTS, dependantsOf, OVERRIDES } from "./generate.ts";
import { declared, type Model, type Ref, taskNamed, type Work } from "./model.ts";
import { type Plan, planOf, reads } from "./plan.ts";
import { wordsOf } from "./render.ts";

export type Mode = "plain" | "twice" | "killed" | "two" | "forced" | "uncached";

export interface Invocation {
  readonly mode: Mode;
  readonly plan: Plan;
  /** The command lines: two of them where two processes run at once. */
  readonly lines: readonly (readonly string[])[];
  readonly kill: Kill;
  /** What a run of one process was asked for; absent for others. */
  readonly asked?: Asked;
}

/** What a command line is made of. */
export interface Asked {
  readonly options: readonly string[];
  readonly option: string | undefined;
  readonly targets: readonly Ref[];
}

/** When a process is killed, and what becomes of those it started. */
export interface Kill {
  /** After so many commands have started, and so many milliseconds more. */
  readonly commands: number;
  readonly milliseconds: number;
  readonly orphans: "end" | "killed";
}

/**
 * @param about the tasks that were edited; more often than not they are run
 * @param cache whether ntask knows the options about its cache
 */
export function someInvocation(
  model: Model,
  about: readonly string[],
  random: Random,
  cache: boolean,
): Invocation {
  const mode = someMode(random);
  const kill: Kill = {
    commands: random.below(4),
    milliseconds: random.below(40),
    orphans: random.chance(0.5) ? "end" : "killed",
  };
  const option = random.chance(0.06) ? random.of(OVERRIDES) : undefined;
  const options = [
    `-j${random.of([1, 2, 4])}`,
    "--output=stream",
    ...option === undefined ? [] : ["--env", `OV=${option}`],
    ...cache && mode === "forced" ? ["--force"] : [],
    ...cache && mode === "uncached" ? ["--no-cache"] : [],
  ];
  const line = (targets: readonly Ref[]) => lineOf({ options, option, targets }, model);
  for (let tries = 0; tries < 5; tries++) {
    const targets = someTargets(model, about, random);
    const plan = planOf(model, targets, option);
    if (plan.clash) continue;
    const asked = { options, option, targets };
    if (mode !== "two") return { mode, plan, lines: [line(targets)], kill, asked };
    const others = random.chance(0.5) ? targets : someTargets(model, about, random);
    const both = planOf(model, [...targets, ...others], option);
    if (both.clash || interferes(both) || isRepeating(both)) continue;
    return { mode, plan: both, lines: [line(targets), line(others)], kill };
  }
  const task = random.of(model.tasks).name;
  return {
    mode: "plain",
    plan: planOf(model, [{ task }], option),
    lines: [line([{ task }])],
    kill,
  };
}

/** The same command line after an edit, if it still means something. */
export function sameInvocation(model: Model, before: Invocation): Invocation | undefined {
  const { asked, kill } = before;
  const names = new Set(model.tasks.map(({ name }) => name));
  if (asked === undefined || !asked.targets.every(({ task }) => names.has(task))) return undefined;
  const plan = planOf(model, asked.targets, asked.option);
  return plan.clash
    ? undefined
    : { mode: "plain", plan, lines: [lineOf(asked, model)], kill, asked };
}

function lineOf({ options, targets }: Asked, model: Model): readonly string[] {
  return targets.length === 1
    ? [...options, ...wordsOf(targets[0]!, model)]
    : [...options, "run", ...targets.map(({ task }) => task)];
}

function someMode(random: Random): Mode {
  const at = random.next();
  if (at < 0.06) return "killed";
  if (at < 0.12) return "two";
  if (at < 0.18) return "twice";
  if (at < 0.2) return "forced";
  return at < 0.22 ? "uncached" : "plain";
}

function someTargets(model: Model, about: readonly string[], random: Random): readonly Ref[] {
  const one = () => {
    const near = random.chance(0.8) && about.length > 0
      ? dependantsOf(model, random.of(about))
      : [];
    return near.length > 0 ? random.of(near) : random.of(model.tasks).name;
  };
  const first = one();
  const second = random.chance(0.25) ? one() : first;
  if (second !== first) return [{ task: first }, { task: second }];
  const task = taskNamed(model, first);
  const word = task.kind === "work" && task.takesWord && random.chance(0.6);
  return [{ task: first, ...word && { word: random.of(ARGUMENTS) } }];
}

/** An uncached task runs in both processes: in one while its outputs are read in the other. */
function interferes({ steps }: Plan): boolean {
  const unguarded = (task: Work) => task.caching === "uncached" ? declared(task) : [];
  return steps.some(({ task }) =>
    unguarded(task).some((write) => steps.some((other) => reads(other.task, write)))
  );
}

/** One task in two ways: each process could be the last. */
function isRepeating({ steps }: Plan): boolean {
  return new Set(steps.map(({ task }) => task)).size < steps.length;
}
