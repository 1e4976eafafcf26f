/**
 * A graph as an SVG image of its own: no script, no font and no style from outside, readable on
 * light and dark pages. Names and help are text, never markup.
 *
 * @module
 */

import type { Picture } from "../../model/graph.ts";
import { layBoxes, type Layout, type Point, type Size } from "./_boxes.ts";
import { relate, type Relations } from "./_relations.ts";
import { textWidth } from "./_text_width.ts";
import { firstLine, legendOf, strokeNames, visibleName } from "./format.ts";
import type { DrawOptions, Stroke } from "./format.ts";

const margin = 16;
const boxHeight = 34;
const characterWidth = 7.8;
const legendHeight = 40;
const legendSample = 40;

const style = `
  text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328; }
  .box { fill: #f6f8fa; stroke: #57606a; stroke-width: 1.2; }
  .group { fill: #ddf4ff; }
  .composite { fill: #fbefff; }
  .line { fill: none; stroke: #6e7781; stroke-width: 1.4; }
  .parts { stroke: #8250df; stroke-width: 3; }
  .hooks { stroke: #bc4c00; stroke-dasharray: 5 4; }
  .head { fill: #6e7781; }
  .note { font-size: 11px; fill: #6e7781; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .box { fill: #21262d; stroke: #8b949e; }
    .group { fill: #0c2d6b; }
    .composite { fill: #3c1e70; }
    .line { stroke: #8b949e; }
    .parts { stroke: #a371f7; }
    .hooks { stroke: #f0883e; }
    .head, .note { fill: #8b949e; }
  }
`;

const head =
  `<marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerUnits="userSpaceOnUse" ` +
  `markerWidth="10" markerHeight="10" orient="auto"><path class="head" d="M0 0 10 5 0 10z"/></marker>`;

/** Writes a picture as an SVG document, from the top down. */
export function draw(picture: Picture, _options: DrawOptions): string {
  const relations = relate(picture);
  const sizes = picture.nodes.map(({ id }): Size => ({
    width: Math.max(56, textWidth(visibleName(id)) * characterWidth + 24),
    height: boxHeight,
  }));
  const layout = layBoxes(relations, sizes);
  const legend = legendOf(picture);
  const legendWidth = legend.reduce((sum, stroke) => sum + legendEntryWidth(stroke), 0);
  const width = Math.ceil(Math.max(layout.width, legendWidth) + 2 * margin);
  const height = Math.ceil(layout.height + 2 * margin + (legend.length > 0 ? legendHeight : 0));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>Task graph</title>`,
    `<style>${style}</style>`,
    `<defs>${head}</defs>`,
    `<g transform="translate(${margin} ${margin})">`,
    ...lines(relations, layout),
    ...boxes(picture, sizes, layout),
    ...legendLines(legend, layout.height + legendHeight),
    `</g>`,
    `</svg>`,
  ].join("\n") + "\n";
}

function lines({ targets }: Relations, { paths }: Layout): readonly string[] {
  return targets.flatMap((list, from) =>
    list.flatMap(({ stroke, edges }, at) => {
      const points = paths[from]![at]!;
      const path = `<path class="line ${stroke}" marker-end="url(#head)" d="${curve(points)}"/>`;
      if (stroke !== "hooks") return [path];
      const [above, under] = points.slice(Math.max(0, Math.ceil(points.length / 2) - 1));
      const [x, y] = [(above!.x + under!.x) / 2, (above!.y + under!.y) / 2];
      const kinds = edges.map((edge) => edge.kind).join(", ");
      return [path, label(x + 6, y, kinds)];
    })
  );
}

/** A line through the points that is upright at each of them. */
function curve(points: readonly Point[]): string {
  return points.map((to, index) => {
    const from = points[index - 1];
    if (!from) return `M${short(to.x)} ${short(to.y)}`;
    const middle = short((from.y + to.y) / 2);
    return `C${short(from.x)} ${middle} ${short(to.x)} ${middle} ${short(to.x)} ${short(to.y)}`;
  }).join("");
}

function boxes(
  picture: Picture,
  sizes: readonly Size[],
  { centers }: Layout,
): readonly string[] {
  return picture.nodes.map(({ id, kind, help }, node) => {
    const { width, height } = sizes[node]!;
    const { x, y } = centers[node]!;
    const place = `x="${short(x - width / 2)}" y="${short(y - height / 2)}"`;
    const title = help ? `<title>${escaped(visibleName(firstLine(help)))}</title>` : "";
    return `<g>${title}<rect class="box ${kind}" ${place} width="${short(width)}" ` +
      `height="${height}" rx="${kind === "group" ? height / 2 : 6}"/>` +
      `<text x="${short(x)}" y="${short(y + 4.5)}" text-anchor="middle">` +
      `${escaped(visibleName(id))}</text></g>`;
  });
}

function legendEntryWidth(stroke: Stroke): number {
  return legendSample + strokeNames[stroke].length * 7 + 32;
}

function legendLines(strokes: readonly Stroke[], y: number): readonly string[] {
  let left = 0;
  return strokes.map((stroke) => {
    const from = left;
    left += legendEntryWidth(stroke);
    const to = from + legendSample;
    return `<path class="line ${stroke}" marker-end="url(#head)" d="M${from} ${short(y)}H${to}"/>` +
      label(to + 8, y + 4, strokeNames[stroke]);
  });
}

function label(x: number, y: number, text: string): string {
  return `<text class="note" x="${short(x)}" y="${short(y)}">${escaped(text)}</text>`;
}

/** A number with one decimal at most, the same on every machine. */
function short(value: number): string {
  return `${Math.round(value * 10) / 10 || 0}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}
