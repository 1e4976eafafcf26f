/**
 * Everything that decides about a step: its texts evaluated, its patterns, its inputs, the parts of
 * its key.
 *
 * @module
 */

import { type InputEntry, type Inputs, readInputs } from "../../cache/inputs.ts";
import { couldOverlap } from "../../cache/glob.ts";
import { hashOf, keyOf, type TruePart } from "../../cache/key.ts";
import type { FindingOptions } from "../../cache/findings.ts";
import { isSame, type Times } from "../../host/witness.ts";
import { createTree, type Tree } from "../../cache/tree.ts";
import type { Step } from "../../model/plan.ts";
import type { Problem } from "../../model/problem.ts";
import { type Performance, prepare, type Prepared } from "../perform.ts";
import { patternsOf, type StepPatterns } from "./patterns.ts";
import { platformOf } from "./platform.ts";
import { changedCode, recipeOf } from "./recipe.ts";
import { isSecret, secretArguments } from "./secret.ts";
import type { Work } from "./work.ts";

/** What is known of a step before its inputs are looked at. */
export interface Described {
  readonly step: Step;
  /** Its results are kept; then its output must not depend on the terminal. */
  readonly cached: boolean;
  readonly prepared: Prepared;
  readonly patterns: StepPatterns;
  readonly recipe: readonly TruePart[];
  readonly warnings: readonly Problem[];
  /** Nothing had been performed or restored: the snapshot still holds. */
  readonly early: boolean;
}

/** What is known of a step before it is performed. */
export interface Known extends Described {
  readonly parts: readonly TruePart[];
  readonly inputs: Inputs | undefined;
  /** The key of the same with the answer of a finding, if there is one. */
  readonly short?: string;
  /** Do the inputs still look as they did? No can mean that nobody knows. */
  readonly holds?: (tree: Tree) => Promise<boolean>;
  /** Of the ledger, before the inputs were read. */
  readonly moment: number;
}

/** @param cached whether its results are kept */
export async function describe(
  { performance, kitchen, session: { root }, touched }: Work,
  step: Step,
  cached: boolean,
): Promise<Described | { readonly problems: readonly Problem[] }> {
  const prepared = prepare(step, performance, { traced: true, kept: cached });
  if ("problems" in prepared) return prepared;
  for (const secret of secretsOf(performance, prepared)) performance.secrets?.add(secret);
  const recipe = await recipeOf(prepared, kitchen);
  if ("problems" in recipe) return recipe;
  const patterns = step.inline ? {} : patternsOf(prepared, root);
  if ("problems" in patterns) return patterns;
  const { parts, warnings } = recipe;
  return { step, cached, prepared, patterns, recipe: parts, warnings, early: !touched };
}

/** The key of a step whose inputs are what they were when it was made, and where they are. */
export async function glance(
  work: Work,
  described: Described,
): Promise<{ readonly key: string; readonly paths: readonly string[] } | undefined> {
  const { findings } = work.session;
  if (described.patterns.inputs === undefined) return undefined;
  const tree = treeFor(work, described);
  const finding = await findings.confirm(questionOf(described), tree, optionsOf(described));
  const key = finding && findings.keyOf(keyOf(shortParts(work, described, finding.answer)));
  return key === undefined ? undefined : { key, paths: finding!.paths };
}

/** The long way: the inputs are read. */
export async function know(work: Work, described: Described): Promise<Known> {
  const { ledger, findings } = work.session;
  const { patterns: { inputs: set } } = described;
  const moment = ledger.now();
  const tree = treeFor(work, described);
  const inputs = set && await readOwnInputs(work, described, tree);
  const entries = inputs?.entries ?? [];
  const parts = partsOf(
    work,
    described,
    entries.map(({ path, value }) => ({ name: `input ${path}`, value })),
  );
  const known: Known = { ...described, parts, inputs, moment };
  if (!described.cached || inputs?.plain === undefined) return known;
  const answer = hashOf(entries.flatMap(({ path, value }) => [path, value]));
  const question = questionOf(described);
  const holds = findings.remember(question, answer, inputs.plain, tree, optionsOf(described));
  const short = keyOf(shortParts(work, described, answer));
  return { ...known, short, ...(holds && { holds }) };
}

function partsOf(
  { performance: { host, settings }, contributions }: Work,
  { step, cached, prepared, patterns, recipe }: Described,
  inputs: readonly TruePart[],
): readonly TruePart[] {
  const { extension } = prepared.task;
  const { inputs: set, outputs } = patterns;
  const parts: TruePart[] = [...recipe];
  if (set !== undefined) {
    parts.push({ name: "input patterns", value: JSON.stringify(set.normalised) });
    // One by one: there can be more than a call takes arguments.
    for (const input of inputs) parts.push(input);
  }
  parts.push(...contributions.parts(step));
  if (cached) {
    parts.push({ name: "platform", value: platformOf(host, extension.platform) });
    const { text = false, gitignore = true, clean = true } = extension;
    if (outputs !== undefined) {
      parts.push({ name: "outputs", value: JSON.stringify(outputs.set.normalised) });
      const required = outputs.required.map((each) => each.set.normalised);
      parts.push({ name: "outputs required", value: JSON.stringify(required) });
    }
    const { strictCacheEnv: strict } = settings;
    const switches = { text, gitignore, clean, ...(strict && { strict }) };
    parts.push({ name: "switches", value: JSON.stringify(switches) });
  }
  return parts;
}

/** No input is called so: a path has a name. */
function shortParts(work: Work, described: Described, answer: string): readonly TruePart[] {
  return partsOf(work, described, [{ name: "inputs", value: answer }]);
}

/** Which files are meant, and how they are read. */
function questionOf({ prepared: { task: { extension } }, patterns }: Described): string {
  const { gitignore = true, text = false, platform } = extension;
  const own = patterns.outputs?.set.normalised ?? [];
  const executable = platform !== "any";
  return JSON.stringify([patterns.inputs?.normalised, own, { gitignore, text, executable }]);
}

function optionsOf({ prepared: { task: { extension } } }: Described): FindingOptions {
  const { gitignore = true, text = false } = extension;
  return { heeds: gitignore, text };
}

function treeFor({ session: { root }, snapshot }: Work, { early }: Pick<Described, "early">): Tree {
  return early ? snapshot : createTree(root);
}

/** What a task itself has put somewhere is no input of it. */
async function readOwnInputs(
  { session: { root, statCache, ledger } }: Work,
  { prepared: { task: { extension } }, patterns: { inputs: set, outputs } }: Described,
  tree: Tree,
): Promise<Inputs> {
  const { gitignore = true, text = false, platform } = extension;
  const found = await readInputs(root, set!, tree, statCache, {
    gitignore,
    text,
    executable: platform !== "any",
  });
  if (outputs === undefined || !couldOverlap(set!, outputs.set)) return found;
  ledger.refresh();
  const own = (path: string) => outputs.set.matches(path) && ledger.owns(path);
  const { plain, entries, skipped, uncached } = found;
  // Whose they are can change without anything to be seen.
  const others = plain !== undefined && !entries.some(({ path }) => outputs.set.matches(path));
  return {
    entries: entries.filter(({ path, real }) => !own(path) && (real === undefined || !own(real))),
    skipped: skipped.filter((path) => !own(path)),
    uncached: uncached && own(uncached.path) ? undefined : uncached,
    ...(others && { plain }),
  };
}

/**
 * An input that is not what it was when the key was made.
 *
 * @param own the action's, in the ledger
 */
export async function changedInput(
  work: Work,
  known: Known,
  own: string | undefined,
): Promise<string | undefined> {
  const { prepared, parts, inputs, moment } = known;
  const code = changedCode(prepared, parts, work.kitchen);
  if (code !== undefined || inputs === undefined) return code;
  const { root } = work.session;
  if (!await known.holds?.(createTree(root))) {
    const now = await readOwnInputs(work, known, createTree(root));
    const changed = firstDifference(inputs.entries, now.entries) ?? now.uncached?.path;
    if (changed !== undefined) return changed;
  }
  // The same as before, but it may have been something else meanwhile.
  const others = work.session.ledger.since(moment, own);
  return inputs.entries.find(({ path }) => others.some((set) => set.matches(path)))?.path;
}

/** Values that must not be read by people, the longest first. */
export function secretsOf(
  { surroundings: { inherited } }: Pick<Performance, "surroundings">,
  { step, env, secrets, trace }: Prepared,
): readonly string[] {
  const found = new Set([...secrets, ...secretsIn(inherited)]);
  for (const { name } of trace?.entries ?? []) {
    const value = env.get(name);
    if (value !== undefined && isSecret(name, value)) found.add(value);
  }
  for (const value of secretArguments(step)) found.add(value);
  // A text this short stands everywhere.
  return [...found].filter((value) => value.length >= 4).sort((a, b) => b.length - a.length);
}

const known = new WeakMap<object, readonly string[]>();

/** Asked of one environment again and again. */
function secretsIn(env: Readonly<Record<string, string>>): readonly string[] {
  const before = known.get(env);
  if (before !== undefined) return before;
  const found = Object.entries(env).filter(([name, value]) => isSecret(name, value))
    .map(([, value]) => value);
  known.set(env, found);
  return found;
}

function alike(before: Times | undefined, after: Times | undefined): boolean {
  return before === undefined || after === undefined ? before === after : isSame(before, after);
}

function firstDifference(
  before: readonly InputEntry[],
  after: readonly InputEntry[],
): string | undefined {
  const old = new Map(before.map((entry) => [entry.path, entry]));
  for (const { path, value, look } of after) {
    const was = old.get(path);
    // It may have been something else meanwhile, and is put back.
    if (was?.value !== value || !alike(was.look, look)) return path;
    old.delete(path);
  }
  return old.keys().next().value;
}
