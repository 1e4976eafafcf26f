/**
 * The rebuilder: whether a step has to be done at all. The scheduler decides when; this decides if.
 *
 * One cached step:
 *
 * ```
 * recipe, inputs, what its dependencies left -> key
 * key -> stored result -> in place -> cached
 *   \--> none: lock the key, look again
 *          \--> area: clean, perform, capture -> inputs still the same? -> store
 * ```
 *
 * What must stay true: a step counts as cached only when everything its key is made of is known and
 * its outputs are in place; whatever is in doubt is performed and not stored.
 *
 * @module
 */

import { hashOf, keyOf, type TruePart } from "../../cache/key.ts";
import { type InputEntry, type Inputs, readInputs } from "../../cache/inputs.ts";
import { couldOverlap } from "../../cache/glob.ts";
import { createOrder } from "../../cache/order.ts";
import { announce } from "../../cache/prune.ts";
import type { Decision } from "../../cache/last.ts";
import { CLAIM, type Claim } from "../../cache/areas.ts";
import { type Held, lock, type Waiting } from "../../cache/lock.ts";
import {
  type BegunAction,
  type Captured,
  finishOutputs,
  type OutputRules,
  prepareOutputs,
} from "../../cache/outputs.ts";
import { adopt, inPlace, obstacleToRestore, restoreOutputs } from "../../cache/restore.ts";
import { storedParts } from "../../cache/secret_text.ts";
import { type Lookup, unavailable } from "../../cache/store.ts";
import { createTree } from "../../cache/tree.ts";
import * as disk from "../../host/disk.ts";
import type { Host } from "../../host/host.ts";
import type { Change, Prediction } from "../../model/change.ts";
import { chunkBytes, toChunk } from "../../model/chunk.ts";
import type { Event } from "../../model/event.ts";
import type { StepId, TaskId } from "../../model/id.ts";
import type { KeyPart, Output, Result } from "../../model/output.ts";
import type { Plan, Step } from "../../model/plan.ts";
import type { Problem } from "../../model/problem.ts";
import { createIdentities } from "../../source/identities.ts";
import { actPrepared, type Performance, prepare, type Prepared, refuse } from "../perform.ts";
import type { ActionResult, Running, StepEnd, Stop } from "../scheduler.ts";
import { type Contribution, createContributions } from "./contribution.ts";
import { patternsOf, type StepPatterns } from "./patterns.ts";
import { platformOf } from "./platform.ts";
import { isCached, type Kitchen, recipeOf } from "./recipe.ts";
import { callOf, createReasons } from "./reasons.ts";
import { isSecret } from "./secret.ts";
import type { Session } from "./session.ts";
import { createRecorder, readStdio, type Recorder } from "./stdio.ts";
import { createTools } from "./tools.ts";

/** What an invocation says about the cache. */
export interface CacheOptions {
  /** Neither read nor write any results. */
  readonly off: boolean;
  /** Perform these, or those that were asked for, whatever is stored. */
  readonly force: readonly TaskId[] | "targets" | undefined;
  /** The setting; relative to the root. */
  readonly directory?: string;
  /** How large the store may grow, in bytes. */
  readonly size: number;
}

export interface Rebuilder {
  /** Take a step to its end: put its result in place, or perform it. */
  act(step: Step, done: (result: ActionResult) => void): Running;
  /** The body of a step, which goes on after them, has asked for steps. */
  asked(steps: readonly Step[], by: Step): void;
  /** What a step writes. */
  heard(event: Extract<Event, { readonly type: "output" }>): void;
  ended(step: Step, end: StepEnd): void;
  /** What a run now would do with a step whose dependencies have been asked. Performs nothing. */
  predict(step: Step): Promise<Prediction>;
  /** What was decided about a cached step last time. */
  lastOf(step: Step): Decision | undefined;
  /** Keep what was learned. */
  close(): Promise<void>;
}

/** Everything that decides about a step, known. */
interface Known {
  readonly prepared: Prepared;
  readonly patterns: StepPatterns;
  readonly parts: readonly TruePart[];
  readonly inputs: Inputs | undefined;
  /** Of the ledger, before the inputs were read. */
  readonly moment: number;
  readonly warnings: readonly Problem[];
}

/** An action that has ended. */
interface Performed {
  readonly result: ActionResult;
  /** Of the ledger. */
  readonly id?: string;
  readonly captured?: Captured;
  /** What it left could not be written down. */
  readonly lost?: true;
}

type Failed = { readonly problems: readonly Problem[] };

export function createRebuilder(
  plan: Plan,
  session: Session,
  options: CacheOptions,
  performance: Performance,
  values: Map<StepId, string>,
): Rebuilder {
  const { root, statCache, ledger, areas, last, store, clock } = session;
  const { host, surroundings } = performance;
  const contributions = createContributions(plan);
  const reasons = createReasons(store, last);
  const recorders = new Map<StepId, Recorder>();
  /** The claims of steps under way, and for which claim a step is performed. */
  const claims = new Map<StepId, string>();
  const within = new Map<StepId, string>();
  const kitchen: Kitchen = {
    performance,
    identities: createIdentities(host, disk, {
      root,
      file: `${session.state}/identities`,
      hash: (text) => hashOf([text]),
    }),
    tool: createTools(performance),
    digest(absolute) {
      const found = statCache.digest(absolute, absolute);
      return "fault" in found ? found.fault : found.digest;
    },
  };
  /** The tree as it was before anything was performed or restored. */
  const snapshot = createTree(root);
  let touched = false;
  let adopted: Promise<void> | undefined;
  let inheritedSecrets: readonly string[] | undefined;
  const saidOnce = new Set<string>();
  const roots = new Set(plan.roots);
  let observed = new Set<StepId>();
  let observedOf = 0;
  let presence: Held | undefined;
  // For predictions: what is performed, and what is put back before it can be read.
  const willRun = new Map<StepId, string>();
  const willRestore = new Map<string, OutputRules>();
  let order: ReturnType<typeof createOrder> | undefined;

  return {
    act(step, done) {
      const cached = caches(step);
      const outputs = hasOutputs(step);
      if (!cached && !outputs && !isObserved(step)) {
        touched = true;
        const prepared = prepare(step, performance);
        if ("problems" in prepared) return refuse(prepared.problems, done);
        return actPrepared(prepared, performance, done);
      }
      const life = createLife();
      take(step, cached, life).then(done, (error: unknown) => {
        // What the disk refuses in the middle of it ends the task, not ntask.
        if (!(error instanceof disk.DiskError)) throw error;
        done(failure({ code: "R_WRITE", file: error.path, detail: error.message }));
      });
      return life;
    },
    asked(steps, by) {
      const claim = claims.get(by.id) ?? within.get(by.id);
      if (claim !== undefined) { for (const { id } of steps) within.set(id, claim); }
    },
    heard({ step, stream, chunk }) {
      recorders.get(step)?.write(stream, chunkBytes(chunk));
    },
    ended: contributions.ended,
    predict,
    lastOf: (step) => caches(step) ? last.get(callOf(step)) : undefined,
    async close() {
      session.close();
      presence?.release();
      const compact = async () => {
        // What it has lost is made good first.
        if (ledger.overdue && (!ledger.damaged || adopted !== undefined)) {
          await areas.alone(() => ledger.compact());
        }
      };
      for (const save of [statCache.save, last.save, kitchen.identities.save, compact]) {
        try {
          await save();
        } catch (error) {
          sayStore(unavailable(error).detail);
        }
      }
      if (store.written > 0) {
        const { pruneIfLarge } = await import("../../cache/prune.ts");
        await pruneIfLarge(store.directory, options.size, store.written, clock);
      }
    },
  };

  /** One step, to its end. */
  async function take(step: Step, cached: boolean, life: Life): Promise<ActionResult> {
    const known = await know(step, cached);
    if ("problems" in known) return failure(known.problems[0]!);
    for (const warning of known.warnings) say(warning, step);
    const { prepared, patterns, inputs } = known;
    if (!cached) return await performUncached(step, known, life);
    for (const path of inputs?.skipped ?? []) warnInput(step, path, "special");
    if (inputs?.uncached !== undefined) {
      warnInput(step, inputs.uncached.path, inputs.uncached.why);
      return await performUncached(step, known, life, step.label);
    }
    const declared = prepared.task.extension.inputs ?? [];
    if (declared.length > 0 && inputs?.entries.length === 0) {
      say({ code: "W_CACHE_NO_INPUTS", ...about(step, "inputs"), patterns: declared }, step);
      return await performUncached(step, known, life);
    }
    warnMany(step, inputs?.entries ?? []);
    const unstored = contributions.unstoredAbove(step);
    if (unstored !== undefined) {
      const why: Change[] = [{ kind: "unstored", label: unstored }];
      return await performUncached(step, known, life, unstored, why);
    }

    const key = keyOf(known.parts);
    const forced = isForced(step);
    let unusable: string | undefined;
    try {
      presence ??= announce(store.directory, clock);
    } catch {
      // A store that cannot be written to is not pruned either.
    }
    if (!forced) {
      const hit = await lookUp(step, key, patterns, life);
      if ("result" in hit) return hit.result;
      unusable = hit.detail;
    }
    if (life.stopped) return { code: 1 };
    let held;
    try {
      const locks = `${store.directory}/locks`;
      disk.makeDirectory(locks);
      held = await lock(`${locks}/${key}`, step.label, clock, waiting(step, life));
    } catch (error) {
      sayStore(unavailable(error).detail);
      return await performUncached(step, known, life, step.label);
    }
    if (held === undefined) return { code: 1 };
    try {
      if (!forced) {
        const hit = await lookUp(step, key, patterns, life);
        if ("result" in hit) return hit.result;
        unusable = hit.detail ?? unusable;
      }
      let parts: readonly KeyPart[];
      try {
        parts = await storedParts(known.parts, `${session.state}/hmac`);
      } catch (error) {
        sayStore(unavailable(error).detail);
        return await performUncached(step, known, life, step.label);
      }
      const why = await whyNot(step, key, parts, forced, unusable);
      return await performCached(step, known, key, parts, why, life);
    } finally {
      held.release();
    }
  }

  /** The parts of a step's key. */
  async function know(step: Step, cached: boolean): Promise<Known | Failed> {
    const prepared = prepare(step, performance, { traced: true, kept: cached });
    if ("problems" in prepared) return prepared;
    for (const secret of secretsOf(prepared)) performance.secrets?.add(secret);
    const recipe = await recipeOf(prepared, kitchen);
    if ("problems" in recipe) return recipe;
    const { extension } = prepared.task;
    const patterns = step.inline ? {} : patternsOf(prepared, root);
    if ("problems" in patterns) return patterns;
    const { inputs: set, outputs } = patterns;
    const moment = ledger.now();
    const inputs = set && await readOwnInputs(prepared, patterns, !touched);
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
      entries: found.entries.filter(({ path }) => !own(path)),
      skipped: found.skipped.filter((path) => !own(path)),
      uncached: found.uncached && own(found.uncached.path) ? undefined : found.uncached,
    };
  }

  // ── hits ───────────────────────────────────────────────────────────────────────────────────────

  /** Use a stored result, if there is one that can be used. */
  async function lookUp(
    step: Step,
    key: string,
    patterns: StepPatterns,
    life: Life,
  ): Promise<{ readonly result: ActionResult } | { readonly detail?: string }> {
    const found = await store.get(key);
    if (found.kind === "miss") return {};
    if (found.kind !== "hit") return unfit(found);
    const stored = found.value;
    let written;
    if (stored.stdio !== undefined) {
      const bytes = await store.readBlob(stored.stdio);
      if (bytes.kind !== "hit") return unfit(bytes);
      written = readStdio(bytes.value);
      if (written === undefined) return { detail: "its stored output cannot be read" };
    }
    const missing = missingFrom(stored.outputs, patterns.outputs);
    if (missing !== undefined) return { detail: `the stored result has no ${missing}` };
    if (patterns.outputs !== undefined) {
      const restored = await restore(step, patterns.outputs, stored, life);
      if (restored !== undefined) return { detail: restored };
    }
    for (const { stream, bytes } of written ?? []) {
      performance.emit({ type: "output", step: step.id, stream, chunk: toChunk(bytes) });
    }
    settleResult(step, stored, patterns.outputs !== undefined);
    last.set(callOf(step), { key, hit: true, at: host.date().toISOString() });
    const { masked } = stored;
    return { result: { code: 0, cached: { key, ...(masked && { masked }) } } };
  }

  function unfit(found: Exclude<Lookup<unknown>, { readonly kind: "hit" }>) {
    if (found.kind === "unavailable") {
      sayStore(found.detail);
      return {};
    }
    return { detail: found.kind === "miss" ? "its content is gone" : `${found.detail} is damaged` };
  }

  /** @returns why it cannot be done; undefined when all is in place */
  async function restore(
    step: Step,
    rules: OutputRules,
    stored: Result,
    life: Life,
  ): Promise<string | undefined> {
    const workshop = { root, ledger, statCache, store, staging: session.state };
    ledger.refresh();
    if (await inPlace(workshop, rules, stored)) return undefined;
    let held: Claim | undefined;
    try {
      held = await claimFor(step, rules, life);
      if (held === undefined) return "it was stopped";
      await (adopted ??= adoptLast());
      const restored = await restoreOutputs({ ...workshop, nested: held.nested }, rules, stored);
      if (restored.kind === "restored") {
        touched ||= restored.changed;
        return undefined;
      }
      if (restored.kind === "unavailable") sayStore(restored.detail);
      return restored.detail;
    } catch (error) {
      const { detail } = unavailable(error);
      sayStore(detail);
      return detail;
    } finally {
      held?.release();
    }
  }

  // ── misses ─────────────────────────────────────────────────────────────────────────────────────

  async function performCached(
    step: Step,
    known: Known,
    key: string,
    parts: readonly KeyPart[],
    why: readonly Change[],
    life: Life,
  ): Promise<ActionResult> {
    const { prepared, patterns } = known;
    const { outputs } = patterns;
    const call = callOf(step);
    last.set(call, { key, hit: false, why, at: host.date().toISOString() });
    const recorder = createRecorder();
    recorders.set(step.id, recorder);
    const began = host.now();
    return await performWith(step, { ...prepared, why }, outputs, life, (performed) => {
      recorders.delete(step.id);
      return keep(performed, host.now() - began);
    });

    async function keep(
      { result, captured, lost, id }: Performed,
      duration: number,
    ): Promise<ActionResult> {
      const unstored = (): ActionResult => {
        keepParts(call, key, parts);
        contributions.set(step.id, { text: key, unstored: step.label });
        return result;
      };
      if (result.code !== 0 || lost) return unstored();
      if (captured !== undefined) {
        if (captured.missing.length > 0) {
          const patterns = captured.missing;
          keepParts(call, key, parts);
          return failure({ code: "R_CACHE_OUTPUT", ...about(step, "outputs"), patterns });
        }
        const fault = faultOf(captured);
        if (fault !== undefined) {
          say({ code: "W_CACHE_OUTPUT", ...about(step, "outputs"), ...fault }, step);
          return unstored();
        }
      }
      const changed = await changedInput(known, id);
      if (changed !== undefined) {
        say({ code: "W_CACHE_CHANGED", ...about(step, "inputs"), path: changed }, step);
        return unstored();
      }

      const secrets = secretsOf(prepared);
      const stdio = recorder.finish(secrets);
      const value = values.get(step.id);
      const stored: Result = {
        key,
        task: step.task,
        outputs: captured?.outputs ?? [],
        ...(stdio?.masked && { masked: true }),
        ...(value !== undefined && value !== "" && { value }),
        duration: Math.round(duration * 1000) / 1000,
        at: host.date().toISOString(),
      };
      const kept = await put(stored, parts, stdio?.bytes);
      if (kept !== undefined) {
        if ("changed" in kept) {
          const path = kept.changed;
          say({ code: "W_CACHE_OUTPUT", ...about(step, "outputs"), path, why: "changing" }, step);
        } else sayStore(kept.detail);
        return unstored();
      }
      settleResult(step, stored, outputs !== undefined);
      return { ...result, stored: key };
    }
  }

  /** @returns why it could not be stored */
  async function put(
    result: Result,
    parts: readonly KeyPart[],
    stdio: Uint8Array | undefined,
  ): Promise<{ readonly changed: string } | { readonly detail: string } | undefined> {
    const files = result.outputs.flatMap((output) =>
      output.kind === "file" ? [{ absolute: `${root}/${output.path}`, digest: output.digest }] : []
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

  /** @param unstored what keeps those that depend on it from being stored */
  async function performUncached(
    step: Step,
    { prepared, patterns, parts, inputs }: Known,
    life: Life,
    unstored?: string,
    why?: readonly Change[],
  ): Promise<ActionResult> {
    const { outputs } = patterns;
    const whole: Prepared = { ...prepared, ...(why && { why }) };
    return await performWith(step, whole, outputs, life, ({ result, captured, lost }) => {
      if (result.code !== 0) return result;
      if (captured !== undefined && captured.missing.length > 0 && caches(step)) {
        return failure({
          code: "R_CACHE_OUTPUT",
          ...about(step, "outputs"),
          patterns: captured.missing,
        });
      }
      const value = values.get(step.id);
      const fault = inputs?.uncached ?? captured?.fault ?? lost;
      contributions.set(step.id, {
        text: hashOf([keyOf(parts), JSON.stringify(captured?.outputs ?? [])]),
        ...(value !== undefined && { value: hashOf([value]) }),
        ...((unstored !== undefined || fault !== undefined && isObserved(step)) && {
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
    step: Step,
    prepared: Prepared,
    outputs: OutputRules | undefined,
    life: Life,
    settle: (performed: Performed) => ActionResult | Promise<ActionResult>,
  ): Promise<ActionResult> {
    if (outputs === undefined) return await settle({ result: await perform(prepared, life) });
    let held: Claim | undefined;
    let begun;
    try {
      held = await claimFor(step, outputs, life);
      if (held === undefined) return { code: 1 };
      await (adopted ??= adoptLast());
      begun = prepareOutputs({ root, ledger, nested: held.nested }, outputs, step.task);
    } catch (error) {
      held?.release();
      sayStore(unavailable(error).detail);
      return await settle({ result: await perform(prepared, life), lost: true });
    }
    claims.set(step.id, held.name);
    try {
      const result = await perform(prepared, life, held);
      return await settle({ result, id: begun.id, ...await capture(outputs, begun) });
    } finally {
      claims.delete(step.id);
      held.release();
    }
  }

  function claimFor(step: Step, { set }: OutputRules, life: Life): Promise<Claim | undefined> {
    return areas.claim(set.prefixes, step.label, waiting(step, life), within.get(step.id));
  }

  /** Where the ledger is damaged, what was last stored or restored says what is ours. */
  async function adoptLast(): Promise<void> {
    if (!ledger.damaged) return;
    for (const { key } of last.all().values()) {
      const found = await store.get(key);
      if (found.kind === "hit") await adopt({ root, ledger, statCache }, found.value);
    }
  }

  async function capture(
    outputs: OutputRules,
    begun: BegunAction,
  ): Promise<Pick<Performed, "captured" | "lost">> {
    try {
      return { captured: await finishOutputs({ root, ledger, statCache }, outputs, begun) };
    } catch (error) {
      sayStore(unavailable(error).detail);
      return { lost: true };
    }
  }

  function perform(prepared: Prepared, life: Life, claim?: Claim): Promise<ActionResult> {
    if (life.stopped) return Promise.resolve({ code: 1 });
    touched = true;
    const there = claim === undefined ? performance : working(performance, claim);
    return new Promise((resolve) => {
      life.current = actPrepared(prepared, there, (result) => {
        life.current = undefined;
        resolve(result);
      });
    });
  }

  /** An input that is not what it was when the key was made. */
  async function changedInput(
    { prepared, patterns, inputs, moment }: Known,
    own: string | undefined,
  ): Promise<string | undefined> {
    if (inputs === undefined) return undefined;
    const now = await readOwnInputs(prepared, patterns, false);
    const changed = firstDifference(inputs.entries, now.entries) ?? now.uncached?.path;
    if (changed !== undefined) return changed;
    // The same as before, but it may have been something else meanwhile.
    const others = ledger.since(moment, own);
    return inputs.entries.find(({ path }) => others.some((set) => set.matches(path)))?.path;
  }

  /** What a stored result gives to those that depend on it. */
  function settleResult(step: Step, { key, outputs, value }: Result, declared: boolean): void {
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

  async function whyNot(
    step: Step,
    key: string,
    parts: readonly KeyPart[],
    forced: boolean,
    unusable: string | undefined,
  ): Promise<readonly Change[]> {
    if (forced) return [{ kind: "forced" }];
    if (unusable !== undefined) return [{ kind: "unusable", detail: unusable }];
    return await reasons.of(step, key, parts);
  }

  // ── questions about steps ──────────────────────────────────────────────────────────────────────

  /** Are its results kept in this run? */
  function caches(step: Step): boolean {
    return !options.off && !step.inline && !step.partial && acts(step) &&
      isCached(surroundings.task(step.task).extension);
  }

  function hasOutputs(step: Step): boolean {
    if (step.inline || !acts(step)) return false;
    const { outputs, outputsOptional } = surroundings.task(step.task).extension;
    return (outputs?.length ?? 0) + (outputsOptional?.length ?? 0) > 0;
  }

  /** Does a cached step depend on it? */
  function isObserved({ id }: Step): boolean {
    if (observedOf !== plan.steps.length) {
      observed = observedBy(plan, caches);
      observedOf = plan.steps.length;
    }
    return observed.has(id);
  }

  function isForced(step: Step): boolean {
    if (options.force === undefined) return false;
    return options.force === "targets"
      ? roots.has(step.id) || itemsOf(plan, roots).has(step.id)
      : options.force.includes(step.task);
  }

  function secretsOf({ env, secrets, trace }: Prepared): readonly string[] {
    inheritedSecrets ??= Object.entries(surroundings.inherited)
      .filter(([name, value]) => isSecret(name, value)).map(([, value]) => value);
    const found = new Set([...secrets, ...inheritedSecrets]);
    for (const { name } of trace?.entries ?? []) {
      const value = env.get(name);
      if (value !== undefined && isSecret(name, value)) found.add(value);
    }
    // A text this short stands everywhere.
    return [...found].filter((value) => value.length >= 4).sort((a, b) => b.length - a.length);
  }

  function keepParts(call: string, key: string, parts: readonly KeyPart[]): void {
    try {
      last.keepParts(call, key, parts);
    } catch {
      // The next miss has one reason less.
    }
  }

  // ── saying ─────────────────────────────────────────────────────────────────────────────────────

  /** @param property where it is written, if the task has it */
  function about(step: Step, property?: "inputs" | "outputs"): About {
    const { id, place, extension: { places } } = surroundings.task(step.task);
    return { task: id, place: property && places?.[property] || place };
  }

  function say(problem: Problem, step?: Step): void {
    performance.emit({ type: "problem", problem, ...(step && { step: step.id }) });
  }

  function sayStore(detail: string): void {
    if (saidOnce.has("store")) return;
    saidOnce.add("store");
    say({ code: "W_CACHE_STORE", detail });
  }

  function warnInput(
    step: Step,
    path: string,
    why: "special" | "unreadable" | "not unicode" | "changing",
  ): void {
    say({ code: "W_CACHE_INPUT", ...about(step, "inputs"), path, why }, step);
  }

  function warnMany(step: Step, entries: readonly InputEntry[]): void {
    if (entries.length < MANY) return;
    const counts = new Map<string, number>();
    for (const { path } of entries) {
      for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
        const directory = path.slice(0, at);
        counts.set(directory, (counts.get(directory) ?? 0) + 1);
      }
    }
    // The deepest directory that holds most of them, or the packages.
    const below = [...counts].filter(([, count]) => count > entries.length / 2);
    const [directory = ".", most = entries.length] =
      below.find(([path]) => /(?:^|\/)node_modules$/.test(path)) ?? below.at(-1) ?? [];
    const count = entries.length;
    say({ code: "W_CACHE_MANY", ...about(step, "inputs"), count, directory, below: most }, step);
  }

  function waiting(step: Step, life: Life): Waiting {
    return {
      stopped: () => life.stopped,
      waits(holder) {
        const who = holder === undefined
          ? "another process"
          : `process ${holder.pid}, which is at ${holder.purpose}`;
        const time = performance.time();
        performance.emit({ type: "step-wait", time, step: step.id, holder: who });
      },
    };
  }

  // ── prediction ─────────────────────────────────────────────────────────────────────────────────

  /** In the order of the plan, each step once. */
  async function predict(step: Step): Promise<Prediction> {
    if (step.skip) {
      contributions.ended(step, { state: "skipped", code: 0, reason: { kind: "skip" } });
      return { kind: "runs" };
    }
    const performed = [...willRun].find(([id]) => (order ??= createOrder(plan))(id, step.id));
    if (!caches(step)) {
      if (acts(step)) willRun.set(step.id, step.label);
      return { kind: "runs" };
    }
    const depends = (on: string): Prediction => {
      willRun.set(step.id, step.label);
      return { kind: "depends", on };
    };
    if (performed !== undefined) return depends(performed[1]);
    const known = await know(step, true);
    if ("problems" in known) throw new PredictionError(known.problems);
    const { patterns, inputs } = known;
    const missing = [...willRestore].find(([, each]) =>
      patterns.inputs !== undefined && couldOverlap(patterns.inputs, each.set)
    );
    if (missing !== undefined) return depends(missing[0]);
    const miss = (why: readonly Change[]): Prediction => {
      willRun.set(step.id, step.label);
      return { kind: "miss", why };
    };
    const declared = surroundings.task(step.task).extension.inputs ?? [];
    if (inputs?.uncached !== undefined) return miss([]);
    if (declared.length > 0 && inputs?.entries.length === 0) return miss([]);
    const unstored = contributions.unstoredAbove(step);
    if (unstored !== undefined) return miss([{ kind: "unstored", label: unstored }]);
    const key = keyOf(known.parts);
    const forced = isForced(step);
    const found = forced ? undefined : await store.get(key);
    let unusable: string | undefined;
    if (found?.kind === "hit") {
      unusable = await obstacle(found.value, patterns);
      if (unusable === undefined) {
        settleResult(step, found.value, patterns.outputs !== undefined);
        return { kind: "hit", key };
      }
    } else if (found?.kind === "damaged") unusable = `${found.detail} is damaged`;
    const parts = await storedParts(known.parts, `${session.state}/hmac`, false);
    return miss(await whyNot(step, key, parts, forced, unusable));
  }

  /** Why a stored result could not be used. Reads only. */
  async function obstacle(
    stored: Result,
    { outputs: rules }: StepPatterns,
  ): Promise<string | undefined> {
    const lost = missingFrom(stored.outputs, rules);
    if (lost !== undefined) return `the stored result has no ${lost}`;
    if (stored.stdio !== undefined) {
      const read = await store.readBlob(stored.stdio);
      if (read.kind !== "hit") return "its stored output cannot be read";
    }
    if (rules === undefined) return undefined;
    const workshop = { root, ledger, statCache, store, staging: session.state };
    if (await inPlace(workshop, rules, stored)) return undefined;
    const found = await obstacleToRestore(workshop, rules, stored);
    if (found === undefined) willRestore.set(stored.task, rules);
    return found;
  }
}

/** What a prediction cannot go on with. */
export class PredictionError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems[0]!.code);
    this.problems = problems;
  }
}

/** So many inputs are a mistake, as a rule. */
const MANY = 50_000;

/** The same; what is started knows for which claim it works. */
function working(performance: Performance, { name }: Claim): Performance {
  const { host } = performance;
  const start: Host["start"] = (command, listener) =>
    host.start({ ...command, env: { ...command.env, [CLAIM]: name } }, listener);
  return { ...performance, host: Object.assign(Object.create(host) as Host, { start }) };
}

interface About {
  readonly task: TaskId;
  readonly place: NonNullable<Problem["place"]>;
}

/** A step under way, which may be told to end before anything was started. */
interface Life extends Running {
  stopped: boolean;
  current: Running | undefined;
}

function createLife(): Life {
  return {
    stopped: false,
    current: undefined,
    stop(how: Stop) {
      this.stopped = true;
      this.current?.stop(how);
    },
  };
}

function failure(problem: Problem): ActionResult {
  const code = problem.code.startsWith("E_") || problem.code === "R_ENV_UNSET" ? 2 : 1;
  return { code, reason: { kind: "problem", problem } };
}

function acts({ action: { kind } }: Step): boolean {
  return kind !== "none" && kind !== "composite" && kind !== "group";
}

/** Every step that a cached one depends on. */
function observedBy(plan: Plan, caches: (step: Step) => boolean): Set<StepId> {
  const found = new Set<StepId>();
  for (const step of plan.steps) {
    if (!caches(step)) continue;
    for (const id of [...step.deps, ...step.pre]) found.add(id);
  }
  for (const id of found) {
    const { deps, pre, items, post } = plan.steps[id]!;
    for (const each of [...deps, ...pre, ...items, ...post]) found.add(each);
  }
  return found;
}

function itemsOf(plan: Plan, roots: ReadonlySet<StepId>): ReadonlySet<StepId> {
  const found = new Set<StepId>(roots);
  for (const id of found) for (const item of plan.steps[id]!.items) found.add(item);
  return found;
}

function withoutMode(output: Output): Output {
  return output.kind === "file" ? { ...output, executable: false } : output;
}

/** A required output that a stored result does not have. */
function missingFrom(
  outputs: readonly Output[],
  rules: OutputRules | undefined,
): string | undefined {
  return rules?.required.find(({ set }) => !outputs.some(({ path }) => set.matches(path)))?.pattern;
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

function firstDifference(
  before: readonly InputEntry[],
  after: readonly InputEntry[],
): string | undefined {
  const old = new Map(before.map(({ path, value }) => [path, value]));
  for (const { path, value } of after) {
    if (old.get(path) !== value) return path;
    old.delete(path);
  }
  return old.keys().next().value;
}
