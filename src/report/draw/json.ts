/**
 * A graph as data for other programs: every task and every edge with its kind, names unaltered.
 * Fields may be added; one that changes its meaning raises the version.
 *
 * @module
 */

import type { Picture } from "../../model/graph.ts";
import type { DrawOptions } from "./format.ts";

/** Writes a picture as one JSON object. */
export function draw(picture: Picture, _options: DrawOptions): string {
  const nodes = picture.nodes.map(({ id, kind, help }) => ({
    id,
    kind,
    ...(help !== undefined && { help }),
  }));
  const edges = picture.edges.map(({ from, to, kind }) => ({ from, to, kind }));
  const text = JSON.stringify({ version: 1, nodes, edges }, undefined, 2) + "\n";
  // JSON lets these stand in a string, a terminal would obey them.
  return text.replace(/[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
