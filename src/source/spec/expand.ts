/**
 * Evaluates templates (toml-spec §7.2–7.4): words, elements of the list form, plain texts.
 *
 * In: a template of `words.ts` or `placeholder.ts` and the context of one task. Out: finished
 * text. A substituted value is never scanned again and never splits a word.
 *
 * @module
 */

import * as posix from "@std/path/posix";
import * as windows from "@std/path/windows";
import type { AbsolutePath } from "../../model/id.ts";
import type { Place } from "../../model/place.ts";
import type { Outcome, Problem } from "../../model/problem.ts";
import { narrow } from "./_narrow.ts";
import type { BoundWords } from "./arguments.ts";
import { argumentName, type ArgumentUse, optionKey, type Part } from "./placeholder.ts";
import type { Element, Word } from "./words.ts";

/** Environment variables by name; on Windows names differ by more than case. */
export interface Variables {
  get(name: string): string | undefined;
}

/** What a template is evaluated against. */
export interface Context {
  readonly args: BoundWords;
  readonly env: Variables;
  /** `cwd` may be a getter: it is read only where `{task.cwd}` stands. */
  readonly task: { readonly name: string; readonly cwd: string };
  readonly ntask: {
    readonly root: AbsolutePath;
    /** Where the user stands. */
    readonly runCwd: string;
    /** The program itself. */
    readonly exe: string;
  };
  /** An unset variable without a default is an error. */
  readonly strictEnv?: boolean;
  /** The path dialect is that of Windows. */
  readonly windows?: boolean;
  /** How to call the task, for R_ARG_MISSING. */
  readonly usage?: () => string;
}

/**
 * The arguments that words become.
 *
 * @param place of the text the words were read from
 * @returns the arguments; or R_ENV_UNSET, R_ARG_MISSING
 */
export function expandWords(
  words: readonly Word[],
  context: Context,
  place?: Place,
): Outcome<readonly string[]> {
  const faults: Faults = { found: [], place };
  return outcome(faults, expandAll(words, context, faults));
}

/** The arguments that the elements of the list form become. `places` are those of the elements. */
export function expandElements(
  elements: readonly Element[],
  context: Context,
  places: readonly Place[] = [],
): Outcome<readonly string[]> {
  const values: string[] = [];
  const problems: Problem[] = [];
  for (const [index, element] of elements.entries()) {
    const faults: Faults = { found: [], place: places[index] };
    if (element.kind === "single") values.push(evaluateParts(element.parts, context, faults).text);
    else values.push(...spliceArguments(element.words, context, faults));
    problems.push(...faults.found);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: values, warnings: [] };
}

/** The text that parts become: `{args}` is joined with single blanks, defaults are not split. */
export function expandText(
  parts: readonly Part[],
  context: Context,
  place?: Place,
): Outcome<string> {
  const faults: Faults = { found: [], place };
  return outcome(faults, evaluateParts(parts, context, faults).text);
}

/** The path that parts become: a leading `~` is the home directory, the base is the root. */
export function expandPath(
  parts: readonly Part[],
  context: Context,
  place?: Place,
): Outcome<AbsolutePath> {
  const text = expandText(parts, context, place);
  if (!text.ok) return text;
  const dialect = context.windows ? windows : posix;
  const path = expandHome(text.value, context);
  return { ...text, value: dialect.resolve(context.ntask.root, path) as AbsolutePath };
}

function expandHome(path: string, { env, windows }: Context): string {
  if (!(windows ? /^~(?=$|[/\\])/ : /^~(?=$|\/)/).test(path)) return path;
  const home = (windows ? env.get("USERPROFILE") : undefined) ?? env.get("HOME");
  return home ? home + path.slice(1) : path;
}

/** A value, and whether it came about without anybody giving one. */
export interface Value {
  readonly text: string;
  /** It is empty, and not because the user gave an empty argument. */
  readonly nothing: boolean;
}

const NOTHING: Value = { text: "", nothing: true };

/** A part that has a value of its own. */
export type Substitution = Exclude<Part, { readonly kind: "literal" }>;

/** Problems found while one template is evaluated. */
export interface Faults {
  readonly found: Problem[];
  /** Of the text the template was read from. */
  readonly place: Place | undefined;
}

/** The common part of a problem with a substitution. */
export function faultAt(
  { offset, length }: Substitution,
  context: Context,
  { place }: Faults,
): { readonly task: string; readonly place?: Place } {
  return { task: context.task.name, ...narrow(place, offset, length) };
}

/** How to call the task of a context. */
export function usageOf({ task, usage }: Context): string {
  return usage?.() ?? `ntask ${task.name}`;
}

/** The value, unless something was found. */
export function outcome<T>({ found }: Faults, value: T): Outcome<T> {
  return found.length > 0 ? { ok: false, problems: found } : { ok: true, value, warnings: [] };
}

/** The value of one substitution; `{args}` joined. */
export function evaluatePart(
  part: Substitution,
  context: Context,
  faults: Faults,
): Value {
  if (part.kind === "variable") {
    const value = context.env.get(part.name);
    if (value) return made(value);
    if (part.default !== undefined) return made(part.default);
    if (value === undefined) reportUnset(part.name, part, context, faults);
    return NOTHING;
  }
  const { head } = part;
  const fallback = part.default;
  const orDefault = (value: Value | undefined, absent: () => void): Value => {
    if (value !== undefined) return value;
    if (fallback !== undefined) return evaluateParts(fallback.parts, context, faults);
    absent();
    return NOTHING;
  };
  const orMissing = (argument: ArgumentUse["argument"], text: string | undefined) =>
    orDefault(text === undefined ? undefined : given(text), () => {
      const name = argumentName(argument);
      const usage = usageOf(context);
      const at = faultAt(part, context, faults);
      faults.found.push({ code: "R_ARG_MISSING", ...at, name, usage });
    });
  switch (head.kind) {
    case "args": {
      const { rest } = context.args;
      return orDefault(rest.length > 0 ? given(rest.join(" ")) : undefined, () => {});
    }
    case "position":
      return orMissing(head, context.args.positions.get(head.index));
    case "option":
      return orMissing(head, context.args.options.get(optionKey(head.name)));
    case "env": {
      const value = context.env.get(head.name);
      return orDefault(value === undefined ? undefined : made(value), () => {
        reportUnset(head.name, part, context, faults);
      });
    }
    case "task":
      return made(head.name === "cwd" ? context.task.cwd : context.task.name);
    case "ntask":
      return made(
        head.name === "root"
          ? context.ntask.root
          : head.name === "exe"
          ? context.ntask.exe
          : context.ntask.runCwd,
      );
  }
}

function reportUnset(name: string, part: Substitution, context: Context, faults: Faults): void {
  if (!context.strictEnv) return;
  faults.found.push({ code: "R_ENV_UNSET", ...faultAt(part, context, faults), name });
}

/** An argument of the user's: it counts even when it is empty. */
function given(text: string): Value {
  return { text, nothing: false };
}

function made(text: string): Value {
  return { text, nothing: text === "" };
}

/** The text of some parts. It yields nothing if every one of them does. */
export function evaluateParts(
  parts: readonly Part[],
  context: Context,
  faults: Faults,
): Value {
  let text = "";
  let nothing = true;
  for (const part of parts) {
    const value = part.kind === "literal" ? given(part.text) : evaluatePart(part, context, faults);
    text += value.text;
    nothing &&= value.nothing;
  }
  return { text, nothing };
}

/**
 * `{args}` where it may become several arguments.
 *
 * @param fallback its default, split
 */
export function spliceArguments(
  fallback: readonly Word[] | undefined,
  context: Context,
  faults: Faults,
): readonly string[] {
  const { rest } = context.args;
  if (rest.length > 0) return rest;
  return fallback === undefined ? [] : expandAll(fallback, context, faults);
}

function expandAll(words: readonly Word[], context: Context, faults: Faults): string[] {
  return words.flatMap((word) => expandWord(word, context, faults));
}

function expandWord(word: Word, context: Context, faults: Faults): readonly string[] {
  if (word.literal !== undefined) return [word.literal];
  /** The arguments so far; what follows sticks to the last. */
  const made: string[] = [""];
  let spliced = false;
  let nothing = !word.quoted;
  for (const segment of word.segments) {
    if (segment.kind === "literal") {
      made[made.length - 1] += segment.text;
      nothing = false;
      continue;
    }
    const { part } = segment;
    const splices = part.kind === "placeholder" && part.head.kind === "args" && !segment.quoted &&
      !spliced;
    if (splices) {
      spliced = true;
      const [first, ...others] = spliceArguments(segment.words, context, faults);
      if (first === undefined) continue;
      made[made.length - 1] += first;
      made.push(...others);
      nothing = false;
    } else {
      const value = evaluatePart(part, context, faults);
      made[made.length - 1] += value.text;
      nothing &&= value.nothing;
    }
  }
  return nothing ? [] : made;
}
