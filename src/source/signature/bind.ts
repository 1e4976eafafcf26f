/**
 * Binding: a signature and the words after a task's name come in, checked values go out, or every
 * reason why not, each with the usage line. Defaults stay with the function and are not filled in.
 *
 * The rules, beyond `name=value` and positions:
 * - an array takes one element per option, or every position that is left;
 * - a parameter given by option takes no position, the next one does;
 * - an option given twice is an error, unless it is an array's: nothing that was said is dropped;
 * - an option that the task does not declare and ntask knows is ntask's;
 * - after `--` every word is a position.
 *
 * @module
 */

import type { Value } from "../../model/action.ts";
import { nearest } from "../../model/near.ts";
import type { Param, Scalar, Signature } from "../../model/param.ts";
import type { Outcome, Problem } from "../../model/problem.ts";
import { convert, mismatch, shown } from "./_value.ts";
import { type GlobalKind, named, sortWords } from "./_words.ts";
import { labelOf, usageLine } from "./usage.ts";

export type { GlobalKind } from "./_words.ts";

/** What a command line gives to a task, and to ntask. */
export interface Bound {
  /** Parameter name -> value; what was not given is absent. A list is never empty. */
  readonly values: Readonly<Record<string, Value>>;
  /** ntask's own options among the words, as written, each followed by its value if it has one. */
  readonly globals: readonly string[];
  /** The words without those. */
  readonly own: readonly string[];
}

/**
 * Bind the words after a task's name.
 *
 * If `--help` or `-h` is among the global options nothing is an error, and `values` is empty: the
 * caller shows the help instead of running the task.
 *
 * @param options.task as the user writes it, for messages
 * @param options.isGlobal what an option (`--offline`, `-j`: with dashes, without a value) is to
 * ntask; undefined for one it does not know
 * @param options.globalOptions ntask's own options, with dashes, as candidates for "did you mean"
 * @param options.env the value of a variable, for parameters that name one
 * @returns values, or `R_ARG_MISSING`, `R_ARG_VALUE` and `R_ARG_UNEXPECTED`
 */
export function bind(options: {
  readonly task: string;
  readonly signature: Signature;
  readonly words: readonly string[];
  readonly isGlobal?: (word: string) => GlobalKind | undefined;
  readonly globalOptions?: Iterable<string>;
  readonly env?: (name: string) => string | undefined;
}): Outcome<Bound> {
  const { task, signature } = options;
  const usage = usageLine(task, signature);
  const sorted = sortWords({ ...options, usage });
  if (sorted.globals.includes("--help") || sorted.globals.includes("-h")) {
    const { globals, own } = sorted;
    return { ok: true, value: { values: {}, globals, own }, warnings: [] };
  }
  // An unknown option may have a value, which would be taken for a position.
  if (sorted.problems.length > 0) return { ok: false, problems: sorted.problems };

  const problems: Problem[] = [];
  const { byPosition, excess } = assign(signature, sorted.given, sorted.positions);
  const [extra] = excess;
  if (extra !== undefined) problems.push(unexpected(extra));
  const values: Record<string, Value> = {};
  for (const param of signature.params) {
    const value = valueOf(param);
    if (value !== undefined) values[param.name] = value;
  }
  if (problems.length > 0) return { ok: false, problems };
  const { globals, own } = sorted;
  return { ok: true, value: { values, globals, own }, warnings: [] };

  function valueOf(param: Param): Value | undefined {
    const given = sorted.given.get(param.name);
    if (given !== undefined) return converted(param, `--${param.option}`, given);
    const words = byPosition.get(param.name);
    if (words !== undefined) return converted(param, labelOf(param), words);
    const fromEnv = param.env === undefined ? undefined : options.env?.(param.env);
    if (fromEnv !== undefined) return converted(param, param.env!, [fromEnv]);
    if (param.required) {
      problems.push({ code: "R_ARG_MISSING", task, name: labelOf(param), usage });
    }
    return undefined;
  }

  function converted(
    param: Param,
    name: string,
    words: readonly (string | boolean)[],
  ): Value | undefined {
    const found: Scalar[] = [];
    for (const word of words) {
      if (typeof word === "boolean") {
        found.push(word);
        continue;
      }
      const result = convert(param.type, word);
      if (result.ok) found.push(result.value);
      else {
        const { detail, near } = result;
        problems.push({ code: "R_ARG_VALUE", task, name, detail, usage, ...(near && { near }) });
      }
    }
    return param.many ? found : found[0];
  }

  function unexpected(word: string): Problem {
    const why = signature.params.some((param) => param.positional)
      ? "every position is taken"
      : "no word is expected here";
    // `version=1.0.0` is an option without its dashes.
    const name = /^([^=]+)=/.exec(word)?.[1];
    const near = name !== undefined && named(signature.params, name) ? [`--${word}`] : [];
    return { code: "R_ARG_UNEXPECTED", task, word, why, usage, near };
  }
}

/**
 * Check values that a program gives by name: `build.with({ mode: "prod" })`.
 *
 * @returns the values, those that are undefined left out, or `R_ARG_MISSING`, `R_ARG_VALUE` and
 * `R_ARG_UNEXPECTED`
 */
export function bindValues({ task, signature, values }: {
  readonly task: string;
  readonly signature: Signature;
  readonly values: Readonly<Record<string, Value>>;
}): Outcome<Pick<Bound, "values">> {
  const usage = usageLine(task, signature);
  const problems: Problem[] = [];
  const sound: Record<string, Value> = {};
  const names = signature.params.map(({ name }) => name);
  for (const word of Object.keys(values)) {
    if (names.includes(word)) continue;
    const why = "there is no such parameter";
    problems.push({ code: "R_ARG_UNEXPECTED", task, word, why, usage, near: nearest(word, names) });
  }
  // A name that is misspelt is not also missing.
  if (problems.length > 0) return { ok: false, problems };
  for (const param of signature.params) {
    const { name } = param;
    const value = values[name];
    if (value === undefined) {
      if (param.required) problems.push({ code: "R_ARG_MISSING", task, name, usage });
      continue;
    }
    const elements = param.many ? value : [value];
    const detail = Array.isArray(elements)
      ? elements.map((element) => mismatch(param.type, element)).find((why) => why !== undefined)
      : `${shown(value)} is no array`;
    if (detail !== undefined) problems.push({ code: "R_ARG_VALUE", task, name, detail, usage });
    else sound[name] = value;
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, value: { values: sound }, warnings: [] };
}

/** Hand the positions to the parameters that were not given by option, in order. */
function assign(
  { params }: Signature,
  given: ReadonlyMap<string, unknown>,
  positions: readonly string[],
): { byPosition: ReadonlyMap<string, readonly string[]>; excess: readonly string[] } {
  const byPosition = new Map<string, readonly string[]>();
  let left = positions;
  for (const param of params) {
    if (!param.positional || given.has(param.name) || left.length === 0) continue;
    const count = param.many ? left.length : 1;
    byPosition.set(param.name, left.slice(0, count));
    left = left.slice(count);
  }
  return { byPosition, excess: left };
}

/**
 * The arguments to call the function with, after a leading dependency-values parameter.
 *
 * @returns `undefined` stands for what was not given, so that the function's defaults apply
 * @example toCall(signature, { version: "1.0.0" }) // ["1.0.0"]
 */
export function toCall(signature: Signature, values: Readonly<Record<string, Value>>): Value[] {
  const args: Value[] = [];
  for (const entry of signature.shape) {
    if (entry.kind === "object") {
      const given = entry.names.filter((name) => values[name] !== undefined);
      args.push(Object.fromEntries(given.map((name) => [name, values[name]])));
    } else {
      const rest = signature.params.some((param) => param.name === entry.name && param.rest);
      if (rest) args.push(...(values[entry.name] as readonly Value[] | undefined ?? []));
      else args.push(values[entry.name]);
    }
  }
  while (args.length > 0 && args.at(-1) === undefined) args.pop();
  return args;
}
