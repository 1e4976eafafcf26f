/**
 * Everything that decides about a step: its texts evaluated, its patterns, its inputs, the parts of
 * its key.
 *
 * @module
 */

import { type InputEntry, type Inputs, readInputs } from "../../cache/inputs.ts";
import type { TruePart } from "../../cache/key.ts";
import { createTree } from "../../cache/tree.ts";
import type { Step } from "../../model/plan.ts";
import type { Problem } from "../../model/problem.ts";
import { prepare, type Prepared } from "../perform.ts";
import { patternsOf, type StepPatterns } from "./patterns.ts";
import { platformOf } from "./platform.ts";
import { changedCode, recipeOf } from "./recipe.ts";
import { isSecret, secretArguments } from "./secret.ts";
import type { Work } from "./work.ts";

/** What is known of a step before it is performed. */
export interface Known {
  readonly prepared: Prepared;
  readonly patterns: StepPatterns;
  readonly parts: readonly TruePart[];
  readonly inputs: Inputs | undefined;
  /** Of the ledger, before the inputs were read. */
  readonly moment: number;
  readonly warnings: readonly Problem[];
}

/** @param cached whether its results are kept; then its output must not depend on the terminal */
export async function know(
  work: Work,
  step: Step,
  cached: boolean,
): Promise<Known | { readonly problems: readonly Problem[] }> {
  const { performance, kitchen, contributions, session: { root, ledger }, touched } = work;
  const { host } = performance;
  const prepared = prepare(step, performance, { traced: true, kept: cached });
  if ("problems" in prepared) return prepared;
  for (const secret of secretsOf(work, prepared)) performance.secrets?.add(secret);
  const recipe = await recipeOf(prepared, kitchen);
  if ("problems" in recipe) return recipe;
  const { extension } = prepared.task;
  const patterns = step.inline ? {} : patternsOf(prepared, root);
  if ("problems" in patterns) return patterns;
  const { inputs: set, outputs } = patterns;
  const moment = ledger.now();
  const inputs = set && await readOwnInputs(work, prepared, patterns, !touched);
  const parts: TruePart[] = [...recipe.parts];
  if (set !== undefined) {
    parts.push({ name: "input patterns", value: JSON.stringify(set.normalised) });
    for (const { path, value } of inputs?.entries ?? []) {
      parts.push({ name: `input ${path}`, value });
    }
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
    const { strictCacheEnv: strict } = performance.settings;
    const switches = { text, gitignore, clean, ...(strict && { strict }) };
    parts.push({ name: "switches", value: JSON.stringify(switches) });
  }
  return { prepared, patterns, parts, inputs, moment, warnings: recipe.warnings };
}

/** What a task itself has put somewhere is no input of it. */
async function readOwnInputs(
  { session: { root, statCache, ledger }, snapshot }: Work,
  { task: { extension } }: Prepared,
  { inputs: set, outputs }: StepPatterns,
  fromSnapshot: boolean,
): Promise<Inputs> {
  const tree = fromSnapshot ? snapshot : createTree(root);
  const { gitignore = true, text = false, platform } = extension;
  const found = await readInputs(root, set!, tree, statCache, {
    gitignore,
    text,
    executable: platform !== "any",
  });
  if (outputs === undefined) return found;
  ledger.refresh();
  const own = (path: string) => outputs.set.matches(path) && ledger.owns(path);
  return {
    entries: found.entries.filter(({ path, real }) =>
      !own(path) && (real === undefined || !own(real))
    ),
    skipped: found.skipped.filter((path) => !own(path)),
    uncached: found.uncached && own(found.uncached.path) ? undefined : found.uncached,
  };
}

/**
 * An input that is not what it was when the key was made.
 *
 * @param own the action's, in the ledger
 */
export async function changedInput(
  work: Work,
  { prepared, patterns, parts, inputs, moment }: Known,
  own: string | undefined,
): Promise<string | undefined> {
  const code = changedCode(prepared, parts, work.kitchen);
  if (code !== undefined || inputs === undefined) return code;
  const now = await readOwnInputs(work, prepared, patterns, false);
  const changed = firstDifference(inputs.entries, now.entries) ?? now.uncached?.path;
  if (changed !== undefined) return changed;
  // The same as before, but it may have been something else meanwhile.
  const others = work.session.ledger.since(moment, own);
  return inputs.entries.find(({ path }) => others.some((set) => set.matches(path)))?.path;
}

/** Values that must not be read by people, the longest first. */
export function secretsOf(
  { performance: { surroundings: { inherited } } }: Work,
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

function firstDifference(
  before: readonly InputEntry[],
  after: readonly InputEntry[],
): string | undefined {
  const old = new Map(before.map((entry) => [entry.path, entry]));
  for (const { path, value, look } of after) {
    const was = old.get(path);
    // It may have been something else meanwhile, and is put back.
    if (was?.value !== value || was.look !== look) return path;
    old.delete(path);
  }
  return old.keys().next().value;
}
