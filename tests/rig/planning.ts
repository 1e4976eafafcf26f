/**
 * Projects for tests of graph and plan: task files in memory come in; workspace, graph, plan and
 * what a step would see go out.
 *
 * @module
 */

import { pictureOf } from "../../src/graph/picture.ts";
import { resolveWords } from "../../src/graph/resolve.ts";
import type { Scope } from "../../src/model/action.ts";
import type { Graph } from "../../src/model/graph.ts";
import type { TaskId } from "../../src/model/id.ts";
import type { Call, Plan, Step } from "../../src/model/plan.ts";
import type { Problem } from "../../src/model/problem.ts";
import type { Workspace } from "../../src/model/task.ts";
import { graphOf, load, planFor, type PlanSettings, surroundingsOf } from "../../src/pipeline.ts";
import {
  boundWords,
  contextOf,
  environmentOf,
  type Surroundings,
} from "../../src/source/binding.ts";
import { fakeHost } from "./fake_host.ts";

export interface Project {
  readonly workspace: Workspace;
  readonly graph: Graph;
  readonly surroundings: Surroundings;
  readonly problems: readonly Problem[];
}

/** @param files by name; a text alone is `tasks.toml` */
export async function project(
  files: string | Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<Project> {
  const host = fakeHost({
    files: typeof files === "string" ? { "tasks.toml": files } : files,
    env,
  });
  const loaded = await load(host, {}, false);
  if ("problem" in loaded) throw new Error(JSON.stringify(loaded.problem));
  const { graph, problems } = graphOf(loaded.workspace, { cpu: 1 });
  const surroundings = surroundingsOf(host, loaded.workspace);
  return {
    workspace: loaded.workspace,
    graph,
    surroundings,
    problems: [...loaded.problems, ...problems],
  };
}

/** The same, for files that are in order. */
export async function sound(
  files: string | Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<Project> {
  const made = await project(files, env);
  const errors = made.problems.filter(({ code }) => !code.startsWith("W_"));
  if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 1));
  return made;
}

export const SETTINGS: PlanSettings = {
  jobs: 4,
  jobsGiven: false,
  deps: true,
  pre: true,
  post: true,
  skip: new Set(),
  env: { env: [], envfile: [] },
};

/** @param lines one call each: the words of a command line behind ntask's own options */
export function outcomeOf(
  { graph, workspace, surroundings }: Project,
  lines: string | readonly string[],
  settings: Partial<PlanSettings> = {},
) {
  const calls = (typeof lines === "string" ? [lines] : lines).map((line): Call => {
    const words = line.split(" ");
    const found = resolveWords(workspace, words);
    if (!found.ok) throw new Error(`unknown: ${found.name}`);
    return { task: found.id, args: { kind: "words", words: words.slice(found.used) } };
  });
  return planFor(graph, calls, { ...SETTINGS, ...settings }, surroundings);
}

export function planOf(
  project: Project,
  lines: string | readonly string[],
  settings: Partial<PlanSettings> = {},
): Plan {
  const outcome = outcomeOf(project, lines, settings);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems, null, 1));
  return outcome.value.plan;
}

/** Every step as a line: `2 b <- deps 0 1, pre 3`. */
export function outline(plan: Plan): string[] {
  return plan.steps.map((step) => {
    const parts = (["deps", "pre", "items", "post"] as const)
      .filter((kind) => step[kind].length > 0)
      .map((kind) => `${kind} ${step[kind].join(" ")}`);
    return `${step.id} ${step.label}${parts.length > 0 ? ` <- ${parts.join(", ")}` : ""}`;
  });
}

/** The steps with a label, in order. */
export function stepsOf(plan: Plan, label: string): readonly Step[] {
  return plan.steps.filter((step) => step.label === label);
}

export function stepOf(plan: Plan, label: string): Step {
  const found = stepsOf(plan, label);
  if (found.length !== 1) throw new Error(`${found.length} steps are called ${label}`);
  return found[0]!;
}

/** The value of a variable as the step's action would see it. */
export function variable({ surroundings }: Project, step: Step, name: string): string | undefined {
  const task = surroundings.task(step.task);
  const bound = boundWords(task, step.args);
  if (!bound.ok) throw new Error(JSON.stringify(bound.problems));
  const context = contextOf(task, bound.value, surroundings, { path: surroundings.root });
  const made = environmentOf(task, context, step.layers, surroundings);
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value.env.get(name);
}

/** Variables given on the command line. */
export function given(values: Readonly<Record<string, string>>): Scope {
  const place = { file: "/project" as never, whole: true as const };
  return {
    env: Object.entries(values).map(([name, text]) => ({
      name,
      value: { kind: "text", text },
      secret: false,
      place,
    })),
    envfile: [],
  };
}

/** Problems as `CODE task`, in order. */
export function codes(problems: readonly Problem[]): string[] {
  return problems.map(({ code, task }) => task === undefined ? code : `${code} ${task}`);
}

/** A picture as text: its nodes, and its edges as `a -deps-> b`. */
export function drawn(graph: Graph, target?: string): { nodes: string[]; edges: string[] } {
  const { nodes, edges } = pictureOf(graph, target as TaskId | undefined);
  return {
    nodes: nodes.map(({ id, kind }) => kind === "task" ? id : `${id} (${kind})`),
    edges: edges.map(({ from, to, kind }) => `${from} -${kind}-> ${to}`),
  };
}
