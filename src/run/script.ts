/**
 * The process that runs a script: its placeholders are evaluated, and its interpreter is looked for.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import type { Action } from "../model/action.ts";
import type { DeclaredInterpreter, Interpreting } from "../model/interpreter.ts";
import type { Problem } from "../model/problem.ts";
import type { Surroundings } from "../source/binding.ts";
import type { Environment } from "../source/spec/environment.ts";
import { interpreterName } from "../source/spec/interpreter.ts";
import { expandScript, parseScript } from "../source/spec/script_text.ts";
import type { Launch, Prepared, ProcessSettings } from "./perform.ts";
import { findProgram } from "./program.ts";
import { findPython } from "./python.ts";
import { interpretingOf, scriptProgram } from "./script_program.ts";

type Failed = { readonly problems: readonly Problem[] };

/** The process to start for a script. */
export function launchScript(
  { step, task, context, env, cwd, kept }: Prepared,
  { script, interpreter }: Extract<Action, { readonly kind: "shell" }>,
  host: Host,
  surroundings: Surroundings,
  settings: ProcessSettings,
): Launch | Failed {
  const parsed = parseScript(script, interpreter?.value, task.id);
  if (!parsed.ok) return parsed;
  const text = expandScript(parsed.value, context, script.place, step.rest);
  if (!text.ok) return text;
  const { root } = surroundings;
  const found = findInterpreter(interpreter, { env, cwd, root }, host, settings);
  if ("problem" in found) {
    const place = interpreter?.place ?? script.place;
    return { problems: [{ ...found.problem, task: task.id, place }] };
  }
  const { positional, variables, shown } = text.value;
  const asks = step.alone && !kept;
  const request = { script: text.value.script, name: step.task, args: positional, asks };
  return { words: scriptProgram(found, request), display: shown, variables };
}

/** @returns how scripts are started; or R_PYTHON, R_INTERPRETER */
export function findInterpreter(
  interpreter: DeclaredInterpreter | undefined,
  { env, cwd, root }: {
    readonly env: Environment;
    readonly cwd: string;
    readonly root: string;
  },
  host: Host,
  { python: setting, projectBins }: ProcessSettings,
): Interpreting | { readonly problem: Problem<"R_PYTHON" | "R_INTERPRETER"> } {
  const made = interpretingOf(
    interpreter?.value,
    () => findPython(host, { root, env, ...(setting !== undefined && { setting }) }),
  );
  if (interpreter === undefined || "problem" in made) return made;
  const name = interpreterName(interpreter.value);
  const missing = (program: string) => ({
    problem: { code: "R_INTERPRETER" as const, interpreter: name, program },
  });
  // It is a part of Windows.
  if (interpreter.value === "cmd") return host.os === "windows" ? made : missing("cmd");
  const [program] = made.words ?? [];
  if (program === undefined) return made;
  const found = findProgram(host, { name: program, cwd, root, env, projectBins });
  return "problem" in found ? missing(program) : {
    ...made,
    words: [found.file, ...made.words!.slice(1)],
  };
}
