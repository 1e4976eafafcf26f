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
  readonly sights: StartSights;
  readonly command: QuickCommand;
  /** What ntask says before it. */
  readonly before: string;
  /** And behind it: the time it took stands between the parts, if there are two. */
  readonly after: readonly string[];
  /** For a run that is more than that: one that takes its time, fails, or is interrupted. */
  readonly run: {
    readonly root: string;
    readonly step: Step;
    readonly task: Task;
    readonly display: string;
    readonly options: RunOptions;
    readonly told: ToldBy;
  };
}

/** Changes with the format. */
export const MAGIC = "ntask start 1\n";

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

/** @returns nothing where there is none, or where it is not what was written */
export function readStart(machine: Quick, file: string): KeptStart | undefined {
  const bytes = machine.own(file);
  const body = bytes && unseal(MAGIC, bytes);
  return body && JSON.parse(new TextDecoder().decode(body));
}

/** Does everything look as it did? */
export async function looksTheSame(machine: Quick, sights: StartSights): Promise<boolean> {
  const { texts, reals, absent, directories, files, programs } = sights;
  const reading = texts.map(([path, digest]) => machine.bytes(path, lengthIn(digest)));
  const same = absent.every((path) => !machine.isThere(path)) &&
    directories.every((path) => machine.isDirectory(path)) &&
    files.every((path) => machine.isFile(path)) &&
    programs.every((path) => machine.isProgram(path)) &&
    reals.every(([path, real]) => machine.real(path) === real);
  try {
    const contents = await Promise.all(reading);
    return same && contents.every((bytes, at) => bytes && digestOf(bytes) === texts[at]![1]);
  } catch {
    return false;
  }
}

function lengthIn(digest: string): number {
  return Number(digest.slice(digest.indexOf("/") + 1));
}
