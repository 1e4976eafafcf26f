/**
 * What a drawing is: a picture goes in, text comes out. The same picture and options always give
 * the same text, on every machine; no picture and no name makes a drawing throw.
 *
 * @module
 */

import type { EdgeKind, Picture } from "../../model/graph.ts";

/** How to draw. A drawing ignores what has no meaning for its format. */
export interface DrawOptions {
  /** Columns of the terminal. Without it nothing is wrapped. */
  readonly width?: number;
  /** Colour the lines with ANSI sequences; the text between them stays the same. */
  readonly color?: boolean;
  /** Box-drawing characters (the default), or ASCII only. Names are written as they are. */
  readonly unicode?: boolean;
}

/** One output format. The text ends in a line break unless it is empty. */
export interface Drawing {
  draw(picture: Picture, options: DrawOptions): string;
}

/** The three ways to draw a line: a dependency, a part of a whole, something done around a task. */
export type Stroke = "deps" | "parts" | "hooks";

/** Which line an edge is drawn with. */
export function strokeOf(kind: EdgeKind): Stroke {
  switch (kind) {
    case "deps":
      return "deps";
    case "item":
    case "member":
      return "parts";
    case "pre":
    case "post":
      return "hooks";
  }
}

/** What a legend says of a stroke. */
export const strokeNames: Readonly<Record<Stroke, string>> = {
  deps: "deps",
  parts: "item or member",
  hooks: "pre or post",
};

/** The strokes of a picture that need a legend: all that occur, or none if only deps do. */
export function legendOf(picture: Picture): readonly Stroke[] {
  const present = new Set(picture.edges.map((edge) => strokeOf(edge.kind)));
  const strokes = (["deps", "parts", "hooks"] as const).filter((stroke) => present.has(stroke));
  return strokes.some((stroke) => stroke !== "deps") ? strokes : [];
}

/**
 * A name as one line of harmless text: what would move the cursor, end the line, turn the writing
 * direction or be no character at all is written as an escape.
 *
 * @example visibleName("a\nb") === "a\\u{a}b"
 */
export function visibleName(name: string): string {
  return name.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

/** The first line of a help text. */
export function firstLine(help: string): string {
  return help.trim().split(/\r?\n/, 1)[0]!.trim();
}

/** An id for every task, made from its name; names that would share one are told apart. */
export function uniqueIds(
  picture: Picture,
  idOf: (name: string) => string,
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id: name } of picture.nodes) {
    const wanted = idOf(name);
    let id = wanted;
    for (let count = 2; taken.has(id); count++) id = `${wanted}_${count}`;
    taken.add(id);
    ids.set(name, id);
  }
  return ids;
}
