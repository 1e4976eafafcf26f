/**
 * Performing one step: its texts are evaluated at the last moment, then its action is started.
 *
 * @module
 */

import type { Command, Exit, Host } from "../host/host.ts";
import type { Change } from "../model/change.ts";
import type { Event } from "../model/event.ts";
import { toChunk } from "../model/chunk.ts";
import type { AbsolutePath } from "../model/id.ts";
import type { Step } from "../model/plan.ts";
import { directoryFault, type Problem } from "../model/problem.ts";
import type { Task } from "../model/task.ts";
import { boundWords, contextOf, environmentOf, type Surroundings } from "../source/binding.ts";
import type { Context } from "../source/spec/expand.ts";
import { expandElements, expandPath, expandWords } from "../source/spec/expand.ts";
import {
  type Environment,
  environmentKey,
  type EnvironmentTrace,
} from "../source/spec/environment.ts";
import { parseCommand, parseElement, parseText } from "../source/spec/words.ts";
import { launchCall } from "./call.ts";
import { variablesOf } from "./child_variables.ts";
import { displayCommand } from "./display.ts";
import type { FunctionRunner } from "./function.ts";
import { findProgram, projectBins, searchPath } from "./program.ts";
import type { Owner } from "./owner.ts";
import type { PythonMarkers } from "./python.ts";
import { declaredNames } from "./declared_names.ts";
import { type ActionResult, type Running, TIMED_OUT } from "./performer.ts";
import { launchScript } from "./script.ts";
import { missingProgram, nulIn, startProblem } from "./start_problem.ts";

/** What the settings say about processes. */
export interface ProcessSettings {
  /** How long one may take to end when it is told to, in milliseconds. */
  readonly killGrace: number;
  /** Look for programs where the project keeps its tools. */
  readonly projectBins: boolean;
  /** Cached tasks are given only what is declared. */
  readonly strictCacheEnv?: boolean;
  /** The Python to use. */
  readonly python?: string;
  /** What ntask writes is coloured, so what tasks write into pipes may be. */
  readonly color?: boolean;
}

/** What performing needs to know of the run. */
export interface Performance {
  readonly host: Host;
  readonly surroundings: Surroundings;
  readonly settings: ProcessSettings;
  readonly functions: FunctionRunner;
  readonly owner: Owner;
  readonly python: PythonMarkers;
  /** Values that must not be read by people, as far as they have come up. */
  readonly secrets?: Set<string>;
  /** Steps that have the machine to themselves write to ntask's own streams. */
  readonly direct: boolean;
  /** Every byte of output must be in the events. */
  readonly events: boolean;
  emit(event: Event): void;
  /** Milliseconds since the run began. */
  time(): number;
}

/** A step whose texts are evaluated. */
export interface Prepared {
  readonly step: Step;
  readonly task: Task;
  readonly context: Context;
  readonly env: Environment;
  readonly cwd: AbsolutePath;
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
  /** What its texts have looked up, where that was asked for. */
  readonly trace?: EnvironmentTrace;
  /** Its output is kept: it reads nothing and writes to pipes, never to ntask's own streams. */
  readonly kept?: true;
  /** Of a cached task: why it is performed. */
  readonly why?: readonly Change[];
}

/** A process to start for a step. */
export interface Launch {
  readonly words: readonly string[];
  readonly display: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Start a step's action.
 *
 * @param done called exactly once, after `act` has returned
 */
export function act(
  step: Step,
  performance: Performance,
  done: (result: ActionResult) => void,
): Running {
  const prepared = prepare(step, performance);
  if ("problems" in prepared) return refuse(prepared.problems, done);
  return actPrepared(prepared, performance, done);
}

/** The same for a step whose texts are evaluated. */
export function actPrepared(
  prepared: Prepared,
  performance: Performance,
  done: (result: ActionResult) => void,
): Running {
  const { timeout: limit } = prepared.step;
  if (limit === undefined) return start(prepared, performance, done);
  let late = false;
  const cancel = performance.host.after(limit, () => {
    late = true;
    running.stop("SIGTERM");
  });
  const running = start(prepared, performance, (result) => {
    cancel();
    done(late ? { code: TIMED_OUT, reason: { kind: "timeout", limit } } : result);
  });
  return running;
}

function start(
  prepared: Prepared,
  performance: Performance,
  done: (result: ActionResult) => void,
): Running {
  const { step, task } = prepared;
  const { host, emit } = performance;
  if (step.terminal && !host.stdinIsTerminal) {
    const problem = { code: "W_INTERACTIVE", task: task.id, place: task.place } as const;
    emit({ type: "problem", problem, step: step.id });
  }
  if (step.action.kind === "function") {
    return performance.functions.run(prepared, step.action, done);
  }
  const launch = launchOf(prepared, performance);
  if ("problems" in launch) return refuse(launch.problems, done);
  return startProcess(prepared, launch, performance, done);
}

/** End a step that cannot be started. */
export function refuse(
  problems: readonly Problem[],
  done: (result: ActionResult) => void,
): Running {
  const problem = problems[0]!;
  queueMicrotask(() => done({ code: statusOf(problem), reason: { kind: "problem", problem } }));
  return { stop() {} };
}

/** The exit status that a problem means (cli.md, toml-spec §17). */
export function statusOf(problem: Problem): number {
  switch (problem.code) {
    case "R_COMMAND":
      return problem.why === "missing" || problem.why === "interpreter" ? 127 : 126;
    case "R_PYTHON":
    case "R_INTERPRETER":
      return 127;
    case "R_CALL":
    case "R_HOST":
    case "R_WRITE":
    case "R_CACHE_OUTPUT":
    case "R_CACHE_TOOL":
      return 1;
    default:
      return 2;
  }
}

/** What preparing a step takes. */
export type Preparing = Pick<
  Performance,
  "host" | "surroundings" | "settings" | "secrets" | "emit"
>;

type Failed = { readonly problems: readonly Problem[] };

/**
 * Evaluate what stands around a step's action.
 *
 * @param options.traced note what its texts look up
 * @param options.kept its output is kept, so it must not depend on where ntask was started
 */
export function prepare(
  step: Step,
  { host, surroundings, settings, emit, secrets: all }: Preparing,
  { traced = false, kept = false }: { readonly traced?: boolean; readonly kept?: boolean } = {},
): Prepared | Failed {
  const task = surroundings.task(step.task);
  const bound = boundWords(task, step.args);
  if (!bound.ok) return bound;
  const cwd = { path: surroundings.root as string };
  // `{task.cwd}` may stand in a variable and a variable in `cwd`: the getter is read when needed.
  const base = contextOf(task, bound.value, surroundings, cwd);
  const trace = traced ? { entries: [], inherited: new Set<string>() } : undefined;
  const environment = environmentOf(task, base, step.layers, surroundings, trace);
  if (!environment.ok) return environment;
  for (const problem of environment.warnings) emit({ type: "problem", problem, step: step.id });
  const { env, missing, assigned } = environment.value;
  for (const name of assigned) {
    // A file may hold what is no text, and a value may be made of one that does.
    if (!env.get(name)?.includes("\0")) continue;
    return {
      problems: [{ code: "R_NUL", task: task.id, place: task.place, where: "variable", name }],
    };
  }
  for (const file of missing) {
    const detail = "it does not exist";
    const problem = { code: "W_ENVFILE", task: task.id, file, detail, missing: true } as const;
    emit({ type: "problem", problem, step: step.id });
  }
  const secrets = [...environment.value.secrets].flatMap((name) => env.get(name) || []);
  for (const secret of secrets) all?.add(secret);
  const { windows } = surroundings;
  const context: Context = {
    ...base,
    env: trace === undefined ? env : watched(env, trace, windows),
  };
  if (kept) {
    env.set("NTASK_RUN_CWD", surroundings.root);
    env.delete("INIT_CWD");
    if (settings.strictCacheEnv) {
      const declared = declaredNames(task.extension.cacheEnv ?? [], surroundings.windows);
      for (const [name] of env.entries()) {
        if (!environment.value.assigned.has(name) && !declared(name)) env.delete(name);
      }
    }
  }
  if (step.cwd !== undefined) {
    const parts = parseText(step.cwd, task.id);
    if (!parts.ok) return parts;
    const path = expandPath(parts.value, context, step.cwd.place);
    if (!path.ok) return path;
    cwd.path = path.value;
    const kind = host.files.kind(path.value);
    if (kind !== "directory") {
      const why = directoryFault(path.value, kind);
      const { place } = step.cwd;
      return { problems: [{ code: "R_CWD", task: task.id, place, directory: path.value, why }] };
    }
  }
  // What a script or a function starts is looked up by others, so they are given the project's bins.
  const { kind } = step.action;
  if (settings.projectBins && kind !== "command" && kind !== "argv") {
    const bins = projectBins(host, { cwd: cwd.path, root: surroundings.root, env });
    const separator = host.os === "windows" ? ";" : ":";
    if (bins.length > 0) env.set("PATH", [...bins, ...searchPath(host, env)].join(separator));
  }
  return {
    step,
    task,
    context,
    env,
    cwd: cwd.path as AbsolutePath,
    secrets,
    ...(trace && { trace }),
    ...(kept && { kept }),
  };
}

/** Names that are looked up are noted, unless a scope has decided on them. */
function watched(
  env: Environment,
  { entries, inherited }: EnvironmentTrace,
  windows: boolean,
): Context["env"] {
  const keyOf = environmentKey(windows);
  const decided = new Set(entries.map(({ name }) => keyOf(name)));
  return {
    get(name) {
      if (!decided.has(keyOf(name))) inherited.add(name);
      return env.get(name);
    },
  };
}

/** What to start for a step that is a process. */
export function launchOf(
  prepared: Prepared,
  { host, surroundings, settings }: Performance,
): Launch | Failed {
  const { step, task, context } = prepared;
  const { action } = step;
  switch (action.kind) {
    case "command": {
      const parsed = parseCommand(action.line, task.id);
      if (!parsed.ok) return parsed;
      const words = expandWords(parsed.value, context, action.line.place);
      if (!words.ok) return words;
      return command([...words.value, ...step.rest], task, action.line.place);
    }
    case "argv": {
      const elements = [];
      for (const word of action.words) {
        const parsed = parseElement(word, task.id);
        if (!parsed.ok) return parsed;
        elements.push(parsed.value);
      }
      const words = expandElements(elements, context, action.words.map((word) => word.place));
      if (!words.ok) return words;
      return command([...words.value, ...step.rest], task, action.words[0]!.place);
    }
    case "shell":
      return launchScript(prepared, action, host, surroundings, settings);
    case "call":
      return launchCall(prepared, action, host, surroundings, settings);
    default:
      throw new Error(`a step of kind ${action.kind} has no process`);
  }
}

function command(words: readonly string[], task: Task, place: Task["place"]): Launch | Failed {
  if (words[0] === undefined || words[0] === "") {
    return { problems: [{ code: "E_CMD_EMPTY", task: task.id, place, property: "cmd" }] };
  }
  return { words, display: displayCommand(words) };
}

function startProcess(
  prepared: Prepared,
  { words, display, variables }: Launch,
  performance: Performance,
  done: (result: ActionResult) => void,
): Running {
  const { host, surroundings, settings, owner, emit, time } = performance;
  const { step, task, env, cwd, secrets, why } = prepared;
  const { id } = step;
  const command = masked(display, secrets);
  emit({ type: "step-start", time: time(), step: id, command, ...(why && { why }) });
  const { projectBins } = settings;
  const request = { name: words[0]!, cwd, root: surroundings.root, env, projectBins };
  const found = findProgram(host, request);
  const program = masked(words[0]!, secrets);
  const about = { task: task.id, place: actionPlace(step) };
  if ("problem" in found) {
    return refuse([{ ...missingProgram(host, found.problem, request), program, ...about }], done);
  }
  const nul = nulIn([...words, ...Object.values(variables ?? {})], program);
  if (nul !== undefined) return refuse([{ ...nul, ...about }], done);
  const streams = streamsOf(prepared, host, performance);
  const all = Object.assign(variablesOf(prepared, streams, settings), variables);
  const start = { file: found.file, words, cwd, env: all };
  return owner.start(host, {
    file: found.file,
    args: words.slice(1),
    cwd,
    env: all,
    ...streams,
    mark: owner.mark(),
  }, {
    output(stream, bytes) {
      emit({ type: "output", step: id, stream, chunk: toChunk(bytes) });
    },
    end: (exit) => done(resultOf(exit)),
    fault(fault) {
      const problem = { ...startProblem(host, fault, start, program), ...about };
      queueMicrotask(() => done({ code: statusOf(problem), reason: { kind: "problem", problem } }));
    },
  });
}

/** How an action ended whose process ended so. */
export function resultOf({ code, signal, usage }: Exit): ActionResult {
  return signal === undefined
    ? { code, ...(usage && { usage }), ...(code !== 0 && { reason: { kind: "exit", code } }) }
    : { code, reason: { kind: "signal", signal } };
}

/** A text of ours in which no secret can be read. */
function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, "***"), text);
}

/**
 * How a step's process gets its streams. One that runs alone has ntask's own: nothing is lost or
 * reordered on the way, and a prompt works. So has one that is interactive, whatever runs beside it
 * and however output is shown, unless stdout is for JSON. With a terminal it also stays in ntask's
 * process group, for the terminal talks to that.
 */
export function streamsOf(
  { step, kept }: Prepared,
  host: Host,
  { direct, events }: Pick<Performance, "direct" | "events">,
): Pick<Command, "stdio" | "detached"> {
  if (!(step.alone || step.terminal) || kept) return { stdio: "piped", detached: true };
  const stdio = direct || step.terminal && !events ? "inherited" : "piped-with-stdin";
  return { stdio, detached: !host.stdinIsTerminal };
}

function actionPlace({ action }: Step): Task["place"] {
  switch (action.kind) {
    case "command":
      return action.line.place;
    case "argv":
      return action.words[0]!.place;
    case "shell":
      return action.script.place;
    case "call":
      return action.target.place;
    default:
      throw new Error(`a step of kind ${action.kind} has no program`);
  }
}
