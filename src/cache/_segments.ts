/**
 * One pattern as a list of segments, and the steps through it: a path is read name by name, and
 * what is left of the pattern is a set of positions, kept as bits of a number. A walk therefore
 * knows in every directory what can still match below it.
 *
 * In: one pattern without braces. Out: its segments, or what is wrong with it.
 *
 * @module
 */

import picomatch from "picomatch";

/** Positions are bits of a 32-bit number; the last one means "at the end". */
const MOST = 30;

export type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | {
    readonly kind: "glob";
    readonly text: string;
    readonly test: RegExp;
    /** What every matching name begins and ends with. */
    readonly head: string;
    readonly tail: string;
  }
  | { readonly kind: "any depth"; readonly text: "**" };

export interface Pattern {
  readonly exclude: boolean;
  /** From the root. */
  readonly segments: readonly Segment[];
  /** A name at its end may be a directory: then everything below it matches too. */
  readonly whole: boolean;
  /** The literal segments at its start, `""` for the root. */
  readonly prefix: string;
  /** For the key: canonical, from the root, escapes only where needed. */
  readonly text: string;
  /** Nothing but a path. */
  readonly literal: boolean;
  /** The positions that one position stands for: `**` is also what follows it. */
  readonly closure: readonly number[];
}

export type SegmentFault = { readonly why: "outside" | "malformed"; readonly detail?: string };

/**
 * @param text without `!`, without braces; from `base` unless it begins with `/`
 * @param base names of directories from the root
 */
export function parsePattern(
  text: string,
  base: readonly string[],
  exclude: boolean,
): Pattern | SegmentFault {
  const parts = splitParts(text);
  if (parts === undefined) return { why: "malformed", detail: "a bracket is not closed" };
  const segments: Segment[] = text.startsWith("/")
    ? []
    : base.map((name) => ({ kind: "literal", text: name }));
  for (const part of parts) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      const left = segments.pop();
      if (left === undefined) return { why: "outside" };
      // What is above `**` is not known.
      if (left.kind === "any depth") return { why: "malformed", detail: "`..` after `**`" };
      continue;
    }
    const segment = parseSegment(part);
    if (segment === undefined) return { why: "malformed", detail: part };
    if (segment.kind === "any depth" && segments.at(-1)?.kind === "any depth") continue;
    segments.push(segment);
  }
  const last = parts.at(-1);
  const asDirectory = last === "" || last === "." || last === "..";
  const end = segments.at(-1);
  // The root itself, and `packages/*/`, mean what is in those directories.
  if (end === undefined || asDirectory && end.kind === "glob") {
    segments.push({ kind: "any depth", text: "**" });
  }
  if (segments.length > MOST) return { why: "malformed", detail: `more than ${MOST} parts` };
  return finish(segments, exclude);
}

function finish(segments: readonly Segment[], exclude: boolean): Pattern {
  const firstGlob = segments.findIndex((each) => each.kind !== "literal");
  const literals = firstGlob === -1 ? segments : segments.slice(0, firstGlob);
  const closure: number[] = [1 << segments.length];
  for (let at = segments.length - 1; at >= 0; at--) {
    const isDeep = segments[at]!.kind === "any depth" && at + 1 < segments.length;
    closure.unshift((1 << at) | (isDeep ? closure[0]! : 0));
  }
  return {
    exclude,
    segments,
    whole: segments.at(-1)?.kind === "literal",
    prefix: literals.map((each) => each.text).join("/"),
    text: (exclude ? "!/" : "/") +
      segments.map((each) => each.kind === "literal" ? escape(each.text) : each.text).join("/"),
    literal: firstGlob === -1,
    closure,
  };
}

/** What came of one more name. */
export interface Step {
  /** Positions for the names below; 0 when nothing below can match. */
  readonly next: number;
  /** The path up to this name matches. */
  readonly accepted: boolean;
  /** The pattern goes on below this very name, not only because of a `**` before it. */
  readonly named: boolean;
}

export const START = 0;

const NOWHERE: Step = { next: 0, accepted: false, named: false };

/** The positions before the first name. */
export function startOf(pattern: Pattern): number {
  return pattern.closure[START]!;
}

export function step(pattern: Pattern, positions: number, name: string): Step {
  const { segments, closure } = pattern;
  const end = segments.length;
  let next = 0;
  let accepted = false;
  let named = false;
  for (let rest = positions; rest !== 0;) {
    const at = 31 - Math.clz32(rest);
    rest &= ~(1 << at);
    if (at === end) {
      // Below a path that is all literal.
      accepted = true;
      next |= 1 << end;
      continue;
    }
    const segment = segments[at]!;
    if (segment.kind === "any depth") {
      next |= closure[at]!;
      if (at + 1 === end) accepted = true;
    } else if (segment.kind === "literal" ? segment.text === name : segment.test.test(name)) {
      if (at + 1 < end) {
        next |= closure[at + 1]!;
        named = true;
      } else {
        accepted = true;
        if (pattern.whole) next |= 1 << end;
      }
    }
  }
  return next === 0 && !accepted ? NOWHERE : { next, accepted, named };
}

/** Everything below matches, whatever its name. */
export function takesAll(pattern: Pattern, positions: number): boolean {
  const end = pattern.segments.length;
  if ((positions & (1 << end)) !== 0) return true;
  return pattern.segments[end - 1]?.kind === "any depth" && (positions & (1 << (end - 1))) !== 0;
}

/** Is there a path that both match, or one of them with something below? Errs towards yes. */
export function meet(a: Pattern, b: Pattern): boolean {
  const seen = new Set<number>();
  const visit = (i: number, j: number): boolean => {
    const key = i * 64 + j;
    if (seen.has(key)) return false;
    seen.add(key);
    const p = a.segments[i];
    const q = b.segments[j];
    if (p === undefined && q === undefined) return true;
    // A path at its end is everything below it, too.
    if (p === undefined) return a.whole;
    if (q === undefined) return b.whole;
    if (p.kind === "any depth" && q.kind === "any depth") {
      return visit(i + 1, j) || visit(i, j + 1);
    }
    if (p.kind === "any depth") {
      return i + 1 === a.segments.length || visit(i + 1, j) || visit(i, j + 1);
    }
    if (q.kind === "any depth") {
      return j + 1 === b.segments.length || visit(i, j + 1) || visit(i + 1, j);
    }
    return alike(p, q) && visit(i + 1, j + 1);
  };
  return visit(0, 0);
}

function alike(
  p: Exclude<Segment, { kind: "any depth" }>,
  q: Exclude<Segment, { kind: "any depth" }>,
): boolean {
  if (p.kind === "literal") return q.kind === "literal" ? p.text === q.text : q.test.test(p.text);
  if (q.kind === "literal") return p.test.test(q.text);
  const heads = p.head.startsWith(q.head) || q.head.startsWith(p.head);
  return heads && (p.tail.endsWith(q.tail) || q.tail.endsWith(p.tail));
}

// ── reading ──────────────────────────────────────────────────────────────────────────────────────

/** At `/`, which no bracket hides: a class never matches one. */
function splitParts(text: string): string[] | undefined {
  if (!/[\\[]/.test(text)) return text.split("/");
  const parts: string[] = [];
  let part = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === "\\") {
      const next = text[at + 1];
      if (next === undefined || next === "/") return undefined;
      part += char + next;
      at++;
    } else if (char === "[") {
      const close = classEnd(text, at);
      if (close === undefined) return undefined;
      part += text.slice(at, close + 1);
      at = close;
    } else if (char === "/") {
      parts.push(part);
      part = "";
    } else part += char;
  }
  parts.push(part);
  return parts;
}

/** Where the class that begins at `[` ends; `]` may be its first member. */
export function classEnd(text: string, open: number): number | undefined {
  let at = open + 1;
  if (text[at] === "!" || text[at] === "^") at++;
  if (text[at] === "]") at++;
  for (; at < text.length && text[at] !== "/"; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "[" && text[at + 1] === ":") {
      const close = text.indexOf(":]", at + 2);
      if (close !== -1) at = close + 1;
    } else if (text[at] === "]") return at;
  }
  return undefined;
}

const OPTIONS = {
  dot: true,
  windows: false,
  posix: true,
  nobrace: true,
  noextglob: true,
  nonegate: true,
  noquantifiers: true,
  strictBrackets: true,
  // A name may hold a line break.
  flags: "s",
};

function parseSegment(part: string): Segment | undefined {
  if (/^\*\*+$/.test(part)) return { kind: "any depth", text: "**" };
  if (!/[*?[\\]/.test(part)) return { kind: "literal", text: part.normalize("NFC") };
  // Only `*`, `?` and classes are special; every other character stands for itself.
  let glob = "";
  let literal = "";
  let head: string | undefined;
  let afterStar = false;
  for (let at = 0; at < part.length; at++) {
    const char = part[at]!;
    if (char === "*" || char === "?" || char === "[") {
      head ??= literal;
      literal = "";
      if (char === "[") {
        const close = classEnd(part, at)!;
        glob += part.slice(at, close + 1).replace(/^\[!/, "[^");
        at = close;
      } else if (char === "?" || !afterStar) glob += char;
      afterStar = char === "*";
      continue;
    }
    const plain = char === "\\" ? part[++at]! : char;
    literal += plain;
    glob += escape(plain);
    afterStar = false;
  }
  if (head === undefined) return { kind: "literal", text: literal.normalize("NFC") };
  try {
    const test = picomatch.makeRe(glob.normalize("NFC"), OPTIONS);
    return { kind: "glob", text: glob, test, head, tail: literal };
  } catch {
    return undefined;
  }
}

function escape(text: string): string {
  return text.replace(/[\\*?[\]{}()!+@|^$,<>"'`#~]/g, "\\$&");
}
