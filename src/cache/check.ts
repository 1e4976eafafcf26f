/**
 * What can be told about inputs and outputs before anything runs: of one task, whether its patterns
 * are sound and its outputs are not what it is made of; of a plan, whether what tasks write and read
 * comes in an order. Patterns with substitutions are looked at when their values are known.
 *
 * @module
 */

import type { Text } from "../model/action.ts";
import type { Extension } from "../model/extension.ts";
import type { StepId, TaskId } from "../model/id.ts";
import type { Place } from "../model/place.ts";
import { acts, type Plan, type Step } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { Task } from "../model/task.ts";
import { type Compiled, compilePatterns, contains, couldOverlap, type PatternSet } from "./glob.ts";
import type { Pattern } from "./_segments.ts";
import { ancestors } from "./manifest.ts";
import { createOrder } from "./order.ts";

type Property = "inputs" | "outputs" | "outputs_optional";

/** What is wrong with what a task says about its inputs and outputs. */
export function checkTask(task: Task, root: string): readonly Problem[] {
  const { extension } = task;
  if (task.action.kind === "none") return nothingToCache(task);
  const cwd = literalCwd(task.cwd ?? task.scopes[0]?.cwd);
  if (cwd === undefined) return [];
  const problems: Problem[] = [];
  const about = (property: Property, index: number) => ({
    task: task.id,
    place: elementPlace(extension.places?.[property] ?? task.place, index),
    property,
  });
  for (const [property, patterns] of writtenPatterns(extension)) {
    for (const [index, pattern] of patterns.entries()) {
      if (isTemplate(pattern)) continue;
      const fault = patternFault(pattern, property, cwd, root);
      if (fault !== undefined) {
        problems.push({ code: "E_CACHE_PATTERN", ...about(property, index), pattern, ...fault });
      }
    }
  }
  if (problems.length > 0) return problems;
  for (const [property, patterns] of writtenPatterns(extension)) {
    if (property === "inputs") continue;
    for (const [index, pattern] of patterns.entries()) {
      const held = isTemplate(pattern)
        ? undefined
        : inputWithin(pattern, extension.inputs ?? [], cwd);
      if (held === undefined) continue;
      problems.push({
        code: "E_CACHE_OVERLAP",
        ...about(property, index),
        output: pattern,
        input: held,
      });
    }
  }
  return problems;
}

/** An input pattern of which an output pattern holds everything. */
export function inputWithin(
  output: string,
  inputs: readonly string[],
  cwd: string,
): string | undefined {
  const all = compiled(inputs, cwd);
  const set = output.startsWith("!") ? undefined : compiled([output], cwd);
  if (all === undefined || set === undefined) return undefined;
  return inputs.find((input) => holdsAll(set, input, cwd, all));
}

function nothingToCache({ id, extension: { places = {} }, place }: Task): readonly Problem[] {
  const where = "a task that only has dependencies";
  const instead = "cache the tasks that it depends on";
  return Object.entries(places).slice(0, 1).map(([property, at]) => ({
    code: "E_PROP_SCOPE",
    task: id,
    place: at ?? place,
    property,
    where,
    instead,
  }));
}

/** What is known of a plan besides itself. */
export interface PlanKnowledge {
  task(id: TaskId): Task;
  /** Patterns whose substitutions are made; asked where a step has any. */
  patterns(step: Step): Sets | undefined;
  /** Where results are kept, from the root, when it is below. */
  readonly store?: string;
  /** Of a plan that is under way: only what concerns these steps, which have joined it. */
  readonly joined?: {
    readonly steps: readonly Step[];
    /** Nothing is asked about these: they are not performed, or have joined later. */
    apart(id: StepId): boolean;
    /** The step whose body has asked for a step. */
    askedBy(id: StepId): StepId | undefined;
    ended(id: StepId): boolean;
  };
}

/** What is wrong with the order in which a plan writes and reads. */
export function checkPlan(plan: Plan, knowledge: PlanKnowledge): readonly Problem[] {
  const { task, store, joined } = knowledge;
  const writers = createTrie();
  const sets = new Map<StepId, Sets>();
  for (const step of plan.steps) {
    if (step.skip || step.inline || !acts(step) || joined?.apart(step.id)) continue;
    const found = setsOf(step, knowledge);
    if (found === undefined) continue;
    sets.set(step.id, found);
    for (const prefix of found.outputs?.prefixes ?? []) writers.add(prefix, step.id);
  }
  if (sets.size === 0) return [];
  const comesBefore = orderOf(plan, joined);
  const isNew = joined && new Set(joined.steps.map(({ id }) => id));
  const concerns = (one: StepId, two: StepId) => !isNew || isNew.has(one) || isNew.has(two);
  const problems: Problem[] = [];
  const said = new Set<string>();
  const once = (text: string) => !said.has(text) && said.add(text);
  for (const [id, { inputs, outputs }] of sets) {
    const step = plan.steps[id]!;
    const { extension, place } = task(step.task);
    const holder = store === undefined ? undefined : holderOf(extension, outputs, store);
    if (holder !== undefined && once(`${step.task} store`)) {
      problems.push({
        code: "E_CACHE_PATTERN",
        task: step.task,
        place: extension.places?.outputs ?? place,
        property: "outputs",
        pattern: holder,
        why: "store",
        detail: `cache_dir is ${store}`,
      });
    }
    for (const other of writers.meeting(outputs?.prefixes ?? [])) {
      if (other >= id || !concerns(id, other)) continue;
      if (comesBefore(other, id) || comesBefore(id, other)) continue;
      const { task: writer } = plan.steps[other]!;
      if (!once(`${writer} ${step.task} overlap`)) continue;
      const theirs = sets.get(other)!.outputs!;
      const [mine, their] = meeting(outputs!.prefixes, theirs.prefixes)!;
      problems.push({
        code: "E_CACHE_OVERLAP",
        task: step.task,
        place: extension.places?.outputs ?? place,
        output: mine === "" ? "." : mine,
        other: writer,
        otherOutput: their === "" ? "." : their,
      });
    }
    for (const other of writers.meeting(inputs?.prefixes ?? [])) {
      if (other === id || !concerns(id, other) || comesBefore(other, id)) continue;
      const { task: writer } = plan.steps[other]!;
      const theirs = sets.get(other)!.outputs!;
      if (!couldOverlap(inputs!, theirs) || !once(`${writer} ${step.task} order`)) continue;
      const path = theirs.prefixes.find((prefix) =>
        inputs!.matches(prefix) || inputs!.below(prefix)
      ) ?? theirs.prefixes[0]!;
      problems.push({
        code: "W_CACHE_ORDER",
        task: step.task,
        place: extension.places?.inputs ?? place,
        path,
        writer,
      });
    }
  }
  return problems;
}

/** A body goes on when what it has asked for has ended: what comes after it comes after that. */
function orderOf(
  plan: Plan,
  joined: PlanKnowledge["joined"],
): (first: StepId, second: StepId) => boolean {
  const order = createOrder(plan);
  if (joined === undefined) return order;
  const around = (id: StepId) => {
    const found: StepId[] = [];
    for (let at: StepId | undefined = id; at !== undefined; at = joined.askedBy(at)) found.push(at);
    return found;
  };
  return (first, second) => {
    if (joined.ended(first)) return true;
    const [outer, inner] = [around(first), around(second)];
    // Who asks for it and what is asked for share what they write.
    if (outer.includes(second) || inner.includes(first)) return true;
    return outer.some((one) => inner.some((two) => order(one, two)));
  };
}

/** The output pattern that the store would lie in. */
function holderOf(
  { outputs = [], outputsOptional = [] }: Extension,
  set: PatternSet | undefined,
  store: string,
): string | undefined {
  if (set === undefined || !set.matches(store) && !set.matches(`${store}/format`)) return undefined;
  return [...outputs, ...outputsOptional].find((pattern) => !pattern.startsWith("!")) ?? "";
}

function writtenPatterns(
  { inputs = [], outputs = [], outputsOptional = [] }: Extension,
): readonly (readonly [Property, readonly string[]])[] {
  return [["inputs", inputs], ["outputs", outputs], ["outputs_optional", outputsOptional]];
}

export type Fault = Omit<
  Problem<"E_CACHE_PATTERN">,
  "code" | "task" | "place" | "property" | "pattern"
>;

/** What is wrong with one pattern, by itself. */
export function patternFault(
  pattern: string,
  property: Property,
  cwd: string,
  root: string,
): Fault | undefined {
  const text = pattern.replace(/^!/, "").replaceAll("\\", "/");
  const own = root.replaceAll("\\", "/");
  if (text === own || text.startsWith(`${own}/`)) {
    return { why: "own root", instead: text.slice(own.length) || "/" };
  }
  const made = compilePatterns([pattern], { cwd });
  if (!made.ok) {
    const { pattern: _, ...fault } = made.faults[0]!;
    return fault;
  }
  if (property === "inputs" || pattern.startsWith("!")) return undefined;
  for (const each of made.set.patterns) {
    const stores = each.segments.some((segment) =>
      segment.kind === "literal" && /^\.(?:git|ntask)$/i.test(segment.text)
    );
    if (stores) return { why: "store" };
    const [first] = each.segments;
    if (each.segments.length === 1 && /^\*{1,2}$/.test(first!.text) && first!.kind !== "literal") {
      return { why: "root" };
    }
  }
  return undefined;
}

/** Is everything that an input pattern can match an output, or a file that it names with others? */
function holdsAll(
  outputs: PatternSet,
  input: string,
  cwd: string,
  inputs: PatternSet,
): boolean {
  if (input.startsWith("!") || isTemplate(input)) return false;
  const set = compiled([input], cwd);
  if (set === undefined) return false;
  const isHeld = (each: Pattern) =>
    outputs.patterns.some((output) => covers(output, each)) &&
    // A later `!` may have taken it out of the inputs again.
    (inputs.matches(each.prefix) || inputs.below(each.prefix));
  return set.patterns.every(isHeld) ||
    set.patterns.some((each) => each.literal && isHeld(each));
}

function covers(output: Pattern, input: Pattern): boolean {
  if (output.text === input.text) return true;
  const deep = output.segments.at(-1)?.kind === "any depth" &&
    output.segments.slice(0, -1).every(({ kind }) => kind === "literal");
  if (output.literal || deep) return contains(output.prefix, input.prefix);
  if (!input.literal) return false;
  const set = compilePatterns([output.text], { cwd: "" });
  return set.ok && set.set.matches(input.prefix);
}

// ── a plan ───────────────────────────────────────────────────────────────────────────────────────

export interface Sets {
  readonly inputs?: PatternSet;
  readonly outputs?: PatternSet;
}

function setsOf(step: Step, { task, patterns }: PlanKnowledge): Sets | undefined {
  const { extension } = task(step.task);
  const cwd = literalCwd(step.cwd);
  const { inputs = [], outputs = [], outputsOptional = [], cached } = extension;
  const written = [...outputs, ...outputsOptional];
  if (inputs.length + written.length === 0) return undefined;
  if (cwd === undefined || [...inputs, ...written].some(isTemplate)) {
    const found = patterns(step);
    if (cached !== false || found?.outputs === undefined) return found;
    return { outputs: found.outputs };
  }
  const made = compiled(written, cwd);
  const read = cached === false ? undefined : compiled(inputs, cwd);
  return {
    ...(read && inputs.length > 0 && { inputs: read }),
    ...(made && written.length > 0 && { outputs: made }),
  };
}

/** Steps by the literal starts of what they write. */
function createTrie() {
  const at = new Map<string, Set<StepId>>();
  const below = new Map<string, Set<StepId>>();
  const put = (map: Map<string, Set<StepId>>, path: string, id: StepId) => {
    const ids = map.get(path) ?? new Set();
    map.set(path, ids.add(id));
  };
  return {
    add(prefix: string, id: StepId) {
      put(at, prefix, id);
      for (const above of ["", ...ancestors(prefix), prefix]) put(below, above, id);
    },
    /** Those whose areas lie in or around one of these. */
    meeting(prefixes: readonly string[]): ReadonlySet<StepId> {
      const found = new Set<StepId>();
      for (const prefix of prefixes) {
        for (const id of below.get(prefix) ?? []) found.add(id);
        if (prefix === "") continue;
        for (const above of ["", ...ancestors(prefix)]) {
          for (const id of at.get(above) ?? []) found.add(id);
        }
      }
      return found;
    },
  };
}

function meeting(
  a: readonly string[],
  b: readonly string[],
): readonly [string, string] | undefined {
  for (const one of a) {
    for (const two of b) if (contains(one, two) || contains(two, one)) return [one, two];
  }
  return undefined;
}

// ── small things ─────────────────────────────────────────────────────────────────────────────────

function compiled(patterns: readonly string[], cwd: string): PatternSet | undefined {
  const made: Compiled = compilePatterns(patterns.filter((each) => !isTemplate(each)), { cwd });
  return made.ok ? made.set : undefined;
}

/** Does it hold a substitution? */
function isTemplate(text: string): boolean {
  return /\{(?:args\b|env\.|task\.|ntask\.)|\$\{/.test(text);
}

/** A directory below the root, with `/`; undefined when it is elsewhere, or not known yet. */
function literalCwd(text: Text | undefined): string | undefined {
  const path = (text?.text ?? "").replaceAll("\\", "/");
  if (isTemplate(path) || /^(?:[~/]|[A-Za-z]:)/.test(path)) return undefined;
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) return undefined;
  }
  return names.join("/");
}

/** Of one element of a list, where the file tells them apart. */
function elementPlace(place: Place, index: number): Place {
  if (!("path" in place) || place.key) return place;
  return { ...place, path: [...place.path, index] };
}
