/**
 * A random project through a series of random edits. After each edit ntask runs, and what it leaves
 * must be what a clean run leaves.
 *
 * Each step has its own chance, from the seed and its number: with some steps left out the others
 * are the same.
 *
 * @module
 */

import { join } from "@std/path";
import { createProject, type Project } from "../../rig/project.ts";
import { type Random, randomFrom } from "../../rig/random.ts";
import { beginStory, type Ran } from "../../rig/ran.ts";
import { damageOutputs, damageStore } from "./damage.ts";
import { change, changed, type Found, remove } from "./disk.ts";
import { applyEdit, type Change, someKind } from "./edit.ts";
import { randomModel, type Shape } from "./generate.ts";
import { causesOf, type Numbers } from "./ideal.ts";
import { type Invocation, sameInvocation, someInvocation } from "./invocation.ts";
import { declared, type Model, type Sources } from "./model.ts";
import { killedRun, logged } from "./killed.ts";
import { type Clean, cleanResult, declaredOf, OUTPUT_FOLDERS } from "./oracle.ts";
import type { Plan, Step } from "./plan.ts";
import { filesOf } from "./render.ts";
import { note, noteCase, type Tally } from "./tally.ts";

export interface Course {
  readonly seed: number;
  readonly steps: number;
  readonly shape: Shape;
  /** Without a cache outputs are removed before every run. */
  readonly cache: boolean;
  /** Steps that are left out. */
  readonly without?: ReadonlySet<number>;
}

/** Why a project failed. */
export interface Failure {
  readonly step: number;
  readonly complaint: string;
  /** Every edit and run, the task files, what was expected. */
  readonly story: string;
}

/** What the steps of a project share. */
interface State {
  readonly project: Project;
  readonly oracle: string;
  readonly course: Course;
  readonly tally: Tally;
  readonly lines: string[];
  readonly numbers: Numbers;
  /** Causes whose results are stored, for certain. */
  readonly stored: Set<number>;
  /** Those that may be, patterns of one meaning being the same. */
  readonly maybe: Set<number>;
  /** Who wrote last to a shared folder. */
  readonly holders: Map<string, string>;
  readonly past: Model[];
  /** What was run again and again, so that a run without anything to do is kept. */
  settled: Invocation | undefined;
  /** Something was done to the store. */
  damaged: boolean;
  model: Model;
  files: Sources;
}

/** Something is not as it must be. */
class Wrong extends Error {}

/** @returns nothing when all was right */
export async function drive(course: Course, tally: Tally): Promise<Failure | undefined> {
  beginStory();
  await using project = await createProject({}, "ntask-property-");
  const oracle = join(project.base, "oracle");
  Deno.mkdirSync(oracle);
  const model = randomModel(randomFrom(course.seed), course.shape);
  const files = filesOf(model);
  change(project.root, {}, files);
  const state: State = {
    project,
    oracle,
    course,
    tally,
    lines: [],
    numbers: new Map(),
    stored: new Set(),
    maybe: new Set(),
    holders: new Map(),
    past: [],
    settled: undefined,
    damaged: false,
    model,
    files,
  };
  tally.projects++;
  for (let step = 0; step < course.steps; step++) {
    if (course.without?.has(step)) continue;
    tally.steps++;
    try {
      await take(step, state);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const complaint = error instanceof Wrong ? error.message : error.stack ?? error.message;
      return { step, complaint, story: storyOf(step, complaint, state) };
    }
  }
  return undefined;
}

async function take(step: number, state: State): Promise<void> {
  const random = randomFrom(state.course.seed * 1009 + step * 9176 + 77);
  const { about, kinds } = edit(state, random);
  damage(state, kinds, random);
  const same = state.settled && sameInvocation(state.model, state.settled);
  state.settled = undefined;
  const invocation = same ?? someInvocation(state.model, about, random, state.course.cache);
  const { plan, mode } = invocation;
  const named = kinds.filter((_, index) => index === kinds.length - 1);
  state.lines.push(
    `  run ${step}: ${mode} ${invocation.lines.map((line) => line.join(" ")).join(" & ")}`,
  );
  noteSeen(state, plan, about, kinds);

  const { project } = state;
  const env = { ...project.env, ...state.model.inherited, RIG: project.base };
  const clean = cleanResult(state.model, state.files, plan, state.oracle, env);
  // Elsewhere it is not known what a killed process leaves running.
  if (mode === "killed" && !clean.fails && Deno.build.os === "linux") {
    note(state.tally, await killedIn(invocation, state) ? "killed" : "killed too late");
    noteMaybe(plan, clean, state);
  }
  await check(invocation, clean, named.join() || "no edit", state);
  if (mode === "twice") await check(invocation, clean, "the same again", state);
  if (mode !== "plain" || clean.fails || !random.chance(0.3)) return;
  state.settled = invocation;
  const before = keptRuns(project.root);
  for (let times = 0; times < 3 && keptRuns(project.root) === before; times++) {
    await check(invocation, clean, "the same again", state);
  }
  if (keptRuns(project.root) === before) return;
  note(state.tally, "idle run kept");
  await check(invocation, clean, "the same again", state);
}

/** The idle runs that may be told again, with the time at which each was kept. */
function keptRuns(root: string): string {
  const folder = join(root, ".ntask/state/idle");
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) =>
      `${name} ${Deno.statSync(join(folder, name)).mtime?.getTime()}`
    ).toSorted().join();
  } catch {
    return "";
  }
}

// ── edits ────────────────────────────────────────────────────────────────────────────────────────

function edit(state: State, random: Random) {
  const about: string[] = [];
  const kinds: string[] = [];
  const many = random.chance(0.08) ? 0 : random.chance(0.8) ? 1 : 2;
  const replace = random.chance(0.3);
  const back = random.chance(0.12);
  const before = state.model;
  const files = state.files;
  const changes: Change[] = [];
  if (back && state.past.length > 0) {
    const last = state.past.length;
    const index = last - 1 - random.below(Math.min(6, last));
    state.model = state.past[index]!;
    state.lines.push(`  edit: back to state ${index}`);
    kinds.push("back");
  } else {
    for (let done = 0, tries = 0; done < many && tries < 12; tries++) {
      const kind = someKind(random);
      const made = applyEdit(kind, state.model, random);
      if (made === undefined) continue;
      done++;
      state.model = made.model;
      changes.push(made);
      about.push(...made.about);
      kinds.push(made.detail === undefined ? kind : `${kind.split(" ")[0]} ${made.detail}`);
      state.lines.push(`  edit: ${kind}: ${made.what}`);
    }
  }
  if (state.model !== before) state.past.push(before);
  state.files = filesOf(state.model);
  change(state.project.root, files, state.files, {
    sameTime: new Set(changes.flatMap(({ sameTime }) => sameTime ?? [])),
    touched: new Set(changes.flatMap(({ touched }) => touched ?? [])),
    replace,
  });
  return { about, kinds };
}

function damage(state: State, kinds: string[], random: Random): void {
  const { project, model, course } = state;
  const at = random.next();
  if (!course.cache || at > 0.08) return;
  const store = at < 0.03;
  const what = store
    ? damageStore(project.root, random)
    : damageOutputs(project.root, model, random);
  if (what === undefined) return;
  state.lines.push(`  damage: ${what}`);
  kinds.push(store ? "store damaged" : "outputs damaged");
  // What is in the store is not known any more.
  if (store) {
    state.stored.clear();
    state.damaged = true;
  }
}

/** Count what this run is a case of. */
function noteSeen(
  { tally, model, holders }: State,
  { steps }: Plan,
  about: readonly string[],
  kinds: readonly string[],
): void {
  const planned = new Set(steps.map(({ task }) => task.name));
  const seen = about.length === 0 || about.some((name) => planned.has(name));
  for (const kind of kinds) if (seen) note(tally, kind);
  if (steps.some(({ task }) => task.takesValue !== undefined)) note(tally, "run with a value");
  if (steps.some(({ over }) => over !== undefined)) note(tally, "run with an override");
  if (steps.some(({ word }) => word !== undefined)) note(tally, "run with an argument");
  const edited = steps.filter(({ task }) => about.includes(task.name));
  const middle = (step: Step) =>
    step.task.caching !== "cached" && edited.some((e) => step.before.has(e));
  if (
    steps.some((step) => step.task.caching === "cached" && [...step.before].some(middle))
  ) note(tally, "uncached middle");
  const ignored = model.sources[".gitignore"] !== undefined;
  if (
    ignored &&
    edited.some((e) =>
      [...e.task.writes.map(({ at }) => at), ...e.task.pre === undefined ? [] : [e.task.pre.to]]
        .some((at) => steps.some(({ task }) => task.reads.some((read) => read.at === at)))
    )
  ) note(tally, "generated ignored input");
  for (const { task } of steps) {
    for (const { kind, at } of declared(task)) {
      if (kind !== "shared") continue;
      const last = holders.get(at);
      if (last !== undefined && last !== task.name) note(tally, "shared folder changes hands");
      holders.set(at, task.name);
    }
  }
}

// ── runs ─────────────────────────────────────────────────────────────────────────────────────────

/** Run, and compare everything that can be compared. */
async function check(
  { lines, plan, mode }: Invocation,
  clean: Clean,
  after: string,
  state: State,
): Promise<void> {
  const { project, tally, model } = state;
  prepare(state);
  const env = model.inherited;
  const running = lines.map((words) => project.start(words, { env }));
  const ran = await Promise.all(running.map(({ ended }) => ended));
  if (lines.length > 1) note(tally, "two processes");
  tally.runs += lines.length;
  const told = () => ran.map(outcome).join("\n");
  for (const { code } of ran) {
    // Of two processes one may have nothing to do with what fails.
    if (clean.fails ? code === 0 && ran.length === 1 : code !== 0) {
      throw new Wrong(
        `it ends with ${code}, a clean run ${clean.fails ? "fails" : "does not"}\n${told()}`,
      );
    }
  }
  if (clean.fails) return noteMaybe(plan, clean, state);
  const differences = compare(clean.outputs, declaredOf(plan, project.root));
  if (differences.length > 0) throw new Wrong(`${differences.join("\n")}\n${told()}`);
  const lost = changed(project.root, state.files);
  if (lost.length > 0) throw new Wrong(`not as it was: ${lost.join()}\n${told()}`);
  if (lines.length === 1) {
    const said = sortedLines([...clean.said.values()].join(""));
    const heard = sortedLines(ran[0]!.stdout);
    if (said !== heard) throw new Wrong(`the tasks say\n${heard}\nand not\n${said}\n${told()}`);
  }
  if (!state.course.cache) return;
  count(plan, clean, after, mode, state, told);
}

function noteMaybe(plan: Plan, clean: Clean, state: State): void {
  const causes = causesOf(state.model, plan, clean, state.numbers, false);
  for (const number of causes.values()) state.maybe.add(number);
}

/** Which commands ran, and whether they had to. */
function count(
  plan: Plan,
  clean: Clean,
  after: string,
  mode: Invocation["mode"],
  state: State,
  told: () => string,
): void {
  const { tally, stored, maybe, course } = state;
  const causes = causesOf(state.model, plan, clean, state.numbers, true);
  const loose = causesOf(state.model, plan, clean, state.numbers, false);
  const unseen = (of: ReadonlyMap<Step, number>, seen: Set<number>, steps: readonly Step[]) =>
    new Set(steps.map((step) => of.get(step)!).filter((number) => !seen.has(number))).size;
  const log = logged(state.project);
  const labels = new Set(plan.steps.map(({ label }) => label));
  const example = (label: string) => {
    const name = label.split("|", 1)[0]!.replaceAll(".", "\\.");
    const line = new RegExp(`^ +(?:run|ok) +${name} .*$`, "m").exec(told());
    const step = state.lines.at(-1)?.trim();
    return `seed ${course.seed}, ${step}: ${label}: ${line?.[0].trim().slice(-100)}`;
  };
  for (const label of labels) {
    const steps = plan.steps.filter((step) => step.label === label);
    const times = log.filter((line) => line === label).length;
    tally.executed += times;
    const uncached = steps.filter(({ task }) => task.caching !== "cached");
    if (uncached.length > 0) {
      if (times === 0) throw new Wrong(`${label} is not cached and did not run\n${told()}`);
      continue;
    }
    if (mode === "forced" || mode === "uncached") continue;
    tally.spared += Math.max(0, steps.length - times);
    // What was damaged may be missed much later.
    const known =
      (!/its content is gone|stored \w+ \w+ is damaged/.test(example(label)) || !state.damaged) &&
      // Somebody's file among its outputs has gone, or is another one.
      !/was made beside/.test(example(label));
    // One of two processes may be writing, once more, what the other one reads: that is in doubt.
    if (known && mode !== "two" && times > unseen(causes, stored, steps)) {
      noteCase(tally.needless, after, example(label));
    }
    if (times < unseen(loose, maybe, steps) && !steps.some((step) => isVeiled(step, plan))) {
      noteCase(tally.unproven, after, example(label));
    }
  }
  if (mode === "uncached") return;
  // An output made over a file that was there is not kept, and it says so.
  const unkept = new Set(
    [...told().matchAll(/warning\[W_CACHE_OUTPUT\]: (\S+):/g)].map(([, name]) => name),
  );
  if (unkept.size > 0) note(tally, "made over a file that was there");
  const isUnkept = ({ task }: Step) => unkept.has(task.name);
  for (const step of plan.steps) {
    if (step.task.caching !== "cached") continue;
    maybe.add(loose.get(step)!);
    if (isUnkept(step) || [...step.before].some(isUnkept)) continue;
    stored.add(causes.get(step)!);
  }
}

/**
 * Does a step need a task that the plan runs twice? What the first of them left is not known: the
 * oracle sees the outputs at the end.
 */
function isVeiled({ before }: Step, { steps }: Plan): boolean {
  const twice = (name: string) =>
    new Set(steps.filter(({ task }) => task.name === name).map(({ label }) => label)).size > 1;
  return [...before].some(({ task }) => declared(task).length > 0 && twice(task.name));
}

function killedIn({ lines, kill }: Invocation, state: State): Promise<boolean> {
  prepare(state);
  return killedRun(state.project, lines[0]!, state.model.inherited, kill);
}

function prepare(state: State): void {
  const { project, model, files, course } = state;
  Deno.writeTextFileSync(join(project.base, "log"), "");
  if (course.cache) return;
  const folders = [
    ...OUTPUT_FOLDERS,
    ...model.tasks.flatMap((task) =>
      task.kind === "work" ? task.writes.map(({ at }) => at.slice(0, at.lastIndexOf("/"))) : []
    ),
  ];
  for (const folder of folders) remove(join(project.root, folder));
  const lost = Object.entries(files).filter(([path]) =>
    folders.some((folder) => path.startsWith(`${folder}/`))
  );
  change(project.root, {}, Object.fromEntries(lost));
}

function sortedLines(text: string): string {
  return text.split("\n").toSorted().join("\n").trim();
}

function compare(expected: Found, found: Found): readonly string[] {
  const paths = [...new Set([...Object.keys(expected), ...Object.keys(found)])].toSorted();
  return paths.filter((path) => expected[path] !== found[path]).map((path) =>
    `${path}\n  must be ${told(expected[path])}\n  and is ${told(found[path])}`
  );
}

function told(content: string | undefined): string {
  return content === undefined ? "not there" : JSON.stringify(content);
}

// ── the story ────────────────────────────────────────────────────────────────────────────────────

function outcome({ code, stdout, stderr }: Ran): string {
  return `status ${code}\nstdout:\n${stdout}\nstderr:\n${stderr}`;
}

function storyOf(step: number, complaint: string, state: State): string {
  const { course, lines, files, model } = state;
  const shown = Object.entries(files).filter(([path]) => path !== "machine.ts").map((
    [path, source],
  ) =>
    "link" in source
      ? `── ${path} -> ${source.link}`
      : /tasks\.(?:toml|ts)$|\.sh$/.test(path)
      ? `── ${path}\n${source.text.replace(/^[fw]\(\) \{\n[^]*?^\}\n/gm, "")}`
      : `── ${path}${source.exec ? " (executable)" : ""}: ${JSON.stringify(source.text)}`
  );
  return [
    `seed ${course.seed}, step ${step}`,
    ...lines,
    `variables: ${JSON.stringify(model.inherited)}`,
    ...shown,
    complaint,
  ].join("\n");
}
