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
const HASH = 64;
/** Where the numbers begin: aligned for them. */
const HEADER = 96;

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
 * @param began the clock of the project's file system at its start
 * @param ended the system's clock
 */
export function keepIdleRun(
  invocation: string,
  run: IdleRun,
  sights: Sights,
  { began, ended }: { readonly began: number; readonly ended: number },
): void {
  const seen = keep(sights, (look) => isOld(look, began));
  if (seen === undefined) return;
  const { numbers, ...kept } = seen;
  const head: Head = { ...run, kept, began, ended };
  const directory = idleDirectory(run.root);
  aside(() => {
    try {
      disk.makeDirectory(directory);
      makeRoom(directory, invocation);
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
 * @param much so many files, and another process looks at a part of them
 */
export async function sameIdleRun(
  host: Pick<Host, "date" | "cpus" | "self" | "cwd" | "env" | "start">,
  directory: string,
  invocation: string,
  much: number = MUCH,
): Promise<IdleRun | undefined> {
  const file = `${directory}/${invocation}`;
  const found = decode(file);
  if (found === undefined) return undefined;
  const { head, kept, digest } = found;
  const age = host.date().getTime() - head.ended;
  if (age < 0 || age > SERVES) return undefined;
  // The clock was set back since: what comes may show times that were seen before.
  const now = disk.fileSystemTime(`${head.root}/.ntask/state/probe`);
  if (now === undefined || now < head.began) return undefined;
  const rows = rowsOf(kept);
  const all = rows.at(-1)!;
  const end = kept.directories.length;
  const middle = rows.findIndex((row) => row >= all * SHARE);
  if (host.cpus === 1 || all < much || middle === end) {
    return looksTheSame(kept) ? head : undefined;
  }
  const other = lookElsewhere(host, [file, digest, String(middle)]);
  if (!looksTheSame(kept, middle)) {
    other.stop();
    return undefined;
  }
  const same = await other.same ?? directoriesLookTheSame(kept, middle, end);
  return same ? head : undefined;
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
  const found = decode(file);
  // Meanwhile another run may have been kept.
  if (found?.digest !== digest || found === undefined) return 2;
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

function makeRoom(directory: string, invocation: string): void {
  const others = (disk.list(directory) ?? []).filter(({ name }) => name !== invocation)
    .map(({ name }) => ({ name, mtime: disk.stat(`${directory}/${name}`)?.mtime ?? 0 }))
    .sort((a, b) => b.mtime - a.mtime);
  for (const { name } of others.slice(KEPT - 1)) disk.removeFile(`${directory}/${name}`);
}

function encode(head: Head, numbers: Float64Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const whole = new Uint8Array(HEADER + numbers.byteLength + text.length);
  whole.set(new Uint8Array(numbers.buffer), HEADER);
  whole.set(text, HEADER + numbers.byteLength);
  new DataView(whole.buffer).setFloat64(HEADER - 8, numbers.length, true);
  const hash = disk.digestOf(whole.subarray(HEADER - 8)).slice(0, HASH);
  new TextEncoder().encodeInto(MAGIC + hash, whole);
  return whole;
}

/** Anything else than what was written is as good as no file. */
function decode(
  file: string,
): { readonly head: Head; readonly kept: Kept; readonly digest: string } | undefined {
  if (disk.stat(file) === undefined) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = disk.read(file);
  } catch {
    return undefined;
  }
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, MAGIC.length + HASH));
  const body = bytes.subarray(HEADER - 8);
  const digest = disk.digestOf(body).slice(0, HASH);
  if (start !== MAGIC + digest) return undefined;
  const count = new DataView(body.buffer, body.byteOffset).getFloat64(0, true);
  // A copy, aligned for the numbers; a Buffer's own `slice` is none.
  const numbers = new Float64Array(new Uint8Array(body.subarray(8, 8 + count * 8)).buffer);
  const head: Head = JSON.parse(new TextDecoder().decode(body.subarray(8 + count * 8)));
  return { head, kept: { ...head.kept, numbers }, digest };
}
