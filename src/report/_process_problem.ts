/**
 * The sentences about processes that cannot be started.
 *
 * @module
 */

import type { Problem } from "../model/problem.ts";
import { didYouMean, quote } from "./_wording.ts";
import type { Sentence } from "./problem.ts";

type ProcessProblem = Problem<"R_COMMAND" | "R_INTERPRETER" | "R_NUL" | "R_PYTHON">;

export function processSentence(
  problem: ProcessProblem,
): Sentence {
  switch (problem.code) {
    case "R_COMMAND":
      return command(problem);
    case "R_INTERPRETER": {
      const { interpreter, program } = problem;
      const wanted = interpreter === program
        ? ""
        : `, which interpreter = ${quote(interpreter)} is`;
      return {
        message: `there is no program ${quote(program)} to run the script with${wanted}`,
        hint: interpreter === "cmd"
          ? "cmd is a part of Windows: write the script for sh, or give the task a condition"
          : interpreter === "sh"
          ? 'install one, or leave interpreter away: "portable" is built in'
          : "install it, or choose another interpreter",
      };
    }
    case "R_NUL":
      return {
        message: problem.where === "variable"
          ? `the value of ${problem.name} has a NUL character in it`
          : `an argument of ${quote(problem.name)} has a NUL character in it`,
        hint: "no system can hand that to a program: leave it out, or write it in a file",
      };
    case "R_PYTHON":
      return {
        message: `no Python was found (looked for ${problem.searched.join(", ")})`,
        hint: "install one, or set NTASK_PYTHON",
      };
  }
}

function command(
  problem: Problem<"R_COMMAND">,
): Sentence {
  const { detail } = problem;
  const program = quote(problem.program);
  switch (problem.why) {
    case "missing":
      if (problem.builtin !== undefined) {
        return {
          message: `there is no program ${program}: it is a word of ${problem.builtin}, ` +
            "and cmd = … starts none",
          hint: problem.builtin === "cmd"
            ? 'write it as shell = …; there interpreter = "cmd" has it'
            : "write it as shell = …",
        };
      }
      return {
        message: `there is no program ${program}`,
        hint: didYouMean(
          problem.near ?? [],
          problem.install !== undefined
            ? `the packages of ${problem.install} are not installed: run your package manager first`
            : problem.searched.length > 0
            ? `looked in ${problem.searched.join(", ")} and on PATH`
            : /[\\/]/.test(problem.program)
            ? "check the path; it is relative to the task's directory"
            : "install it, or check PATH",
        ),
      };
    case "interpreter":
      if (detail?.endsWith("\r")) {
        return {
          message:
            `${program} has lines that end in CRLF, so that its first line means nothing here`,
          hint: "save it with LF, and keep it so: *.sh text eol=lf in .gitattributes",
        };
      }
      return detail === undefined
        ? {
          message: `${program} is there, but what it needs to be started is not`,
          hint: "it may have been made for another system",
        }
        : {
          message: `${program} is a script for ${quote(detail)}, which is not there`,
          hint: "install that, or change the first line of the script",
        };
    case "format":
      return {
        message: `${program} is no program, and its first line names none to run it`,
        hint: `begin it with a line such as #!/bin/sh, or write it as shell = …`,
      };
    case "not-executable":
      return { message: `${program} cannot be executed`, hint: "make it executable: chmod +x" };
    case "directory":
      return { message: `${program} is a directory`, hint: "name a program" };
    case "too-long":
      return {
        message: `the command line of ${program} is longer than the system allows` +
          (detail === undefined ? "" : ` (${detail})`),
        hint: "pass the arguments in a file, or fewer at a time",
      };
    case "line-end":
      return {
        message:
          `an argument of ${program} has a line end in it, which a batch file cannot be given`,
        hint:
          "hand it over in a file or a variable, or start the program that the batch file starts",
      };
    case "other":
      return { message: `${program} could not be started: ${detail ?? "unknown reason"}` };
  }
}
