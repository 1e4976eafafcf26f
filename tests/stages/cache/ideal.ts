/**
 * Which tasks a perfect cache would run: those whose causes, as the contract of the cache counts
 * them, were never seen together before. Causes are taken from the model and from what the commands
 * said in the clean run, never from the cache's own code.
 *
 * @module
 */

import { covers, declared, type Model, valueOf, type Work, type Write } from "./model.ts";
import type { Clean } from "./oracle.ts";
import type { Need, Plan, Step } from "./plan.ts";
import { propertiesOf } from "./render.ts";
import { commandOf, hookOf } from "./script.ts";

/** Gives equal texts equal numbers. */
export type Numbers = Map<string, number>;

/**
 * What came together in each step, as a number.
 *
 * @param numbers of the project, kept from run to run
 * @param spelled whether what cannot matter counts: how patterns of one meaning are spelled, how
 *   a dependency was called that left the same; ntask is free to think so
 */
export function causesOf(
  model: Model,
  plan: Plan,
  clean: Clean,
  numbers: Numbers,
  spelled: boolean,
): ReadonlyMap<Step, number> {
  const known = new Map<Step, number>();
  for (const step of plan.steps) causes(step);
  return known;

  function causes(step: Step): number {
    const found = known.get(step);
    if (found !== undefined) return found;
    const { task, word, over } = step;
    const all = [
      commandOf(task, model),
      task.pre === undefined ? "" : hookOf(task),
      propertiesOf(plainly(spelled ? task : shadowed(task, over), spelled)),
      task.action === "function" ? stateOf(model) : model.globals,
      task.name.startsWith("g.") ? model.group : {},
      [word, over],
      referredTo(task, model),
      // What it reads without saying so is no cause either.
      task.caching === "plain" ? headOf(clean.said.get(step)!) : clean.said.get(step),
      step.needs.map((need) => contribution(need, task.takesValue)),
    ];
    const text = JSON.stringify(all);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    known.set(step, number);
    return number;
  }

  /** @param taken the name of a task whose value the dependant is given */
  function contribution(need: Need, taken?: string): unknown {
    if (!("task" in need)) {
      return [
        spelled ? need.name : "",
        need.needs.map((each) => contribution(each)),
      ];
    }
    const { task, word, called } = need;
    // How it was called shows in what it left.
    const identity = spelled ? [task.name, word, called] : [];
    const outputs = declared(task).length > 0 ? outputsOf(task) : [];
    const value = task.action === "function" ? [valueOf(task, model)] : [];
    if (task.caching === "cached" && declared(task).length + value.length > 0) {
      return [identity, outputs, value];
    }
    return [identity, causes(need), outputs, task.name === taken ? value : []];
  }

  function outputsOf(task: Work): readonly (readonly [string, string])[] {
    return Object.entries(clean.outputs).filter(([path]) =>
      // Files that nobody made are in the model.
      model.sources[path] === undefined && declared(task).some((write) => isOwn(write, task, path))
    ).map(([path, what]) =>
      [
        path,
        // What is executable does not count there.
        task.platform === "any" ? what.replace(/^executable:/, "file:") : what,
      ] as const
    );
  }
}

/** What a module does counts for every function in it. */
function stateOf(model: Model): string {
  const uses = model.tasks.flatMap((task) => task.kind === "work" ? task.uses : []);
  return uses.includes("state") ? model.code.state : "";
}

/** What callers set wins over the task's own value, which then is no cause. */
function shadowed(task: Work, over: string | undefined): Work {
  if (over === undefined) return task;
  const { OV: _, ...env } = task.env;
  return { ...task, env };
}

/** Of a shared folder only what the task itself leaves there. */
function isOwn(write: Write, { name }: Work, path: string): boolean {
  return write.kind === "shared" ? path.startsWith(`${write.at}/${name}-`) : covers(write, path);
}

/** Whether a task is cached is no cause of what it does; nor, if so wanted, how patterns are spelled. */
function plainly(task: Work, spelled: boolean): Work {
  const caching = task.caching === "uncached" ? "cached" : task.caching;
  if (spelled) return { ...task, caching };
  const { platform, ...rest } = task;
  return {
    ...rest,
    // What is not kept is kept for no platform: as a dependency it counts with parts 1 to 6.
    ...(task.caching === "cached" && platform !== undefined && { platform }),
    caching,
    reads: task.reads.map((read) => ({ ...read, spelling: 0 })),
    writes: task.writes.map((write) =>
      write.kind === "main" ? { ...write, spelling: Math.min(1, write.spelling) } : write
    ),
  };
}

/** The variables that values in scope refer to: a value counts with them. */
function referredTo(task: Work, model: Model): unknown {
  const grouped = task.name.startsWith("g.") ? Object.values(model.group) : [];
  const globals = task.action === "function" ? [] : Object.values(model.globals);
  const templates = [...globals, ...grouped, ...Object.values(task.env)];
  const names = templates.flatMap((text) =>
    [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!)
  );
  return names.map((name) => [name, model.inherited[name] ?? null]);
}

/** What a command says before it says what it reads. */
function headOf(said: string): string {
  return said.split(/^(?:file|link) /m, 1)[0]!;
}
