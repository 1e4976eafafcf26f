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

import type { Decision } from "../../cache/last.ts";
import { hashOf, keyOf } from "../../cache/key.ts";
import { type Held, lock } from "../../cache/lock.ts";
import { announce } from "../../cache/prune.ts";
import { storedParts } from "../../cache/secret_text.ts";
import { unavailable } from "../../cache/store.ts";
import { createTree } from "../../cache/tree.ts";
import * as disk from "../../host/disk.ts";
import type { Change } from "../../model/change.ts";
import { chunkBytes } from "../../model/chunk.ts";
import type { Event } from "../../model/event.ts";
import type { StepId } from "../../model/id.ts";
import type { KeyPart } from "../../model/output.ts";
import type { Plan, Step } from "../../model/plan.ts";
import { createIdentities } from "../../source/identities.ts";
import { actPrepared, type Performance, prepare, refuse } from "../perform.ts";
import type { ActionResult, Found, Running, StepEnd } from "../performer.ts";
import { createContributions } from "./contribution.ts";
import { describe, glance, know } from "./knowing.ts";
import { failure, performCached, performUncached } from "./performing.ts";
import { createPredictor } from "./predicting.ts";
import { createPrograms } from "./programs.ts";
import { createQuestions } from "./questions.ts";
import { callOf, createReasons, whyNot } from "./reasons.ts";
import type { Kitchen } from "./recipe.ts";
import type { Session } from "./session.ts";
import { lookUp } from "./stored_result.ts";
import { createTools } from "./tools.ts";
import { createVoice } from "./voice.ts";
import { type CacheOptions, createLife, type Life, type Work } from "./work.ts";

export interface Rebuilder {
  /** Take a step to its end: put its result in place, or perform it. */
  act(step: Step, done: (result: ActionResult) => void, found: Found): Running;
  /** The body of a step, which goes on after them, has asked for steps. */
  asked(steps: readonly Step[], by: Step): void;
  /** What a step writes. */
  heard(event: Extract<Event, { readonly type: "output" }>): void;
  ended(step: Step, end: StepEnd): void;
  /** What a run now would do: asked about every step, in the order of the plan. */
  predictor(): ReturnType<typeof createPredictor>;
  /** What was decided about a cached step last time. */
  lastOf(step: Step): Decision | undefined;
  /** Was nothing performed or put in place? */
  idle(): boolean;
  /** Keep what was learned. */
  close(): Promise<void>;
}

export function createRebuilder(
  plan: Plan,
  session: Session,
  options: CacheOptions,
  performance: Performance,
  values: Map<StepId, string>,
): Rebuilder {
  const { root, statCache, findings, ledger, areas, last, store, clock } = session;
  const { host, surroundings } = performance;
  const tools = createTools(performance);
  const kitchen: Kitchen = {
    performance,
    identities: createIdentities(host, disk, {
      root,
      file: `${session.state}/identities`,
      hash: (text) => hashOf([text]),
    }),
    tool: tools.ask,
    program: createPrograms(host, () => !work.touched),
    digest(absolute) {
      const real = disk.realPath(absolute) ?? absolute;
      const found = statCache.digest(real, real);
      // What cannot be read is never the same again.
      return "fault" in found ? `${found.fault} ${crypto.randomUUID()}` : found.digest;
    },
  };
  const questions = createQuestions(plan, options, surroundings);
  const voice = createVoice(performance);
  const contributions = createContributions(plan);
  const work: Work = {
    plan,
    session,
    performance,
    values,
    contributions,
    questions,
    reasons: createReasons(session),
    voice,
    kitchen,
    recorders: new Map(),
    claims: new Map(),
    within: new Map(),
    snapshot: createTree(root),
    touched: false,
    adopted: undefined,
  };
  let presence: Held | undefined;

  return {
    act(step, done, found) {
      const cached = questions.caches(step);
      const outputs = questions.hasOutputs(step);
      if (!cached && !outputs && !questions.isObserved(step)) {
        work.touched = true;
        const prepared = prepare(step, performance);
        if ("problems" in prepared) return refuse(prepared.problems, done);
        return actPrepared(prepared, performance, done);
      }
      const life = createLife(tools.stop, found);
      take(step, cached, life).then(done, (error: unknown) => {
        // What the disk refuses in the middle of it ends the task, not ntask.
        if (!(error instanceof disk.DiskError)) throw error;
        done(failure({ code: "R_WRITE", file: error.path, detail: error.message }));
      });
      return life;
    },
    asked(steps, by) {
      const claim = work.claims.get(by.id) ?? work.within.get(by.id);
      if (claim !== undefined) { for (const { id } of steps) work.within.set(id, claim); }
    },
    heard({ step, stream, chunk }) {
      work.recorders.get(step)?.write(stream, chunkBytes(chunk));
    },
    ended: contributions.ended,
    predictor: () => createPredictor(work),
    lastOf: (step) => questions.caches(step) ? last.get(callOf(step)) : undefined,
    idle: () => !work.touched,
    async close() {
      session.close();
      presence?.release();
      const compact = async () => {
        // What it has lost is made good first.
        if (ledger.overdue && (!ledger.damaged || work.adopted !== undefined)) {
          await areas.alone(() => ledger.compact());
        }
      };
      const saveStats = () => statCache.save(findings.seen);
      for (const save of [saveStats, findings.save, last.save, kitchen.identities.save, compact]) {
        try {
          await save();
        } catch (error) {
          voice.sayStore(unavailable(error).detail);
        }
      }
      if (store.written > 0) {
        const { pruneIfLarge } = await import("../../cache/prune.ts");
        await pruneIfLarge(store.directory, options.size, store.written, clock);
      }
    },
  };

  /** While it is there, nothing that was used lately is pruned. */
  function announcePresence(): void {
    try {
      presence ??= announce(store.directory, clock);
    } catch {
      // A store that cannot be written to is not pruned either.
    }
  }

  /** One step, to its end. */
  async function take(step: Step, cached: boolean, life: Life): Promise<ActionResult> {
    const described = await describe(work, step, cached);
    if ("problems" in described) return failure(described.problems[0]!);
    for (const warning of described.warnings) voice.say(warning, step);
    const { prepared, patterns } = described;
    const forced = questions.isForced(step);
    let unusable: string | undefined;
    if (cached && !forced && contributions.unstoredAbove(step) === undefined) {
      const seen = await glance(work, described);
      if (seen !== undefined) {
        announcePresence();
        const hit = await lookUp(work, step, seen.key, patterns, life);
        if ("result" in hit) {
          voice.warnMany(step, seen.paths);
          return hit.result;
        }
        unusable = hit.detail;
      }
    }
    const known = await know(work, described);
    const { inputs } = known;
    if (!cached) return await performUncached(work, step, known, life);
    for (const path of inputs?.skipped ?? []) voice.warnInput(step, path, "special");
    if (inputs?.uncached !== undefined) {
      voice.warnInput(step, inputs.uncached.path, inputs.uncached.why);
      return await performUncached(work, step, known, life, step.label);
    }
    const declared = prepared.task.extension.inputs ?? [];
    if (declared.length > 0 && inputs?.entries.length === 0) {
      voice.say(
        { code: "W_CACHE_NO_INPUTS", ...voice.about(step, "inputs"), patterns: declared },
        step,
      );
      return await performUncached(work, step, known, life);
    }
    voice.warnMany(step, (inputs?.entries ?? []).map(({ path }) => path));
    const unstored = contributions.unstoredAbove(step);
    if (unstored !== undefined) {
      const why: Change[] = [{ kind: "unstored", label: unstored }];
      return await performUncached(work, step, known, life, unstored, why);
    }

    const key = keyOf(known.parts);
    if (known.short !== undefined) findings.rememberKey(known.short, key);
    announcePresence();
    if (!forced) {
      const hit = await lookUp(work, step, key, patterns, life);
      if ("result" in hit) return hit.result;
      unusable ??= hit.detail;
    }
    if (life.stopped) return { code: 1 };
    let held;
    try {
      const locks = `${store.directory}/locks`;
      disk.makeDirectory(locks);
      held = await lock(`${locks}/${key}`, step.label, clock, voice.waiting(step, life));
    } catch (error) {
      voice.sayStore(unavailable(error).detail);
      return await performUncached(work, step, known, life, step.label);
    }
    if (held === undefined) return { code: 1 };
    try {
      if (!forced) {
        const hit = await lookUp(work, step, key, patterns, life);
        if ("result" in hit) return hit.result;
        unusable ??= hit.detail;
      }
      let parts: readonly KeyPart[];
      try {
        parts = await storedParts(known.parts, `${session.state}/hmac`);
      } catch (error) {
        voice.sayStore(unavailable(error).detail);
        return await performUncached(work, step, known, life, step.label);
      }
      const why = await whyNot(work.reasons, step, key, parts, forced, unusable);
      return await performCached(work, step, known, key, parts, why, life);
    } finally {
      held.release();
      work.touched ||= life.waited;
    }
  }
}
