/**
 * A run that found everything as it was left is kept with all it looked at. As long as the same
 * invocation sees the same, it comes to the same end, and need not think again.
 *
 * What makes that a proof: the door notes every look (`host/witness.ts`); a run that started a
 * process, wrote into the project, asked somebody or warned of something is not kept; files count by
 * the times and identity that the stat cache trusts, and only if they were as old as it asks. One
 * kept run serves an hour, so that results in use are seen to be in use. Where there are many files
 * another process looks at a part of them.
 *
 * @module
 */

import { isOld } from "../cache/stat_cache.ts";
import * as disk from "../host/disk.ts";
import type { Host } from "../host/host.ts";
import {
  directoriesLookTheSame,
  keep,
  type Kept,
  looksTheSame,
  rowsOf,
} from "../host/look_again.ts";
import { seal, unseal } from "../host/sealed.ts";
import { aside, type Sights } from "../host/witness.ts";
import type { Event } from "../model/event.ts";
import { LOOK_HOST } from "./hidden_mode.ts";
import type { OutputMode } from "../report/registry.ts";

/** What the report of a kept run needs besides its events. */
export interface ToldBy {
  readonly output: OutputMode;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color?: boolean;
}

export interface IdleRun {
  /** Absolute. */
  readonly root: string;
  readonly told: ToldBy;
  readonly events: readonly Event[];
}

interface Head extends IdleRun {
  readonly kept: Omit<Kept, "numbers">;
  /** The file system's clock when it began, and the system's when it ended, in milliseconds. */
  readonly began: number;
  readonly ended: number;
}

/** Changes with the format. The numbers are little-endian doubles, as on every machine we run on. */
const MAGIC = "ntask idle 1\n";

/** How long a kept run serves, in milliseconds: the grain of a stored result's last use. */
const SERVES = 60 * 60 * 1000;

/** So many are kept, those written last: other tasks, other terminals. */
const KEPT = 4;

/** Where runs are kept. @param root absolute */
export function idleDirectory(root: string): string {
  return `${root}/.ntask/state/idle`;
}

/**
 * Keep a run.
 *
 * @param invocation a digest of everything that was given to it
 * @param seen since when, by the clock of the project's file system, and when it ended, by the system's
 */
export function keepIdleRun(
  invocation: string,
  run: IdleRun,
  { sights, began, ended }: {
    readonly sights: Sights;
    readonly began: number;
    readonly ended: number;
  },
): void {
  const seen = keep(sights, (look) => isOld(look, began));
  if (seen === undefined) return;
  const { numbers, ...kept } = seen;
  const head: Head = { ...run, kept, began, ended };
  const directory = idleDirectory(run.root);
  aside(() => {
    try {
      disk.makeDirectory(directory);
      disk.keepLatest(directory, invocation, KEPT);
      disk.writeWhole(`${directory}/${invocation}`, encode(head, numbers));
    } catch {
      // The next run thinks again.
    }
  });
}

/**
 * So many files are worth another processor: its process takes some 10 ms to begin, and two that look
 * hinder each other (100,000 files: 0.33 -> 0.25 s; 10,000: no gain).
 */
const MUCH = 40_000;

/** How much of them this process takes, which has begun already. */
const SHARE = 0.6;

/**
 * The kept run of an invocation, if everything still looks as it did.
 *
 * @param directory {@linkcode idleDirectory}
 * @param now the clock of the project's file system, in milliseconds
 */
export async function sameIdleRun(
  host: Pick<Host, "date" | "cpus" | "self" | "cwd" | "env" | "start">,
  directory: string,
  invocation: string,
  now: number,
): Promise<IdleRun | undefined> {
  const file = `${directory}/${invocation}`;
  const found = readKeptRun(file);
  if (found === undefined) return undefined;
  const { head, kept } = found;
  const age = host.date().getTime() - head.ended;
  // A clock was set back since: what comes may show times that were seen before.
  if (age < 0 || age > SERVES || now < head.began) return undefined;
  const same = host.cpus > 1 && rowsOf(kept).at(-1)! >= MUCH
    ? await looksTheSameToTwo(host, file, found)
    : looksTheSame(kept);
  return same ? head : undefined;
}

/**
 * Look with another process. The file was read by both: its digest says that it is the same one.
 */
export async function looksTheSameToTwo(
  host: Pick<Host, "self" | "cwd" | "env" | "start">,
  file: string,
  { kept, digest }: KeptRun,
): Promise<boolean> {
  const rows = rowsOf(kept);
  const middle = rows.findIndex((row) => row >= rows.at(-1)! * SHARE);
  const end = kept.directories.length;
  if (middle === end) return looksTheSame(kept);
  const other = lookElsewhere(host, [file, digest, String(middle)]);
  if (!looksTheSame(kept, middle)) {
    other.stop();
    return false;
  }
  return await other.same ?? directoriesLookTheSame(kept, middle, end);
}

/** What a process says that has looked at its part. */
const SAME = 0;
const DIFFERS = 1;

/**
 * The hidden mode: look at the directories of a kept run from one on.
 *
 * @param words the file, its digest, and the number of the directory
 * @returns the exit status
 */
export function lookForAnother([file = "", digest, from]: readonly string[]): number {
  const found = readKeptRun(file);
  // Meanwhile another run may have been kept.
  if (found === undefined || found.digest !== digest) return 2;
  const { kept } = found;
  const end = kept.directories.length;
  return directoriesLookTheSame(kept, Number(from), end) ? SAME : DIFFERS;
}

/** Have another process look. @returns `same` is undefined when it could not */
function lookElsewhere(
  { self, cwd, env, start }: Pick<Host, "self" | "cwd" | "env" | "start">,
  words: readonly string[],
): { readonly same: Promise<boolean | undefined>; stop(): void } {
  const [program, ...args] = self;
  let stop = () => {};
  const same = new Promise<boolean | undefined>((resolve) => {
    const process = start({
      file: program!,
      args: [...args, LOOK_HOST, ...words],
      cwd,
      env,
      stdio: "piped",
      detached: false,
    }, {
      output() {},
      end({ code, signal }) {
        const known = signal === undefined && (code === SAME || code === DIFFERS);
        resolve(known ? code === SAME : undefined);
      },
      fault: () => resolve(undefined),
    });
    stop = () => process.kill("SIGKILL");
  });
  return { same, stop };
}

function encode(head: Head, numbers: Float64Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const body = new Uint8Array(8 + numbers.byteLength + text.length);
  new DataView(body.buffer).setFloat64(0, numbers.length, true);
  body.set(new Uint8Array(numbers.buffer), 8);
  body.set(text, 8 + numbers.byteLength);
  return seal(MAGIC, body);
}

/** A kept run as it was read. */
export interface KeptRun {
  readonly head: Head;
  readonly kept: Kept;
  /** Of the file. */
  readonly digest: string;
}

/** @returns nothing where the file is not what was written */
export function readKeptRun(file: string): KeptRun | undefined {
  if (disk.stat(file) === undefined) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = disk.read(file);
  } catch {
    return undefined;
  }
  const body = unseal(MAGIC, bytes);
  if (body === undefined) return undefined;
  const count = new DataView(body.buffer).getFloat64(0, true);
  const numbers = new Float64Array(body.buffer, 8, count);
  const head: Head = JSON.parse(new TextDecoder().decode(body.subarray(8 + count * 8)));
  const digest = new TextDecoder().decode(bytes.subarray(MAGIC.length, MAGIC.length + 64));
  return { head, kept: { ...head.kept, numbers }, digest };
}
