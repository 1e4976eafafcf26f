/**
 * Which tasks a run performs, in an order that is right, each with its argument and the value that
 * callers give `OV`; and whether what they leave is determined at all.
 *
 * @module
 */

import { type Composite, type Model, type Ref, taskNamed, type Work, type Write } from "./model.ts";

export interface Step {
  readonly task: Work;
  readonly word?: string;
  /** What `OV` is set to from outside: by callers or, for all alike, by an option. */
  readonly over?: string;
  /** What callers set it to. */
  readonly called?: string;
  /** What the task writes to the log when it runs. */
  readonly label: string;
  /** What it needs: steps, and what is not performed itself. */
  readonly needs: readonly Need[];
  /** Steps that have certainly ended when it begins. */
  readonly before: ReadonlySet<Step>;
}

/** A dependency with all that is below it, where it is none of a single task. */
export type Need = Step | { readonly name: string; readonly needs: readonly Need[] };

export interface Plan {
  readonly steps: readonly Step[];
  /** Two steps would write the same files at the same time: not a run to make. */
  readonly clash: boolean;
}

/** What a caller does to whatever it reaches. */
interface Call {
  readonly over?: string;
  /** What has ended when it begins. */
  readonly before: ReadonlySet<Step>;
  /** Once in a run, like every dependency and every target. */
  readonly once: boolean;
}

/** What has ended when a reference has. */
interface Reached {
  readonly need: Need;
  readonly done: ReadonlySet<Step>;
}

const NOTHING: ReadonlySet<Step> = new Set();

/** @param option `--env OV=…`, which wins over every override */
export function planOf(model: Model, targets: readonly Ref[], option?: string): Plan {
  const steps: Step[] = [];
  const known = new Map<string, Reached>();
  for (const target of targets) visit(target, { before: NOTHING, once: true });
  return { steps, clash: clashes(steps) };

  function visit(ref: Ref, call: Call): Reached {
    const task = taskNamed(model, ref.task);
    const over = option ?? call.over ?? ref.over;
    const identity = JSON.stringify([ref.task, ref.word, call.over ?? ref.over]);
    const reached = call.once ? known.get(identity) : undefined;
    if (reached !== undefined) return reached;
    const made = task.kind === "composite"
      ? composite(task, call.over ?? ref.over, call)
      : task.kind === "gather"
      ? all(task.name, task.deps)
      : work(task, ref, over, call);
    if (call.once) known.set(identity, made);
    return made;
  }

  function all(name: string, deps: readonly Ref[]): Reached {
    const reached = deps.map((dep) => visit(dep, { before: NOTHING, once: true }));
    return {
      need: { name, needs: reached.map(({ need }) => need) },
      done: new Set(reached.flatMap(({ done }) => [...done])),
    };
  }

  function work(task: Work, ref: Ref, over: string | undefined, call: Call): Reached {
    const { need, done } = all(task.name, task.deps);
    const step: Step = {
      task,
      ...ref.word !== undefined && { word: ref.word },
      ...over !== undefined && { over },
      ...(call.over ?? ref.over) !== undefined && { called: call.over ?? ref.over! },
      label: labelOf(task, ref.word, over),
      needs: "task" in need ? [] : need.needs,
      before: new Set([...call.once ? [] : call.before, ...done]),
    };
    steps.push(step);
    return { need: step, done: new Set([...step.before, step]) };
  }

  function composite(task: Composite, called: string | undefined, call: Call): Reached {
    const over = called ?? task.over;
    let before = call.once ? NOTHING : call.before;
    const needs: Need[] = [];
    const done = new Set<Step>(before);
    for (const item of task.items) {
      const reached = visit(item, { ...over !== undefined && { over }, before, once: false });
      needs.push(reached.need);
      for (const step of reached.done) done.add(step);
      if (!task.parallel) before = new Set(done);
    }
    return { need: { name: task.name, needs }, done };
  }
}

/** What a task sees as `OV`. */
export function overOf(task: Work, over: string | undefined): string | undefined {
  return over ?? task.env.OV;
}

function labelOf(task: Work, word: string | undefined, over: string | undefined): string {
  const shown = task.action === "function" ? word ?? "dev" : word ?? "";
  return [
    task.name,
    task.takesWord ? shown : "",
    task.takesOver ? overOf(task, over) ?? "" : "",
  ].join("|");
}

function clashes(steps: readonly Step[]): boolean {
  return steps.some((a, index) =>
    steps.slice(index + 1).some((b) => {
      if (!overlap(a.task, b.task)) return false;
      if (!a.before.has(b) && !b.before.has(a)) return true;
      // Who reads what both write reads it at some time between.
      return steps.some((reader) =>
        [a, b].some(({ task }) => task.writes.some((write) => reads(reader.task, write)))
      );
    })
  );
}

export function overlap(a: Work, b: Work): boolean {
  return a === b && (a.writes.length > 0 || a.pre !== undefined) ||
    a.writes.some((one) => one.kind === "shared" && b.writes.some(({ at }) => at === one.at));
}

export function reads(task: Work, write: Write): boolean {
  return task.reads.some(({ at }) => write.at === at || write.at.startsWith(`${at}/`));
}
