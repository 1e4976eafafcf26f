/**
 * The first line of a script, `#!/bin/sh`, on a system that does not look at it: Windows.
 *
 * @module
 */

import { lastPart } from "./paths.ts";

/**
 * The words that run a script: the program's name, to be looked for on PATH since the directories
 * of POSIX systems are not there, and its options.
 *
 * @param text the script
 * @returns undefined where the text does not say
 * @example
 * ```ts
 * shebangWords("#!/usr/bin/env python3\nprint(1)"); // ["python3"]
 * ```
 */
export function shebangWords(text: string): readonly string[] | undefined {
  const found = /^#![ \t]*(\S+)(?:[ \t]+(.*?))?[ \t\r]*(?:\n|$)/.exec(text);
  if (found === null) return undefined;
  const name = lastPart(found[1]!.replaceAll("\\", "/"), true);
  const rest = found[2] ?? "";
  if (name !== "env") return rest === "" ? [name] : [name, rest];
  const words = rest.split(/[ \t]+/).filter((word) => word !== "-S" && word !== "");
  return words.length === 0 ? undefined : words;
}
