/**
 * A picture as numbers: who needs whom, and what hangs together. Edges between the same two tasks
 * that are drawn alike are one line; edges to tasks that are not in the picture are left out.
 *
 * @module
 */

import type { Edge, Picture } from "../../model/graph.ts";
import { strokeOf } from "./format.ts";
import type { Stroke } from "./format.ts";

/** A line to draw. */
export interface Target {
  readonly to: number;
  readonly stroke: Stroke;
  /** The edges it stands for: one, or several that differ only in kind. */
  readonly edges: readonly Edge[];
}

/** Tasks are named by their index in the picture. */
export interface Relations {
  /** The lines that leave each task, in the order of the picture. */
  readonly targets: readonly (readonly Target[])[];
  /** The tasks that need each task, itself excluded. */
  readonly sources: readonly ReadonlySet<number>[];
  /** The same with the stroke of the line. */
  readonly incoming: readonly (readonly { readonly from: number; readonly stroke: Stroke }[])[];
  /** Tasks that are connected, in the order of the picture; the unconnected ones come last. */
  readonly components: readonly (readonly number[])[];
  /** Whether `from` needs `to`, directly or not. */
  reaches(from: number, to: number): boolean;
}

/** Numbers a picture. */
export function relate(picture: Picture): Relations {
  const index = new Map(picture.nodes.map((node, at) => [node.id, at]));
  const size = picture.nodes.length;
  const targets: Target[][] = Array.from({ length: size }, () => []);
  const sources: Set<number>[] = Array.from({ length: size }, () => new Set());
  const incoming: { from: number; stroke: Stroke }[][] = Array.from({ length: size }, () => []);
  const lines = new Map<string, Edge[]>();
  for (const edge of picture.edges) {
    const from = index.get(edge.from);
    const to = index.get(edge.to);
    if (from === undefined || to === undefined) continue;
    const stroke = strokeOf(edge.kind);
    const key = `${from} ${to} ${stroke}`;
    const known = lines.get(key);
    if (known) {
      if (!known.some((other) => other.kind === edge.kind)) known.push(edge);
      continue;
    }
    const edges = [edge];
    lines.set(key, edges);
    targets[from]!.push({ to, stroke, edges });
    if (from !== to) {
      sources[to]!.add(from);
      incoming[to]!.push({ from, stroke });
    }
  }
  const reach = closure(targets, sources);
  return {
    targets,
    sources,
    incoming,
    components: components(targets),
    reaches: (from, to) => ((reach[from]![to >> 5] ?? 0) >>> (to & 31) & 1) === 1,
  };
}

/** What each task needs in the end, as bits; nothing for tasks above a cycle. */
function closure(
  targets: readonly (readonly Target[])[],
  sources: readonly ReadonlySet<number>[],
): readonly Uint32Array[] {
  const words = Math.ceil(targets.length / 32);
  const reach = targets.map(() => new Uint32Array(words));
  const waiting = sources.map((from) => from.size);
  const order = waiting.flatMap((count, node) => count === 0 ? [node] : []);
  for (const node of order) {
    for (const to of new Set(targets[node]!.map((target) => target.to))) {
      if (to !== node && --waiting[to]! === 0) order.push(to);
    }
  }
  for (const node of order.reverse()) {
    const own = reach[node]!;
    for (const { to } of targets[node]!) {
      own[to >> 5]! |= 1 << (to & 31);
      const more = reach[to]!;
      for (let word = 0; word < words; word++) own[word]! |= more[word]!;
    }
  }
  return reach;
}

function components(targets: readonly (readonly Target[])[]): readonly (readonly number[])[] {
  const parent = targets.map((_, node) => node);
  const find = (node: number): number => {
    while (parent[node] !== node) {
      parent[node] = parent[parent[node]!]!;
      node = parent[node]!;
    }
    return node;
  };
  targets.forEach((list, from) => {
    for (const { to } of list) {
      const [a, b] = [find(from), find(to)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  });
  const groups = Map.groupBy(targets.keys(), find);
  const all = [...groups.values()];
  return [...all.filter((group) => group.length > 1), ...all.filter((group) => group.length === 1)];
}
