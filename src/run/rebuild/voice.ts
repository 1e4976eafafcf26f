/**
 * What the cache has to say while steps are performed.
 *
 * @module
 */

import type { Waiting } from "../../cache/lock.ts";
import type { Aside } from "../../cache/set_aside.ts";
import type { TaskId } from "../../model/id.ts";
import type { Step } from "../../model/plan.ts";
import type { Problem } from "../../model/problem.ts";
import type { Performance } from "../perform.ts";
import type { Session } from "./session.ts";
import type { Life } from "./work.ts";

/** So many inputs are a mistake, as a rule. */
const MANY = 50_000;

export interface Voice {
  say(problem: Problem, step?: Step): void;
  /** @param property where it is written, if the task has it */
  about(step: Step, property?: "inputs" | "outputs"): About;
  /** Nothing can be kept; said once. */
  sayStore(detail: string): void;
  warnInput(step: Step, path: string, why: Problem<"W_CACHE_INPUT">["why"]): void;
  /** Files that were not ntask's have made way. */
  sayAside(step: Step, files: readonly Aside[], where: Pick<Session, "root" | "replaced">): void;
  /** More inputs than anybody means? */
  warnMany(step: Step, paths: readonly string[]): void;
  /** For who waits for a lock. */
  waiting(step: Step, life: Life): Waiting;
}

/** Whom a problem is about. */
interface About {
  readonly task: TaskId;
  readonly place: NonNullable<Problem["place"]>;
}

export function createVoice(performance: Performance): Voice {
  const { surroundings } = performance;
  let storeSaid = false;
  return { say, about, sayStore, warnInput, sayAside, warnMany, waiting };

  function about(step: Step, property?: "inputs" | "outputs"): About {
    const { id, place, extension: { places } } = surroundings.task(step.task);
    return { task: id, place: property && places?.[property] || place };
  }

  function say(problem: Problem, step?: Step): void {
    performance.emit({ type: "problem", problem, ...(step && { step: step.id }) });
  }

  function sayStore(detail: string): void {
    if (storeSaid) return;
    storeSaid = true;
    say({ code: "W_CACHE_STORE", detail });
  }

  function warnInput(
    step: Step,
    path: string,
    why: Problem<"W_CACHE_INPUT">["why"],
  ): void {
    say({ code: "W_CACHE_INPUT", ...about(step, "inputs"), path, why }, step);
  }

  function sayAside(
    step: Step,
    [first, ...more]: readonly Aside[],
    { root, replaced }: Pick<Session, "root" | "replaced">,
  ): void {
    if (first === undefined) return;
    const { path } = first;
    const directory = replaced.slice(root.length + 1);
    const code = "W_CACHE_ASIDE";
    say({ code, ...about(step, "outputs"), path, more: more.length, directory }, step);
  }

  function warnMany(step: Step, paths: readonly string[]): void {
    if (paths.length < MANY) return;
    const counts = new Map<string, number>();
    for (const path of paths) {
      for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
        const directory = path.slice(0, at);
        counts.set(directory, (counts.get(directory) ?? 0) + 1);
      }
    }
    // The deepest directory that holds most of them, or the packages.
    const below = [...counts].filter(([, count]) => count > paths.length / 2);
    const [directory = ".", most = paths.length] =
      below.find(([path]) => /(?:^|\/)node_modules$/.test(path)) ?? below.at(-1) ?? [];
    const count = paths.length;
    say({ code: "W_CACHE_MANY", ...about(step, "inputs"), count, directory, below: most }, step);
  }

  function waiting(step: Step, life: Life): Waiting {
    return {
      stopped: () => life.stopped,
      waits(holder) {
        life.waited = true;
        const who = holder === undefined
          ? "another process"
          : `process ${holder.pid}, which is at ${holder.purpose}`;
        const time = performance.time();
        performance.emit({ type: "step-wait", time, step: step.id, holder: who });
      },
    };
  }
}
