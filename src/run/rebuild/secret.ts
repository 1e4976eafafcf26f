/**
 * What must not be read by people: declared so, or by its name, or by what it looks like.
 *
 * @module
 */

import type { Step } from "../../model/plan.ts";

const NAMES = /SECRET|TOKEN|PASS|PWD|KEY|AUTH|CRED|PRIVATE|SESSION|COOKIE|DSN/i;
const URL_WITH_PASSWORD = /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i;

/** Directories, whose names look like something else. */
const PLAIN = new Set(["PWD", "OLDPWD"]);

/** @param name of a variable or an argument */
export function isSecret(name: string, value: string): boolean {
  return NAMES.test(name) && !PLAIN.has(name.toUpperCase()) || URL_WITH_PASSWORD.test(value);
}

/** `--password x`, `--password=x`, and declared parameters of such names. */
export function secretArguments({ args, rest }: Pick<Step, "args" | "rest">): readonly string[] {
  const found: string[] = [];
  const words = [...args.kind === "words" ? args.words : [], ...rest];
  for (const [index, word] of words.entries()) {
    const [, name, given] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined || !isSecret(name, "")) continue;
    const value = given ?? words[index + 1];
    if (value !== undefined) found.push(value);
  }
  for (const [name, value] of args.kind === "values" ? Object.entries(args.values) : []) {
    if (typeof value === "string" && isSecret(name, value)) found.push(value);
  }
  return found;
}
