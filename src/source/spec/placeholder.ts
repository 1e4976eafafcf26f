/**
 * Placeholders and variables in a text of the author's (toml-spec §7.1): what is a substitution,
 * what is literal, and which command-line arguments a text asks for.
 *
 * In: the text. Out: frozen parts, with offsets in UTF-16 units of the text they were read from.
 * Whatever does not match the grammar is literal; nothing here fails.
 *
 * @module
 */

import { nearest } from "../../model/near.ts";
import type { Place } from "../../model/place.ts";
import type { Problem } from "../../model/problem.ts";
import { narrow } from "./_narrow.ts";

/** What a placeholder stands for. */
export type Head =
  | { readonly kind: "args" }
  | { readonly kind: "position"; readonly index: number }
  /** `name` as written; `_` and `-` are the same, see `optionKey`. */
  | { readonly kind: "option"; readonly name: string }
  | { readonly kind: "env"; readonly name: string }
  | { readonly kind: "task"; readonly name: string }
  | { readonly kind: "ntask"; readonly name: string };

/** The text after the first `:` of a placeholder. */
export interface Default {
  /** As written, with `\{` and `\}` still escaped. */
  readonly text: string;
  readonly offset: number;
  readonly parts: readonly Part[];
}

export interface Literal {
  readonly kind: "literal";
  readonly text: string;
}

/** `{head}` or `{head:default}`. */
export interface Placeholder {
  readonly kind: "placeholder";
  readonly head: Head;
  readonly default?: Default;
  readonly offset: number;
  readonly length: number;
}

/** `${name}` or `${name:-default}`; its default is literal. */
export interface Variable {
  readonly kind: "variable";
  readonly name: string;
  readonly default?: string;
  readonly offset: number;
  readonly length: number;
}

export type Part = Literal | Placeholder | Variable;

/**
 * Scan a text in which nothing but substitutions and their escapes means anything: an `env` value,
 * a path, an element of the list form.
 *
 * @example scanText("{env.HOME}/x").map((part) => part.kind) // ["placeholder", "literal"]
 */
export function scanText(text: string): readonly Part[] {
  return scan(text, 0, text.length, false);
}

/**
 * The placeholder that begins exactly at an offset.
 *
 * @param end where the text ends, when that is before its own end
 */
export function matchPlaceholder(
  text: string,
  at: number,
  end: number = text.length,
): Placeholder | undefined {
  if (text[at] !== "{") return undefined;
  HEAD.lastIndex = at;
  const match = HEAD.exec(text);
  if (match === null || HEAD.lastIndex > end) return undefined;
  const head = readHead(match[1]!);
  const after = HEAD.lastIndex;
  if (match[2] === "}") {
    return { kind: "placeholder", head, offset: at, length: after - at };
  }
  const close = closingBrace(text, after, end);
  if (close === undefined) return undefined;
  return {
    kind: "placeholder",
    head,
    default: {
      text: text.slice(after, close),
      offset: after,
      parts: scan(text, after, close, true),
    },
    offset: at,
    length: close + 1 - at,
  };
}

/** The variable that begins exactly at an offset. */
export function matchVariable(
  text: string,
  at: number,
  end: number = text.length,
): Variable | undefined {
  if (text[at] !== "$") return undefined;
  VARIABLE.lastIndex = at;
  const match = VARIABLE.exec(text);
  if (match === null || VARIABLE.lastIndex > end) return undefined;
  const [whole, name, fallback] = match;
  return {
    kind: "variable",
    name: name!,
    ...(fallback !== undefined && { default: fallback }),
    offset: at,
    length: whole.length,
  };
}

const HEAD =
  /\{(args(?:\.(?:\d+|[A-Za-z_][A-Za-z0-9_-]*))?|(?:env|task|ntask)\.[A-Za-z_][A-Za-z0-9_]*)([}:])/y;
const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/y;

function readHead(text: string): Head {
  const dot = text.indexOf(".");
  if (dot === -1) return { kind: "args" };
  const name = text.slice(dot + 1);
  const root = text.slice(0, dot);
  if (root !== "args") return { kind: root as "env" | "task" | "ntask", name };
  return /^\d/.test(name) ? { kind: "position", index: Number(name) } : { kind: "option", name };
}

/** The `}` that ends a default: braces inside balance, escaped ones do not count. */
function closingBrace(text: string, from: number, end: number): number | undefined {
  let depth = 0;
  for (let i = from; i < end; i++) {
    const char = text[i];
    if (char === "\\" && (text[i + 1] === "{" || text[i + 1] === "}")) i++;
    else if (char === "{") depth++;
    else if (char === "}" && depth-- === 0) return i;
  }
  return undefined;
}

function scan(text: string, from: number, end: number, inDefault: boolean): readonly Part[] {
  const parts: Part[] = [];
  let literal = "";
  const push = (part: Placeholder | Variable) => {
    if (literal !== "") parts.push({ kind: "literal", text: literal });
    literal = "";
    parts.push(part);
  };
  for (let i = from; i < end;) {
    const char = text[i]!;
    if (char === "\\" && i + 1 < end) {
      const next = text[i + 1]!;
      if (inDefault && (next === "{" || next === "}")) {
        literal += next;
        i += 2;
        continue;
      }
      const escaped = matchSubstitution(text, i + 1, end);
      if (escaped !== undefined) {
        literal += text.slice(i + 1, i + 1 + escaped.length);
        i += 1 + escaped.length;
        continue;
      }
    }
    const part = matchSubstitution(text, i, end);
    if (part === undefined) {
      literal += char;
      i++;
    } else {
      push(part);
      i += part.length;
    }
  }
  if (literal !== "") parts.push({ kind: "literal", text: literal });
  return parts;
}

/** A placeholder or variable at an offset. */
export function matchSubstitution(
  text: string,
  at: number,
  end: number = text.length,
): Placeholder | Variable | undefined {
  return matchPlaceholder(text, at, end) ?? matchVariable(text, at, end);
}

/** The names that stand after `task.` and `ntask.`. */
const NAMES: Readonly<Record<"task" | "ntask", readonly string[]>> = {
  task: ["name", "cwd"],
  ntask: ["root", "run_cwd", "exe"],
};

/**
 * E_PLACEHOLDER for every `{task.…}` and `{ntask.…}` whose name does not exist, those in defaults
 * included.
 *
 * @param place of the text the parts were read from; each problem points into it
 */
export function checkPlaceholders(
  parts: readonly Part[],
  task?: string,
  place?: Place,
): readonly Problem<"E_PLACEHOLDER">[] {
  const problems: Problem<"E_PLACEHOLDER">[] = [];
  for (const { head, offset, length } of placeholders(parts)) {
    if (head.kind !== "task" && head.kind !== "ntask") continue;
    const known = NAMES[head.kind];
    if (known.includes(head.name)) continue;
    problems.push({
      code: "E_PLACEHOLDER",
      ...(task !== undefined && { task }),
      ...narrow(place, offset, length),
      text: `{${head.kind}.${head.name}}`,
      near: nearest(head.name, known).map((name) => `{${head.kind}.${name}}`),
    });
  }
  return problems;
}

/** Every placeholder of some parts, outer before inner. */
function* placeholders(parts: readonly Part[]): Generator<Placeholder> {
  for (const part of parts) {
    if (part.kind !== "placeholder") continue;
    yield part;
    if (part.default !== undefined) yield* placeholders(part.default.parts);
  }
}

/** A command-line argument that a text asks for. */
export interface ArgumentUse {
  readonly argument: Extract<Head, { readonly kind: "args" | "position" | "option" }>;
  readonly hasDefault: boolean;
  /** It stands inside another placeholder's default. */
  readonly inDefault: boolean;
  /** What its own default asks for in turn, if the argument is not given. */
  readonly fallback: readonly ArgumentUse[];
  readonly offset: number;
  readonly length: number;
}

/**
 * Every `{args}`, `{args.N}` and `{args.name}` of some parts, in the order written. Uses inside
 * the default of another argument are its `fallback`; uses inside the default of `{env.X}` stand
 * in the list itself, marked `inDefault`.
 */
export function argumentUses(parts: readonly Part[], inDefault = false): readonly ArgumentUse[] {
  const uses: ArgumentUse[] = [];
  for (const part of parts) {
    if (part.kind !== "placeholder") continue;
    const { head, offset, length } = part;
    const inner = part.default === undefined ? [] : argumentUses(part.default.parts, true);
    if (head.kind === "args" || head.kind === "position" || head.kind === "option") {
      uses.push({
        argument: head,
        hasDefault: part.default !== undefined,
        inDefault,
        fallback: inner,
        offset,
        length,
      });
    } else uses.push(...inner);
  }
  return uses;
}

/** The same uses with every fallback spread out. */
export function* everyUse(uses: readonly ArgumentUse[]): Generator<ArgumentUse> {
  for (const use of uses) {
    yield use;
    yield* everyUse(use.fallback);
  }
}

/** Option names differ by neither `_` nor `-`: `dry_run` and `dry-run` are one option. */
export function optionKey(name: string): string {
  return name.replaceAll("_", "-");
}

/** What a person calls an argument: `{args.0}`, `--dry-run`. */
export function argumentName(argument: ArgumentUse["argument"]): string {
  switch (argument.kind) {
    case "args":
      return "{args}";
    case "position":
      return `{args.${argument.index}}`;
    case "option":
      return `--${optionKey(argument.name)}`;
  }
}
