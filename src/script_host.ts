/**
 * The hidden mode in which this program calls one function of a script (toml-spec §13.3):
 * environment, directory, streams, signals and the end of the process are the task's own.
 *
 * @module
 */

import { resolve } from "@std/path";
import type { Host } from "./host/host.ts";
import { enterScript } from "./host/script.ts";
import type { AbsolutePath, TaskId } from "./model/id.ts";
import type { Problem } from "./model/problem.ts";
import * as library from "./mod.ts";
import type { ScriptCall } from "./run/call.ts";
import { enterProject } from "./run/body.ts";
import { context, enterContext } from "./run/call_context.ts";
import { readCall, readLiterals } from "./source/spec/call.ts";
import { importerIn, importProblem } from "./source/import_problem.ts";
import { loadProblem, oddPath } from "./source/load_problem.ts";
import { readModuleText } from "./source/module_text.ts";
import { thrownBy, thrownProblem } from "./source/thrown.ts";

/** How it went: a status, and what is to be said about it. */
export interface ScriptEnd {
  readonly code: number;
  readonly problem?: Problem;
}

/** @param words the request, the task's identifier, and its arguments */
export async function callScript(
  host: Host,
  [request, task, ...args]: readonly string[],
): Promise<ScriptEnd> {
  // A person typed the hidden word.
  if (request === undefined || task === undefined) return { code: 2 };
  const { target, root, result: wanted } = JSON.parse(request) as ScriptCall;
  const refuse = (detail: string): ScriptEnd => ({
    code: 1,
    problem: { code: "R_CALL", task, target, detail },
  });
  const call = readCall(target);
  if ("why" in call || call.language !== "script") return refuse("it is no script");
  const file = resolve(root, call.path) as AbsolutePath;
  if (host.files.kind(file) !== "file") return refuse(`there is no file ${call.path}`);
  const odd = oddPath(file, host.os);
  if (odd !== undefined) return refuse(odd);
  const literals = call.args === undefined ? undefined : await readLiterals(call.args);
  if (literals && "why" in literals) return refuse(literals.why);

  const script = enterScript(task, args);
  enterProject(root);
  enterContext({
    task,
    args,
    env: script.env,
    cwd: script.cwd,
    root,
    signal: script.signal,
    log: script.log,
  });
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await host.evaluate(file, library, { root: root as AbsolutePath });
  } catch (error) {
    await script.end();
    return {
      code: 1,
      problem: unresolvedImport(host, file, error) ?? loadProblem(error, [file], task),
    };
  }
  try {
    const found = call.name === undefined ? module.default : member(module, call.name);
    if (typeof found !== "function") {
      // Without a default export importing it was the action.
      if (call.name === undefined && found === undefined) return { code: await script.end() ?? 0 };
      const what = call.name ?? "the default export";
      return refuse(found === undefined ? `there is no ${what}` : `${what} is not a function`);
    }
    const result = await found(...literals?.values ?? [context]);
    if (wanted === "print" && result !== undefined) script.print(result);
    const set = await script.end();
    return { code: (wanted === "exit" ? statusOf(result) : undefined) ?? set ?? 0 };
  } catch (error) {
    await script.end();
    const code = error instanceof library.ShellError && error.code > 0 ? error.code : 1;
    return { code, problem: thrownProblem(thrownBy(error), task as TaskId) };
  }
}

/** How it ends for an error that nobody caught. @param words as in {@linkcode callScript} */
export function strayEnd(
  error: unknown,
  [, task = ""]: readonly string[],
): Required<ScriptEnd> {
  return { code: 1, problem: thrownProblem(thrownBy(error), task as TaskId) };
}

/** An import that leads nowhere, in the script or in what it imports. */
function unresolvedImport(host: Host, file: AbsolutePath, error: unknown): Problem | undefined {
  const importer = importerIn(error) ?? file;
  const read = host.files.readText(importer);
  if (!("text" in read)) return undefined;
  const look = readModuleText(host);
  const resolves = (from: AbsolutePath, name: string) => look(from, name) !== undefined;
  return importProblem(error, [{ file: importer, text: read.text }], resolves);
}

/** What a dotted name means in a module. */
function member(module: Readonly<Record<string, unknown>>, name: string): unknown {
  let value: unknown = module;
  for (const part of name.split(".")) {
    if (value === null || value === undefined) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

function statusOf(result: unknown): number | undefined {
  if (typeof result === "boolean") return result ? 0 : 1;
  return typeof result === "number" ? result & 255 : undefined;
}
