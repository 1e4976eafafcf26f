/**
 * Why a cached step is performed: what differs from its last run, or without one from the nearest of
 * the same task's.
 *
 * @module
 */

import { changesBetween } from "../../cache/explain.ts";
import { hashOf } from "../../cache/key.ts";
import type { Change } from "../../model/change.ts";
import type { Digest } from "../../model/digest.ts";
import type { KeyPart, Output } from "../../model/output.ts";
import type { Arguments, Step } from "../../model/plan.ts";
import { isSecret } from "./secret.ts";
import type { Session } from "./session.ts";

/** So many earlier calls are compared with, the latest first. */
const COMPARED = 20;

/** Of so many changes it is looked up where exactly they are. */
const POINTED = 5;

export interface Reasons {
  /** @returns at least one change */
  of(step: Step, key: string, parts: readonly KeyPart[]): Promise<readonly Change[]>;
}

export function createReasons(
  { store, last, lines }: Pick<Session, "store" | "last" | "lines">,
): Reasons {
  let byTask: Map<string, string[]> | undefined;
  return {
    async of(step, key, parts) {
      const call = callOf(step);
      const decision = last.get(call);
      const before = decision?.key;
      if (before === key) {
        const detail = decision?.failed
          ? "it failed last time"
          : "nothing is stored of its last run";
        return [{ kind: "unusable", detail }];
      }
      if (before === undefined) return await nearest(step, parts) ?? [{ kind: "first" }];
      const old = await partsOf(call, before);
      return old === undefined ? [{ kind: "unknown" }] : await changes(old, parts);
    },
  };

  async function partsOf(call: string, key: string): Promise<readonly KeyPart[] | undefined> {
    const stored = await store.parts(key);
    return stored.kind === "hit" ? stored.value : last.parts(call, key);
  }

  /** The same task was called in another way. */
  async function nearest(
    step: Step,
    parts: readonly KeyPart[],
  ): Promise<readonly Change[] | undefined> {
    byTask ??= Map.groupBy(last.all().keys(), taskOf);
    const calls = byTask.get(step.task)?.slice(-COMPARED) ?? [];
    let best: { readonly call: string; readonly changes: readonly Change[] } | undefined;
    for (const call of calls.toReversed()) {
      const old = await partsOf(call, last.get(call)!.key);
      if (old === undefined) continue;
      const found = await changes(old, parts);
      if (found.length > 0 && (best === undefined || found.length < best.changes.length)) {
        best = { call, changes: found };
      }
    }
    return best && [...best.changes, { kind: "compared", call: callText(best.call) }];
  }

  async function changes(
    old: readonly KeyPart[],
    now: readonly KeyPart[],
  ): Promise<readonly Change[]> {
    const found = changesBetween(old, now);
    return await Promise.all(
      found.map((change, index) =>
        index < POINTED ? lineOf(change).then((each) => upstream(each, old, now)) : change
      ),
    );
  }

  /** An input that is a text: where it differs. */
  async function lineOf(change: Change): Promise<Change> {
    if (change.kind !== "part" || change.how !== "changed") return change;
    const [, path] = /^input (?!patterns$)(.+)$/s.exec(change.part) ?? [];
    const [, before] = /^([0-9a-f]{64}\/\d+)(?: x)?$/.exec(change.before ?? "") ?? [];
    if (path === undefined || before === undefined) return change;
    const digest = before as Digest;
    // What another task has made is in the store.
    const content = await store.hasBlob(digest) ? await store.readBlob(digest) : undefined;
    const bytes = content?.kind === "hit" ? content.value : undefined;
    const line = lines.changed(path, digest, bytes);
    return line === undefined ? change : { ...change, line };
  }

  /** A dependency that left something else: what it was. */
  async function upstream(
    change: Change,
    old: readonly KeyPart[],
    now: readonly KeyPart[],
  ): Promise<Change> {
    if (change.kind !== "part" || change.how !== "changed" || !change.part.startsWith("dep ")) {
      return change;
    }
    const label = change.part.slice("dep ".length);
    const keys = [old, now].map((parts) => parts.find(({ name }) => name === change.part)?.from);
    const outputs = await Promise.all(keys.map(async (key) => {
      const found = key === undefined ? undefined : await store.get(key);
      return found?.kind === "hit" ? found.value.outputs : undefined;
    }));
    const path = outputs[0] && outputs[1] && differingOutput(outputs[0], outputs[1]);
    return { kind: "upstream", label, ...(path !== undefined && { path }) };
  }
}

/**
 * Why a step is performed.
 *
 * @param unusable why what is stored under its key cannot be used
 */
export async function whyNot(
  reasons: Reasons,
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

/** What makes a call of a task the same as an earlier one. No value in it is secret. */
export function callOf({ task, args, rest, layers }: Step): string {
  const overrides = layers.filter(({ by }) => by !== undefined).map(({ scope }) => scope.env);
  const given = textOf([args, rest]);
  return JSON.stringify([
    task,
    hasSecret(args, rest) ? hashOf([given]).slice(0, 16) : given,
    overrides.length === 0 ? "" : hashOf([textOf(overrides)]).slice(0, 16),
  ]);
}

function hasSecret(args: Arguments, rest: readonly string[]): boolean {
  const named = args.kind === "values"
    ? Object.entries(args.values).map(([name, value]) => [name, String(value)] as const)
    : args.words.map((word) => [word.startsWith("-") ? word.split("=")[0]! : "", word] as const);
  const passed = rest.map((word) =>
    [word.startsWith("-") ? word.split("=")[0]! : "", word] as const
  );
  return [...named, ...passed].some(([name, value]) => isSecret(name, value));
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part) => typeof part === "bigint" ? `${part}n` : part);
}

function taskOf(call: string): string {
  return (JSON.parse(call) as readonly string[])[0]!;
}

/** `test --pattern=x`, `test (pattern=x)`, or the name alone where values must not be read. */
function callText(call: string): string {
  const [task, given = ""] = JSON.parse(call) as readonly string[];
  if (!given.startsWith("[")) return task!;
  const [args] = JSON.parse(given) as readonly [Arguments];
  const words = args.kind === "words"
    ? args.words
    : Object.entries(args.values).map(([name, value]) => `--${name}=${String(value)}`);
  return [task, ...words].join(" ");
}

function differingOutput(before: readonly Output[], after: readonly Output[]): string | undefined {
  const old = new Map(before.map((output) => [output.path, JSON.stringify(output)]));
  for (const output of after) {
    if (old.get(output.path) !== JSON.stringify(output)) return output.path;
    old.delete(output.path);
  }
  return old.keys().next().value;
}
