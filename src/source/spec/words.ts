/**
 * The word grammar (toml-spec §7.3) of `cmd` strings and references, and the elements of the list
 * form (§7.4): a text -> word templates, to be evaluated by `expand.ts`.
 *
 * The grammar is the same on every platform. A word's offsets are those of the text it was read
 * from, so a text may be cut at any word and read again.
 *
 * @module
 */

import type { Text } from "../../model/action.ts";
import type { Place } from "../../model/place.ts";
import type { Outcome, Problem } from "../../model/problem.ts";
import { narrow } from "./_narrow.ts";
import {
  checkPlaceholders,
  matchPlaceholder,
  matchSubstitution,
  type Part,
  type Placeholder,
  scanText,
  type Variable,
} from "./placeholder.ts";

/** A stretch of a word. */
export type Segment =
  | { readonly kind: "literal"; readonly text: string; readonly quoted: boolean }
  | {
    readonly kind: "substitution";
    readonly part: Placeholder | Variable;
    readonly quoted: boolean;
    /** The default of an unquoted `{args}`, split into words. */
    readonly words?: readonly Word[];
  };

/** One word as written: it may become no argument, one, or several. */
export interface Word {
  readonly segments: readonly Segment[];
  /** It contains a quote, so it never vanishes. */
  readonly quoted: boolean;
  readonly offset: number;
  readonly length: number;
  /** Its text, when nothing in it is substituted. */
  readonly literal?: string;
}

/** Where a text cannot be split, and why. */
export interface WordFault {
  readonly detail: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * Split a text into word templates.
 *
 * @returns the words up to the first fault, and that fault
 * @example splitWords("p 'a b' c").words.map((word) => word.literal) // ["p", "a b", "c"]
 */
export function splitWords(
  text: string,
): { readonly words: readonly Word[]; readonly fault?: WordFault } {
  return SPECIAL.test(text) ? split(text, 0, text.length, false) : { words: plainWords(text) };
}

/** What makes more of a text than words between spaces. */
const SPECIAL = /["'\\{$\t\r\n]/;

/** Most commands are no more than words; each is read several times. */
function plainWords(text: string): readonly Word[] {
  const words: Word[] = [];
  for (let end = 0; end < text.length; end++) {
    const offset = end;
    end = text.indexOf(" ", offset);
    if (end === -1) end = text.length;
    if (end === offset) continue;
    const literal = text.slice(offset, end);
    const segments = [{ kind: "literal", text: literal, quoted: false }] as const;
    words.push({ segments, quoted: false, offset, length: literal.length, literal });
  }
  return words;
}

/** The words of a placeholder's default. */
export function defaultWords(
  text: string,
  part: Placeholder,
): { readonly words: readonly Word[]; readonly fault?: WordFault } {
  if (part.default === undefined) return { words: [] };
  const { offset } = part.default;
  return split(text, offset, offset + part.default.text.length, true);
}

/** The parts of some words, those of split defaults left out: they are the parts of the default. */
export function wordParts(words: readonly Word[]): readonly Part[] {
  return words.flatMap(({ segments }) =>
    segments.flatMap((segment) => segment.kind === "substitution" ? [segment.part] : [])
  );
}

/**
 * Read a `cmd` string.
 *
 * @returns its words with a W_SHELL_SYNTAX warning where it looks like a script; or E_CMD_PARSE,
 * E_CMD_EMPTY, E_PLACEHOLDER
 */
export function parseCommand(line: Text, task?: string): Outcome<readonly Word[]> {
  const { words, problems } = read(line.text, line.place, task);
  if (problems.length > 0) return { ok: false, problems };
  if (words.length === 0) {
    const problem = {
      code: "E_CMD_EMPTY",
      ...by(task),
      place: line.place,
      property: "cmd",
    } as const;
    return { ok: false, problems: [problem] };
  }
  const suspect = shellSyntax(line.text, words);
  const warnings: Problem[] = suspect === undefined ? [] : [{
    code: "W_SHELL_SYNTAX",
    ...by(task),
    ...narrow(line.place, suspect.offset, suspect.length),
    word: line.text.slice(suspect.offset, suspect.offset + suspect.length),
  }];
  return { ok: true, value: words, warnings };
}

/**
 * Read a reference string: its leading words name a task, the others are that task's command line.
 * How many belong to the name is the graph's to say; from word `n` on, the rest of the text is
 * `text.slice(words[n].offset)`, and it reads as the same words again.
 *
 * @returns the words, of which the first is literal; or E_CMD_PARSE, E_REF_EMPTY, E_REF_DYNAMIC,
 * E_PLACEHOLDER
 */
export function parseReference(reference: Text, task?: string): Outcome<readonly Word[]> {
  const { text, place } = reference;
  const { words, problems } = read(text, place, task);
  if (problems.length > 0) return { ok: false, problems };
  const first = words[0];
  if (first === undefined || first.literal === "") {
    return { ok: false, problems: [{ code: "E_REF_EMPTY", ...by(task), place }] };
  }
  if (first.literal === undefined) {
    const problem: Problem = {
      code: "E_REF_DYNAMIC",
      ...by(task),
      ...narrow(place, first.offset, first.length),
      text: text.slice(first.offset, first.offset + first.length),
    };
    return { ok: false, problems: [problem] };
  }
  return { ok: true, value: words, warnings: [] };
}

/**
 * Read the command line that follows the name in a reference.
 *
 * @returns its words, perhaps none; or E_CMD_PARSE, E_PLACEHOLDER
 */
export function parseLine(line: Text, task?: string): Outcome<readonly Word[]> {
  const { words, problems } = read(line.text, line.place, task);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: words, warnings: [] };
}

/** An element of the list form. */
export type Element =
  /** Exactly `{args}` or `{args:…}`: as many arguments as there are. */
  | { readonly kind: "splice"; readonly part: Placeholder; readonly words?: readonly Word[] }
  /** Everything else is one argument. */
  | { readonly kind: "single"; readonly parts: readonly Part[] };

/**
 * Read an element of the list form of `cmd`; there is no quoting in it.
 *
 * @returns the element; or E_PLACEHOLDER, and E_CMD_PARSE for a default that cannot be split
 */
export function parseElement(element: Text, task?: string): Outcome<Element> {
  const { text, place } = element;
  const part = matchPlaceholder(text, 0);
  if (part?.head.kind === "args" && part.length === text.length) {
    const { words, fault } = defaultWords(text, part);
    const problems = [
      ...checkPlaceholders([part], task, place),
      ...(fault === undefined ? [] : [parseProblem(fault, task, place)]),
    ];
    if (problems.length > 0) return { ok: false, problems };
    const value: Element = {
      kind: "splice",
      part,
      ...(part.default !== undefined && { words }),
    };
    return { ok: true, value, warnings: [] };
  }
  const parts = scanText(text);
  const problems = checkPlaceholders(parts, task, place);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { kind: "single", parts }, warnings: [] };
}

/**
 * Read a text with substitutions and without words: an `env` value, `cwd`, the path of an
 * `envfile`.
 *
 * @returns its parts; or E_PLACEHOLDER
 */
export function parseText(text: Text, task?: string): Outcome<readonly Part[]> {
  const parts = scanText(text.text);
  const problems = checkPlaceholders(parts, task, text.place);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: parts, warnings: [] };
}

/** E_CMD_PARSE for a fault. */
export function parseProblem(
  fault: WordFault,
  task?: string,
  place?: Place,
): Problem<"E_CMD_PARSE"> {
  return {
    code: "E_CMD_PARSE",
    ...by(task),
    ...narrow(place, fault.offset, fault.length),
    detail: fault.detail,
  };
}

function read(
  text: string,
  place: Place,
  task: string | undefined,
): { readonly words: readonly Word[]; readonly problems: readonly Problem[] } {
  const { words, fault } = splitWords(text);
  const problems: Problem[] = [...checkPlaceholders(wordParts(words), task, place)];
  if (fault !== undefined) problems.push(parseProblem(fault, task, place));
  return { words, problems };
}

function by(task: string | undefined): { readonly task?: string } {
  return task === undefined ? {} : { task };
}

const OPERATORS = new Set(["&&", "||", "|", ";", ">", ">>", "<", "2>&1", "&"]);

/** The first word that only a shell would understand. */
function shellSyntax(text: string, words: readonly Word[]): Word | undefined {
  const written = (word: Word) => text.slice(word.offset, word.offset + word.length);
  if (/^[A-Za-z_][A-Za-z0-9_]*=/.test(written(words[0]!))) return words[0];
  return words.find((word) => OPERATORS.has(written(word)));
}

const BLANK = new Set([" ", "\t", "\r", "\n"]);
const ESCAPED_IN_DOUBLE_QUOTES = new Set(['"', "\\", "$", "`"]);

/** Where a scanner stands: outside quotes, or inside `'…'` or `"…"`. */
type Quote = "" | "'" | '"';

/**
 * One pass. At every character an escaped substitution, a substitution, a quote and an ordinary
 * character are tried in this order, so that the braces of a placeholder hold together whatever
 * stands in its default.
 */
function split(
  text: string,
  from: number,
  end: number,
  inDefault: boolean,
): { readonly words: readonly Word[]; readonly fault?: WordFault } {
  const words: Word[] = [];
  let segments: Segment[] = [];
  let literal = "";
  let quote: Quote = "";
  let quoteAt = 0;
  /** Where the current word began; undefined between words. */
  let start: number | undefined;
  let quoted = false;

  const flush = () => {
    if (literal !== "") {
      segments.push({ kind: "literal", text: literal, quoted: quote !== "" });
      literal = "";
    }
  };
  const close = (at: number) => {
    flush();
    if (start === undefined) return;
    const dynamic = segments.some((segment) => segment.kind === "substitution");
    words.push({
      segments,
      quoted,
      offset: start,
      length: at - start,
      ...(!dynamic && {
        literal: segments.map((segment) => segment.kind === "literal" ? segment.text : "").join(""),
      }),
    });
    segments = [];
    start = undefined;
    quoted = false;
  };

  for (let i = from; i < end;) {
    const char = text[i]!;
    if (quote === "" && BLANK.has(char)) {
      close(i++);
      continue;
    }
    if (char === "\\") {
      // A join of two lines is nothing at all: it does not begin a word.
      const lineEnd = quote === "'" ? 0 : newlineLength(text, i + 1, end);
      if (lineEnd > 0) {
        i += 1 + lineEnd;
        continue;
      }
    }
    start ??= i;
    if (char === "\\") {
      const next = i + 1 < end ? text[i + 1] : undefined;
      if (inDefault && (next === "{" || next === "}")) {
        literal += next;
        i += 2;
        continue;
      }
      const escaped = substitution(text, i + 1, end, quote);
      if (escaped !== undefined) {
        literal += text.slice(i + 1, i + 1 + escaped.length);
        i += 1 + escaped.length;
        continue;
      }
      if (quote === "'" || (quote === '"' && !ESCAPED_IN_DOUBLE_QUOTES.has(next ?? ""))) {
        literal += char;
        i++;
        continue;
      }
      if (next === undefined) {
        return { words, fault: { detail: "a backslash at the end", offset: i, length: 1 } };
      }
      literal += next;
      i += 2;
      continue;
    }
    const part = substitution(text, i, end, quote);
    if (part !== undefined) {
      flush();
      const splices = quote === "" && part.kind === "placeholder" && part.head.kind === "args" &&
        part.default !== undefined;
      const inner = splices ? defaultWords(text, part) : undefined;
      if (inner?.fault !== undefined) return { words, fault: inner.fault };
      segments.push({
        kind: "substitution",
        part,
        quoted: quote !== "",
        ...(inner !== undefined && { words: inner.words }),
      });
      i += part.length;
    } else if (quote === "" && (char === "'" || char === '"')) {
      flush();
      quote = char;
      quoteAt = i++;
      quoted = true;
    } else if (char === quote) {
      flush();
      quote = "";
      i++;
    } else {
      literal += char;
      i++;
    }
  }
  if (quote !== "") {
    const detail = `no closing ${quote}`;
    return { words, fault: { detail, offset: quoteAt, length: 1 } };
  }
  close(end);
  return { words };
}

/** In single quotes `${X}` is ordinary text, `{…}` is not. */
function substitution(
  text: string,
  at: number,
  end: number,
  quote: Quote,
): Placeholder | Variable | undefined {
  return quote === "'" ? matchPlaceholder(text, at, end) : matchSubstitution(text, at, end);
}

/** How long the line end at an offset is: 0 when there is none. */
function newlineLength(text: string, at: number, end: number): number {
  if (at >= end) return 0;
  if (text[at] === "\n") return 1;
  return text[at] === "\r" && text[at + 1] === "\n" && at + 1 < end ? 2 : 0;
}
