/**
 * A run that did nothing but start one process is kept with what led to it: what it looked at, and
 * what it started. As long as the same invocation sees the same, the same is to be started, and
 * nothing has to be read or thought for that.
 *
 * What makes that a proof: the door notes every look (`host/witness.ts`), and only those are kept
 * that can be looked at again here: texts by their digest, whether something is there, is a
 * directory or a program. The invocation is everything that a process is given but its user: what
 * that one may not start is planned anew. What the process does is never taken from here: it runs
 * each time.
 *
 * @module
 */

import { digestOf } from "../host/hash.ts";
import type { Quick, QuickCommand } from "../host/quick.ts";
import { unseal } from "../host/sealed.ts";
import { VERSION } from "../model/version.ts";
import type { Step } from "../model/plan.ts";
import type { Task } from "../model/task.ts";
import type { ToldBy } from "./idle_run.ts";
import type { RunOptions } from "./run.ts";

/** What was seen, by path. */
export interface StartSights {
  /** Digests of whole files. */
  readonly texts: readonly (readonly [path: string, digest: string])[];
  /** Where links lead. */
  readonly reals: readonly (readonly [path: string, real: string])[];
  readonly absent: readonly string[];
  readonly directories: readonly string[];
  readonly files: readonly string[];
  readonly programs: readonly string[];
}

export interface KeptStart {
  /** Of the project: an absolute path. */
  readonly root: string;
  readonly sights: StartSights;
  readonly command: QuickCommand;
  /** What ntask says before it. */
  readonly before: string;
  /** And behind it: the time it took stands between the parts, if there are two. */
  readonly after: readonly string[];
  /** A {@linkcode StartedRun} as JSON: most starts end before it is needed. */
  readonly run: string;
}

/** What a run takes up that is more than a start: takes its time, fails, or is interrupted. */
export interface StartedRun {
  readonly step: Step;
  readonly task: Task;
  readonly display: string;
  readonly options: RunOptions;
  readonly told: ToldBy;
}

/** Changes with the format. */
export const MAGIC = "ntask start 2\n";

/** Where starts are kept. @param root of the project, absolute */
export function startsDirectory(root: string): string {
  return `${root}/.ntask/state/starts`;
}

/** A command line of more words is hardly given twice. */
const WORDS = 8;

/** May there be a start of such an invocation? Not of a question for the version, nor of ntask's own. */
export function mayStart(argv: readonly string[]): boolean {
  const first = argv[0] ?? "";
  return argv.length <= WORDS && first !== "--version" && first !== "-V" &&
    !first.startsWith("__");
}

/** The name of what is kept of an invocation. */
export function startKey(machine: Quick, argv: readonly string[]): string {
  const { cwd, env } = machine;
  return machine.keyOf(JSON.stringify([VERSION, argv, cwd, env, machine.circumstances()]));
}

/** It takes a few thousand bytes. */
const LARGEST = 1 << 20;

/** @returns nothing where there is none, or where it is not what was written */
export async function readStart(machine: Quick, file: string): Promise<KeptStart | undefined> {
  const length = machine.lengthOf(file);
  if (!(length > 0 && length <= LARGEST)) return undefined;
  try {
    const body = unseal(MAGIC, await machine.bytes(file));
    return body && JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** Does everything look as it did? */
export async function looksTheSame(machine: Quick, sights: StartSights): Promise<boolean> {
  for (const path of sights.absent) if (machine.isThere(path)) return false;
  for (const path of sights.directories) if (!machine.isDirectory(path)) return false;
  for (const path of sights.files) if (!machine.isFile(path)) return false;
  for (const path of sights.programs) if (!machine.isProgram(path)) return false;
  for (const [path, real] of sights.reals) if (machine.real(path) !== real) return false;
  try {
    for (const [path, digest] of sights.texts) {
      // To open a pipe waits for somebody who writes; it has no length.
      if (machine.lengthOf(path) !== lengthIn(digest)) return false;
      if (digestOf(await machine.bytes(path)) !== digest) return false;
    }
    return true;
  } catch {
    return false;
  }
}

function lengthIn(digest: string): number {
  return Number(digest.slice(digest.indexOf("/") + 1));
}
