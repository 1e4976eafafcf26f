/**
 * The program on one page:
 *
 * ```
 * discover -> load -> graph -> plan -> run -> report
 * ```
 *
 * @module
 */

import { isAbsolute, relative, resolve } from "@std/path";
import { buildGraph, resolveReference } from "./graph/graph.ts";
import { buildPlan } from "./graph/plan.ts";
import { checkShares } from "./graph/shares.ts";
import { buildWorkspace } from "./graph/workspace.ts";
import type { Host } from "./host/host.ts";
import type { Scope } from "./model/action.ts";
import type { Event } from "./model/event.ts";
import { concernsFiles, type Retries } from "./model/extension.ts";
import type { Graph } from "./model/graph.ts";
import type { AbsolutePath, TaskId } from "./model/id.ts";
import type { DeclaredInterpreter } from "./model/interpreter.ts";
import type { Call, Plan } from "./model/plan.ts";
import type { Outcome, Problem } from "./model/problem.ts";
import type { WrittenSetting } from "./model/setting.ts";
import type { Workspace } from "./model/task.ts";
import type { Predicted } from "./run/predict.ts";
import type { Cleaned } from "./cache/clean.ts";
import type { StoreUsage, Verified } from "./cache/prune.ts";
import { run, type RunOptions } from "./run/run.ts";
import type { Checking, ExtendByReference, Joined } from "./run/wanted.ts";
import { acceptArguments, bindReference, type Surroundings } from "./source/binding.ts";
import { readProject, type Where } from "./source/discover.ts";
import { settleInterpreters } from "./source/interpreters.ts";
import { checkTexts, splitReference } from "./source/spec/check.ts";

/** A project, with everything that is wrong with it. */
export interface Loaded {
  readonly workspace: Workspace;
  /** What the project and the user have set, unchecked. */
  readonly settings: readonly WrittenSetting[];
  readonly problems: readonly Problem[];
}

/**
 * discover -> load: everything the task files say.
 *
 * @param evaluate run the user's `tasks.ts`; listing and help do without
 * @param interpreter what runs scripts, by the settings
 */
export async function load(
  host: Host,
  where: Where,
  evaluate: boolean,
  interpreter: (settings: readonly WrittenSetting[]) => DeclaredInterpreter | undefined = () =>
    undefined,
): Promise<Loaded | { readonly problem: Problem }> {
  const library = evaluate ? libraryOf : undefined;
  const project = await readProject(host, where, library);
  if ("problem" in project) return project;
  const sheets = settleInterpreters(project.sheets, interpreter(project.settings));
  const { workspace, problems } = buildWorkspace(project.root, sheets);
  const texts = await Promise.all(sheets.map(checkTexts));
  const caching = evaluate ? await checkCaching(workspace) : [];
  const all = [...project.problems, ...problems, ...texts.flat(), ...caching];
  return { workspace, settings: project.settings, problems: all };
}

/** What is wrong with inputs and outputs; loaded where there are any. */
async function checkCaching({ root, tasks }: Workspace): Promise<readonly Problem[]> {
  const concerned = [...tasks.values()].filter(({ extension }) => concernsFiles(extension));
  if (concerned.length === 0) return [];
  const { checkTask } = await import("./cache/check.ts");
  return concerned.flatMap((task) => checkTask(task, root));
}

/** What `import … from "ntask"` gives to the task files of a project. */
async function libraryOf(root: AbsolutePath): Promise<Readonly<Record<string, unknown>>> {
  const { enterProject } = await import("./run/body.ts");
  enterProject(root);
  return await import("./mod.ts");
}

/** load -> graph: names become edges. @param limits how much there is of each named limit */
export function graphOf(workspace: Workspace, limits: Readonly<Record<string, number>>): {
  readonly graph: Graph;
  readonly problems: readonly Problem[];
} {
  const { graph, problems } = buildGraph(workspace, splitReference);
  return { graph, problems: [...problems, ...checkShares(graph, limits)] };
}

/** What an invocation says beyond the calls. */
export interface PlanSettings {
  readonly jobs: number;
  readonly jobsGiven: boolean;
  readonly deps: boolean;
  readonly pre: boolean;
  readonly post: boolean;
  readonly skip: ReadonlySet<TaskId>;
  readonly env: Scope;
  /** For every action, in milliseconds. */
  readonly timeout?: number;
  readonly retries?: Retries;
}

/** A plan, and how a body that runs adds to it. */
export interface Planned {
  readonly plan: Plan;
  readonly extend: ExtendByReference;
}

/** graph + calls -> plan: everything that will happen, before anything does. */
export function planFor(
  graph: Graph,
  calls: readonly Call[],
  settings: PlanSettings,
  surroundings: Surroundings,
): Outcome<Planned> {
  const built = buildPlan(graph, calls, {
    ...settings,
    bind: (reference, to, caller, more) =>
      bindReference(reference, to.line, caller, more, surroundings),
    accept: acceptArguments,
  });
  if (!built.ok) return built;
  const { plan } = built;
  const extend: ExtendByReference = (reference, by) => {
    const to = resolveReference(graph.workspace, splitReference, reference, by.task);
    return "problem" in to
      ? { ok: false, problems: [to.problem] }
      : built.extend(reference, to, by);
  };
  return { ok: true, value: { plan, extend }, warnings: [] };
}

/**
 * Does a plan write and read in an order, and not where results are kept?
 *
 * @param joined of a plan that is under way: what has joined it
 */
export async function checkOrder(
  plan: Plan,
  host: Host,
  surroundings: Surroundings,
  options: Pick<RunOptions, "cache" | "killGrace" | "projectBins" | "strictCacheEnv">,
  joined?: Joined,
): Promise<readonly Problem[]> {
  const { root, task } = surroundings;
  const { directory } = options.cache;
  const asked = joined?.steps ?? plan.steps;
  if (!asked.some((step) => concernsFiles(task(step.task).extension))) return [];
  const [{ checkPlan }, { patternsAhead }] = await Promise.all([
    import("./cache/check.ts"),
    import("./run/rebuild/patterns.ts"),
  ]);
  const store = directory && relative(root, resolve(root, directory));
  const below = store && !/^\.\.(?:[\\/]|$)/.test(store) && !isAbsolute(store);
  return checkPlan(plan, {
    task,
    patterns: (step) => patternsAhead(step, { host, surroundings, settings: options }),
    ...(below && { store: store.replaceAll("\\", "/") }),
    ...(joined && { joined }),
  });
}

/** plan -> run: perform it and tell every event. The exit status comes out. */
export function perform(
  planned: Planned,
  host: Host,
  surroundings: Surroundings,
  options: RunOptions,
  report: (event: Event) => void,
): Promise<number> {
  const check: Checking = (joined) => checkOrder(planned.plan, host, surroundings, options, joined);
  return run({ ...planned, check }, host, surroundings, options, report);
}

/** plan -> what a run now would do, and nothing is done. */
export async function predict(
  { plan }: Planned,
  host: Host,
  surroundings: Surroundings,
  options: RunOptions,
): Promise<Outcome<Predicted>> {
  const { predict } = await import("./run/predict.ts");
  return await predict(plan, host, surroundings, options);
}

/** What the texts of tasks are evaluated in. */
export function surroundingsOf(host: Host, workspace: Workspace): Surroundings {
  return {
    root: workspace.root as AbsolutePath,
    runCwd: host.cwd,
    exe: host.self[0]!,
    windows: host.os === "windows",
    inherited: host.env,
    readFile: host.files.readText,
    task: (id) => workspace.tasks.get(id)!,
  };
}

/** Which store: the project's, and the setting that names another one. */
export interface StorePlace {
  readonly root: AbsolutePath;
  readonly directory?: string;
}

export interface CacheInfo extends StoreUsage {
  readonly directory: string;
}

/** Why a store could not be used. */
type Refused = { readonly detail: string };

/** What the store holds. */
export async function cacheInfo(host: Host, place: StorePlace): Promise<CacheInfo | Refused> {
  const { usageOf } = await import("./cache/prune.ts");
  return await withStore(host, place, (directory) => ({ directory, ...usageOf(directory) }));
}

/** Keep the store small. @param limit in bytes */
export async function pruneCache(
  host: Host,
  place: StorePlace,
  limit: number,
): Promise<{ readonly before: StoreUsage; readonly after: StoreUsage } | Refused> {
  const { prune } = await import("./cache/prune.ts");
  return await withStore(
    host,
    place,
    (directory) =>
      prune(directory, limit, { after: host.after, date: () => host.date().getTime() }),
  );
}

/** Read everything in the store; what is damaged is removed. */
export async function verifyCache(host: Host, place: StorePlace): Promise<Verified | Refused> {
  const { verify } = await import("./cache/prune.ts");
  return await withStore(host, place, verify);
}

/** Forget results. @param all contents too */
export async function cleanCache(
  host: Host,
  place: StorePlace,
  all: boolean,
): Promise<Cleaned | Refused> {
  const { clean } = await import("./cache/clean.ts");
  const own = place.directory === undefined;
  return await withStore(
    host,
    place,
    (directory) => clean(directory, `${place.root}/.ntask/state`, { own, all }),
  );
}

async function withStore<T>(
  host: Host,
  { root, directory }: StorePlace,
  act: (directory: string) => T | Promise<T>,
): Promise<T | Refused> {
  const { storeDirectory } = await import("./run/rebuild/session.ts");
  const { DiskError } = await host.disk();
  try {
    return await act(storeDirectory(root, directory));
  } catch (error) {
    if (error instanceof DiskError) return { detail: error.message };
    throw error;
  }
}
