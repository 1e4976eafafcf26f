/**
 * The inverse of binding: values come in, the words that give them go out, as a person would type
 * them: positions while there is no gap, then options.
 *
 * @module
 */

import type { Value } from "../../model/action.ts";
import type { Param, Signature } from "../../model/param.ts";
import { isValue, wordOf } from "./_value.ts";

/**
 * The words after a task's name that bind to `values`. An empty list has no form on a command line
 * and is left out.
 *
 * @example printArguments(signature, { version: "1.0.0", dryRun: true }) // ["1.0.0", "--dry-run"]
 */
export function printArguments(
  signature: Signature,
  values: Readonly<Record<string, Value>>,
): string[] {
  const positions: string[] = [];
  const options: string[] = [];
  let gap = false;
  for (const param of signature.params) {
    const words = wordsOf(param, values[param.name]);
    if (words.length === 0) gap ||= param.positional;
    else if (param.positional && !gap && words.every(isValue)) {
      positions.push(...words);
      // An array takes every position that is left.
      gap = param.many;
    } // A parameter given by option takes no position, so the later ones may still be positions.
    else options.push(...words.map((word) => optionWord(param, word)));
  }
  return [...positions, ...options];
}

function wordsOf(param: Param, value: Value): string[] {
  if (value === undefined) return [];
  return param.many ? (value as readonly Value[]).map(wordOf) : [wordOf(value)];
}

function optionWord(param: Param, word: string): string {
  const { option, type, negatable } = param;
  if (type.kind !== "boolean") return `--${option}=${word}`;
  if (word === "true") return `--${option}`;
  return negatable ? `--no-${option}` : `--${option}=false`;
}
