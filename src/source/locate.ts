/**
 * Places made readable. Only problems and editors need lines and columns, so the parser that knows
 * them is loaded when the first place has to be shown.
 *
 * @module
 */

import type { AST } from "toml-eslint-parser";
import type { Files } from "../host/host.ts";
import type { Located, Place } from "../model/place.ts";

/** Offsets into a source text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The spans of every key and value of a TOML text. */
export interface Spans {
  key(path: readonly (string | number)[]): Span | undefined;
  value(path: readonly (string | number)[]): Span | undefined;
}

/** How many lines are shown before and after the one meant. */
const CONTEXT = 1;

/**
 * @param files where the text is read from, again: it is not kept in memory for the rare problem
 * @returns `undefined` when the file cannot be read any more
 */
export async function locate(place: Place, files: Files): Promise<Located | undefined> {
  const read = files.readText(place.file);
  if ("fault" in read) return undefined;
  const text = read.text;
  if ("line" in place) {
    const start = lineStart(text, place.line) + place.column - 1;
    return frame(place, text, { start, end: start + (place.length ?? 1) });
  }
  if ("offset" in place) {
    return frame(place, text, { start: place.offset, end: place.offset + (place.length ?? 1) });
  }
  if ("path" in place) {
    const spans = await tomlSpans(text);
    return frame(place, text, (spans && spanOf(spans, text, place)) ?? { start: 0, end: 1 });
  }
  return frame(place, text, { start: 0, end: 1 });
}

function spanOf(
  spans: Spans,
  text: string,
  place: Extract<Place, { readonly path: unknown }>,
): Span | undefined {
  // A key that is missing is shown at the nearest level that is there.
  for (let length = place.path.length; length > 0; length--) {
    const path = place.path.slice(0, length);
    const whole = length === place.path.length;
    const value = whole && place.key !== true ? spans.value(path) : undefined;
    const span = value ?? spans.key(path) ?? spans.value(path);
    if (span === undefined) continue;
    return value !== undefined && place.within !== undefined
      ? inString(text, value, place.within[0], place.within[1])
      : span;
  }
  return undefined;
}

function frame(place: Place, text: string, span: Span): Located {
  const start = Math.max(0, Math.min(span.start, text.length));
  const before = text.slice(0, start);
  const line = before.split("\n").length;
  const column = start - before.lastIndexOf("\n");
  const lines = text.split("\n");
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  const shown = lines[line - 1] ?? "";
  const length = Math.max(1, Math.min(span.end - start, shown.trimEnd().length - column + 1));
  const first = Math.max(1, line - CONTEXT);
  const last = Math.min(lines.length, line + CONTEXT);
  return {
    file: place.file,
    line,
    column,
    length,
    frame: lines.slice(first - 1, last).map((text, index) => ({
      number: first + index,
      text: text.replace(/\r$/, ""),
    })),
  };
}

function lineStart(text: string, line: number): number {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const next = text.indexOf("\n", start);
    if (next === -1) break;
    start = next + 1;
  }
  return start;
}

/**
 * @returns the spans, or `undefined` for a text that is not TOML
 */
export async function tomlSpans(text: string): Promise<Spans | undefined> {
  const { parseTOML } = await import("toml-eslint-parser");
  const keys = new Map<string, Span>();
  const values = new Map<string, Span>();
  try {
    collect(parseTOML(text).body[0], [], keys, values);
  } catch {
    return undefined;
  }
  return {
    key: (path) => keys.get(JSON.stringify(path)),
    value: (path) => values.get(JSON.stringify(path)),
  };
}

type Found = Map<string, Span>;

function collect(
  node: AST.TOMLTopLevelTable | AST.TOMLTable | AST.TOMLInlineTable,
  base: readonly (string | number)[],
  keys: Found,
  values: Found,
): void {
  for (const child of node.body) {
    if (child.type === "TOMLTable") {
      const path = child.resolvedKey;
      // `[a.b]` names a, then a.b; in an array of tables an index follows the last name.
      let names = -1;
      path.forEach((part, index) => {
        if (typeof part === "string") names++;
        const key = child.key.keys[names];
        if (key !== undefined) remember(keys, path.slice(0, index + 1), key.range);
      });
      collect(child, path, keys, values);
    } else {
      const names = child.key.keys.map((key) => key.type === "TOMLBare" ? key.name : key.value);
      names.forEach((_, index) => {
        remember(keys, [...base, ...names.slice(0, index + 1)], child.key.keys[index]!.range);
      });
      content(child.value, [...base, ...names], keys, values);
    }
  }
}

function content(
  node: AST.TOMLContentNode,
  path: readonly (string | number)[],
  keys: Found,
  values: Found,
): void {
  remember(values, path, node.range);
  if (node.type === "TOMLInlineTable") collect(node, path, keys, values);
  if (node.type === "TOMLArray") {
    node.elements.forEach((element, index) => content(element, [...path, index], keys, values));
  }
}

/** The first mention wins: that is where a table was opened. */
function remember(found: Found, path: readonly (string | number)[], range: [number, number]): void {
  const key = JSON.stringify(path);
  if (!found.has(key)) found.set(key, { start: range[0], end: range[1] });
}

/** The span of a part of a TOML string's value, counted in the value, found in the source. */
function inString(text: string, value: Span, offset: number, length: number): Span {
  const source = text.slice(value.start, value.end);
  const quote = /^("""|'''|"|')/.exec(source)?.[0];
  if (quote === undefined) return value;
  let at = quote.length;
  if (quote.length === 3) at += /^\r?\n/.exec(source.slice(3))?.[0].length ?? 0;
  const basic = quote[0] === '"';
  const place = (units: number, from: number) => {
    let here = from;
    let left = units;
    while (left > 0 && here < source.length - quote.length) {
      const escape = basic
        ? /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[ \t]*\r?\n\s*|[^])/.exec(source.slice(here))
        : null;
      if (escape === null) {
        here++;
        left--;
      } else {
        here += escape[0].length;
        const continuation = /^\\[ \t]*\r?\n/.test(escape[0]);
        const wide = escape[2] !== undefined && parseInt(escape[2], 16) > 0xffff;
        left -= continuation ? 0 : wide ? 2 : 1;
      }
    }
    return here;
  };
  const start = place(offset, at);
  const end = place(length, start);
  return { start: value.start + start, end: value.start + Math.max(end, start + 1) };
}
