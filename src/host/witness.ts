/**
 * The witness: what this process has looked at in the file system, and what it saw.
 *
 * `disk.ts` and `files.ts` are the only ways to look, and note every look while there is a witness.
 * Whoever looks again later and sees the same may come to the same conclusion. Who does what cannot be
 * looked at again, or changes something of the project, says so: {@linkcode acted} ends the noting.
 *
 * @module
 */

import type { Command } from "./host.ts";

/** How something was looked at; a look at the same path in another way is another look. */
export type Way =
  /** What the entry itself is, links not followed. */
  | "entry"
  /** What is at the end of the links. */
  | "end"
  /** What a file held: what is at the end of its path, before it was read. */
  | "content"
  /** The names in a directory. */
  | "names"
  /** The same with what kind of entry each is. */
  | "entries"
  /** The text of a link. */
  | "link"
  /** The path with every link resolved. */
  | "real"
  /** May this user execute it? */
  | "executable"
  /** Is there something in the way of seeing what is there? */
  | "barred"
  /** What the system says about itself. */
  | "facts";

/** What tells one state of a file from another; `DiskStat` has all of it. */
export interface Look {
  readonly kind: "file" | "directory" | "link" | "other";
  readonly size: number;
  /** Milliseconds since 1970; the fraction is as fine as a double allows (about 0.25 µs). */
  readonly mtime: number;
  readonly ctime: number;
  readonly inode: number;
}

/** One name in a directory. */
export interface Named {
  readonly name: string;
  readonly kind: Look["kind"];
}

/** What was seen. */
export type Seen = Look | readonly string[] | readonly Named[] | string | boolean | Nothing;

/** For whatever reason. */
export type Nothing = null;

/** Everything that was looked at, by way and path. */
export type Sights = Readonly<Record<Way, ReadonlyMap<string, Seen>>>;

/** Nothing is noted at present, see {@linkcode aside}. */
let turned = false;

let sights: Record<Way, Map<string, Seen>> | undefined;
let began = 0;

/** The small files among the contents, as they were read. */
let texts = new Map<string, Uint8Array>();

/** What was looked at before the one process that was started, and nothing else was done since. */
export interface Lead {
  readonly sights: Sights;
  readonly texts: ReadonlyMap<string, Uint8Array>;
  readonly command: Command;
}

let lead: Lead | undefined;

/**
 * Begin to note.
 *
 * @param now the clock of the project's file system, in milliseconds
 */
export function watch(now: number): void {
  began = now;
  texts = new Map();
  lead = undefined;
  sights = {
    entry: new Map(),
    end: new Map(),
    content: new Map(),
    names: new Map(),
    entries: new Map(),
    link: new Map(),
    real: new Map(),
    executable: new Map(),
    barred: new Map(),
    facts: new Map(),
  };
}

/** Is anything noted? */
export function watching(): boolean {
  return sights !== undefined && !turned;
}

/** Something was done, or looked at in a way that leaves no trace: nothing is noted any more. */
export function acted(): void {
  sights = undefined;
  lead = undefined;
}

/** A process is started: that ends the noting too, and what was noted led to it. */
export function started(command: Command): void {
  lead = sights && { sights, texts, command };
  sights = undefined;
}

/** @returns what led to the only thing that was done: to start a process */
export function leadOf(): Lead | undefined {
  return lead;
}

/** @returns everything noted, and since when; `undefined` when something was done meanwhile */
export function testimony(): { readonly sights: Sights; readonly began: number } | undefined {
  return sights && { sights, began };
}

/** Looks from which nothing follows: at what this process keeps for itself. */
export function aside<T>(look: () => T): T {
  const before = turned;
  turned = true;
  try {
    return look();
  } finally {
    turned = before;
  }
}

/**
 * A content has been read to its end. What is no plain file, or not as long as it says, may say
 * something else the next time and look the same: a pipe, a terminal, a file of `/proc`.
 */
export function noteLength(path: string, length: number): void {
  if (sights === undefined || turned) return;
  const look = sights.content.get(path) as Look | Nothing | undefined;
  if (look?.kind !== "file" || look.size !== length) acted();
}

/** A small file has been read. */
export function noteText(path: string, bytes: Uint8Array): void {
  if (sights === undefined || turned) return;
  noteLength(path, bytes.length);
  const before = texts.get(path);
  // Another text behind the same times: somebody else is at work.
  if (before !== undefined && !before.every((byte, at) => byte === bytes[at])) acted();
  else texts.set(path, bytes);
}

/** A look. One that differs from an earlier one is the sign of somebody else at work. */
export function note(way: Way, path: string, seen: Seen | undefined): void {
  if (sights === undefined || turned) return;
  const known = sights[way];
  const before = known.get(path);
  if (before === undefined) known.set(path, seen ?? null);
  else if (!alike(before, seen ?? null)) acted();
}

/**
 * Did two looks see the same? Of what is no file or link its kind counts: the times of a directory
 * say nothing that its names do not.
 */
export function alike(a: Seen, b: Seen): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && alikeNames(a, b);
  return !Array.isArray(b) && alikeLooks(a as Look, b as Look);
}

function alikeLooks(a: Look, b: Look): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind === "directory" || a.kind === "other" || isSame(a, b);
}

/** What a file is known again by. */
export type Times = Pick<Look, "size" | "mtime" | "ctime" | "inode">;

/** Is it the same file, unchanged as far as its times tell? */
export function isSame(a: Times, b: Times): boolean {
  return a.size === b.size && a.mtime === b.mtime && a.ctime === b.ctime && a.inode === b.inode;
}

/** In the same order as long as nothing has changed. */
function alikeNames(
  a: readonly (string | Named)[],
  b: readonly (string | Named)[],
): boolean {
  if (a.length !== b.length) return false;
  if (a.every((each, at) => textOf(each) === textOf(b[at]!))) return true;
  const names = new Set(a.map(textOf));
  return b.every((each) => names.has(textOf(each)));
}

function textOf(each: string | Named): string {
  return typeof each === "string" ? each : `${each.kind} ${each.name}`;
}

/** The part of `Stats` of `node:fs` that makes a look. */
export interface StatsLike {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

export function lookOf(stats: StatsLike): Look {
  const { size, mtimeMs: mtime, ctimeMs: ctime, ino: inode } = stats;
  return { kind: kindOf(stats), size, mtime, ctime, inode };
}

export function kindOf(
  entry: Pick<StatsLike, "isFile" | "isDirectory" | "isSymbolicLink">,
): Look["kind"] {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "link" : "other";
}
