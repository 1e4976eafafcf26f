/**
 * Keeping what led to the one process of a run (`run/kept_start.ts`).
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import * as disk from "../host/disk.ts";
import { difference } from "../host/environment.ts";
import { digestOf } from "../host/hash.ts";
import { quick } from "../host/quick.ts";
import { aside, type Lead, type Look } from "../host/witness.ts";
import type { Event } from "../model/event.ts";
import { acts, childrenOf, type Step } from "../model/plan.ts";
import { duration } from "../report/duration.ts";
import {
  bytesOf,
  type KeptStart,
  LARGEST,
  looksTheSame,
  type StartedRun,
  startKey,
  STARTS,
  type StartSights,
} from "../run/kept_start.ts";
import { isSecret, secretArguments } from "../run/rebuild/secret.ts";
import type { Remembered } from "./memory.ts";

/** When there are so many, the older half goes. */
const MOST = 32;

/** They are read all at once. */
const TEXTS = 100;

/** A run whose only event was that a process started and ended. */
interface Started extends Remembered {
  readonly events: readonly Event[];
  /** What was said in words. */
  readonly words: { readonly before: string; readonly after: string };
}

/** Keep a start, if it can be told from what is looked at that it leads to the same again. */
export function keepStart(
  host: Host,
  { command, ...seen }: Lead,
  { workspace, plan, options, told, events, words }: Started,
): void {
  const machine = quick();
  const [step] = plan.steps;
  const sights = sightsOf(seen);
  if (machine === undefined || step === undefined || sights === undefined) return;
  if (options.cache.off) return;
  if (plan.steps.length > 1 || !isSimple(step) || command.stdio !== "inherited") return;
  const after = withoutTime(words.after, events);
  if (after === undefined || !/(?:^|\n)$/.test(words.before)) return;
  const { file, args, cwd, detached, env } = command;
  const { root, tasks } = workspace;
  // It is looked for from here upwards.
  if (!`${host.cwd}/`.startsWith(root === "/" ? root : `${root}/`)) return;
  const run: StartedRun = {
    step,
    task: tasks.get(step.task)!,
    display: displayIn(events),
    options,
    told,
  };
  const start: Omit<KeptStart, "run"> = {
    root,
    sights,
    command: { file, args, cwd, detached, ...difference(env) },
    before: words.before,
    after,
  };
  const all = JSON.stringify({ start, run });
  // What is not UTF-8 is not what it was.
  if (all.includes("\ufffd") || holdsSecret(all, { ...host.env, ...env })) return;
  if (!looksTheSame(machine, sights)) return;
  const directory = (root === "/" ? "" : root) + STARTS;
  const name = startKey(machine, host.argv);
  const kept = bytesOf({ ...start, run: JSON.stringify(run) });
  if (kept.length > LARGEST) return;
  aside(() => {
    try {
      // What root makes in another's project is in that one's way.
      if (!disk.isOurs(root)) return;
      disk.makeOwn(root, "state/starts");
      const full = (disk.list(directory) ?? []).length >= MOST;
      if (full) disk.keepLatest(directory, name, MOST / 2);
      // For its owner alone: it holds a command with the values that stand in it.
      const mode = 0o600;
      disk.writeWhole(`${directory}/${name}`, kept, { mode });
    } catch {
      // The next run thinks again.
    }
  });
}

/** A step that is nothing but its process. What files say about variables is not copied. */
function isSimple(step: Step): boolean {
  const { action: { kind }, layers, conditions, timeout, retries, skip } = step;
  return acts(step) && kind !== "function" && kind !== "call" && !skip &&
    childrenOf(step).length === 0 && conditions.length === 0 &&
    timeout === undefined && retries === undefined && secretArguments(step).length === 0 &&
    layers.every(({ scope }) =>
      scope.envfile.length === 0 && scope.env.every(({ secret }) => !secret)
    );
}

/** @returns nothing where something was looked at in a way that cannot be repeated */
function sightsOf({ sights, texts }: Omit<Lead, "command">): StartSights | undefined {
  const { entry, end, content, executable, real, ...others } = sights;
  if (entry.size > 0 || Object.values(others).some((looks) => looks.size > 0)) return undefined;
  const found = {
    texts: new Map<string, { digest: string; size: number }>(),
    reals: real as ReadonlyMap<string, string>,
    absent: new Set<string>(),
    directories: new Set<string>(),
    files: new Set<string>(),
    programs: new Set<string>(),
  };
  for (const [path, look] of content) {
    const bytes = texts.get(path);
    if (look === null) found.absent.add(path);
    else if (bytes !== undefined) {
      found.texts.set(path, { digest: digestOf(bytes), size: bytes.length });
    } else return undefined;
  }
  for (const [path, may] of executable) {
    if (may !== true) return undefined;
    found.programs.add(path);
  }
  for (const [path, look] of end as ReadonlyMap<string, Look | null>) {
    if (look === null) found.absent.add(path);
    else if (look.kind === "directory") found.directories.add(path);
    else if (look.kind !== "file") return undefined;
    else if (!found.texts.has(path) && !found.programs.has(path)) found.files.add(path);
  }
  if (found.texts.size > TEXTS) return undefined;
  // Bun takes it for another separator.
  if (Object.values(found).some((looks) => [...looks.keys()].some((path) => path.includes("\\")))) {
    return undefined;
  }
  // It leads nowhere.
  if ([...real.values()].includes(null)) return undefined;
  return {
    texts: [...found.texts],
    reals: [...found.reals],
    absent: [...found.absent],
    directories: [...found.directories],
    files: [...found.files],
    programs: [...found.programs],
  };
}

/** The words behind a process, cut where the time stands that it took. */
function withoutTime(words: string, events: readonly Event[]): readonly string[] | undefined {
  if (words === "") return [""];
  if (!words.endsWith("\n")) return undefined;
  const end = events.find((event) => event.type === "step-end");
  if (end?.duration === undefined) return undefined;
  const time = duration(end.duration);
  const at = words.lastIndexOf(time);
  return at === -1 ? undefined : [words.slice(0, at), words.slice(at + time.length)];
}

function displayIn(events: readonly Event[]): string {
  return events.find((event) => event.type === "step-start")?.command ?? "";
}

/** Does a variable's value stand in it that must not be read by people? */
function holdsSecret(text: string, env: Readonly<Record<string, string>>): boolean {
  return Object.entries(env).some(([name, value]) =>
    value.length > 3 && isSecret(name, value) && text.includes(JSON.stringify(value).slice(1, -1))
  );
}
