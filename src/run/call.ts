/**
 * `call`: the process that calls a function of Python or of a script (toml-spec §13).
 *
 * @module
 */

import { join } from "@std/path";
import type { Host } from "../host/host.ts";
import type { Action } from "../model/action.ts";
import type { CallResult } from "../model/extension.ts";
import type { Problem } from "../model/problem.ts";
import type { Surroundings } from "../source/binding.ts";
import { readCall } from "../source/spec/call.ts";
import { quoteWord } from "./display.ts";
import { SCRIPT_CALL } from "./hidden_mode.ts";
import type { Launch, Prepared, ProcessSettings } from "./perform.ts";
import { findPython, pythonCall } from "./python.ts";

/** What ntask tells itself in the hidden mode, as JSON in one word. */
export interface ScriptCall {
  /** The address, as the task has it. */
  readonly target: string;
  readonly root: string;
  readonly result: CallResult;
}

/** The process to start for an address. */
export function launchCall(
  { step, task, env, cwd }: Prepared,
  { target, result }: Extract<Action, { readonly kind: "call" }>,
  host: Host,
  { root }: Surroundings,
  { python: setting }: ProcessSettings,
): Launch | { readonly problems: readonly Problem[] } {
  const about = { task: task.id, place: target.place };
  const call = readCall(target.text);
  if ("why" in call) {
    return { problems: [{ code: "E_CALL", ...about, text: target.text, why: call.why }] };
  }
  const display = [target.text.trim(), ...step.rest.map(quoteWord)].join(" ");
  if (call.language === "script") {
    const request: ScriptCall = { target: target.text, root, result };
    const words = [...host.self, SCRIPT_CALL, JSON.stringify(request), step.task, ...step.rest];
    return { words, display };
  }
  const python = findPython(host, { root, env, ...(setting !== undefined && { setting }) });
  if ("problem" in python) return { problems: [{ ...python.problem, ...about }] };
  const sources = join(root, "src");
  const path = [cwd, root, ...host.files.kind(sources) === "directory" ? [sources] : []];
  return {
    words: [
      ...python.words,
      ...pythonCall(call, { name: step.task, path, rest: step.rest, result }),
    ],
    display,
  };
}
