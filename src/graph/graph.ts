/**
 * Workspace -> graph: every reference resolved, every cycle found.
 *
 * @module
 */

import type { Item, Reference } from "../model/action.ts";
import type { Edge, EdgeKind, Graph, Resolved } from "../model/graph.ts";
import type { TaskId } from "../model/id.ts";
import { nearest } from "../model/near.ts";
import type { Problem } from "../model/problem.ts";
import type { Workspace } from "../model/task.ts";
import { resolveWords, visibleNames } from "./resolve.ts";

/**
 * Splits a reference text by the word grammar of the language.
 *
 * @returns the leading literal words, and for each the offset behind it, or the problem
 */
export type SplitReference = (
  reference: Extract<Reference, { readonly kind: "text" }>,
  task: string,
) =>
  | {
    readonly ok: true;
    readonly words: readonly { readonly text: string; readonly end: number }[];
  }
  | { readonly ok: false; readonly problem: Problem };

export function buildGraph(
  workspace: Workspace,
  split: SplitReference,
): { readonly graph: Graph; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const resolved = new Map<Reference, Resolved>();
  const edges = new Map<TaskId, readonly Edge[]>();

  for (const task of workspace.tasks.values()) {
    const out: Edge[] = [];
    const refer = (reference: Reference, kind: EdgeKind) => {
      const to = resolveReference(workspace, split, reference, task.id);
      if ("problem" in to) return void problems.push(to.problem);
      resolved.set(reference, to);
      out.push({ from: task.id, to: to.id, kind, place: reference.place });
    };
    const items = (list: readonly Item[], kind: EdgeKind) => {
      for (const item of list) if (item.kind === "use") refer(item.reference, kind);
    };
    for (const reference of task.deps) refer(reference, "deps");
    items(task.pre, "pre");
    if (task.action.kind === "composite") items(task.action.items, "item");
    if (task.action.kind === "group") {
      for (const to of task.members) {
        if (!workspace.tasks.get(to)!.hidden) out.push({ from: task.id, to, kind: "member" });
      }
    }
    items(task.post, "post");
    if (out.length > 0) edges.set(task.id, out);
  }
  problems.push(...findCycles(workspace, edges));
  return { graph: { workspace, edges, resolved }, problems };
}

/**
 * What a reference means.
 *
 * @param task who says it, for the message
 */
export function resolveReference(
  workspace: Workspace,
  split: SplitReference,
  reference: Reference,
  task: TaskId,
): Resolved | { readonly problem: Problem } {
  const { place } = reference;
  const unknown = (name: string, near: readonly string[]): { readonly problem: Problem } => ({
    problem: { code: "E_REF_UNKNOWN", task, place, name, near },
  });
  if (reference.kind === "task") {
    if (workspace.tasks.has(reference.id)) return { id: reference.id, line: "" };
    return unknown(reference.id, nearest(reference.id, visibleNames(workspace)));
  }
  const words = split(reference, task);
  if (!words.ok) return words;
  const found = resolveWords(workspace, words.words.map((word) => word.text));
  if (!found.ok) return unknown(found.name, found.near);
  return { id: found.id, line: reference.text.slice(words.words[found.used - 1]!.end) };
}

/**
 * Depth-first search with an explicit stack (a chain may be as long as the project is large). Each
 * edge that closes a cycle is reported once, with the names along the way.
 */
function findCycles(
  workspace: Workspace,
  edges: ReadonlyMap<TaskId, readonly Edge[]>,
): readonly Problem[] {
  const problems: Problem[] = [];
  const done = new Set<TaskId>();
  for (const start of workspace.tasks.keys()) {
    if (done.has(start)) continue;
    const path: TaskId[] = [start];
    const position = new Map<TaskId, number>([[start, 0]]);
    const next: number[] = [0];
    while (path.length > 0) {
      const id = path.at(-1)!;
      const out = edges.get(id) ?? [];
      const index = next[next.length - 1]!++;
      const edge = out[index];
      if (edge === undefined) {
        path.pop();
        next.pop();
        position.delete(id);
        done.add(id);
        continue;
      }
      const at = position.get(edge.to);
      if (at !== undefined) {
        const names = [...path.slice(at), edge.to];
        const place = edge.place ?? workspace.tasks.get(id)!.place;
        problems.push({ code: "E_CYCLE", task: id, place, path: names });
      } else if (!done.has(edge.to)) {
        path.push(edge.to);
        next.push(0);
        position.set(edge.to, path.length - 1);
      }
    }
  }
  return problems;
}
