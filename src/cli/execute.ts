/**
 * Calls -> plan -> a run, or the plan in words.
 *
 * @module
 */

import type { Scope } from "../model/action.ts";
import type { Prediction } from "../model/change.ts";
import type { Graph } from "../model/graph.ts";
import type { StepId, TaskId } from "../model/id.ts";
import { nearest } from "../model/near.ts";
import { acts, type Call, type Plan, type Step } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { Workspace } from "../model/task.ts";
import { resolveName, visibleNames } from "../graph/resolve.ts";
import {
  checkOrder,
  perform,
  planFor,
  type Planned,
  predict,
  surroundingsOf,
} from "../pipeline.ts";
import { COLOR } from "../report/palette.ts";
import { predictionText } from "../report/change.ts";
import type { RunOptions } from "../run/run.ts";
import type { Surroundings } from "../source/binding.ts";
import { matchSubstitution } from "../source/spec/placeholder.ts";
import { type Context, isError, paletteFor, report, USAGE_ERROR } from "./context.ts";
import { createMemory } from "./memory.ts";
import { isGlobal } from "./options.ts";
import { retriesOf } from "../source/spec/value.ts";
import { SETTINGS } from "./settings.ts";
import { openTelling } from "./telling.ts";

/** A plan, ready to be performed or talked about. */
export interface Ready {
  readonly planned: Planned;
  readonly surroundings: Surroundings;
  readonly options: RunOptions;
}

/** Plan some calls; `undefined` when that is impossible, which has been said. */
export async function ready(
  context: Context,
  graph: Graph,
  calls: readonly Call[],
): Promise<Ready | undefined> {
  const { host, settings } = context;
  const { workspace } = graph;
  const skip = named(workspace, settings.skip);
  if ("problem" in skip) return void await report(context, [skip.problem]);
  const { force: forced } = settings;
  const force = typeof forced === "object" ? named(workspace, forced) : undefined;
  if (force !== undefined && "problem" in force) return void await report(context, [force.problem]);
  const surroundings = {
    ...surroundingsOf(host, workspace),
    inherited: withoutSettings(host.env),
    strictEnv: settings.strictEnv,
  };
  const { jobs, jobsGiven, deps, pre, post } = settings;
  const env = commandLineScope(context, workspace);
  const planned = planFor(
    graph,
    calls,
    {
      ...{ jobs, jobsGiven, deps, pre, post, skip: skip.ids, env },
      ...(settings.timeout !== undefined && { timeout: settings.timeout }),
      ...(settings.retries !== undefined && { retries: retriesOf(settings.retries) }),
    },
    surroundings,
  );
  if (!planned.ok) {
    return void await report(context, planned.problems.map((problem) => pointAtGlobal(problem)));
  }
  const options = {
    targets: calls.map((call) => call.task),
    jobs,
    limits: settings.limits,
    keepGoing: settings.keepGoing,
    killGrace: settings.killGrace,
    projectBins: settings.projectBins,
    strictCacheEnv: settings.strictCacheEnv,
    ...(settings.python !== undefined && { python: settings.python }),
    color: settings.output !== "json" && coloured(context),
    confirmed: settings.yes,
    cache: {
      off: !settings.cache,
      force: force === undefined ? forced as "targets" | undefined : [...force.ids],
      ...(settings.cacheDir !== undefined && { directory: settings.cacheDir }),
      size: settings.cacheSize,
    },
    direct: settings.output === "auto" || settings.output === "stream",
    events: settings.output === "json",
  };
  const order = await checkOrder(planned.value.plan, host, surroundings, options);
  await report(context, order);
  if (order.some(isError)) return undefined;
  return { planned: planned.value, surroundings, options };
}

/** Do both streams end at a terminal with colour? Tasks are not told of one stream alone. */
function coloured(context: Context): boolean {
  const { host } = context;
  return host.stdout.isTerminal && host.stderr.isTerminal &&
    paletteFor(context, "stdout") === COLOR && paletteFor(context, "stderr") === COLOR;
}

/** @returns the exit status of the run */
export async function execute(
  context: Context,
  graph: Graph,
  calls: readonly Call[],
): Promise<number> {
  const { host, settings } = context;
  const { workspace } = graph;
  const made = await ready(context, graph, calls);
  if (made === undefined) return USAGE_ERROR;
  const { planned, surroundings, options } = made;
  if (settings.dryRun) {
    const text = await planText(context, made, workspace);
    if (text === undefined) return USAGE_ERROR;
    host.stdout.write(text);
    return 0;
  }
  const confirmed = await confirm(context, planned.plan, workspace);
  if (confirmed !== undefined) return confirmed;
  const { output, quiet, verbose, color } = settings;
  const told = { output, quiet, verbose, ...(color !== undefined && { color }) };
  const memory = createMemory();
  const telling = await openTelling(host, told, (data) => {
    memory.said(data);
    host.stderr.write(data);
  });
  const code = await perform(planned, host, surroundings, options, (event) => {
    memory.hear(event);
    telling.hear(event);
  });
  await telling.over;
  await memory.keep(host, { workspace, told, options, plan: planned.plan });
  return code;
}

/**
 * Every question of the plan is asked before anything starts, each once, in run order: nobody sits
 * through a build to be asked at its end.
 *
 * @returns the exit status when the answer is no, or nobody can be asked
 */
async function confirm(
  context: Context,
  plan: Plan,
  workspace: Workspace,
): Promise<number | undefined> {
  const { host, settings } = context;
  if (settings.yes) return undefined;
  const asking = new Set(plan.steps.filter((step) => !step.skip).map((step) => step.task));
  for (const id of asking) {
    const { extension: { confirm: question }, place } = workspace.tasks.get(id)!;
    if (question === undefined) continue;
    if (!host.stdinIsTerminal) {
      await report(context, [{ code: "R_CONFIRM", task: id, place, question }]);
      return USAGE_ERROR;
    }
    host.stderr.write(`${question} [y/N] `);
    if (!/^\s*y(?:es)?\s*$/i.test(host.readLine() ?? "")) {
      host.stderr.write(`ntask: ${id} is not confirmed; nothing was started\n`);
      return 1;
    }
  }
  return undefined;
}

const PASSED_ON: ReadonlySet<string> = new Set(["NTASK_PYTHON", "NTASK_CACHE_DIR"]);

/** What children may see: the variables that are options of this run are not passed on (cli.md). */
function withoutSettings(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const rest = { ...env };
  for (const { variable } of SETTINGS) {
    // A task that runs ntask or Python itself means the same Python and the same cache.
    if (variable !== undefined && !PASSED_ON.has(variable)) delete rest[variable];
  }
  return rest;
}

/** The variables of `--env`. */
function commandLineScope({ settings }: Context, { root }: Workspace): Scope {
  const place = { file: root, whole: true as const };
  return {
    env: settings.env.map(({ name, value }) => ({
      name,
      value: { kind: "text" as const, text: literally(value) },
      secret: false,
      place,
    })),
    envfile: [],
  };
}

/** What stands on the command line is a value, not a template: its substitutions are escaped. */
function literally(value: string): string {
  let text = "";
  for (let at = 0; at < value.length;) {
    const found = matchSubstitution(value, at);
    const length = found?.length ?? 1;
    text += (found ? "\\" : "") + value.slice(at, at + length);
    at += length;
  }
  return text;
}

/** The tasks that some names mean. */
function named(
  workspace: Workspace,
  names: readonly string[],
): { readonly ids: ReadonlySet<TaskId> } | { readonly problem: Problem } {
  const ids = new Set<TaskId>();
  for (const name of names) {
    const id = resolveName(workspace, name);
    if (id === undefined) {
      const near = nearest(name, visibleNames(workspace));
      return { problem: { code: "R_TASK_UNKNOWN", name, near } };
    }
    ids.add(id);
  }
  return { ids };
}

/** A word that a task refuses may be an option of ntask's in the wrong place. */
function pointAtGlobal(problem: Problem): Problem {
  if (problem.code !== "R_ARG_UNEXPECTED" || isGlobal(problem.word) === undefined) return problem;
  return {
    ...problem,
    why: "it is an option of ntask's, which stands before the task",
    near: [],
    usage: `ntask ${problem.word} ${problem.task}`,
  };
}

/** The plan in run order, with what would be done: what `--dry-run` shows. */
async function planText(
  context: Context,
  made: Ready,
  workspace: Workspace,
): Promise<string | undefined> {
  const palette = paletteFor(context, "stdout");
  const { plan } = made.planned;
  const acting = plan.steps.filter((step) => acts(step));
  let predictions: ReadonlyMap<StepId, Prediction> | undefined;
  const cached = acting.some(({ task, inline }) =>
    !inline && workspace.tasks.get(task)!.extension.inputs !== undefined
  );
  if (cached && context.settings.cache) {
    const { host } = context;
    const predicted = await predict(made.planned, host, made.surroundings, made.options);
    await report(context, predicted.ok ? predicted.value.warnings : predicted.problems);
    if (!predicted.ok) return undefined;
    predictions = predicted.value.predictions;
  }
  const width = Math.max(0, ...acting.map((step) => step.label.length));
  const words = acting.map(({ id }) => {
    const prediction = predictions?.get(id);
    return prediction === undefined ? "" : predictionText(prediction);
  });
  const wide = Math.max(0, ...words.map((word) => word.length));
  return acting.map((step, index) => {
    const name = palette.bold(step.label) + " ".repeat(width - step.label.length);
    const word = wide === 0 ? "" : `${words[index]!.padEnd(wide)}  `;
    return `${name}  ${word}${palette.dim(actionText(step))}`.trimEnd() + "\n";
  }).join("");
}

function actionText({ action, rest, args, skip }: Step): string {
  if (skip) return "(skipped)";
  const more = rest.map((word) => ` ${word}`).join("");
  switch (action.kind) {
    case "command":
      return oneLine(action.line.text) + more;
    case "argv":
      return action.words.map((word) => word.text).join(" ") + more;
    case "shell":
      return oneLine(action.script.text) + more;
    case "call":
      return action.target.text + more;
    default: {
      const values = args.kind === "values" ? Object.entries(args.values) : [];
      return `(${values.map(([name, value]) => `${name}=${String(value)}`).join(", ")})`;
    }
  }
}

function oneLine(text: string): string {
  const lines = text.trim().split("\n");
  return lines.length > 1 ? `${lines[0]!.trimEnd()} …` : lines[0]!;
}
