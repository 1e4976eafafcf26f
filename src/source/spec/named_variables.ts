/**
 * Which variables of the environment a script names, by the way its language writes them. Lexical:
 * also in comments and nested quotes, so one too many may be found, never one too few that is
 * written out.
 *
 * @module
 */

import type { Dialect, Interpreter } from "../../model/interpreter.ts";
import { dialectOf } from "./interpreter.ts";

interface Rule {
  /** Each with the name as its first group. */
  readonly names: readonly RegExp[];
  /** A variable whose name is made up when the script runs. */
  readonly computed?: RegExp;
}

const POSIX: Rule = { names: [/\$\{?[#!]?([A-Za-z_][A-Za-z0-9_]*)/g] };

const PWSH: Rule = {
  names: [
    /\$\{?env:([A-Za-z_][A-Za-z0-9_]*)/gi,
    /\benv:[\\/]?([A-Za-z_][A-Za-z0-9_]*)/gi,
    /\bGetEnvironmentVariable\(\s*(?:"|')([A-Za-z_][A-Za-z0-9_]*)/gi,
  ],
  computed: /\benv:[\\/]?\$|\bGetEnvironmentVariable\(\s*[^"'\s]/i,
};

const CMD: Rule = {
  names: [
    /%([A-Za-z_][A-Za-z0-9_]*)(?::[^%\n]*)?%/g,
    /!([A-Za-z_][A-Za-z0-9_]*)(?::[^!\n]*)?!/g,
    /\bdefined\s+([A-Za-z_][A-Za-z0-9_]*)/gi,
  ],
};

const PYTHON: Rule = {
  names: [
    /\benvironb?\s*(?:\[|\.(?:get|pop|setdefault)\()\s*b?(?:"|')([A-Za-z_][A-Za-z0-9_]*)/g,
    /\bgetenvb?\(\s*b?(?:"|')([A-Za-z_][A-Za-z0-9_]*)/g,
    /(?:"|')([A-Za-z_][A-Za-z0-9_]*)(?:"|')\s+(?:not\s+)?in\s+(?:os\.)?environ\b/g,
  ],
  computed: /\benvironb?\s*(?:\[|\.(?:get|pop|setdefault)\()\s*[^"'b\s]|\bgetenvb?\(\s*[^"'b\s]/,
};

/** What no language of ours is: whatever looks like a variable in one of many. */
const UNKNOWN: Rule = {
  names: [
    ...POSIX.names,
    ...PWSH.names,
    ...CMD.names,
    ...PYTHON.names,
    /\benv\.([A-Za-z_][A-Za-z0-9_]*)/g,
    /\b(?:env|ENV)\s*[[{]\s*["']?([A-Za-z_][A-Za-z0-9_]*)/g,
    /\benv\.get\(\s*["']([A-Za-z_][A-Za-z0-9_]*)/g,
  ],
};

const RULES: Readonly<Record<Dialect, Rule>> = {
  posix: POSIX,
  pwsh: PWSH,
  cmd: CMD,
  python: PYTHON,
  unknown: UNKNOWN,
};

/** @returns the names, and whether there are others that only the run would show */
export function namedVariables(
  script: string,
  interpreter: Interpreter | undefined,
): { readonly names: ReadonlySet<string>; readonly computed: boolean } {
  const { names, computed } = RULES[dialectOf(interpreter)];
  const found = new Set<string>();
  for (const pattern of names) for (const [, name] of script.matchAll(pattern)) found.add(name!);
  return { names: found, computed: computed?.test(script) ?? false };
}
