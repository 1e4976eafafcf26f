/**
 * Where boxes and lines go in a two-dimensional drawing. The sizes of the boxes come in, places in
 * user units go out, from (0, 0) to the returned width and height.
 *
 * @module
 */

import dagre from "@dagrejs/dagre";
import type { Relations } from "./_relations.ts";

/** A point of the drawing. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The size of a box. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A laid-out picture. */
export interface Layout extends Size {
  /** The middle of each box, in the order of the sizes. */
  readonly centers: readonly Point[];
  /** The corners of each line, by task and then in the order of its targets. */
  readonly paths: readonly (readonly (readonly Point[])[])[];
}

const gap = { beside: 24, between: 48 };

/**
 * Lays out boxes so that lines run downwards. Up to about 1,500 boxes and lines dagre keeps
 * crossings few (3 s at most); beyond that it takes minutes or exhausts the stack, so larger
 * pictures are plain rows.
 */
export function layBoxes(relations: Relations, sizes: readonly Size[]): Layout {
  if (sizes.length === 0) return { width: 0, height: 0, centers: [], paths: [] };
  const lines = relations.targets.reduce((sum, list) => sum + list.length, 0);
  const ranks = ranksOf(relations);
  const isLarge = sizes.length + lines > 1500 || Math.max(...ranks) > 500;
  return isLarge ? layRows(relations, sizes, ranks) : layWithDagre(relations, sizes);
}

function layWithDagre({ targets }: Relations, sizes: readonly Size[]): Layout {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: gap.beside, ranksep: gap.between });
  sizes.forEach((size, node) => graph.setNode(`${node}`, { ...size }));
  targets.forEach((list, from) =>
    list.forEach(({ to }, at) => graph.setEdge(`${from}`, `${to}`, {}, `${at}`))
  );
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph() as Partial<Size>;
  return {
    width,
    height,
    centers: sizes.map((_, node) => point(graph.node(`${node}`))),
    paths: targets.map((list, from) =>
      list.map(({ to }, at) => {
        const edge = graph.edge(`${from}`, `${to}`, `${at}`) as { points: readonly Point[] };
        // Every other point lies half-way between two ranks, where it only makes a kink.
        const all = edge.points.slice(1, -1).map(point);
        const inner = from === to ? all : all.filter((_, index) => index % 2 === 1);
        const [start, end] = [graph.node(`${from}`), graph.node(`${to}`)];
        return from === to ? inner : [
          edgeOf(point(start), sizes[from]!, inner[0] ?? point(end), 1),
          ...inner,
          edgeOf(point(end), sizes[to]!, inner.at(-1) ?? point(start), -1),
        ];
      })
    ),
  };
}

/**
 * Where a line leaves the lower side of a box, or meets the upper one: dagre takes the shortest
 * way, also through the left and right side, and such a line runs into the neighbour.
 */
function edgeOf(center: Point, size: Size, towards: Point, side: 1 | -1): Point {
  const reach = size.width / 4;
  const shift = Math.max(-reach, Math.min(reach, (towards.x - center.x) / 4));
  return { x: center.x + shift, y: center.y + side * size.height / 2 };
}

function point({ x, y }: { readonly x?: number; readonly y?: number }): Point {
  return { x: x ?? 0, y: y ?? 0 };
}

/** The boxes of a rank side by side, broken into rows that are not much wider than high. */
function layRows({ targets }: Relations, sizes: readonly Size[], ranks: readonly number[]): Layout {
  const area = sizes.reduce(
    (sum, size) => sum + (size.width + gap.beside) * (size.height + gap.between),
    0,
  );
  const limit = Math.sqrt(area) * 1.5;
  const centers: Point[] = sizes.map(() => ({ x: 0, y: 0 }));
  let [width, top] = [0, 0];
  for (const nodes of [...Map.groupBy(sizes.keys(), (node) => ranks[node]!)].sort(byRank)) {
    let [left, height] = [0, 0];
    for (const node of nodes[1]) {
      const size = sizes[node]!;
      if (left > 0 && left + size.width > limit) {
        top += height + gap.between;
        [left, height] = [0, 0];
      }
      centers[node] = { x: left + size.width / 2, y: top + size.height / 2 };
      left += size.width + gap.beside;
      height = Math.max(height, size.height);
      width = Math.max(width, left - gap.beside);
    }
    top += height + gap.between;
  }
  const paths = targets.map((list, from) =>
    list.map(({ to }) => [
      { x: centers[from]!.x, y: centers[from]!.y + sizes[from]!.height / 2 },
      { x: centers[to]!.x, y: centers[to]!.y - sizes[to]!.height / 2 },
    ])
  );
  return { width, height: top - gap.between, centers, paths };
}

function byRank(a: readonly [number, unknown], b: readonly [number, unknown]): number {
  return a[0] - b[0];
}

/** The length of the longest way down to each task; 0 for tasks below a cycle. */
function ranksOf({ targets, sources }: Relations): readonly number[] {
  const ranks = targets.map(() => 0);
  const waiting = sources.map((from) => from.size);
  const order = waiting.flatMap((count, node) => count === 0 ? [node] : []);
  for (const node of order) {
    for (const to of new Set(targets[node]!.map((target) => target.to))) {
      if (to === node) continue;
      ranks[to] = Math.max(ranks[to]!, ranks[node]! + 1);
      if (--waiting[to]! === 0) order.push(to);
    }
  }
  return ranks;
}
