/**
 * A graph, or what one task needs of it, as something to draw.
 *
 * @module
 */

import type { Edge, Graph, Picture } from "../model/graph.ts";
import type { TaskId } from "../model/id.ts";

/** @param target leave out what it does not lead to; hidden tasks are shown only if needed */
export function pictureOf(graph: Graph, target?: TaskId): Picture {
  const { tasks } = graph.workspace;
  const start = target === undefined
    ? [...tasks.values()].filter((task) => !task.hidden).map((task) => task.id)
    : [target];
  const reached = new Set<TaskId>(start);
  const edges: Edge[] = [];
  // A set may grow while it is walked.
  for (const id of reached) {
    const seen = new Set<string>();
    for (const { from, to, kind } of graph.edges.get(id) ?? []) {
      reached.add(to);
      const key = `${kind} ${to}`;
      if (!seen.has(key)) edges.push({ from, to, kind });
      seen.add(key);
    }
  }
  const nodes = [...tasks.values()].filter((task) => reached.has(task.id)).map((task) => ({
    id: task.id,
    kind: task.kind === "group"
      ? "group" as const
      : task.action.kind === "composite"
      ? "composite" as const
      : "task" as const,
    ...(task.doc && { help: task.doc.text }),
  }));
  return { nodes, edges };
}
