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

import { ABSENT, type Quick, type QuickCommand } from "../host/quick.ts";
import { seal, unseal } from "../host/sealed.ts";
import { VERSION } from "../model/version.ts";
import type { Step } from "../model/plan.ts";
import type { Task } from "../model/task.ts";
import type { ToldBy } from "./idle_run.ts";
import type { RunOptions } from "./run.ts";

/** What was seen, by path. */
export interface StartSights {
  /** Digests of whole files, and their sizes in bytes. */
  readonly texts: readonly (readonly [path: string, { digest: string; size: number }])[];
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
const MAGIC = "ntask start 3\n";

/** Where starts are kept, below the root of the project. */
export const STARTS = "/.ntask/state/starts";

/** A command line of more words is hardly given twice. */
const WORDS = 8;

/** May there be a start of such an invocation? Not of a question for the version, nor of ntask's own. */
export function mayStart(argv: readonly string[]): boolean {
  const first = argv[0] ?? "";
  return argv.length <= WORDS && first !== "--version" && first !== "-V" &&
    !first.startsWith("__");
}

/** The name of what is kept of an invocation. */
export function startKey(
  { cwd, env, circumstances, sha256 }: Quick,
  argv: readonly string[],
): string {
  return sha256(JSON.stringify([VERSION, argv, cwd, env, circumstances]), "hex").slice(0, 32);
}

/** Of what is kept, in bytes; it takes a few thousand. */
export const LARGEST = 1 << 20;

/** What is kept. The run is a line of its own, which nobody parses who does not need it. */
export function bytesOf({ run, ...start }: KeptStart): Uint8Array {
  return seal(MAGIC, new TextEncoder().encode(`${JSON.stringify(start)}\n${run}`));
}

/** @returns nothing where it is not what was written */
export function startOf(bytes: Uint8Array): KeptStart | undefined {
  const body = unseal(MAGIC, bytes);
  if (body === undefined) return undefined;
  const text = new TextDecoder().decode(body);
  const end = text.indexOf("\n");
  return { ...JSON.parse(text.slice(0, end)), run: text.slice(end + 1) };
}

/** Does everything look as it did? What stands in texts is not read here, only how long they are. */
export function looksTheSame({ file, which, real }: Quick, sights: StartSights): boolean {
  for (const path of sights.absent) if (file(path).lastModified !== ABSENT) return false;
  // Nothing but a directory has a dot in it.
  for (const path of sights.directories) {
    if (file(`${path}/.`).lastModified === ABSENT) return false;
  }
  for (const path of sights.files) {
    const { lastModified, size } = file(path);
    if (lastModified === ABSENT || !Number.isFinite(size)) return false;
    if (file(`${path}/.`).lastModified !== ABSENT) return false;
  }
  for (const path of sights.programs) if (which(path) !== path) return false;
  for (const [path, end] of sights.reals) if (real(path) !== end) return false;
  // To open a pipe would wait for somebody who writes; it has no length.
  for (const [path, { size }] of sights.texts) if (file(path).size !== size) return false;
  return true;
}
