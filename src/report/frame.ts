/**
 * The lines around a place, with a mark below what is meant.
 *
 * @module
 */

import type { Located } from "../model/place.ts";
import type { Palette } from "./palette.ts";
import { plain } from "./plain.ts";

/** So much of a line is shown, and so much of it before what is meant. */
const [WIDTH, BEFORE] = [160, 60];

/**
 * @param width of the column of numbers
 * @param show how a path is written for this reader
 */
export function frame(
  { file, line, column, length, frame }: Located,
  width: number,
  palette: Palette,
  show: (path: string) => string,
): string {
  const bar = palette.dim("|");
  const gutter = (number: string) => palette.dim(number.padStart(width));
  let text = `  ${palette.dim("-->")} ${show(file)}:${line}:${column}\n`;
  const from = column > WIDTH - BEFORE ? column - BEFORE : 0;
  for (const { number, text: source } of frame) {
    const cut = from > 0 ? "…" : "";
    const more = source.length > from + WIDTH ? "…" : "";
    const part = plain(source.slice(from, from + WIDTH));
    text += ` ${gutter(String(number))} ${bar} ${cut}${part}${more}`.trimEnd() + "\n";
    if (number !== line) continue;
    // Tabs are kept, so that the marks stand under what they mean.
    const pad = (cut + source.slice(from, column - 1)).replace(/[^\t]/g, " ");
    const marks = "^".repeat(Math.min(length, from + WIDTH - column + 1));
    text += ` ${gutter("")} ${bar} ${pad}${palette.red(marks)}\n`;
  }
  return text;
}
