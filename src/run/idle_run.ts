/**
 * A run that found everything as it was left is kept with all it looked at. As long as the same
 * invocation sees the same, it comes to the same end, and need not think again.
 *
 * What makes that a proof: the door notes every look (`host/witness.ts`); a run that started a
 * process, wrote into the project, asked somebody or warned of something is not kept; files count by
 * the times and identity that the stat cache trusts, and only if they were as old as it asks. One
 * kept run serves an hour, so that results in use are seen to be in use.
 *
 * @module
 */

import { isOld } from "../cache/stat_cache.ts";
import * as disk from "../host/disk.ts";
import { keep, type Kept, looksTheSame } from "../host/look_again.ts";
import { aside, type Sights } from "../host/witness.ts";
import type { Event } from "../model/event.ts";
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
 * The kept run of an invocation, if everything still looks as it did.
 *
 * @param directory {@linkcode idleDirectory}
 * @param date the system's clock, in milliseconds
 */
export function sameIdleRun(
  directory: string,
  invocation: string,
  date: number,
): IdleRun | undefined {
  return aside(() => {
    const found = decode(`${directory}/${invocation}`);
    if (found === undefined) return undefined;
    const { head, numbers } = found;
    if (date < head.ended || date - head.ended > SERVES) return undefined;
    // The clock was set back since: what comes may show times that were seen before.
    const now = disk.fileSystemTime(`${head.root}/.ntask/state/probe`);
    if (now === undefined || now < head.began) return undefined;
    return looksTheSame({ ...head.kept, numbers }) ? head : undefined;
  });
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
): { readonly head: Head; readonly numbers: Float64Array } | undefined {
  if (disk.stat(file) === undefined) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = disk.read(file);
  } catch {
    return undefined;
  }
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, MAGIC.length + HASH));
  const body = bytes.subarray(HEADER - 8);
  if (start !== MAGIC + disk.digestOf(body).slice(0, HASH)) return undefined;
  const count = new DataView(body.buffer, body.byteOffset).getFloat64(0, true);
  // A copy, aligned for the numbers; a Buffer's own `slice` is none.
  const numbers = new Float64Array(new Uint8Array(body.subarray(8, 8 + count * 8)).buffer);
  const head = JSON.parse(new TextDecoder().decode(body.subarray(8 + count * 8)));
  return { head, numbers };
}
