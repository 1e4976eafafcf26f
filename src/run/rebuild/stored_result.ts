/**
 * Using what is stored: a result is put in place, shown again, and handed to those that depend on it.
 *
 * @module
 */

import { changedBeside } from "../../cache/beside.ts";
import { adopt, inPlace, restoreOutputs } from "../../cache/restore.ts";
import type { Claim } from "../../cache/areas.ts";
import { hashOf } from "../../cache/key.ts";
import type { OutputRules } from "../../cache/outputs.ts";
import { type Lookup, unavailable } from "../../cache/store.ts";
import { toChunk } from "../../model/chunk.ts";
import type { Output, Result } from "../../model/output.ts";
import type { Step } from "../../model/plan.ts";
import type { ActionResult } from "../performer.ts";
import type { Contribution } from "./contribution.ts";
import type { StepPatterns } from "./patterns.ts";
import { callOf } from "./reasons.ts";
import { readStdio } from "./stdio.ts";
import { type Life, type Work, workshopOf } from "./work.ts";

/**
 * Use a stored result, if there is one that can be used.
 *
 * @returns the step's end; or why what is stored cannot be used
 */
export async function lookUp(
  work: Work,
  step: Step,
  key: string,
  patterns: StepPatterns,
  life: Life,
): Promise<{ readonly result: ActionResult } | { readonly detail?: string }> {
  const { performance, session: { store, last } } = work;
  const found = await store.get(key);
  if (found.kind === "miss") return {};
  if (found.kind !== "hit") return unfit(work, found);
  const stored = found.value;
  let written;
  if (stored.stdio !== undefined) {
    const bytes = await store.readBlob(stored.stdio);
    if (bytes.kind !== "hit") return unfit(work, bytes);
    written = readStdio(bytes.value);
    if (written === undefined) return { detail: "its stored output cannot be read" };
  }
  const unlike = await unlikeNow(work, stored, patterns.outputs);
  if (unlike !== undefined) return { detail: unlike };
  if (patterns.outputs !== undefined) {
    const back = life.found();
    const restored = await restore(work, step, patterns.outputs, stored, life);
    if (restored !== undefined) {
      await back();
      return { detail: restored };
    }
  }
  for (const { stream, bytes } of written ?? []) {
    performance.emit({ type: "output", step: step.id, stream, chunk: toChunk(bytes) });
  }
  settleResult(work, step, stored, patterns.outputs !== undefined);
  last.set(callOf(step), { key, hit: true, at: performance.host.date().toISOString() });
  const { masked } = stored;
  return { result: { code: 0, cached: { key, ...(masked && { masked }) } } };
}

function unfit(
  { voice }: Work,
  found: Exclude<Lookup<unknown>, { readonly kind: "hit" }>,
): { readonly detail?: string } {
  if (found.kind === "unavailable") {
    voice.sayStore(found.detail);
    return {};
  }
  return { detail: found.kind === "miss" ? "its content is gone" : `${found.detail} is damaged` };
}

/** @returns why it cannot be done; undefined when all is in place */
async function restore(
  work: Work,
  step: Step,
  rules: OutputRules,
  stored: Result,
  life: Life,
): Promise<string | undefined> {
  const { voice } = work;
  const workshop = workshopOf(work);
  workshop.ledger.refresh();
  if (await inPlace(workshop, rules, stored)) return undefined;
  let held: Claim | undefined;
  try {
    held = await claimFor(work, step, rules, life);
    if (held === undefined) return "it was stopped";
    await adoptLast(work);
    const restored = await restoreOutputs({ ...workshop, nested: held.nested }, rules, stored);
    if (restored.kind === "restored") {
      work.touched ||= restored.changed;
      voice.sayAside(step, restored.aside, work.session);
      return undefined;
    }
    if (restored.kind === "unavailable") voice.sayStore(restored.detail);
    return restored.detail;
  } catch (error) {
    return `its result cannot be put back: ${unavailable(error).detail}`;
  } finally {
    held?.release();
  }
}

/** What a stored result gives to those that depend on it. @param declared it declares outputs */
export function settleResult(
  { values, contributions, performance: { surroundings } }: Work,
  step: Step,
  { key, outputs, value }: Result,
  declared: boolean,
): void {
  if (value !== undefined) values.set(step.id, value);
  const any = surroundings.task(step.task).extension.platform === "any";
  const left = any ? outputs.map(withoutMode) : outputs;
  const contribution: Contribution = declared || value !== undefined
    ? { text: hashOf([JSON.stringify(left), value ?? ""]), key }
    : { text: key, key };
  contributions.set(step.id, {
    ...contribution,
    ...(value !== undefined && { value: hashOf([value]) }),
  });
}

/** The area of a step's outputs. @returns `undefined` when the waiting was stopped */
export function claimFor(
  { session: { areas }, voice, within }: Work,
  step: Step,
  { set }: OutputRules,
  life: Life,
): Promise<Claim | undefined> {
  return areas.claim(set.prefixes, step.label, voice.waiting(step, life), within.get(step.id));
}

/** Where the ledger is damaged, what was last stored or restored says what is ours. */
export function adoptLast(work: Work): Promise<void> {
  return work.adopted ??= adoptAll(work);
}

async function adoptAll(work: Work): Promise<void> {
  const { ledger, last, store } = work.session;
  if (!ledger.damaged) return;
  for (const { key } of last.all().values()) {
    const found = await store.get(key);
    if (found.kind === "hit") await adopt(workshopOf(work), found.value);
  }
}

function withoutMode(output: Output): Output {
  if (output.kind !== "file") return output;
  const { private: _, ...rest } = output;
  return { ...rest, executable: false };
}

/** Why a stored result is none here and now. */
export async function unlikeNow(
  work: Work,
  { outputs, beside }: Result,
  rules: OutputRules | undefined,
): Promise<string | undefined> {
  const missing = missingFrom(outputs, rules);
  if (missing !== undefined) return `the stored result has no ${missing}`;
  const changed = await changedBeside(work.session, beside);
  return changed && `the stored result was made beside ${changed}, which is not what it was`;
}

/** A required output that a stored result does not have. */
function missingFrom(
  outputs: readonly Output[],
  rules: OutputRules | undefined,
): string | undefined {
  return rules?.required.find(({ set }) => !outputs.some(({ path }) => set.matches(path)))?.pattern;
}
