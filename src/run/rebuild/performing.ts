/**
 * Performing a step: its area is claimed and cleaned, its action runs, what it has left is captured
 * and, for a cached one, stored.
 *
 * @module
 */

import { CLAIM, type Claim } from "../../cache/areas.ts";
import { hashOf, keyOf } from "../../cache/key.ts";
import type { Made } from "../../cache/ledger.ts";
import {
  type BegunAction,
  type Captured,
  finishOutputs,
  type OutputRules,
  prepareOutputs,
} from "../../cache/outputs.ts";
import { dropSame } from "../../cache/set_aside.ts";
import { unavailable } from "../../cache/store.ts";
import type { Host } from "../../host/host.ts";
import type { Change } from "../../model/change.ts";
import type { KeyPart, Result } from "../../model/output.ts";
import type { Step } from "../../model/plan.ts";
import type { Problem } from "../../model/problem.ts";
import { actPrepared, type Performance, type Prepared, statusOf } from "../perform.ts";
import type { ActionResult } from "../performer.ts";
import { changedInput, type Known, secretsOf } from "./knowing.ts";
import { callOf } from "./reasons.ts";
import { createRecorder } from "./stdio.ts";
import { adoptLast, claimFor, settleResult } from "./stored_result.ts";
import { type Life, type Work, workshopOf } from "./work.ts";

/** An action that has ended. */
interface Performed {
  readonly result: ActionResult;
  /** Of the ledger. */
  readonly id?: string;
  readonly captured?: Captured;
  /** What it left could not be written down. */
  readonly lost?: true;
}

/** Perform a cached step and store what it leaves, if that is proven. */
export async function performCached(
  work: Work,
  step: Step,
  known: Known,
  key: string,
  parts: readonly KeyPart[],
  why: readonly Change[],
  life: Life,
): Promise<ActionResult> {
  const { performance, session: { last }, values, contributions, recorders, voice } = work;
  const { say, about } = voice;
  const { host } = performance;
  const { prepared, patterns } = known;
  const { outputs } = patterns;
  const call = callOf(step);
  const at = host.date().toISOString();
  last.set(call, { key, hit: false, why, at });
  const recorder = createRecorder();
  recorders.set(step.id, recorder);
  const began = host.now();
  return await performWith(work, step, { ...prepared, why }, outputs, life, (performed) => {
    recorders.delete(step.id);
    return keep(performed, host.now() - began);
  });

  async function keep(
    { result, captured, lost, id }: Performed,
    duration: number,
  ): Promise<ActionResult> {
    const unstored = (failed = false): ActionResult => {
      if (failed) last.set(call, { key, hit: false, failed, why, at });
      keepParts(work, call, key, parts);
      contributions.set(step.id, { text: key, unstored: step.label });
      return result;
    };
    // Who was told to end may have ended well, and half way.
    if (result.code !== 0 || lost || life.stopped) return unstored(result.code !== 0);
    if (captured !== undefined) {
      if (captured.missing.length > 0) {
        keepParts(work, call, key, parts);
        return failure(missingOutput(work, step, captured));
      }
      const fault = faultOf(captured);
      if (fault !== undefined) {
        say({ code: "W_CACHE_OUTPUT", ...about(step, "outputs"), ...fault }, step);
        return unstored();
      }
    }
    const changed = await changedInput(work, known, id);
    if (changed !== undefined) {
      if (outputs?.set.matches(changed)) {
        say(
          { code: "W_CACHE_OUTPUT", ...about(step, "outputs"), path: changed, why: "input" },
          step,
        );
      } else say({ code: "W_CACHE_CHANGED", ...about(step, "inputs"), path: changed }, step);
      return unstored();
    }

    const [path, ...more] = captured?.overwritten ?? [];
    if (path !== undefined) {
      say({ code: "W_CACHE_OUTPUT", ...about(step, "outputs"), path, why: "overwritten" }, step);
      // From now on it is made anew; what it is now is not to be lost.
      own(work, step, [path, ...more].map((name) => ({ name, content: "taken" })));
      return unstored();
    }

    const secrets = secretsOf(performance, prepared);
    const stdio = recorder.finish(secrets);
    const value = values.get(step.id);
    if (value !== undefined && secrets.some((secret) => value.includes(secret))) {
      say({ code: "W_CACHE_SECRET", ...about(step) }, step);
      return unstored();
    }
    const stored: Result = {
      key,
      task: step.task,
      outputs: captured?.outputs ?? [],
      ...(captured && captured.beside.length > 0 && { beside: captured.beside }),
      ...(stdio?.masked && { masked: true }),
      ...(value !== undefined && value !== "" && { value }),
      duration: Math.round(duration * 1000) / 1000,
      ...(result.usage && { usage: result.usage }),
      at: host.date().toISOString(),
    };
    const kept = await put(work, stored, parts, stdio?.bytes);
    if (kept !== undefined) {
      if ("changed" in kept) {
        const path = kept.changed;
        say({ code: "W_CACHE_OUTPUT", ...about(step, "outputs"), path, why: "changing" }, step);
      } else voice.sayStore(kept.detail);
      return unstored();
    }
    own(work, step, captured?.rewritten ?? []);
    settleResult(work, step, stored, outputs !== undefined);
    return { ...result, stored: key };
  }
}

/** @returns why it could not be stored */
async function put(
  { session: { root, store } }: Work,
  result: Result,
  parts: readonly KeyPart[],
  stdio: Uint8Array | undefined,
): Promise<{ readonly changed: string } | { readonly detail: string } | undefined> {
  const files = result.outputs.flatMap((output) =>
    output.kind === "file" ? [{ ...output, absolute: `${root}/${output.path}` }] : []
  );
  const filed = await store.putFiles(files);
  if (filed.kind === "changed") return { changed: filed.path.slice(root.length + 1) };
  if (filed.kind === "unavailable") return filed;
  let whole = result;
  if (stdio !== undefined) {
    const blob = await store.putBytes(stdio);
    if (blob.kind === "unavailable") return blob;
    whole = { ...result, stdio: blob.digest };
  }
  const stored = await store.put({ result: whole, parts });
  return stored.kind === "unavailable" ? stored : undefined;
}

/**
 * Perform a step whose result is not stored.
 *
 * @param unstored what keeps those that depend on it from being stored
 */
export async function performUncached(
  work: Work,
  step: Step,
  { prepared, patterns, parts, inputs }: Known,
  life: Life,
  unstored?: string,
  why?: readonly Change[],
): Promise<ActionResult> {
  const { values, contributions, questions } = work;
  const { outputs } = patterns;
  const whole: Prepared = { ...prepared, ...(why && { why }) };
  return await performWith(work, step, whole, outputs, life, ({ result, captured, lost }) => {
    if (result.code !== 0) return result;
    if (captured !== undefined && captured.missing.length > 0 && questions.caches(step)) {
      return failure(missingOutput(work, step, captured));
    }
    const value = values.get(step.id);
    const fault = inputs?.uncached ?? captured?.fault ?? lost;
    contributions.set(step.id, {
      text: hashOf([keyOf(parts), JSON.stringify(captured?.outputs ?? [])]),
      ...(value !== undefined && { value: hashOf([value]) }),
      ...((unstored !== undefined || fault !== undefined && questions.isObserved(step)) && {
        unstored: unstored ?? step.label,
      }),
    });
    return result;
  });
}

/**
 * Perform an action that may have declared outputs: cleaned before, captured behind it.
 *
 * @param settle what is done with what it has left, while nobody else can touch that
 */
async function performWith(
  work: Work,
  step: Step,
  prepared: Prepared,
  outputs: OutputRules | undefined,
  life: Life,
  settle: (performed: Performed) => ActionResult | Promise<ActionResult>,
): Promise<ActionResult> {
  if (outputs === undefined) return await settle({ result: await perform(work, prepared, life) });
  const { voice, claims } = work;
  let held: Claim | undefined;
  let begun;
  try {
    held = await claimFor(work, step, outputs, life);
    if (held === undefined) return { code: 1 };
    await adoptLast(work);
    begun = await prepareOutputs({ ...workshopOf(work), nested: held.nested }, outputs, step.task);
  } catch (error) {
    held?.release();
    voice.sayStore(unavailable(error).detail);
    return await settle({ result: await perform(work, prepared, life), lost: true });
  }
  claims.set(step.id, held.name);
  try {
    const result = await perform(work, prepared, life, held);
    const captured = await capture(work, outputs, begun);
    const made = captured.captured?.outputs ?? [];
    voice.sayAside(step, dropSame(work.session, begun.aside, made), work.session);
    return await settle({ result, id: begun.id, ...captured });
  } finally {
    claims.delete(step.id);
    held.release();
  }
}

async function capture(
  work: Work,
  outputs: OutputRules,
  begun: BegunAction,
): Promise<Pick<Performed, "captured" | "lost">> {
  try {
    return { captured: await finishOutputs(workshopOf(work), outputs, begun) };
  } catch (error) {
    work.voice.sayStore(unavailable(error).detail);
    return { lost: true };
  }
}

function missingOutput({ voice }: Work, step: Step, { missing, link }: Captured): Problem {
  const about = voice.about(step, "outputs");
  return {
    code: "R_CACHE_OUTPUT",
    ...about,
    patterns: missing,
    ...(link !== undefined && { link }),
  };
}

/** What is stored can be put back, so it is ours. */
function own({ session: { ledger }, voice }: Work, step: Step, made: readonly Made[]): void {
  try {
    ledger.own(step.task, made);
  } catch (error) {
    voice.sayStore(unavailable(error).detail);
  }
}

function perform(
  work: Work,
  prepared: Prepared,
  life: Life,
  claim?: Claim,
): Promise<ActionResult> {
  const { performance } = work;
  if (life.stopped) return Promise.resolve({ code: 1 });
  work.touched = true;
  const there = claim === undefined ? performance : working(performance, claim);
  return new Promise((resolve) => {
    life.current = actPrepared(prepared, there, (result) => {
      life.current = undefined;
      resolve(result);
    });
  });
}

/** The same; what is started knows for which claim it works. */
function working(performance: Performance, { name }: Claim): Performance {
  const { host } = performance;
  const start: Host["start"] = (command, listener) =>
    host.start({ ...command, env: { ...command.env, [CLAIM]: name } }, listener);
  return { ...performance, host: Object.assign(Object.create(host) as Host, { start }) };
}

function keepParts(
  { session: { last } }: Work,
  call: string,
  key: string,
  parts: readonly KeyPart[],
): void {
  try {
    last.keepParts(call, key, parts);
  } catch {
    // The next miss has one reason less.
  }
}

/** The end of a step that could not be performed, or not as it must be. */
export function failure(problem: Problem): ActionResult {
  return { code: statusOf(problem), reason: { kind: "problem", problem } };
}

function faultOf(
  { fault, untouched }: Captured,
):
  | NonNullable<Captured["fault"]>
  | { readonly path: string; readonly why: "untouched" }
  | undefined {
  if (fault !== undefined) return fault;
  return untouched[0] === undefined ? undefined : { path: untouched[0], why: "untouched" };
}
