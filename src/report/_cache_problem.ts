/**
 * What is wrong with caching, in words.
 *
 * @module
 */

import type { Problem } from "../model/problem.ts";
import { quote } from "./_wording.ts";
import type { Sentence } from "./problem.ts";

/** The problems that are about the cache. */
export type CacheProblem = Extract<Problem, { readonly code: `${string}_CACHE_${string}` }>;

const INPUTS: Readonly<
  Record<Extract<CacheProblem, { readonly code: "W_CACHE_INPUT" }>["why"], string>
> = {
  special: "is no file, link or directory, and is left out of its inputs",
  unreadable: "cannot be read, so this run is not cached",
  "not unicode": "has a name that is not valid Unicode, so this run is not cached",
  changing: "is being written to, so this run is not cached",
};

const OUTPUTS: Readonly<
  Record<Extract<CacheProblem, { readonly code: "W_CACHE_OUTPUT" }>["why"], string>
> = {
  special: "is no file, link or directory",
  unreadable: "cannot be read",
  "not unicode": "has a name that is not valid Unicode",
  name: "has a name that not every system can have",
  input: "was there before, so it is an input as well, and the task has changed it",
  untouched: "was there before, and the task did not write it",
  overwritten: "was there before and may be part of what the task made of it",
  changing: "is still being written to",
};

const PATTERNS: Readonly<
  Record<Extract<CacheProblem, { readonly code: "E_CACHE_PATTERN" }>["why"], string>
> = {
  outside: "leads out of the project",
  absolute: "is an absolute path",
  drive: "is an absolute path",
  "own root": "begins with the project's own directory",
  empty: "is empty",
  malformed: "cannot be read",
  root: "is the whole project",
  store: "belongs to git or to ntask",
};

export function cacheSentence(problem: CacheProblem): Sentence {
  switch (problem.code) {
    case "E_CACHE_INPUTS":
      return {
        message: `${quote(problem.property)} keeps results, but nothing says what they are made of`,
        hint: "add inputs = […], or inputs = [] when nothing on disk matters",
      };
    case "E_CACHE_INTERACTIVE":
      return {
        message: "a task that talks to a person cannot be cached",
        hint: "add cached = false, or leave out interactive",
      };
    case "E_CACHE_CAPTURE":
      return {
        message: `the body of a cached task uses ${
          quote(problem.name)
        } of the code around it, whose value cannot be told before it runs`,
        hint: "pass it as an argument, or add cached = false",
      };
    case "E_CACHE_PATTERN":
      return {
        message: `the pattern ${quote(problem.pattern)} in ${problem.property} ${
          PATTERNS[problem.why]
        }${problem.detail === undefined ? "" : `: ${problem.detail}`}`,
        hint: patternHint(problem),
      };
    case "E_CACHE_OVERLAP":
      return "input" in problem
        ? {
          message: `the output ${quote(problem.output)} holds the input ${quote(problem.input)}`,
          hint: "what a task makes cannot be what it is made of: name its outputs more exactly",
        }
        : {
          message: `${quote(problem.output)} is also written by ${problem.other}, as ${
            quote(problem.otherOutput)
          }, and nothing says which comes first`,
          hint: problem.other === problem.task
            ? "give each call outputs of its own: {args.name} stands for an argument"
            : `add deps = [${quote(problem.other)}], or give them outputs of their own`,
        };
    case "R_CACHE_OUTPUT": {
      const [first = "", ...more] = problem.patterns.map(quote);
      const many = more.length > 0;
      return {
        message: `the task succeeded without making its ${many ? "outputs" : "output"} ${
          [first, ...more].join(", ")
        }`,
        hint: problem.link === undefined
          ? "correct outputs, or name what may be missing in outputs_optional"
          : `${problem.link} is a link, and what lies behind a link is not kept: name what it leads to`,
      };
    }
    case "R_CACHE_TOOL":
      return {
        message: `cannot ask the tool ${quote(problem.command)}: ${problem.detail}`,
        hint: "correct tools, or install it",
      };
    case "W_CACHE_NO_INPUTS":
      return {
        message: `no file matches ${problem.patterns.map(quote).join(", ")}, so it is not cached`,
        hint: "correct inputs, or write inputs = [] when nothing on disk matters",
      };
    case "W_CACHE_ORDER":
      return {
        message: `it reads ${problem.path}, which ${problem.writer} writes, in no order`,
        hint: `add ${quote(problem.writer)} to deps`,
      };
    case "W_CACHE_INPUT":
      return { message: `${quote(problem.path)} ${INPUTS[problem.why]}` };
    case "W_CACHE_CHANGED":
      return {
        message: `${quote(problem.path)} changed while the task ran, so its result is not kept`,
        hint: "if the task writes it itself, take it out of inputs",
      };
    case "W_CACHE_OUTPUT":
      return {
        message: `${quote(problem.path)} ${OUTPUTS[problem.why]}, so the result is not kept`,
        ...(problem.why === "untouched" && { hint: "delete it once, and run the task again" }),
        ...(problem.why === "overwritten" && {
          hint: "the next run begins without it; if the task needs it, take it out of outputs",
        }),
        ...(problem.why === "input" && {
          hint: "delete it once if the task makes it, else take it out of outputs",
        }),
      };
    case "W_CACHE_STORE":
      return {
        message: `nothing can be kept: ${problem.detail}`,
        hint: "the run goes on without a cache",
      };
    case "W_CACHE_ASIDE": {
      const { path, more, directory } = problem;
      const [what, are] = more === 0
        ? [quote(path), "is"]
        : [`${quote(path)} and ${more} more`, "are"];
      return {
        message: `${what} ${are} not what ntask had put there, and ${are} moved out of the way`,
        hint: `what it was lies in ${directory}; a task that changes it has it in its outputs`,
      };
    }
    case "W_CACHE_ENV":
      return {
        message: "its code uses variables by names that are made up when it runs",
        hint: "list those that matter in cache_env",
      };
    case "W_CACHE_SECRET":
      return {
        message: "what it returned holds a secret, so its result is not kept",
        hint: "return something else, or add cached = false",
      };
    case "W_CACHE_CODE":
      return {
        message: "its code loads or makes code that is not written out, which does not count",
        hint: "import it by its name, or list its files in inputs",
      };
    case "W_CACHE_MANY":
      return {
        message: `it has ${problem.count} inputs, ${problem.below} of them in ${problem.directory}`,
        hint: `if they are not meant, add "!${problem.directory}/**"`,
      };
  }
}

function patternHint(problem: Extract<CacheProblem, { readonly code: "E_CACHE_PATTERN" }>): string {
  if (problem.instead !== undefined) {
    return `write ${JSON.stringify(problem.instead)}; a leading / is the project root`;
  }
  switch (problem.why) {
    case "outside":
      return "patterns stay below the project root";
    case "absolute":
    case "drive":
    case "own root":
      return "write it from the project root; a leading / is the project root";
    case "empty":
      return "name a file, a directory or a pattern";
    case "root":
    case "store":
      return "name the directory or the files that the task makes";
    case "malformed":
      return "brackets and braces are closed; \\ takes away their meaning";
  }
}
