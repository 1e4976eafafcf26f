/**
 * Which files below a project's root are ntask's own: what tasks made there or what was restored,
 * and nothing that lay there before. Only such files are ever removed. Of each it is known which
 * content it had: what has another one now was put there by somebody else, who may want it back.
 *
 * A file of lines that is only appended to, so that every process of a project can write it and a
 * process that is killed loses nothing. Each has a sum of itself before it, and one that is not what
 * it was counts for nothing:
 *
 * ```
 * SUM ["begin", ID, TASK, PATTERNS, FOREIGN]   an action starts; these files and directories are not ours
 * SUM ["end", ID]                              and has ended
 * SUM ["own", TASK, PATHS, CONTENTS]           they are ours, as they are now
 * SUM ["gone", PATHS]                          and no longer
 * SUM ["put", PATTERNS]                        something stored is put back there
 * ```
 *
 * An action that began and did not end was killed: everything that matches its patterns, but what
 * was there before, is its own, until somebody else works there: he writes down what it left, and
 * that it has ended.
 *
 * @module
 */

import { digestOf } from "../host/hash.ts";
import * as disk from "../host/disk.ts";
import type { Digest } from "../model/digest.ts";
import { isObject, parseJson } from "./_json.ts";
import { compilePatterns, contains, type PatternSet } from "./glob.ts";

/** What is ours. */
export interface Made {
  /** A path; of a directory with a `/` at its end, as everywhere here. */
  readonly name: string;
  /** Of a file, where it is known. `"taken"`: it was somebody else's, and is not to be lost. */
  readonly content?: Digest | "taken";
}

export interface Ledger {
  /** Read what other processes have written since. */
  refresh(): void;
  /**
   * Is it ours?
   *
   * @param name a path; of a directory with a `/` at its end, as everywhere here
   */
  owns(name: string): boolean;
  /** The task that has made it, as far as that is known. */
  ownerOf(name: string): string | undefined;
  /** Can a file of ours with this content be what we had put there? */
  isAsMade(name: string, content: Digest): boolean;
  /**
   * An action starts that writes under some patterns. On the disk when it returns.
   *
   * @param foreign paths there that are not ours
   * @returns what {@linkcode end} takes
   */
  begin(task: string, patterns: readonly string[], foreign: readonly string[]): string;
  /** The action has ended, and this is what it left; what was ours already may be among it. */
  end(id: string, task: string, made: readonly Made[]): void;
  /** Actions that have begun and not ended, and can have written below some paths. */
  open(prefixes: readonly string[]): readonly OpenAction[];
  own(task: string, made: readonly Made[]): void;
  /** Something is about to be put back under some patterns. */
  put(patterns: readonly string[]): void;
  /** A moment, for {@linkcode since}. */
  now(): number;
  /**
   * Where somebody has been at work since a moment: actions that began or ended, and what was put
   * back.
   *
   * @param but the action of who asks
   */
  since(moment: number, but?: string): readonly PatternSet[];
  gone(paths: readonly string[]): void;
  /** It is not there, or not all of it: what is ours may pass for somebody else's. */
  readonly damaged: boolean;
  /** Has it grown so much, or is it so damaged, that it should be written anew? */
  readonly overdue: boolean;
  /** Write it anew. Nobody else may be using it. */
  compact(): void;
}

/** An action that began. */
export interface OpenAction {
  readonly id: string;
  readonly task: string;
  readonly set: PatternSet;
  readonly foreign: ReadonlySet<string>;
}

/** In bytes; less is read in no time, however much of it is out of date. */
const LARGE = 256 << 10;

/** @param file absolute; need not exist */
export function openLedger(file: string): Ledger {
  const owned = new Map<string, Owned>();
  const begun = new Map<string, BegunAction>();
  let read = 0;
  let damaged = disk.stat(file) === undefined;
  /** A line is not what it was. */
  let spoiled = false;
  let inode = -1;
  /** What has happened since it was opened. */
  const works: { readonly id: string; readonly set: PatternSet }[] = [];
  let opened = false;
  refresh();
  opened = true;

  return {
    get damaged() {
      return damaged;
    },
    get overdue() {
      return spoiled || read > LARGE && read > 3 * needed();
    },
    compact,
    refresh,
    owns(name) {
      if (owned.has(name)) return true;
      const path = name.replace(/\/$/, "");
      for (const { set, foreign } of begun.values()) {
        if (foreign.has(name)) continue;
        if (set.matches(path) || path !== name && leadsTo(set, path)) return true;
      }
      return false;
    },
    ownerOf: (name) => owned.get(name)?.task,
    isAsMade(name, content) {
      const known = owned.get(name)?.content ?? "";
      return known === "" || known === shortened(content);
    },
    begin(task, patterns, foreign) {
      const id = disk.temporaryName("");
      append([["begin", id, task, patterns, foreign]], true);
      return id;
    },
    end(id, task, made) {
      append([...owning(task, made), ["end", id]]);
    },
    open: (prefixes) =>
      [...begun.values()].filter(({ set }) =>
        set.prefixes.some((one) => prefixes.some((two) => contains(one, two) || contains(two, one)))
      ),
    own: (task, made) => append(owning(task, made)),
    put: (patterns) => append([["put", patterns]]),
    now() {
      refresh();
      return works.length;
    },
    since(moment, but) {
      refresh();
      return works.slice(moment).filter(({ id }) => id !== but).map(({ set }) => set);
    },
    gone(paths) {
      const known = paths.filter((path) => owned.has(path));
      if (known.length > 0) append([["gone", known]]);
    },
  };

  /** About how large it is when it is written anew. */
  function needed(): number {
    let size = 0;
    for (const path of owned.keys()) size += path.length + 24;
    return size;
  }

  function owning(task: string, made: readonly Made[]): readonly unknown[] {
    const added = made.filter(({ name, content }) => {
      const before = owned.get(name);
      return before === undefined || before.content !== shortened(content);
    });
    // Whose it was first it stays, whoever of us has changed it.
    const byTask = Map.groupBy(added, ({ name }) => owned.get(name)?.task ?? task);
    return [...byTask].map(([owner, each]) => ownLine(owner, each.map((one) => [one.name, one])));
  }

  function append(lines: readonly unknown[], flush = false): void {
    if (lines.length === 0) return;
    // A line that a killed process left half written is ended first.
    disk.append(file, lines.map((line) => `\n${textOf(line)}`).join(""), flush);
    refresh();
  }

  function refresh(): void {
    const stat = disk.stat(file);
    if (stat === undefined) return;
    if (stat.inode !== inode || stat.size < read) {
      owned.clear();
      begun.clear();
      read = 0;
      // What has happened meanwhile may be left out.
      if (inode !== -1) worked("", ["**"]);
      inode = stat.inode;
    }
    if (stat.size === 0) damaged = true;
    if (stat.size === read) return;
    const bytes = disk.readFrom(file, read);
    // What has no end yet is read when it has one.
    const end = bytes.lastIndexOf(10) + 1;
    const text = new TextDecoder().decode(bytes.subarray(0, end));
    read += end;
    for (const line of text.split("\n")) {
      if (line === "") continue;
      const value = valueOf(line);
      if (value === undefined) damaged = spoiled = true;
      else apply(value);
    }
  }

  function worked(id: string, where: readonly string[] | undefined): void {
    if (!opened || where === undefined) return;
    const set = setOf(where);
    if (set !== undefined) works.push({ id, set });
  }

  function apply(line: unknown): void {
    if (!Array.isArray(line)) return;
    const [what, first, second, patterns, foreign] = line as unknown[];
    switch (what) {
      case "begin": {
        if (typeof first !== "string" || !isTexts(patterns) || !isTexts(foreign)) return;
        begun.set(first, begunAction(first, String(second), patterns, foreign));
        worked(first, patterns);
        return;
      }
      case "end":
        worked(String(first), begun.get(String(first))?.patterns);
        begun.delete(String(first));
        return;
      case "put":
        if (isTexts(first)) worked("", first);
        return;
      case "own":
        // Lines of earlier versions do not tell what was in them.
        if (isTexts(second)) enter(String(first), second, isTexts(patterns) ? patterns : []);
        return;
      case "gone":
        if (isTexts(first)) { for (const path of first) owned.delete(path); }
    }
  }

  function enter(task: string, paths: readonly string[], contents: readonly string[]): void {
    for (const [index, path] of paths.entries()) {
      owned.set(path, { task, content: contents[index] ?? "" });
    }
  }

  function compact(): void {
    refresh();
    const byTask = Map.groupBy(owned, ([, { task }]) => task);
    const lines: unknown[] = [...begun.values()].map(({ id, task, patterns, foreign }) => [
      "begin",
      id,
      task,
      patterns,
      [...foreign],
    ]);
    for (const [task, entries] of byTask) lines.push(ownLine(task, entries));
    // Never empty: an empty file has lost what was in it.
    disk.writeWhole(file, ["\n", ...lines.map(textOf)].join(""), { flush: true });
    damaged = spoiled = false;
    refresh();
  }
}

interface BegunAction extends OpenAction {
  readonly patterns: readonly string[];
}

/** Nearly all have ended a few lines further on, and nobody asks what they wrote. */
function begunAction(
  id: string,
  task: string,
  patterns: readonly string[],
  foreign: readonly string[],
): BegunAction {
  let set: PatternSet | undefined;
  return {
    id,
    task,
    patterns,
    get set() {
      return set ??= setOf(patterns) ?? setOf([])!;
    },
    foreign: new Set(foreign),
  };
}

function setOf(patterns: readonly string[]): PatternSet | undefined {
  const compiled = compilePatterns(patterns, { cwd: "" });
  return compiled.ok ? compiled.set : undefined;
}

interface Owned {
  readonly task: string;
  /** `""` where it is not known. */
  readonly content: string;
}

function ownLine(
  task: string,
  entries: readonly (readonly [path: string, { readonly content?: string }])[],
): unknown {
  return [
    "own",
    task,
    entries.map(([path]) => path),
    entries.map(([, { content }]) => shortened(content)),
  ];
}

/** Enough to tell two contents apart that came to one path. */
function shortened(content = ""): string {
  return content.slice(0, 16);
}

function textOf(line: unknown): string {
  const text = JSON.stringify(line);
  return `${sumOf(text)} ${text}\n`;
}

function valueOf(line: string): unknown {
  const text = line.slice(9);
  return line.slice(0, 9) === `${sumOf(text)} ` ? parseJson(text) : undefined;
}

function sumOf(text: string): string {
  return digestOf(text).slice(0, 8);
}

/** Is a directory one that outputs lie in? */
function leadsTo(set: PatternSet, path: string): boolean {
  return isWithin(set, path) && set.below(path);
}

/** Does a path lie in the area of some patterns, so that nobody else may write there meanwhile? */
export function isWithin({ prefixes }: PatternSet, path: string): boolean {
  return prefixes.some((prefix) => prefix !== "" && contains(prefix, path));
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && !isObject(value) &&
    value.every((each) => typeof each === "string");
}
