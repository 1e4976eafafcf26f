/**
 * Calls + graph -> plan: every occurrence of a task the calls lead to (toml-spec §5, §10–§12,
 * §14.1). Pure; nothing is started or looked up.
 *
 * Steps are numbered in the order one job would perform them: dependencies, `pre`, items, the step
 * itself, `post`, depth first as written.
 *
 * @module
 */

import type { Action, Condition, Item, Reference, Scope, Text, Value } from "../model/action.ts";
import type { Extension, Retries } from "../model/extension.ts";
import type { Graph, Resolved } from "../model/graph.ts";
import type { StepId, TaskId } from "../model/id.ts";
import {
  acts,
  type Arguments,
  type Call,
  type Layer,
  type Plan,
  type Step,
} from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { Task } from "../model/task.ts";
import { holdersFirst } from "./rank.ts";

/** What a step's text is evaluated in, while its references are bound. */
export interface Caller extends Call {
  readonly layers: readonly Layer[];
}

/** What the invocation says about the plan. */
export interface PlanOptions {
  readonly jobs: number;
  /** `-j`, its variable or the setting was given: parallel composites are limited too. */
  readonly jobsGiven: boolean;
  readonly deps: boolean;
  readonly pre: boolean;
  readonly post: boolean;
  /** Identifiers to skip wherever they occur; they are kept as steps without content. */
  readonly skip: ReadonlySet<TaskId>;
  /** For every action, whatever its task says, in milliseconds. */
  readonly timeout?: number;
  /** For every action, whatever its task says. */
  readonly retries?: Retries;
  /** Variables given for the whole run; they win over everything. */
  readonly env: Scope;
  /** The arguments a reference gives its task, evaluated in the caller's context. */
  bind(
    reference: Reference,
    to: Resolved,
    caller: Caller,
    /** Words to add behind those of the reference. */
    more: readonly string[],
  ): Bound<Arguments>;
  /** Check a task's arguments and say where the words go that nothing asked for (toml-spec §6). */
  accept(task: Task, args: Arguments): Bound<Accepted>;
}

/** Checked arguments. */
export interface Accepted {
  readonly args: Arguments;
  /** For the action itself, as they are. */
  readonly rest: readonly string[];
  /** For a composite's only item: its command line when it is a task, its words when inline. */
  readonly forward: { readonly line: readonly string[]; readonly words: readonly string[] };
}

const NO_FORWARD: Accepted["forward"] = { line: [], words: [] };

export type Bound<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

type Draft = { -readonly [K in keyof Step]: Step[K] };

/** What an occurrence inherits from the one that holds it. */
interface Setting {
  /** Caller overrides, innermost first. */
  readonly overrides: readonly Layer[];
  /** Replaces the task's own directory. */
  readonly cwd?: Text;
  /** Used where the task has no directory of its own. */
  readonly cwdDefault?: Text;
  /** Replaces the task's own time limit. */
  readonly timeout?: number;
  readonly conditions: readonly Condition[];
  readonly unbounded: boolean;
  readonly sheltered: boolean;
}

const TOP: Setting = { overrides: [], conditions: [], unbounded: false, sheltered: false };

/** Adds to a plan that is being performed: what a body asks for by `run(…)`. */
export type Extend = (
  reference: Reference,
  to: Resolved,
  by: Step,
) => Bound<{ readonly root: StepId; readonly added: readonly Step[] }>;

export function buildPlan(
  graph: Graph,
  calls: readonly Call[],
  options: PlanOptions,
): { readonly ok: true; readonly plan: Plan; readonly extend: Extend } | {
  readonly ok: false;
  readonly problems: readonly Problem[];
} {
  const { tasks } = graph.workspace;
  const steps: Draft[] = [];
  let problems: Problem[] = [];
  const shared = new Map<string, StepId>();

  const roots = calls.map((call) => complete(dependency(call.task, call.args, [], false)));
  if (problems.length > 0) return { ok: false, problems };
  findAlone(steps, roots, options);
  return { ok: true, plan: { steps, roots }, extend };

  /** A step that is planned already is not planned again; whose body asks has not ended. */
  function extend(reference: Reference, to: Resolved, by: Step): ReturnType<Extend> {
    problems = [];
    const bound = options.bind(reference, to, by, []);
    if (!bound.ok) return bound;
    const before = steps.length;
    const root = complete(dependency(to.id, bound.value, [], true));
    if (problems.length > 0) return { ok: false, problems };
    const added = steps.slice(before);
    for (const step of added) step.alone = false;
    return { ok: true, value: { root, added } };
  }

  /** One step per identity: task, arguments, overrides (toml-spec §14.1). */
  function* dependency(
    id: TaskId,
    args: Arguments,
    overrides: readonly Layer[],
    sheltered: boolean,
  ): Walk<StepId> {
    // Words and values that mean the same are one call.
    const accepted = options.skip.has(id) ? undefined : options.accept(tasks.get(id)!, args);
    const meant = accepted?.ok ? [plain(accepted.value.args), accepted.value.rest] : plain(args);
    const key = JSON.stringify([id, meant, overrides.map(saying)]);
    const before = shared.get(key);
    if (before !== undefined) return before;
    const step = yield occurrence(tasks.get(id)!, args, { ...TOP, overrides, sheltered });
    shared.set(key, step);
    return step;
  }

  /** An occurrence of a task. */
  function* occurrence(task: Task, args: Arguments, setting: Setting): Walk<StepId> {
    const layers = [
      ...task.scopes.map((scope) => ({ scope })),
      ...setting.overrides,
      { scope: options.env },
    ];
    const cwd = setting.cwd ?? task.cwd ?? setting.cwdDefault ?? task.scopes[0]?.cwd;
    const skip = options.skip.has(task.id);
    const accepted: Bound<Accepted> = skip
      ? { ok: true, value: { args, rest: [], forward: NO_FORWARD } }
      : options.accept(task, args);
    if (!accepted.ok) problems.push(...accepted.problems);
    const { args: own, rest, forward } = accepted.ok
      ? accepted.value
      : { args, rest: [], forward: NO_FORWARD };
    const caller: Caller = { task: task.id, args: own, layers };
    const draft = empty(caller, task.id, task.action, cwd);
    draft.rest = rest;
    draft.conditions = [...task.conditions, ...setting.conditions];
    draft.exclusive = task.extension.exclusive === true;
    draft.terminal = needsTerminal(task);
    draft.unbounded = setting.unbounded;
    draft.sheltered = setting.sheltered;
    Object.assign(draft, bounds({ ...task.extension, ...setting }, draft));
    draft.keepGoing = task.extension.keepGoing === true;
    draft.partial = !options.deps && task.deps.length > 0 || !options.pre && task.pre.length > 0;
    if (skip) return push({ ...draft, action: { kind: "none" }, skip: true });

    if (options.deps) {
      for (const reference of task.deps) {
        const to = graph.resolved.get(reference);
        if (to === undefined) continue;
        const bound = options.bind(reference, to, caller, []);
        if (!bound.ok) {
          problems.push(...bound.problems);
          continue;
        }
        const known = problems.length;
        const id = yield* dependency(
          to.id,
          bound.value,
          said(reference.scope, caller),
          setting.sheltered,
        );
        pointAt(reference, known);
        if (!draft.deps.includes(id)) (draft.deps as StepId[]).push(id);
        if (reference.takes !== undefined) {
          draft.takes = { ...draft.takes, [reference.takes]: id };
        }
      }
    }
    if (options.pre) draft.pre = yield* hooks(task.pre, "pre", caller, setting, cwd);
    draft.items = yield* contents(task, caller, setting, cwd, forward);
    draft.parallel = "parallel" in task.action && task.action.parallel;
    const id = push(draft);
    if (options.post) steps[id]!.post = yield* hooks(task.post, "post", caller, setting, cwd);
    return id;
  }

  function* contents(
    task: Task,
    caller: Caller,
    setting: Setting,
    cwd: Text | undefined,
    forward: Accepted["forward"],
  ): Walk<StepId[]> {
    const { action } = task;
    const found: StepId[] = [];
    if (action.kind !== "composite" && action.kind !== "group") return found;
    const unbounded = setting.unbounded || (action.parallel && !options.jobsGiven);
    const sheltered = setting.sheltered || task.extension.keepGoing === true;
    if (action.kind === "group") {
      const none: Arguments = { kind: "words", words: [] };
      for (const id of task.members) {
        const member = tasks.get(id)!;
        if (member.hidden) continue;
        const step = yield occurrence(member, none, {
          ...TOP,
          overrides: setting.overrides,
          ...(setting.cwd && { cwd: setting.cwd }),
          ...(setting.cwdDefault && { cwdDefault: setting.cwdDefault }),
          unbounded,
          sheltered,
        });
        found.push(step);
      }
      return found;
    }
    const overrides = [...said(task.scope, caller), ...setting.overrides];
    // What the composite itself declares is handed on, not what it has from groups or the root.
    const cwdDefault = setting.cwd ?? task.scope.cwd ?? setting.cwdDefault;
    const base = { ...TOP, overrides, ...(cwdDefault && { cwdDefault }), unbounded, sheltered };
    for (const [index, item] of action.items.entries()) {
      if (item.kind === "use") found.push(...yield* use(item.reference, caller, base, forward));
      else {
        const label = `${task.id}[${index}]`;
        found.push(inline(item, label, caller, cwd, { unbounded, sheltered }, forward));
      }
    }
    return found;
  }

  /** Referenced hook tasks run in their own environment and directory, inline ones in the owner's. */
  function* hooks(
    items: readonly Item[],
    kind: "pre" | "post",
    caller: Caller,
    { overrides, unbounded, sheltered }: Setting,
    cwd: Text | undefined,
  ): Walk<StepId[]> {
    const found: StepId[] = [];
    const base = { ...TOP, overrides, unbounded, sheltered };
    for (const [index, item] of items.entries()) {
      const label = `${caller.task}.${kind}[${index}]`;
      if (item.kind === "use") found.push(...yield* use(item.reference, caller, base, NO_FORWARD));
      else found.push(inline(item, label, caller, cwd, base, NO_FORWARD));
    }
    return found;
  }

  function* use(
    reference: Reference,
    caller: Caller,
    base: Setting,
    forward: Accepted["forward"],
  ): Walk<StepId[]> {
    const to = graph.resolved.get(reference);
    if (to === undefined) return [];
    const bound = options.bind(reference, to, caller, forward.line);
    if (!bound.ok) {
      problems.push(...bound.problems);
      return [];
    }
    const scope = reference.scope;
    const known = problems.length;
    const step = yield occurrence(tasks.get(to.id)!, bound.value, {
      ...base,
      overrides: [...said(scope, caller), ...base.overrides],
      ...(scope?.cwd && { cwd: scope.cwd }),
      ...(scope?.timeout !== undefined && { timeout: scope.timeout }),
      conditions: scope?.condition ? [scope.condition] : [],
    });
    pointAt(reference, known);
    return [step];
  }

  function inline(
    item: Extract<Item, { readonly kind: "inline" }>,
    label: string,
    caller: Caller,
    cwd: Text | undefined,
    { unbounded, sheltered }: Pick<Setting, "unbounded" | "sheltered">,
    forward: Accepted["forward"],
  ): StepId {
    // Overrides of callers still win over what the item itself says.
    const inherited = tasks.get(caller.task)!.scopes.length;
    const layers = [
      ...caller.layers.slice(0, inherited),
      { scope: item.scope },
      ...caller.layers.slice(inherited),
    ];
    const draft = empty({ ...caller, layers }, label, item.action, item.scope.cwd ?? cwd);
    draft.rest = forward.words;
    Object.assign(draft, bounds(item.scope, draft));
    draft.conditions = item.scope.condition ? [item.scope.condition] : [];
    draft.unbounded = unbounded;
    draft.sheltered = sheltered;
    draft.inline = true;
    draft.terminal = needsTerminal(tasks.get(caller.task)!);
    return push(draft);
  }

  /** What is wrong with the arguments of a call is wrong where the call is written. */
  function pointAt({ place }: Reference, from: number): void {
    for (let at = from; at < problems.length; at++) {
      const problem = problems[at]!;
      if (problem.code.startsWith("R_ARG_")) problems[at] = { place, ...problem };
    }
  }

  /** What a step may take of time and attempts and of what there is; the invocation has the last word. */
  function bounds(
    { timeout, retries, uses, weight }: Partial<Extension>,
    step: Pick<Step, "action">,
  ): Partial<Step> {
    const limit = acts(step) ? options.timeout ?? timeout : timeout;
    const tries = acts(step) ? options.retries ?? retries : retries;
    return {
      ...(limit !== undefined && { timeout: limit }),
      ...(tries !== undefined && { retries: tries }),
      ...(uses !== undefined && { uses }),
      ...(weight !== undefined && { weight }),
    };
  }

  function push(draft: Draft): StepId {
    draft.id = steps.length as StepId;
    steps.push(draft);
    return draft.id;
  }
}

/**
 * The walk through the graph, which may be as deep as the project is large: an occurrence asks for
 * another one by yielding it, and is given its step. No call nests, so no stack overflows.
 */
interface Walk<T> extends Generator<Walk<StepId>, T, StepId> {}

function complete(walk: Walk<StepId>): StepId {
  const waiting = [walk];
  let answer = -1 as StepId;
  while (waiting.length > 0) {
    const next = waiting.at(-1)!.next(answer);
    if (next.done === true) {
      waiting.pop();
      answer = next.value;
    } else waiting.push(next.value);
  }
  return answer;
}

/** What makes an override different from another: not the place it is written at. */
function saying({ scope, by }: Layer): Value {
  const env = scope.env.map(({ name, value }) => [name, value]);
  const envfile = scope.envfile.map(({ path, override, required }) => [
    path.text,
    override,
    required,
  ]);
  const said = [env, envfile];
  // Only a text that asks for arguments is another one for other arguments.
  return by !== undefined && JSON.stringify(said).includes("{args")
    ? [said, by.task, plain(by.args)]
    : said;
}

/** What a level says to the tasks it calls: its variables, not its directory or condition. */
function said(scope: Scope | undefined, by: Call): readonly Layer[] {
  if (scope === undefined || scope.env.length + scope.envfile.length === 0) return [];
  return [{ scope, by: { task: by.task, args: by.args } }];
}

function empty(
  caller: Caller,
  label: string,
  action: Action,
  cwd: Text | undefined,
): Draft {
  return {
    id: -1 as StepId,
    task: caller.task,
    label,
    action,
    args: caller.args,
    rest: [],
    layers: caller.layers,
    ...(cwd && { cwd }),
    conditions: [],
    deps: [],
    takes: {},
    pre: [],
    items: [],
    parallel: false,
    post: [],
    inline: false,
    partial: false,
    skip: false,
    exclusive: false,
    terminal: false,
    keepGoing: false,
    sheltered: false,
    unbounded: false,
    alone: true,
  };
}

function needsTerminal({ extension }: Task): boolean {
  return extension.interactive === true;
}

/** Arguments as text that is equal for equal arguments; object keys are sorted. */
function plain(args: Arguments): Value {
  const sort = (value: unknown): unknown => {
    if (typeof value === "bigint") return `${value}n`;
    if (Array.isArray(value)) return value.map(sort);
    if (typeof value !== "object" || value === null) return value;
    return Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => [k, sort(v)]);
  };
  return sort(args);
}

/** Which steps have the machine to themselves. Whoever holds a step is looked at before it. */
function findAlone(steps: readonly Draft[], roots: readonly StepId[], options: PlanOptions): void {
  const share = (id: StepId) => {
    steps[id]!.alone = false;
  };
  if (new Set(roots).size > 1) roots.forEach(share);
  for (const id of holdersFirst(steps, roots)) {
    const step = steps[id]!;
    const { deps, pre, items, post, parallel, exclusive } = step;
    if (!step.alone) [...deps, ...pre, ...post, ...exclusive ? [] : items].forEach(share);
    if (deps.length > 1) deps.forEach(share);
    if (parallel && items.length > 1) items.forEach(share);
  }
  // Everything else has ended before an exclusive action starts, and waits for its end.
  for (const step of steps) step.alone ||= step.exclusive && acts(step);
  // One job never overlaps, but beside the items of unlimited parallel composites.
  if (options.jobs === 1 && !steps.some((step) => step.unbounded)) {
    for (const step of steps) step.alone = true;
  }
}
