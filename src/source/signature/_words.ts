/**
 * The first half of binding: the words after a task's name come in, and go out sorted into what
 * was said by option, by position, and to ntask itself. Nothing is converted yet.
 *
 * @module
 */

import { nearest } from "../../model/near.ts";
import type { Param, Signature } from "../../model/param.ts";
import type { Problem } from "../../model/problem.ts";
import { isValue } from "./_value.ts";

/** How a global option takes a value: not at all, always, or if the next word is all digits. */
export type GlobalKind = "flag" | "value" | "optional-number";

/** The words of a command line, sorted. */
export interface Sorted {
  /** Parameter name -> the words given for it by option; `true` or `false` for a flag. */
  readonly given: ReadonlyMap<string, readonly (string | boolean)[]>;
  readonly positions: readonly string[];
  readonly globals: readonly string[];
  /** The words without those: what is the task's, as written. */
  readonly own: readonly string[];
  readonly problems: readonly Problem[];
}

/** Sort the words after a task's name. */
export function sortWords(options: {
  readonly task: string;
  readonly signature: Signature;
  readonly words: readonly string[];
  readonly usage: string;
  readonly isGlobal?: (word: string) => GlobalKind | undefined;
  readonly globalOptions?: Iterable<string>;
}): Sorted {
  const { task, usage, words } = options;
  const { params } = options.signature;
  const isGlobal = options.isGlobal ?? (() => undefined);
  const given = new Map<string, (string | boolean)[]>();
  const positions: string[] = [];
  const globals: string[] = [];
  const own: string[] = [];
  const problems: Problem[] = [];

  let index = 0;
  while (index < words.length) {
    const word = words[index++]!;
    if (word === "--") {
      positions.push(...words.slice(index));
      own.push(...words.slice(index - 1));
      break;
    }
    const [from, before] = [index, globals.length];
    let kept: readonly string[] = [];
    if (isValue(word)) positions.push(word);
    else if (word.startsWith("--")) long(word);
    else kept = short(word);
    own.push(...globals.length === before ? [word, ...words.slice(from, index)] : kept);
  }
  return { given, positions, globals, own, problems };

  function long(word: string): void {
    const equals = word.indexOf("=");
    const name = word.slice(2, equals === -1 ? undefined : equals);
    const attached = equals === -1 ? undefined : word.slice(equals + 1);
    const param = named(params, name);
    if (param !== undefined) {
      if (param.type.kind !== "boolean") give(param, attached ?? next(param, `--${name}`));
      else if (attached === undefined) give(param, true);
      else if (attached === "true" || attached === "false") give(param, attached === "true");
      else wrong(`--${name}`, "takes no value");
      return;
    }
    const positive = name.startsWith("no-") ? named(params, name.slice(3)) : undefined;
    if (positive?.negatable && positive.type.kind === "boolean") {
      if (attached === undefined) give(positive, false);
      else wrong(`--${name}`, "takes no value");
      return;
    }
    const kind = isGlobal(`--${name}`);
    if (kind === undefined) return unknown(`--${name}`);
    globals.push(word);
    if (attached === undefined) takeGlobalValue(kind);
  }

  /** `-v`, `-vx`, `-j4`, `-o file`, `-ofile`: letter by letter. @returns what is the task's of it */
  function short(word: string): readonly string[] {
    let kept = "-";
    const ours = () => kept === "-" ? [] : [kept];
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!;
      const rest = word.slice(at + 1);
      const param = params.find((candidate) => candidate.short === letter);
      if (param !== undefined) {
        kept += letter;
        if (param.type.kind === "boolean") {
          give(param, true);
          continue;
        }
        const value = rest === "" ? next(param, `-${letter}`) : rest.replace(/^=/, "");
        give(param, value);
        return rest === "" && value !== undefined ? [kept, value] : [kept + rest];
      }
      const kind = isGlobal(`-${letter}`);
      if (kind === undefined) {
        unknown(`-${letter}`);
        return ours();
      }
      if (rest !== "" && (kind === "value" || kind === "optional-number" && /^\d+$/.test(rest))) {
        globals.push(`-${letter}`, rest);
        return ours();
      }
      globals.push(`-${letter}`);
      if (rest === "") takeGlobalValue(kind);
    }
    return ours();
  }

  function takeGlobalValue(kind: GlobalKind): void {
    const word = words[index];
    // A missing value is for the reader of the global options to report.
    if (word === undefined || kind === "flag") return;
    if (kind === "value" || /^\d+$/.test(word)) {
      globals.push(word);
      index++;
    }
  }

  /** The value of an option, from the word that follows. */
  function next(param: Param, option: string): string | undefined {
    const word = words[index];
    if (word !== undefined && isValue(word)) {
      index++;
      return word;
    }
    const hint = word === undefined || word === "--"
      ? ""
      : `; a value that begins with a dash is written --${param.option}=${word}`;
    wrong(option, `needs a value${hint}`);
    // So that what looks like the value is not reported a second time, as an option.
    if (word !== undefined && word !== "--" && !isDeclared(word)) index++;
    return undefined;
  }

  function isDeclared(word: string): boolean {
    const name = word.replace(/^--?(no-)?/, "").replace(/=.*$/s, "");
    return named(params, name) !== undefined || isGlobal(word) !== undefined ||
      params.some((param) => param.short === name);
  }

  function give(param: Param, value: string | boolean | undefined): void {
    if (value === undefined) return;
    const list = given.get(param.name);
    if (list === undefined) given.set(param.name, [value]);
    else if (param.many) list.push(value);
    // Keeping the last, or the first, would drop something that was said.
    else wrong(`--${param.option}`, "is given twice");
  }

  function wrong(name: string, detail: string): void {
    problems.push({ code: "R_ARG_VALUE", task, name, detail, usage });
  }

  function unknown(word: string): void {
    const near = nearOption(word, params, options.globalOptions ?? []);
    problems.push({ code: "R_ARG_UNEXPECTED", task, word, why: "unknown option", usage, near });
  }
}

/** `_` and `-` are the same in an option's name, and the camelCase name serves as well. */
export function named(params: readonly Param[], name: string): Param | undefined {
  const dashed = name.replaceAll("_", "-");
  return params.find((param) => param.option.replaceAll("_", "-") === dashed) ??
    params.find((param) => param.name === name);
}

/** The options that a mistyped one could have meant, with their dashes. */
function nearOption(word: string, params: readonly Param[], globals: Iterable<string>): string[] {
  const bare = word.replace(/^--?/, "");
  if (!word.startsWith("--")) {
    // One dash too few is the likely mistake; one letter resembles every other letter.
    return named(params, bare) === undefined ? [] : [`--${bare}`];
  }
  const names = params.flatMap(({ option, negatable }) =>
    negatable ? [option, `no-${option}`] : [option]
  );
  for (const global of globals) {
    if (global.startsWith("--")) names.push(global.slice(2));
  }
  return nearest(bare, names).map((name) => `--${name}`);
}
