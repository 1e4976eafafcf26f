/**
 * A graph for Graphviz. Every id is quoted; labels are written out where Graphviz would read the
 * id as markup.
 *
 * @module
 */

import type { Edge, Picture } from "../../model/graph.ts";
import { firstLine, legendOf, strokeNames, strokeOf, uniqueIds, visibleName } from "./format.ts";
import type { DrawOptions, Stroke } from "./format.ts";

const strokes: Readonly<Record<Stroke, readonly string[]>> = {
  deps: [],
  parts: ["style=bold", "dir=both", "arrowtail=diamond"],
  hooks: ["style=dashed"],
};

const shapes: Readonly<Record<Picture["nodes"][number]["kind"], readonly string[]>> = {
  task: [],
  group: ["shape=tab"],
  composite: ["peripheries=2"],
};

/** Writes a picture as a directed graph from the top down. */
export function draw(picture: Picture, _options: DrawOptions): string {
  const ids = uniqueIds(picture, visibleName);
  const lines = ["digraph ntask {", '  node [shape=box, fontname="Helvetica"];'];
  if (picture.edges.length > 0) lines.push('  edge [fontname="Helvetica", fontsize=10];');
  for (const { id, kind, help } of picture.nodes) {
    const name = visibleName(id);
    const own = ids.get(id)!;
    // Graphviz shows an id that begins with `%` as the number of a nameless node.
    const isMarkup = /[\\&]|^%|^$/.test(name);
    const label = own !== name || isMarkup ? [`label=${text(name)}`] : [];
    const tooltip = help ? [`tooltip=${text(visibleName(firstLine(help)))}`] : [];
    lines.push(`  ${quoted(own)}${attributes([...label, ...shapes[kind], ...tooltip])};`);
  }
  for (const edge of picture.edges) {
    const [from, to] = [ids.get(edge.from), ids.get(edge.to)];
    if (from === undefined || to === undefined) continue;
    lines.push(`  ${quoted(from)} -> ${quoted(to)}${attributes(edgeStyle(edge))};`);
  }
  lines.push(...legend(picture, new Set(ids.values())), "}");
  return lines.join("\n") + "\n";
}

function edgeStyle({ kind }: Edge): readonly string[] {
  const stroke = strokeOf(kind);
  return stroke === "hooks" ? [...strokes.hooks, `label="${kind}"`] : strokes[stroke];
}

function legend(picture: Picture, taken: ReadonlySet<string>): readonly string[] {
  const entries = legendOf(picture);
  if (entries.length === 0) return [];
  let prefix = "legend";
  while ([...taken].some((id) => id.startsWith(prefix))) prefix += "_";
  return [
    "  subgraph cluster_legend {",
    '    label="legend"; fontname="Helvetica"; color=gray;',
    '    node [shape=point, label=""];',
    ...entries.map((stroke) => {
      const style = attributes([...strokes[stroke], `label=${text(strokeNames[stroke])}`]);
      return `    "${prefix} ${stroke} 1" -> "${prefix} ${stroke} 2"${style};`;
    }),
    "  }",
  ];
}

function attributes(list: readonly string[]): string {
  return list.length === 0 ? "" : ` [${list.join(", ")}]`;
}

/** An id. A backslash would escape the quote at the end, so it is doubled. */
function quoted(id: string): string {
  return `"${id.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** A label, where Graphviz resolves escapes and HTML entities. */
function text(label: string): string {
  return quoted(label.replaceAll("&", "&amp;"));
}
