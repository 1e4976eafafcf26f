/**
 * Work on many files that any process can do: hashing them, and copying them to and from the store.
 * It is done here, in turns, and where there is much of it others take their part.
 *
 * @module
 */

import { type Copy, type CopyEnd, copyProven } from "../host/copy_proven.ts";
import { digestFile, digestLater, withoutCarriageReturns } from "../host/digest.ts";
import { digestOf } from "../host/hash.ts";
import * as disk from "../host/disk.ts";
import type { Digest } from "../model/digest.ts";
import { sizeOf } from "./manifest.ts";

/** A file to hash. */
export interface Unhashed {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

/** Something to do, as it is handed on. */
export type FileWork =
  | {
    readonly hash: readonly Unhashed[];
    /** CRLF counts as LF. */
    readonly lineEnds: boolean;
  }
  | { readonly copy: readonly Copy[] };

/**
 * What came of it, in its order: a digest, or `null` for a file that could not be read, whose user
 * will find out why; how a copy ended, or `null` behind one that could not be made.
 */
export type FileResults = readonly (Digest | CopyEnd | null)[];

/** Another process that takes a part. @returns `undefined` when it was killed */
export type Hand = (work: FileWork) => Promise<FileResults | undefined>;

/** Those that can take a part, started when they are asked for. */
export type Hands = () => readonly Hand[];

/** What a file costs besides its bytes: opening it costs as much as hashing so many. */
const WEIGHT = { hash: 16 << 10, copy: 64 << 10 } as const;

/** So much is worth another process, which takes some 30 ms to start: about 100 ms of work. */
const MUCH = 64 << 20;

/** So much is done here until the loop has its turn: about a millisecond. */
const TURN = 1 << 20;

/** So much is handed on at a time. */
const PIECE = 8 << 20;

/** A larger file is hashed in turns: it must not hold up signals, pipes and locks. */
const AT_ONCE = 1 << 20;

/** How many files are flushed at the same time: many cost little more than one. */
const WIDTH = 32;

/** Do some work, whoever it is for. */
export async function workOn(work: FileWork): Promise<FileResults> {
  if ("copy" in work) return await copyFiles(work.copy);
  const results: (Digest | null)[] = [];
  for (const { path, size } of work.hash) {
    try {
      // Most are small, and waiting for nothing has its price.
      results.push(
        size > AT_ONCE
          ? await digestLater(path, size, work.lineEnds)
          : work.lineEnds
          ? digestOf(withoutCarriageReturns(disk.read(path)))
          : digestFile(path),
      );
    } catch {
      results.push(null);
    }
  }
  return results;
}

/**
 * Hash files with others, where there are many or large ones.
 *
 * @returns digests, `null` where a file could not be read; `undefined` where it is too little
 */
export async function hashShared(
  files: readonly Unhashed[],
  lineEnds: boolean,
  hands: Hands | undefined,
): Promise<readonly (Digest | null)[] | undefined> {
  const weights = files.map(({ size }) => size + WEIGHT.hash);
  if (hands === undefined || !isMuch(weights)) return undefined;
  const work = (from: number, to: number) => ({ hash: files.slice(from, to), lineEnds });
  return await share(weights, hands(), work) as readonly (Digest | null)[];
}

/**
 * Copy files, with others where there are many or large ones.
 *
 * @returns the first that could not be made, and how it ended; others may have been made
 */
export async function copyAll(
  copies: readonly Copy[],
  hands: Hands | undefined,
): Promise<{ readonly copy: Copy; readonly end: Exclude<CopyEnd, "copied"> } | undefined> {
  const weights = copies.map(({ digest }) => sizeOf(digest) + WEIGHT.copy);
  const ends = await share(
    weights,
    hands !== undefined && isMuch(weights) ? hands() : [],
    (from, to) => ({ copy: copies.slice(from, to) }),
    (from, to) => {
      for (const { to: begun } of copies.slice(from, to)) disk.removeFile(begun);
    },
  ) as readonly (CopyEnd | null)[];
  const at = ends.findIndex(isFault);
  return at === -1 ? undefined : { copy: copies[at]!, end: ends[at] as Exclude<CopyEnd, "copied"> };
}

/** A copy that could not be made: there is no use in making the others. */
function isFault(result: unknown): boolean {
  return result === "missing" || result === "differs" ||
    typeof result === "object" && result !== null;
}

function isMuch(weights: readonly number[]): boolean {
  return weights.reduce((sum, each) => sum + each, 0) > MUCH;
}

/**
 * Go through a list, here and elsewhere: each takes the next piece of it when it is done with one.
 *
 * @param weights of its items
 * @param work to do for the items from one to before another
 * @param undo what somebody who was killed has begun
 * @returns what came of them; nothing for those behind a copy that could not be made
 */
async function share(
  weights: readonly number[],
  others: readonly Hand[],
  work: (from: number, to: number) => FileWork,
  undo: (from: number, to: number) => void = () => {},
): Promise<FileResults> {
  const results = new Array<FileResults[number]>(weights.length).fill(null);
  const lost: (readonly [from: number, to: number])[] = [];
  let next = 0;
  let stopped = false;
  const feed = async (hand: Hand, piece: number) => {
    while (next < weights.length && !stopped) {
      const from = next;
      for (let weight = 0; next < weights.length && weight < piece; next++) {
        weight += weights[next]!;
      }
      const to = next;
      const done = await hand(work(from, to));
      if (done === undefined) return void lost.push([from, to]);
      for (const [index, result] of done.entries()) results[from + index] = result;
      stopped ||= done.some(isFault);
    }
  };
  const here: Hand = async (each) => {
    const done = await workOn(each);
    await disk.turn();
    return done;
  };
  await Promise.all([feed(here, TURN), ...others.map((hand) => feed(hand, PIECE))]);
  for (const [from, to] of lost) {
    if (stopped) break;
    undo(from, to);
    for (const [index, result] of (await workOn(work(from, to))).entries()) {
      results[from + index] = result;
    }
  }
  return results;
}

/** @returns how each ended; `null` behind one that could not be made */
async function copyFiles(copies: readonly Copy[]): Promise<(CopyEnd | null)[]> {
  const ends = new Array<CopyEnd | null>(copies.length).fill(null);
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < copies.length && !failed) {
      const at = next++;
      const end = copyProven(copies[at]!);
      // Most are done already, and waiting for nothing has its price.
      ends[at] = end instanceof Promise ? await end : end;
      failed ||= ends[at] !== "copied";
    }
  };
  await Promise.all(Array.from({ length: Math.min(WIDTH, copies.length) }, worker));
  return ends;
}
