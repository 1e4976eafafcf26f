/**
 * From words to arguments, for both kinds of tasks: those that declare their parameters, and those
 * whose texts ask for what they need (toml-spec §6). `pipeline` hands these to the plan.
 *
 * @module
 */

import type { ReadFault } from "../host/host.ts";
import type { Reference, Text } from "../model/action.ts";
import type { AbsolutePath } from "../model/id.ts";
import type { Arguments, Call, Layer } from "../model/plan.ts";
import type { Outcome, Problem } from "../model/problem.ts";
import type { Task } from "../model/task.ts";
import { bind, bindValues } from "./signature/bind.ts";
import { usageLine as typedUsage } from "./signature/usage.ts";
import {
  actionTexts,
  bindWords,
  type BoundWords,
  checkRest,
  forwardedTokens,
  NO_WORDS,
  placesRest,
  restKind,
  routeRest,
  taskTexts,
  usageLine as wordsUsage,
  usesOf,
} from "./spec/arguments.ts";
import {
  composeEnvironment,
  createEnvironment,
  type EnvironmentTrace,
} from "./spec/environment.ts";
import { type Context, expandWords } from "./spec/expand.ts";
import type { ArgumentUse } from "./spec/placeholder.ts";
import { parseLine } from "./spec/words.ts";

/** What texts are evaluated in, apart from the task itself. */
export interface Surroundings {
  readonly root: AbsolutePath;
  /** Where the user stands. */
  readonly runCwd: string;
  /** The program itself. */
  readonly exe: string;
  readonly windows: boolean;
  readonly inherited: Readonly<Record<string, string>>;
  /** A variable that is not set, and has no default, is an error. */
  readonly strictEnv?: boolean;
  readFile(
    path: string,
  ): { readonly text: string } | {
    readonly fault: ReadFault;
  };
  task(id: Call["task"]): Task;
}

/** What is asked for by a task's texts, found once a task. */
interface Uses {
  readonly all: readonly ArgumentUse[];
  readonly placed: boolean;
}

const known = new WeakMap<Task, Uses>();

function uses(task: Task): Uses {
  let found = known.get(task);
  if (found === undefined) {
    const placed = placesRest(usesOf(actionTexts(task.action)));
    known.set(task, found = { all: usesOf(taskTexts(task)), placed });
  }
  return found;
}

/** How to call a task: one line. */
export function usageOf(task: Task): string {
  if (task.signature !== undefined) return typedUsage(task.id, task.signature);
  const kind = restKind(task.action);
  const { all, placed } = uses(task);
  const refuses = kind === undefined || routeRest(kind, placed) === "refuse";
  return wordsUsage(task.id, all, !refuses);
}

/** Its usage is made only when somebody has to be told. */
function askerOf(task: Task): { readonly task: string; readonly usage: string } {
  return {
    task: task.id,
    get usage() {
      return usageOf(task);
    },
  };
}

/** What placeholders stand for in the texts of a call's task. */
export function boundWords(task: Task, args: Arguments): Outcome<BoundWords> {
  if (args.kind === "values") return { ok: true, value: declaredWords(task, args), warnings: [] };
  if (args.words.length === 0 && uses(task).all.length === 0) {
    return { ok: true, value: NO_WORDS, warnings: [] };
  }
  return bindWords(args.words, uses(task).all, askerOf(task));
}

/** Declared parameters of a TOML task, as `{args.name}` and `{args.N}` see them. */
function declaredWords(
  task: Task,
  args: Extract<Arguments, { readonly kind: "values" }>,
): BoundWords {
  const positions = new Map<number, string>();
  const options = new Map<string, string>();
  let position = 0;
  for (const param of task.signature?.params ?? []) {
    const value = args.values[param.name] ?? param.default;
    const index = param.positional ? position++ : undefined;
    if (value === undefined) continue;
    const text = Array.isArray(value) ? value.join(" ") : String(value);
    options.set(param.name.replaceAll("-", "_"), text);
    if (index !== undefined) positions.set(index, text);
  }
  const rest = args.values["--"];
  const words = Array.isArray(rest) ? rest as string[] : [];
  return { positions, options, rest: words, literalFrom: words.length };
}

/** The arguments of a task as the plan wants them. */
export function acceptArguments(task: Task, args: Arguments): Outcome<{
  readonly args: Arguments;
  readonly rest: readonly string[];
  readonly forward: { readonly line: readonly string[]; readonly words: readonly string[] };
}> {
  const nowhere = { line: [], words: [] };
  if (task.signature !== undefined) {
    const values = args.kind === "values"
      ? bindValues({ task: task.id, signature: task.signature, values: args.values })
      : bind({ task: task.id, signature: task.signature, words: args.words });
    if (!values.ok) return values;
    const own: Arguments = { kind: "values", values: values.value.values };
    return { ok: true, value: { args: own, rest: [], forward: nowhere }, warnings: [] };
  }
  const bound = boundWords(task, args);
  if (!bound.ok) return bound;
  const kind = restKind(task.action);
  if (kind === undefined) {
    return { ok: true, value: { args, rest: [], forward: nowhere }, warnings: [] };
  }
  const route = routeRest(kind, uses(task).placed);
  const refused = checkRest(route, kind, bound.value, askerOf(task));
  if (refused !== undefined) return { ok: false, problems: [refused] };
  const forward = route === "forward"
    ? { line: forwardedTokens(bound.value), words: bound.value.rest }
    : nowhere;
  const handed = route === "append" || route === "script" || route === "argv";
  const rest = handed ? bound.value.rest : [];
  return { ok: true, value: { args, rest, forward }, warnings: [] };
}

/** The arguments that a reference gives, evaluated where it stands. */
export function bindReference(
  reference: Reference,
  line: string,
  caller: Call & { readonly layers: readonly Layer[] },
  more: readonly string[],
  surroundings: Surroundings,
): Outcome<Arguments> {
  if (reference.kind === "task" && reference.values !== undefined) {
    return { ok: true, value: { kind: "values", values: reference.values }, warnings: [] };
  }
  if (line.trim() === "") {
    return { ok: true, value: { kind: "words", words: more }, warnings: [] };
  }
  const text: Text = { text: line, place: reference.place };
  const words = parseLine(text, caller.task);
  if (!words.ok) return words;
  const task = surroundings.task(caller.task);
  const bound = boundWords(task, caller.args);
  if (!bound.ok) return bound;
  const base = contextOf(task, bound.value, surroundings, { path: surroundings.root });
  const env = /\$\{|\{env\./.test(line)
    ? environmentOf(task, base, caller.layers, surroundings)
    : undefined;
  if (env !== undefined && !env.ok) return env;
  const variables = env?.value.env ?? createEnvironment({}, surroundings.windows);
  const expanded = expandWords(words.value, { ...base, env: variables }, reference.place);
  if (!expanded.ok) return expanded;
  return { ...expanded, value: { kind: "words", words: [...expanded.value, ...more] } };
}

/**
 * The context of a task's texts, without its environment.
 *
 * @param cwd its `path` is read when a text asks for it: it may depend on the environment, which is
 * made with this context
 */
export function contextOf(
  task: Task,
  args: BoundWords,
  surroundings: Surroundings,
  cwd: { readonly path: string },
): Omit<Context, "env"> {
  const { root, runCwd, exe, windows, strictEnv } = surroundings;
  return {
    ...(strictEnv && { strictEnv }),
    args,
    task: {
      name: task.id,
      get cwd() {
        return cwd.path;
      },
    },
    ntask: { root, runCwd, exe },
    windows,
    usage: () => usageOf(task),
  };
}

/** The environment that some layers make. */
export function environmentOf(
  task: Task,
  context: Omit<Context, "env">,
  layers: readonly Layer[],
  surroundings: Surroundings,
  trace?: EnvironmentTrace,
): ReturnType<typeof composeEnvironment> {
  const problems: Problem[] = [];
  const spoken = layers.map(({ scope, by }) => {
    if (by === undefined || by.task === task.id) return { scope };
    const owner = surroundings.task(by.task);
    const bound = boundWords(owner, by.args);
    if (!bound.ok) {
      problems.push(...bound.problems);
      return { scope };
    }
    return { scope, args: bound.value, task: context.task };
  });
  if (problems.length > 0) return { ok: false, problems };
  return composeEnvironment({
    inherited: surroundings.inherited,
    layers: spoken,
    context,
    readFile: surroundings.readFile,
    ...(trace && { trace }),
  });
}
