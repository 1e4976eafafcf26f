/**
 * A graph as a Mermaid flowchart, for Markdown files and pull requests. Every name is quoted and
 * escaped, so no name can be read as syntax.
 *
 * Mermaid itself refuses charts of more than 500 edges unless its host allows them.
 *
 * @module
 */

import type { Edge, Picture } from "../../model/graph.ts";
import { legendOf, strokeNames, strokeOf, uniqueIds, visibleName } from "./format.ts";
import type { DrawOptions, Stroke } from "./format.ts";

const arrows: Readonly<Record<Stroke, string>> = { deps: "-->", parts: "==>", hooks: "-.->" };

const brackets: Readonly<Record<Picture["nodes"][number]["kind"], readonly [string, string]>> = {
  task: ["[", "]"],
  group: ["([", "])"],
  composite: ["[[", "]]"],
};

/** Writes a picture as a flowchart from the top down. */
export function draw(picture: Picture, _options: DrawOptions): string {
  // The prefix keeps ids apart from keywords (`end`) and from the legend.
  const ids = uniqueIds(picture, (name) => `t_${name.replace(/[^A-Za-z0-9]/g, "_")}`);
  const lines = ["flowchart TD"];
  for (const { id, kind } of picture.nodes) {
    const [left, right] = brackets[kind];
    // An empty label is a syntax error.
    lines.push(`  ${ids.get(id)}${left}"${escaped(visibleName(id)) || " "}"${right}`);
  }
  for (const edge of picture.edges) {
    const [from, to] = [ids.get(edge.from), ids.get(edge.to)];
    if (from && to) lines.push(`  ${from} ${arrow(edge)} ${to}`);
  }
  const legend = legendOf(picture);
  if (legend.length > 0) {
    const entries = legend.map((stroke) =>
      `    l_${stroke}[" "] ${arrows[stroke]}|"${strokeNames[stroke]}"| r_${stroke}[" "]`
    );
    lines.push("  subgraph legend", "    direction LR", ...entries, "  end");
  }
  return lines.join("\n") + "\n";
}

function arrow({ kind }: Edge): string {
  const label = strokeOf(kind) === "hooks" ? `|${kind}|` : "";
  return arrows[strokeOf(kind)] + label;
}

/** Text for a quoted label. Entities are written `#code;`; directives and Markdown are disarmed. */
function escaped(text: string): string {
  const escapes = text.replace(/["#&<>%`\\;{}*~$[\]()|]/g, entity);
  // Mermaid looks for `style…:…#…;` in the whole line, so no colon may stand before an entity.
  return escapes === text ? text : escapes.replaceAll(":", entity);
}

function entity(character: string): string {
  return `#${character.codePointAt(0)};`;
}
