/**
 * Conditions (toml-spec §15): text -> expression -> true or false. The language is that of Python's
 * environment markers with one more, `files`.
 *
 * Parsing is pure and reports everything it can. Evaluation asks for a value only when it reaches
 * it, from left to right, so that a condition decided by the platform never starts a Python.
 *
 * @module
 */

import { nearest } from "../../model/near.ts";
import type { Place } from "../../model/place.ts";
import type { Outcome, Problem } from "../../model/problem.ts";
import {
  compareMarker,
  isDefined,
  type MarkerNature,
  type MarkerOperator,
} from "./_marker_compare.ts";
import { type Token, tokenize } from "./_marker_tokens.ts";
import { SYSTEM_MARKERS, type SystemMarker } from "./system_markers.ts";

/** The markers that only a Python interpreter can tell. */
export const PYTHON_MARKERS = [
  "python_version",
  "python_full_version",
  "platform_python_implementation",
  "implementation_name",
  "implementation_version",
] as const;

export type PythonMarker = typeof PYTHON_MARKERS[number];
export type MarkerName = SystemMarker | PythonMarker;

/** A parsed condition. */
export type Expression =
  /** At least two terms each. */
  | { readonly kind: "and" | "or"; readonly terms: readonly Expression[] }
  | {
    readonly kind: "compare";
    readonly marker: MarkerName;
    readonly operator: MarkerOperator;
    readonly literal: string;
    /** The literal stands on the left: `'3' in python_version`. */
    readonly literalFirst: boolean;
    /** Offset and length in the condition's text. */
    readonly within: readonly [offset: number, length: number];
  }
  /** `'path' in files`; a path with `*`, `?` or `[` is a pattern as well. */
  | {
    readonly kind: "files";
    readonly path: string;
    readonly pattern: boolean;
    readonly negated: boolean;
  };

/** What problems are to say about the condition they are in. */
export interface Origin {
  /** Of the condition's text. */
  readonly place?: Place;
  readonly task?: string;
}

export type ParsedCondition =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Where evaluation gets its facts from. */
export interface MarkerSource {
  /** Called only for markers that evaluation reaches, and once for each mention. */
  value(name: MarkerName): string | Problem | Promise<string | Problem>;
  /** Whether a file or directory is at a path, relative to the project root or absolute. */
  exists(path: string): boolean;
  /** Whether anything matches a pattern, relative to the project root. */
  glob(pattern: string): boolean;
}

const NATURE: Readonly<Partial<Record<MarkerName, MarkerNature>>> = {
  python_version: "version",
  python_full_version: "version",
  implementation_version: "version",
  platform_release: "maybe-version",
  platform_version: "maybe-version",
};

/** The names of PEP 345 and of setuptools beside today's. */
const NAMES: ReadonlyMap<string, MarkerName> = new Map([
  ...[...SYSTEM_MARKERS, ...PYTHON_MARKERS].map((name) => [name, name] as const),
  ["os.name", "os_name"],
  ["sys.platform", "sys_platform"],
  ["platform.version", "platform_version"],
  ["platform.machine", "platform_machine"],
  ["platform.python_implementation", "platform_python_implementation"],
  ["python_implementation", "platform_python_implementation"],
]);

const KEYWORDS = ["and", "or", "in", "not"];

/** Deeper parentheses are nobody's intention. */
const DEEPEST = 100;

/**
 * Parse a condition.
 *
 * @param origin the place and task the problems carry; they get the offset within the text
 * @returns the expression, or every `E_COND_…` problem up to the first syntax error
 * @example parseCondition("os_name == 'nt' or 'Makefile' in files")
 */
export function parseCondition(text: string, origin: Origin = {}): ParsedCondition {
  const tokens = tokenize(text);
  const problems: Problem[] = [];
  let index = 0;

  const expression = parseJunction("or", 0);
  if (expression !== undefined && peek().kind !== "end") unexpected('"and" or "or"');
  return problems.length === 0 && expression !== undefined
    ? { ok: true, expression }
    : { ok: false, problems };

  // Each of these gives nothing after a syntax error, which ends the parsing.

  function parseJunction(word: "or" | "and", depth: number): Expression | undefined {
    const terms: Expression[] = [];
    do {
      const term = word === "or" ? parseJunction("and", depth) : parseAtom(depth);
      if (term === undefined) return undefined;
      terms.push(term);
    } while (takeWord(word));
    return terms.length === 1 ? terms[0] : { kind: word, terms };
  }

  function parseAtom(depth: number): Expression | undefined {
    const open = peek();
    if (open.kind !== "open") return parseComparison();
    if (depth >= DEEPEST) return syntax(open, "the parentheses are nested too deeply");
    index++;
    const inner = parseJunction("or", depth + 1);
    if (inner === undefined) return undefined;
    if (peek().kind !== "close") return unexpected('")", "and" or "or"');
    index++;
    return inner;
  }

  function parseComparison(): Expression | undefined {
    const left = parseOperand();
    if (left === undefined) return undefined;
    const operator = parseOperator();
    if (operator === undefined) return undefined;
    const right = parseOperand();
    if (right === undefined) return undefined;
    return comparison(left, operator, right);
  }

  function parseOperand(): Token | undefined {
    const token = peek();
    if (token.kind === "word" && /^\p{N}/u.test(token.text)) {
      return syntax(token, `${token.text} has to be quoted`);
    }
    if (token.kind === "word" && token.text === "not") {
      return syntax(token, '"not" stands only in "not in"; write the opposite comparison');
    }
    if (token.kind !== "string" && (token.kind !== "word" || KEYWORDS.includes(token.text))) {
      return unexpected("a marker or a quoted text");
    }
    if (token.kind === "word" && token.text !== "files" && !NAMES.has(token.text)) {
      const near = nearest(token.text, [...SYSTEM_MARKERS, ...PYTHON_MARKERS, "files"]);
      problems.push({ code: "E_COND_VAR", ...at(token), name: token.text, near });
    }
    index++;
    return token;
  }

  function parseOperator(): MarkerOperator | undefined {
    const token = peek();
    if (token.kind === "operator") {
      index++;
      return token.text as MarkerOperator;
    }
    if (takeWord("in")) return "in";
    if (takeWord("not")) return takeWord("in") ? "not in" : unexpected('"in" after "not"');
    return unexpected("a comparison such as == or in");
  }

  /** Judges a comparison that is well-formed; what is wrong with it does not end the parsing. */
  function comparison(left: Token, operator: MarkerOperator, right: Token): Expression {
    const whole = { offset: left.offset, length: right.offset + right.length - left.offset };
    const within = [whole.offset, whole.length] as const;
    if (isFiles(left) || isFiles(right)) {
      const negated = operator === "not in";
      if (left.kind !== "string" || (operator !== "in" && !negated)) {
        problems.push({ code: "E_COND_FILES", ...at(whole) });
      }
      return { kind: "files", path: left.text, pattern: /[*?[]/.test(left.text), negated };
    }
    if (left.kind === right.kind) {
      syntax(
        whole,
        left.kind === "string"
          ? "one side of a comparison has to be a marker"
          : "one side of a comparison has to be a quoted text",
      );
    }
    const literalFirst = left.kind === "string";
    const word = literalFirst ? right : left;
    const literal = literalFirst ? left.text : right.text;
    // An unknown name was reported; what stands for it here is never evaluated.
    const marker = NAMES.get(word.text) ?? "os_name";
    if (
      NAMES.has(word.text) && left.kind !== right.kind &&
      !isDefined(natureOf(marker), operator, literalFirst ? undefined : literal)
    ) {
      problems.push({ code: "E_COND_OP", ...at(whole), operator, marker: word.text });
    }
    return { kind: "compare", marker, operator, literal, literalFirst, within };
  }

  function peek(): Token {
    return tokens[index]!;
  }

  function takeWord(word: string): boolean {
    const token = peek();
    if (token.kind !== "word" || token.text !== word) return false;
    index++;
    return true;
  }

  function unexpected(expected: string): undefined {
    const token = peek();
    if (token.kind === "bad") return syntax(token, token.text);
    const found = token.kind === "end"
      ? "the end"
      : text.slice(token.offset, token.offset + token.length);
    return syntax(token, `expected ${expected}, found ${found}`);
  }

  function syntax(span: Span, detail: string): undefined {
    problems.push({ code: "E_COND_SYNTAX", ...at(span), detail });
  }

  function at(span: Span) {
    return locate(origin, [span.offset, span.length]);
  }
}

/**
 * Whether a condition holds.
 *
 * @param origin the place and task the problems carry
 * @returns the problem of a value that could not be had, or `E_COND_OP` when it turned out that a
 * release or version of the platform cannot be compared with `~=`
 */
export async function evaluate(
  expression: Expression,
  source: MarkerSource,
  origin: Origin = {},
): Promise<Outcome<boolean>> {
  switch (expression.kind) {
    case "and":
    case "or": {
      const decisive = expression.kind === "or";
      for (const term of expression.terms) {
        const outcome = await evaluate(term, source, origin);
        if (!outcome.ok || outcome.value === decisive) return outcome;
      }
      return sure(!decisive);
    }
    case "files": {
      const { path, pattern, negated } = expression;
      // A file may have a name that looks like a pattern: `app/[id]/page.tsx`.
      const found = source.exists(path) || (pattern && source.glob(path));
      return sure(found !== negated);
    }
    case "compare": {
      const { marker, operator, literal, literalFirst, within } = expression;
      const value = await source.value(marker);
      if (typeof value !== "string") return { ok: false, problems: [value] };
      const text = repair(marker, value);
      const [left, right] = literalFirst ? [literal, text] : [text, literal];
      const holds = compareMarker(natureOf(marker), left, operator, right);
      if (holds !== undefined) return sure(holds);
      return {
        ok: false,
        problems: [{ code: "E_COND_OP", ...locate(origin, within), operator, marker }],
      };
    }
  }
}

interface Span {
  readonly offset: number;
  readonly length: number;
}

function isFiles(token: Token): boolean {
  return token.kind === "word" && token.text === "files";
}

function natureOf(marker: MarkerName): MarkerNature {
  return NATURE[marker] ?? "string";
}

/** A Python built from a work tree without tags calls itself `3.14.0a1+`. */
function repair(marker: MarkerName, value: string): string {
  return marker === "python_full_version" && value.endsWith("+") ? `${value}local` : value;
}

function sure(value: boolean): Outcome<boolean> {
  return { ok: true, value, warnings: [] };
}

/** Only a place that is the way to a string value can be narrowed to a part of it. */
function locate(
  { place, task }: Origin,
  within: readonly [offset: number, length: number],
): { readonly place?: Place; readonly task?: string } {
  return {
    ...(task !== undefined && { task }),
    ...(place !== undefined && { place: "path" in place ? { ...place, within } : place }),
  };
}
