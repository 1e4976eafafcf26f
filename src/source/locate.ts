/**
 * Places made readable. Only problems and editors need lines and columns, so the parser that knows
 * them is loaded when the first place has to be shown.
 *
 * @module
 */

import type { AST } from "toml-eslint-parser";
import type { Files } from "../host/host.ts";
import type { AbsolutePath } from "../model/id.ts";
import type { Located, Place } from "../model/place.ts";
import type { OptionSpans } from "./signature/option_spans.ts";

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

/** Makes places readable; reads and cuts each file once. */
export type Locator = (place: Place) => Promise<Located | undefined>;

/** A text and where its lines begin. */
interface Source {
  readonly text: string;
  readonly lines: readonly string[];
  readonly starts: readonly number[];
  spans?: Promise<Spans | undefined>;
  options?: Promise<OptionSpans | undefined>;
}

/**
 * @param files where the texts are read from, again: they are not kept for the rare problem
 * @returns gives `undefined` for a file that cannot be read any more
 */
export function createLocator(files: Files): Locator {
  const sources = new Map<string, Source | undefined>();
  return async (place) => {
    if (!sources.has(place.file)) sources.set(place.file, readSource(files, place.file));
    const source = sources.get(place.file);
    if (source === undefined) return undefined;
    const { text } = source;
    if ("line" in place) {
      const start = (source.starts[place.line - 1] ?? text.length) + place.column - 1;
      return frame(place, source, { start, end: start + (place.length ?? 1) });
    }
    if ("option" in place) {
      const spans = await (source.options ??= optionsIn(place.file, text));
      const found = spans?.(place);
      if (found !== undefined) return frame(place, source, found);
    }
    if ("offset" in place) {
      return frame(place, source, { start: place.offset, end: place.offset + (place.length ?? 1) });
    }
    if ("path" in place) {
      const spans = await (source.spans ??= tomlSpans(text));
      return frame(place, source, (spans && spanOf(spans, text, place)) ?? { start: 0, end: 1 });
    }
    return frame(place, source, { start: 0, end: 1 });
  };
}

async function optionsIn(file: AbsolutePath, text: string): Promise<OptionSpans | undefined> {
  const { optionSpans } = await import("./signature/option_spans.ts");
  return await optionSpans(file, text);
}

function readSource(files: Files, file: string): Source | undefined {
  const read = files.readText(file);
  if ("fault" in read) return undefined;
  // What stands in such a file has been read with these line ends.
  const text = file.endsWith(".toml") ? read.text.replaceAll("\r\n", "\n") : read.text;
  const lines = text.split("\n");
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  return { text, lines, starts };
}

/** The number of the line, from 1, that an offset is in. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
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

function frame(place: Place, { text, lines, starts }: Source, span: Span): Located {
  const start = Math.max(0, Math.min(span.start, text.length));
  const line = lineAt(starts, start);
  const column = start - starts[line - 1]! + 1;
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
