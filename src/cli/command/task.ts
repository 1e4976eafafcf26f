/**
 * `ntask TASK arguments…`: one task and what it needs. Without a task: the default one, else the
 * list.
 *
 * @module
 */

import { resolveWords } from "../../graph/resolve.ts";
import type { TaskId } from "../../model/id.ts";
import { nearest } from "../../model/near.ts";
import type { Arguments } from "../../model/plan.ts";
import type { Problem } from "../../model/problem.ts";
import type { Task } from "../../model/task.ts";
import { bind } from "../../source/signature/bind.ts";
import {
  type Context,
  isCommand,
  loadGraph,
  loadProject,
  report,
  showVersion,
  USAGE_ERROR,
} from "../context.ts";
import { execute } from "../execute.ts";
import { isGlobal, mergeGiven, misplaced, OPTIONS, parseOptions } from "../options.ts";
import { readSettings } from "../settings.ts";
import { commands } from "./registry.ts";

export async function run(given: Context): Promise<number> {
  if (given.words.length === 0) return await runDefault(given);
  const resolved = await resolveCall(given);
  if (resolved === undefined) return USAGE_ERROR;
  const { context, graph, call } = resolved;
  if (context.given.flags.has("version")) return showVersion(context.host);
  if (context.given.flags.has("help")) {
    const { run } = await commands.help();
    return await run({ ...context, words: [call.task] });
  }
  return await execute(context, graph, [call]);
}

/** The task and the arguments that words mean; `undefined` when there is none, which has been said. */
export async function resolveCall(given: Context, command: "task" | "why" = "task") {
  const { words } = given;
  const loaded = await loadGraph(given);
  if (loaded === undefined || !loaded.sound) return undefined;
  const { graph, workspace, context } = loaded;
  const found = resolveWords(workspace, words);
  if (!found.ok) {
    const near = found.near.length > 0 ? found.near : nearCommands(found.name);
    await report(context, [{ code: "R_TASK_UNKNOWN", name: found.name, near }]);
    return undefined;
  }
  const task = workspace.tasks.get(found.id)!;
  const taken = takeArguments(context, task, words.slice(found.used));
  if ("problems" in taken) {
    await report(context, taken.problems);
    return undefined;
  }
  const problem = misplaced(taken.context.given, command);
  if (problem !== undefined) {
    await report(context, [problem]);
    return undefined;
  }
  // Another project was meant, or another file of it: all is read again.
  if (isElsewhere(taken.context, given)) {
    const { host } = given;
    const said = { given: taken.context.given, written: [] };
    const read = readSettings({ ...said, env: host.env, cpus: host.cpus });
    const { settings } = read.ok ? read : given;
    const words = [...given.words.slice(0, found.used), ...taken.own];
    return await resolveCall({ ...given, ...said, settings, words }, command);
  }
  return { context: taken.context, graph, call: { task: found.id, args: taken.args } };
}

async function runDefault(context: Context): Promise<number> {
  const loaded = await loadProject(context, false);
  if (loaded === undefined) return USAGE_ERROR;
  const chosen = [...loaded.workspace.tasks.values()].find((task) => task.isDefault);
  const problem = misplaced(context.given, chosen === undefined ? "list" : "task");
  if (problem !== undefined) {
    await report(context, [problem]);
    return USAGE_ERROR;
  }
  if (chosen !== undefined) return await run({ ...context, words: [chosen.id as TaskId] });
  const { run: list } = await commands.list();
  return await list(context);
}

/** What the words after a task's name come to. */
interface Taken {
  readonly args: Arguments;
  /** With the options among them that are ntask's. */
  readonly context: Context;
  /** The words without those. */
  readonly own: readonly string[];
}

/**
 * The words after a task's name. A task that declares its parameters, or can take none, leaves
 * ntask's own options to ntask; to every other task each word belongs verbatim (cli.md).
 */
function takeArguments(
  context: Context,
  task: Task,
  words: readonly string[],
): Taken | { readonly problems: readonly Problem[] } {
  const takesNone = task.action.kind === "none" || task.action.kind === "function";
  const signature = task.signature ?? (takesNone ? { params: [], shape: [] } : undefined);
  if (signature === undefined) return { args: { kind: "words", words }, context, own: words };
  const { host } = context;
  const globalOptions = OPTIONS.filter((option) => option.command === undefined).map((option) =>
    `--${option.name}`
  );
  const bound = bind({
    task: task.id,
    signature,
    words,
    isGlobal,
    globalOptions,
    env: (name) => host.env[name],
  });
  if (!bound.ok) return bound;
  const { values, globals, own } = bound.value;
  const args: Arguments = task.signature === undefined
    ? { kind: "words", words: [] }
    : { kind: "values", values };
  if (globals.length === 0) return { args, context, own };
  const parsed = parseOptions(globals);
  if (!parsed.ok) return { problems: [parsed.problem] };
  const given = mergeGiven(context.given, parsed.parsed.given);
  const { written } = context;
  const read = readSettings({ given, env: host.env, cpus: host.cpus, written });
  if (!read.ok) return { problems: [read.problem] };
  return { args, context: { ...context, given, settings: read.settings }, own };
}

/** Is its project another one? */
function isElsewhere({ given }: Context, before: Context): boolean {
  return ["directory", "file"].some((name) =>
    given.values.get(name)?.at(-1) !== before.given.values.get(name)?.at(-1)
  );
}

/** `ntask lsit`. What a task of the user's hides is reached by its option. */
function nearCommands(name: string): readonly string[] {
  return isCommand(name)
    ? [`--${name}`]
    : nearest(name, Object.keys(commands).filter((command) => command !== "task"));
}
