/**
 * Patterns of inputs and outputs: which paths they mean, where to look for them, whether two sets
 * can meet.
 *
 * In: patterns as written, the directory they are anchored at. Out: a set that answers for paths
 * relative to the root, with `/`, or what is wrong with which pattern. Patterns are read in order;
 * the last one that matches a path decides. What is the same to a reader is the same set: `./x`,
 * `x/`, `x//y`, `src/./x`, `a/../b`.
 *
 * @module
 */

import {
  classEnd,
  meet,
  parsePattern,
  type Pattern,
  startOf,
  step,
  takesAll,
} from "./_segments.ts";

export interface PatternSet {
  /** From the root, in the order written, one per alternative of braces: for the key. */
  readonly normalised: readonly string[];
  /** Where to look: the literal starts of what is included, none below another; `""` = the root. */
  readonly prefixes: readonly string[];
  /** The included patterns that are plain paths. */
  readonly literals: readonly string[];
  readonly patterns: readonly Pattern[];
  /** @param path relative to the root, with `/` */
  matches(path: string): boolean;
  /** Can something below this directory match? */
  below(directory: string): boolean;
}

export interface PatternFault {
  readonly pattern: string;
  readonly why: "outside" | "absolute" | "empty" | "malformed" | "drive";
  readonly detail?: string;
}

export type Compiled =
  | { readonly ok: true; readonly set: PatternSet }
  | { readonly ok: false; readonly faults: readonly PatternFault[] };

/** More alternatives than a person writes. */
const MOST_ALTERNATIVES = 1000;

/** What is made of patterns at a place is always the same, and every stage of a run asks for it. */
const made = new Map<string, Compiled>();

/** More are forgotten and made again. */
const MOST_MADE = 10_000;

/**
 * @param patterns as written; a leading `!` excludes, `\` takes away a character's meaning
 * @param options.cwd relative to the root, with `/`, `""` for the root
 */
export function compilePatterns(
  patterns: readonly string[],
  { cwd }: { readonly cwd: string },
): Compiled {
  const key = JSON.stringify([cwd, patterns]);
  const known = made.get(key);
  if (known !== undefined) return known;
  const compiled = compile(patterns, cwd);
  if (made.size >= MOST_MADE) made.clear();
  made.set(key, compiled);
  return compiled;
}

function compile(patterns: readonly string[], cwd: string): Compiled {
  const base = cwd.split("/").filter((name) => name !== "" && name !== ".");
  const elsewhere = base[0] === ".." || /^[A-Za-z]:$/.test(base[0] ?? "");
  const compiled: Pattern[] = [];
  const faults: PatternFault[] = [];
  for (const pattern of patterns) {
    const found = elsewhere && !/^!?\//.test(pattern)
      ? { why: "outside" as const, detail: "its directory does" }
      : compileOne(pattern, elsewhere ? [] : base);
    if ("why" in found) faults.push({ pattern, ...found });
    else compiled.push(...found);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, set: patternSet(compiled) };
}

function compileOne(
  pattern: string,
  base: readonly string[],
): readonly Pattern[] | Omit<PatternFault, "pattern"> {
  const into: Pattern[] = [];
  const exclude = pattern.startsWith("!");
  const text = exclude ? pattern.slice(1) : pattern;
  if (text === "") return { why: "empty" };
  if (text.startsWith("!")) return { why: "malformed", detail: "`!` twice" };
  if (text.startsWith("//") || text.startsWith("\\\\")) return { why: "absolute" };
  if (/^[A-Za-z]:/.test(text)) return { why: "drive" };
  if (text.includes("\0")) return { why: "malformed", detail: "a NUL" };
  const alternatives = expandBraces(text);
  if (alternatives === undefined) {
    return { why: "malformed", detail: "a brace is not closed, or too many alternatives" };
  }
  for (const alternative of alternatives) {
    const parsed = parsePattern(alternative, base, exclude);
    if ("why" in parsed) return parsed;
    into.push(parsed);
  }
  return into;
}

function patternSet(patterns: readonly Pattern[]): PatternSet {
  const included = patterns.filter((each) => !each.exclude);
  return {
    normalised: patterns.map((each) => each.text),
    prefixes: outermost(included.map((each) => each.prefix)),
    literals: included.filter((each) => each.literal).map((each) => each.prefix),
    patterns,
    matches(path) {
      const names = path.normalize("NFC").split("/");
      for (let index = patterns.length - 1; index >= 0; index--) {
        const pattern = patterns[index]!;
        if (follow(pattern, names).accepted) return !pattern.exclude;
      }
      return false;
    },
    below(directory) {
      const names = directory === "" ? [] : directory.normalize("NFC").split("/");
      return canMatchBelow(patterns, (each) => follow(each, names).next);
    },
  };
}

/** Can anything below match, given what is left of each pattern? */
export function canMatchBelow(
  patterns: readonly Pattern[],
  left: (pattern: Pattern, index: number) => number,
): boolean {
  for (let index = patterns.length - 1; index >= 0; index--) {
    const pattern = patterns[index]!;
    const positions = left(pattern, index);
    if (positions === 0) continue;
    if (!pattern.exclude) return true;
    // It is read last, and nothing below is left to those before it.
    if (takesAll(pattern, positions)) return false;
  }
  return false;
}

function follow(
  pattern: Pattern,
  names: readonly string[],
): { readonly next: number; readonly accepted: boolean } {
  let next = startOf(pattern);
  let accepted = false;
  for (const name of names) {
    if (next === 0) return { next, accepted: false };
    ({ next, accepted } = step(pattern, next, name));
  }
  return { next, accepted };
}

/** Those that do not lie below another one, sorted. */
function outermost(prefixes: readonly string[]): string[] {
  const all = new Set(prefixes);
  if (all.has("")) return [""];
  return [...all].sort(byPath).filter((path) => {
    for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
      if (all.has(path.slice(0, at))) return false;
    }
    return true;
  });
}

/** A path's order is that of its code units, with `/` after a directory. */
export function byPath(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Is `path` the directory, or below it? */
export function contains(directory: string, path: string): boolean {
  return directory === "" || path === directory ||
    path.startsWith(directory) && path[directory.length] === "/";
}

/**
 * Can a set match a path, something below it, or something that another set matches? Errs towards
 * yes; an exclusion that comes later and leaves nothing of it counts.
 *
 * @param other a path relative to the root, or a set
 */
export function couldOverlap(set: PatternSet, other: PatternSet | string): boolean {
  if (typeof other === "string") return set.matches(other) || set.below(other);
  return set.patterns.some((a, i) =>
    !a.exclude &&
    other.patterns.some((b, j) =>
      !b.exclude && meet(a, b) && !emptied(set, i, b) && !emptied(other, j, a) &&
      !emptied(set, i, a) && !emptied(other, j, b)
    )
  );
}

/** A later exclusion of a whole directory leaves nothing of what lies below the prefix. */
function emptied(set: PatternSet, index: number, area: Pattern): boolean {
  return set.patterns.slice(index + 1).some((each) => {
    if (!each.exclude) return false;
    const deep = each.segments.at(-1)?.kind === "any depth";
    const simple = each.literal || deep && each.prefix !== "" &&
        each.segments.length === each.prefix.split("/").length + 1;
    if (!simple) return false;
    // `!x/**` leaves `x` itself.
    return contains(each.prefix, area.prefix) && (each.literal || area.prefix !== each.prefix ||
      !area.literal);
  });
}

// ── braces ───────────────────────────────────────────────────────────────────────────────────────

/** `{a,b}` and `{1..3}`, nested; braces without a comma stand for themselves. */
function expandBraces(text: string): string[] | undefined {
  if (!text.includes("{")) return [text];
  const open = nextBrace(text, 0);
  if (open === undefined) return [text];
  const inner = readBrace(text, open);
  if (inner === undefined) return undefined;
  const tails = expandBraces(text.slice(inner.end + 1));
  if (tails === undefined) return undefined;
  const before = text.slice(0, open);
  const middles: string[] = [];
  const range = /^(-?\d{1,6})\.\.(-?\d{1,6})$/.exec(inner.options.join(","));
  if (range !== null) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (Math.abs(to - from) >= MOST_ALTERNATIVES) return undefined;
    for (let at = from;; at += from < to ? 1 : -1) {
      middles.push(String(at));
      if (at === to) break;
    }
  } else {
    for (const option of inner.options) {
      const expanded = expandBraces(option);
      if (expanded === undefined) return undefined;
      middles.push(...expanded);
    }
    if (inner.options.length === 1) {
      for (const [at, middle] of middles.entries()) middles[at] = `\\{${middle}\\}`;
    }
  }
  if (middles.length * tails.length > MOST_ALTERNATIVES) return undefined;
  return middles.flatMap((middle) => tails.map((tail) => before + middle + tail));
}

function nextBrace(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "[") at = classEnd(text, at) ?? at;
    else if (text[at] === "{") return at;
  }
  return undefined;
}

function readBrace(
  text: string,
  open: number,
): { readonly options: readonly string[]; readonly end: number } | undefined {
  const options: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (char === "[") at = classEnd(text, at) ?? at;
    else if (char === "{") depth++;
    else if (char === "," && depth === 1) {
      options.push(text.slice(start, at));
      start = at + 1;
    } else if (char === "}" && --depth === 0) {
      options.push(text.slice(start, at));
      return { options, end: at };
    }
  }
  return undefined;
}
