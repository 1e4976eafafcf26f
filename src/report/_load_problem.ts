/**
 * The sentences about task files that cannot be read or evaluated.
 *
 * @module
 */

import type { FileFault, Problem } from "../model/problem.ts";
import { didYouMean, FAULTS, named, quote } from "./_wording.ts";
import type { Sentence } from "./problem.ts";

type LoadProblem = Problem<
  "E_TOML" | "E_FILE" | "E_DIRECTORY" | "E_TS_SYNTAX" | "E_TS_LOAD" | "E_TS_IMPORT"
>;

const FILE_HINTS: Readonly<Partial<Record<FileFault, string>>> = {
  unreadable: "check who may read it",
  "not-utf8": "save it as UTF-8",
  "unknown-format": "a task file ends in .toml, .ts, .mts, .js or .mjs",
};

export function loadSentence(problem: LoadProblem, show: (path: string) => string): Sentence {
  switch (problem.code) {
    case "E_TOML":
      return tomlSentence(problem);
    case "E_FILE":
      return {
        message: `cannot read the ${problem.role ?? "task file"} ${quote(show(problem.file))}: ${
          FAULTS[problem.why]
        }`,
        hint: FILE_HINTS[problem.why] ?? "check the path",
      };
    case "E_DIRECTORY":
      return {
        message: `cannot start in ${quote(problem.directory)}: ${
          problem.given || problem.why !== "missing"
            ? FAULTS[problem.why]
            : "it is gone, or may not be entered"
        }`,
        hint: problem.why === "odd-name"
          ? "give it another name"
          : problem.given
          ? "check the path after -C"
          : "change to a directory that is there",
      };
    case "E_TS_SYNTAX":
      return { message: `this is not TypeScript: ${problem.detail}` };
    case "E_TS_LOAD":
      return thrownSentence(problem);
    case "E_TS_IMPORT":
      return importSentence(problem);
  }
}

/** By what the parser says. */
const TOML_HINTS: readonly (readonly [said: RegExp, hint: string])[] = [
  [/^invalid value/, 'a value is a text in quotes ("…"), a number, true or false'],
  [
    /in strings|unfinished string/,
    'close it with its quote; text of several lines stands between """ and """',
  ],
  [
    /illegal character in key/,
    "write NAME = VALUE, with the name in quotes where it has more than letters, digits, _ and -",
  ],
  [/escape/, "write \\\\ for a backslash, or put the text between '…'"],
  [/end-of-line/, "begin a new line"],
  [/comma|unfinished (?:table|array)/, "close it, or put a comma before what follows"],
  [/end of key/, "write NAME = VALUE, or [TABLE]"],
  [/twice/, "keep one of them, or rename one"],
];

function tomlSentence({ detail }: Problem<"E_TOML">): Sentence {
  const hint = TOML_HINTS.find(([said]) => said.test(detail))?.[1];
  return { message: `this is not TOML: ${detail}`, ...(hint !== undefined && { hint }) };
}

function thrownSentence({ name, detail, late }: Problem<"E_TS_LOAD">): Sentence {
  if (name === "LoadError") return { message: `it cannot be loaded: ${detail}` };
  const early = /^Cannot access '(\w+)' before initialization/.exec(detail)?.[1];
  return {
    message: `it threw ${late ? "after" : "while"} it was loaded: ${named(name, detail)}`,
    ...(early !== undefined && {
      hint: `${early} is declared further down: write () => ${early}, or move it up`,
    }),
  };
}

function importSentence(problem: Problem<"E_TS_IMPORT">): Sentence {
  if (problem.name !== undefined) {
    const what = problem.name === "default" ? "default export" : `export ${problem.name}`;
    const otherwise = problem.name === "default"
      ? "name what is imported in braces: import { … }"
      : "see what the module exports";
    return {
      message: `${quote(problem.specifier)} has no ${what}`,
      hint: problem.name === "default" && problem.near?.[0] !== undefined
        ? `write import { ${problem.near[0]} } from ${quote(problem.specifier)}`
        : didYouMean(problem.near ?? [], otherwise),
    };
  }
  const local = /^\.{1,2}\//.test(problem.specifier);
  return {
    message: `there is no ${local ? "module" : "package"} ${quote(problem.specifier)}`,
    hint: local ? "check the path, with its ending" : "install it in the project",
  };
}
