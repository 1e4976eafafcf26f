/**
 * Problems -> sentences. The one place where the words are made that a person reads about an
 * expected failure: what was attempted, the quoted value, what would fix it.
 *
 * @module
 */

import type { Problem } from "../model/problem.ts";
import type { Located } from "../model/place.ts";
import { cacheSentence } from "./_cache_problem.ts";
import { loadSentence } from "./_load_problem.ts";
import { frame } from "./frame.ts";
import { processSentence } from "./_process_problem.ts";
import { didYouMean, FAULTS, named, quote } from "./_wording.ts";
import type { Palette } from "./palette.ts";

/** One sentence, and what to do. */
export interface Sentence {
  readonly message: string;
  readonly hint?: string;
  /** Lines that follow the code frame. */
  readonly more?: readonly string[];
}

/** A problem with its place made readable, and further places it speaks of. */
export interface LocatedProblem {
  readonly problem: Problem;
  readonly located?: Located;
  /** For a duplicate: where the other one is. */
  readonly other?: Located;
}

/**
 * The full text of a problem, ending in a line end.
 *
 * @param show how a path is written for this reader, usually relative to where they stand
 */
export function problemText(
  { problem, located, other }: LocatedProblem,
  palette: Palette,
  show: (path: string) => string,
): string {
  const { message, hint, more = [] } = sentence(problem, show);
  const level = problem.code.startsWith("W_")
    ? palette.yellow(`warning[${problem.code}]`)
    : palette.red(`error[${problem.code}]`);
  const subject = problem.task ? `${problem.task}: ` : "";
  let text = `${level}: ${subject}${message}\n`;
  const numbers = [located, other].flatMap((place) =>
    place ? place.frame.map((l) => l.number) : []
  );
  const width = String(Math.max(0, ...numbers)).length;
  if (located) text += frame(located, width, palette, show);
  else if (problem.place) text += `  ${palette.dim("-->")} ${show(problem.place.file)}\n`;
  if (other) {
    text += `  ${palette.dim("the other one:")}\n${frame(other, width, palette, show)}`;
  }
  for (const line of more) text += `  ${palette.dim(line)}\n`;
  if (hint) text += `  ${palette.cyan("help:")} ${hint}\n`;
  return text;
}

/** What is wrong, in words. */
export function sentence(problem: Problem, show: (path: string) => string): Sentence {
  switch (problem.code) {
    case "E_TOML":
    case "E_FILE":
    case "E_DIRECTORY":
    case "E_TS_SYNTAX":
    case "E_TS_LOAD":
    case "E_TS_IMPORT":
      return loadSentence(problem, show);
    case "E_SOURCE_CONFLICT":
      return {
        message: `this file has two task tables: ${problem.tables.join(" and ")}`,
        hint: "keep one of them",
      };
    case "E_NO_TASKS":
      return noTasks(problem, show);
    case "E_NAME":
      return {
        message: `${quote(problem.name)} cannot be a task name: ${problem.why}`,
        hint: "a name begins with a letter, a digit or _ and goes on with these or . : / @ + -",
      };
    case "E_NAME_RESERVED":
      return {
        message: `${quote(problem.name)} is a word of the language and cannot be a task name`,
        hint: 'choose another name, and add aliases = ["…"] if it has to be typed this way',
      };
    case "E_NAME_DUP":
      return {
        message: problem.name === problem.other
          ? `there are two tasks called ${quote(problem.name)}`
          : `${quote(problem.name)} differs from ${quote(problem.other)} only by case or spelling`,
        hint: "rename one of them",
      };
    case "E_TASK_TYPE":
      return problem.found === "an array"
        ? {
          message: "an array could be one command or several tasks",
          hint: `write ${problem.name}.cmd = […] for one command, ` +
            `${problem.name}.tasks = […] for several tasks`,
        }
        : {
          message: `a task cannot be ${problem.found}`,
          hint: "write a command as a string, or a table",
        };
    case "E_KIND_MULTI":
      return {
        message: `it has ${problem.kinds.join(" and ")}, and can have only one of them`,
        hint: "keep one; split the rest into tasks of their own",
      };
    case "E_KIND_NONE":
      return {
        message: `${quote(problem.name)} does nothing: it has neither a kind nor members`,
        hint: "add cmd, shell, call or tasks",
      };
    case "E_GROUP_EXEC":
      return {
        message: `a task with ${problem.kind} cannot also hold the task ${quote(problem.member)}`,
        hint: `move one of the two, or make ${problem.kind} a member of its own`,
      };
    case "E_PROP_UNKNOWN":
      return {
        message: `there is no property ${quote(problem.property)}`,
        hint: didYouMean(problem.near, "remove it, or begin its name with x- to keep it as a note"),
      };
    case "E_PROP_TYPE":
      return {
        message: `${problem.property} is ${problem.found}`,
        hint: didYouMean(problem.near ?? [], `it must be ${problem.expected}`),
      };
    case "E_PROP_SCOPE":
      return {
        message: `${problem.property} has no meaning in ${problem.where}`,
        hint: problem.instead ?? "remove it",
      };
    case "E_ENV_NAME":
      return {
        message: `${quote(problem.name)} cannot be the name of a variable`,
        hint: "use letters, digits and _, not beginning with a digit",
      };
    case "E_ENV_VALUE":
      return {
        message: `the value of ${problem.name} has a NUL character in it`,
        hint: "no system can hand that to a program: leave it out, or write it in a file",
      };
    case "E_JSON":
      return { message: `the file is not JSON: ${problem.detail}` };
    case "E_SETTING_UNKNOWN":
      return {
        message: `there is no setting ${quote(problem.key)}`,
        hint: didYouMean(problem.near, "see `ntask config` for what there is"),
      };
    case "E_SETTING_TYPE":
      return {
        message: `the setting ${
          quote(problem.key)
        } must be ${problem.expected}, not ${problem.found}`,
        ...(problem.near && { hint: didYouMean(problem.near, "") }),
      };
    case "E_SETTING_CONFLICT":
      return {
        message: `the setting ${quote(problem.key)} is written twice`,
        hint: "keep one of them",
      };
    case "E_CMD_EMPTY":
      return {
        message: `${problem.property} is empty`,
        hint: "write a command, or remove the task",
      };
    case "E_CMD_PARSE":
      return { message: `the command cannot be split into words: ${problem.detail}` };
    case "E_CALL":
      return {
        message: `${quote(problem.text)} is not a function's address: ${problem.why}`,
        hint: 'write "module:function" or "./file.ts:function"',
      };
    case "E_REF_EMPTY":
      return { message: "a reference is empty", hint: "name a task, or remove it" };
    case "E_REF_UNKNOWN":
      return {
        message: `it refers to ${quote(problem.name)}, which is not a task`,
        hint: didYouMean(problem.near, "define it, or see `ntask --list` for what there is"),
      };
    case "E_REF_DYNAMIC":
      return {
        message: `the task name in ${quote(problem.text)} is not literal`,
        hint: "write the name itself; placeholders may follow it",
      };
    case "E_CYCLE":
      return {
        message: `it needs itself: ${problem.path.join(" -> ")}`,
        hint: "remove one of these references",
      };
    case "E_LIMIT_UNKNOWN":
      return {
        message: `there is no limit ${quote(problem.limit)}`,
        hint: didYouMean(
          problem.near,
          `write how many there are among the settings: limits = { ${problem.limit} = 1 }`,
        ),
      };
    case "E_LIMIT_SIZE":
      return {
        message: `it takes ${problem.count} of ${quote(problem.limit)}, and there ${
          problem.size === 1 ? "is only 1" : `are only ${problem.size}`
        }`,
        hint: "take less, or raise the limit among the settings; it could never start",
      };
    case "E_LIMIT_HELD":
      return {
        message: `it leads to ${problem.item}, which takes ${problem.count} of ${
          quote(problem.limit)
        }, and itself takes ${problem.held || "none"}`,
        hint: `take ${problem.count} of ${
          quote(problem.limit)
        } here too; else two such tasks could wait for each other for ever`,
      };
    case "E_EXCLUSIVE":
      return {
        message: `its items run at the same time, and ${problem.item} is exclusive`,
        hint: "an exclusive task runs alone: list it in deps, or do without parallel",
      };
    case "E_PLACEHOLDER":
      return {
        message: `there is no placeholder ${quote(problem.text)}`,
        hint: didYouMean(problem.near, "put \\ before it to keep it as text"),
      };
    case "E_ARG_PLACE":
      return {
        message: `${problem.text} cannot stand here in a script for ${problem.interpreter}: ` +
          problem.why,
        hint: problem.instead,
      };
    case "E_COND_SYNTAX":
      return { message: `the condition cannot be read: ${problem.detail}` };
    case "E_COND_VAR":
      return {
        message: `there is no marker ${quote(problem.name)}`,
        hint: didYouMean(problem.near, "see the markers of PEP 508"),
      };
    case "E_COND_OP":
      return {
        message: `${problem.operator} does not work with ${problem.marker}`,
        hint: "it compares versions only; use == or !=",
      };
    case "E_COND_FILES":
      return {
        message: "files can only be asked for a path",
        hint: `write "'path' in files" or "'path' not in files"`,
      };
    case "E_TS_PARAM":
      return {
        message: `the parameter ${quote(problem.param)}${
          problem.type === "" ? "" : ` of type ${problem.type}`
        } cannot become a command line: ${problem.why}`,
        ...(problem.allowed && { hint: `allowed: ${problem.allowed.join(", ")}` }),
      };
    case "E_TS_OPTION":
      return { message: problem.detail };
    case "R_TASK_UNKNOWN":
      return {
        message: `there is no task ${quote(problem.name)}`,
        hint: didYouMean(problem.near, "see `ntask --list` for what there is"),
      };
    case "R_OPTION":
      return {
        message: problem.detail,
        hint: didYouMean(problem.near, "see `ntask --help`"),
      };
    case "R_ARG_MISSING":
      return { message: `${problem.name} is missing`, hint: `usage: ${problem.usage}` };
    case "R_ARG_VALUE":
      return {
        message: `${problem.name}: ${problem.detail}`,
        hint: problem.near !== undefined && problem.near.length > 0
          ? didYouMean(problem.near, "")
          : `usage: ${problem.usage}`,
      };
    case "R_ARG_UNEXPECTED":
      return {
        message: `it does not take ${quote(problem.word)}: ${problem.why}`,
        hint: didYouMean(problem.near, `usage: ${problem.usage}`),
      };
    case "R_INIT":
      return {
        message: `${quote(problem.file)} is there already; nothing was written`,
        hint: "remove it, or run ntask init in another directory",
      };
    case "R_WRITE":
      return { message: `cannot write ${quote(problem.file)}: ${problem.detail}` };
    case "R_CONFIRM":
      return {
        message: `it asks ${quote(problem.question)}, and there is no terminal to ask on`,
        hint: "answer with --yes, or NTASK_YES=1",
      };
    case "R_ARG_HEREDOC":
      return {
        message: `an argument has a line ${quote(problem.delimiter)}, which would end the document`,
        hint: "choose another delimiter",
      };
    case "R_ENV_UNSET":
      return {
        message: `the variable ${problem.name} is not set`,
        hint: `set it, or give a default: \${${problem.name}:-…}`,
      };
    case "R_CWD":
      return {
        message: `cannot run in ${quote(show(problem.directory))}: ${FAULTS[problem.why]}`,
        hint: "create it, or change cwd",
      };
    case "R_COMMAND":
    case "R_INTERPRETER":
    case "R_NUL":
    case "R_PYTHON":
      return processSentence(problem);
    case "R_SHELL":
      return {
        message: `the portable shell cannot run ${problem.construct}: ${problem.detail}`,
        hint: "write it in another way, or use a task for each system",
      };
    case "R_THROWN":
      return thrown(problem, show);
    case "R_HOST":
      return { message: `the function ended without an answer: ${problem.detail}` };
    case "R_CALL":
      return { message: `cannot call ${quote(problem.target)}: ${problem.detail}` };
    case "W_SHADOWED":
      return {
        message: `the tasks in ${show(problem.file)} are not read: ${show(problem.by)} comes first`,
        hint: "keep tasks in one file",
      };
    case "W_SHELL_SYNTAX":
      return {
        message: `${quote(problem.word)} is an ordinary word here: cmd starts no shell`,
        hint: "did you mean shell = …?",
      };
    case "W_PORTABLE":
      return {
        message: `the portable shell cannot run ${problem.construct}: ${problem.detail}`,
        hint: problem.declared
          ? "write it in another way, or choose another interpreter"
          : "it is used where there is no /bin/sh, as on Windows",
      };
    case "W_INTERPRETER":
      return {
        message: "interpreter has no effect: there is no script for it",
        hint: "a script is written as shell = …",
      };
    case "W_LOOKS_LIKE_PROPERTY":
      return {
        message: `${quote(problem.name)} is read as a task`,
        hint: `did you mean the property ${quote(problem.property)}?`,
      };
    case "E_CACHE_INPUTS":
    case "E_CACHE_INTERACTIVE":
    case "E_CACHE_CAPTURE":
    case "E_CACHE_PATTERN":
    case "E_CACHE_OVERLAP":
    case "R_CACHE_OUTPUT":
    case "R_CACHE_TOOL":
    case "W_CACHE_NO_INPUTS":
    case "W_CACHE_ORDER":
    case "W_CACHE_INPUT":
    case "W_CACHE_CHANGED":
    case "W_CACHE_OUTPUT":
    case "W_CACHE_STORE":
    case "W_CACHE_ASIDE":
    case "W_CACHE_ENV":
    case "W_CACHE_SECRET":
    case "W_CACHE_CODE":
    case "W_CACHE_MANY":
      return cacheSentence(problem);
    case "W_INTERACTIVE":
      return {
        message: "it is interactive, and standard input is not a terminal",
        hint:
          "it reads what standard input gives; run it in a terminal to answer it (docker run -it)",
      };
    case "W_ENVFILE": {
      const line = problem.line === undefined ? "" : `:${problem.line}`;
      return { message: `${show(problem.file)}${line}: ${problem.detail}` };
    }
  }
}

function noTasks(
  problem: Extract<Problem, { readonly code: "E_NO_TASKS" }>,
  show: (path: string) => string,
): Sentence {
  if (problem.empty.length > 0) {
    const files = problem.empty.map(show);
    return {
      message: `${files.join(" and ")} ${files.length > 1 ? "define" : "defines"} no task`,
      hint: files.some((file) => /\.[mc]?[jt]s$/.test(file))
        ? 'export one: export const hello = task("echo hello")'
        : 'add one: [tasks] and below it hello = "echo hello"',
    };
  }
  const start = show(problem.start);
  return {
    message: `there is no task file in ${start === "." ? "this directory" : start} or above it`,
    hint: "run ntask init, write tasks.toml or tasks.ts, or go to the project with -C DIR",
  };
}

function thrown(
  { name, detail, stack, causes }: Extract<Problem, { readonly code: "R_THROWN" }>,
  show: (path: string) => string,
): Sentence {
  const message = name === "" ? `it threw ${detail}` : detail === "" ? name : named(name, detail);
  const calls = stack.map(({ name, file, line, column }) =>
    `at ${name} (${show(file)}:${line}:${column})`
  );
  // A single call is where the code frame is.
  const shown = calls.length > 1 ? calls : [];
  return { message, more: [...shown, ...causes.map((cause) => `caused by ${cause}`)] };
}
