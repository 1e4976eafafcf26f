/**
 * Locks between processes: a file that only one of them can create. It says who holds it, so that
 * those who wait can say for whom, and so that a lock whose holder is gone is broken.
 *
 * A holder on this machine and in this start of it is gone when its process is; anywhere else when
 * it has not touched the file for {@linkcode STALE}. The holder touches it every {@linkcode BEAT}.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import { isObject } from "./_json.ts";

/** Milliseconds. */
const BEAT = 10_000;
const STALE = 30_000;
/** Between two looks at what somebody else holds: at first, and at most. */
const PATIENCE = { first: 1, most: 50 };

/** Who holds a lock. */
export interface Holder {
  readonly host: string;
  readonly boot: string;
  readonly pid: number;
  readonly start: string;
  /** What for, in words. */
  readonly purpose: string;
}

/** What locks need of the machine: being called later. */
export interface Clock {
  after(ms: number, listener: () => void): () => void;
  /** Milliseconds since 1970. */
  date(): number;
}

export interface Held {
  release(): void;
}

/** What somebody who waits wants to be asked and told. */
export interface Waiting {
  /** Nothing is told before it has waited so long, in milliseconds. */
  readonly patience?: number;
  /** Told once, when somebody else has it. */
  waits(holder: Holder | undefined): void;
  /** Asked again and again: has there been enough waiting? */
  stopped(): boolean;
}

/** Waits as long as it takes. */
const FOREVER: Waiting = { waits() {}, stopped: () => false };

let self: Omit<Holder, "purpose"> | undefined;

/** This process, as a holder. */
export function ownHolder(purpose: string): Holder {
  self ??= {
    host: disk.hostName(),
    boot: disk.bootId(),
    pid: disk.ownPid,
    start: disk.processStart(disk.ownPid),
  };
  return { ...self, purpose };
}

/**
 * Take a lock, waiting for it.
 *
 * @param path the lock file; its directory exists
 * @returns `undefined` when the waiting was stopped
 * @throws {disk.DiskError} when the file cannot be written
 */
export function lock(path: string, purpose: string, clock: Clock): Promise<Held>;
export function lock(
  path: string,
  purpose: string,
  clock: Clock,
  waiting: Waiting,
): Promise<Held | undefined>;
export async function lock(
  path: string,
  purpose: string,
  clock: Clock,
  waiting: Waiting = FOREVER,
): Promise<Held | undefined> {
  // No two locks have the same text: who has lost one must not take away that of the next.
  const own = JSON.stringify({ ...ownHolder(purpose), id: disk.temporaryName("") });
  return await patiently(clock, waiting, () => {
    for (;;) {
      if (disk.createExclusive(path, own)) return { got: hold(path, own, clock) };
      if (!breakIfStale(path, clock)) return { held: holderOf(readText(path)) };
    }
  });
}

/**
 * Try until it works, less and less often.
 *
 * @returns `undefined` when the waiting was stopped
 */
export async function patiently<T>(
  clock: Clock,
  { waits, stopped, patience = 0 }: Waiting,
  attempt: () => Attempt<T> | Promise<Attempt<T>>,
): Promise<T | undefined> {
  let waited = 0;
  let told = false;
  for (let pause = PATIENCE.first;; pause = Math.min(2 * pause, PATIENCE.most)) {
    const result = await attempt();
    if ("got" in result) return result.got;
    if (!told && waited >= patience) {
      told = true;
      waits(result.held);
    }
    if (stopped()) return undefined;
    waited += pause;
    await new Promise<void>((resolve) => clock.after(pause, resolve));
  }
}

/** What was wanted, or who has it. */
export type Attempt<T> = { readonly got: T } | { readonly held: Holder | undefined };

/**
 * Keep a file of this process's alive until it is released, which removes it.
 *
 * @param text what is in it; `undefined` when nobody else can have a file of this name
 */
export function hold(path: string, text: string | undefined, clock: Clock): Held {
  let cancel: () => void;
  const beat = () => {
    const now = clock.date();
    try {
      disk.setTimes(path, now, now);
    } catch {
      // Somebody has taken it away: there is nothing to release then.
    }
    cancel = clock.after(BEAT, beat);
  };
  cancel = clock.after(BEAT, beat);
  return {
    release() {
      cancel();
      if (text === undefined || readText(path) === text) disk.removeFile(path);
    },
  };
}

/** Is the file of a holder that is gone? */
export function isStale(path: string, clock: Clock): boolean {
  const stat = disk.stat(path);
  const text = readText(path);
  if (stat === undefined || text === undefined) return false;
  return isGone(text, stat.mtime, clock);
}

function isGone(text: string, touched: number, clock: Clock): boolean {
  const old = Math.abs(clock.date() - touched) > STALE;
  const holder = holderOf(text);
  // Half written, or not ours: it may still be completed.
  if (holder === undefined) return old;
  const { host, boot, pid, start } = ownHolder("");
  if (holder.host !== host || holder.boot !== boot || boot === "") return old;
  if (holder.pid === pid) return holder.start !== start;
  if (!disk.processAlive(holder.pid)) return true;
  const actual = disk.processStart(holder.pid);
  return actual !== "" && holder.start !== "" && actual !== holder.start;
}

/**
 * Take a stale lock away. Only one process at a time does, and looks again before: it could have been
 * taken away, and taken, meanwhile.
 *
 * @returns false when somebody holds it, or is about to take it away
 */
export function breakIfStale(path: string, clock: Clock): boolean {
  const text = readText(path);
  const stat = disk.stat(path);
  if (text === undefined || stat === undefined) return true;
  if (!isGone(text, stat.mtime, clock)) return false;
  const guard = `${path}.break`;
  if (!disk.createExclusive(guard, JSON.stringify(ownHolder("breaking a lock")))) {
    // Who was killed at this moment has left it.
    if (isStale(guard, clock)) disk.removeFile(guard);
    return false;
  }
  try {
    if (readText(path) === text) disk.removeFile(path);
  } finally {
    disk.removeFile(guard);
  }
  return true;
}

function readText(path: string): string | undefined {
  try {
    return new TextDecoder().decode(disk.read(path));
  } catch {
    return undefined;
  }
}

/** Who holds a lock, from the text of its file. */
export function holderOf(text: string | undefined): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (!isObject(value)) return undefined;
    const { host, boot, pid, start, purpose } = value;
    const texts = [host, boot, start, purpose].every((each) => typeof each === "string");
    return texts && typeof pid === "number" ? value as unknown as Holder : undefined;
  } catch {
    return undefined;
  }
}
