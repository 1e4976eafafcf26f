/**
 * Every format a graph can be drawn in: one line a file of this folder. Only the format that is
 * asked for is loaded.
 *
 * @module
 */

import type { Drawing } from "./format.ts";

export type { Drawing, DrawOptions } from "./format.ts";

/** The formats by the name `--format` takes; the first is the default. */
export const drawings = {
  ascii: () => import("./ascii.ts"),
  mermaid: () => import("./mermaid.ts"),
  dot: () => import("./dot.ts"),
  svg: () => import("./svg.ts"),
  json: () => import("./json.ts"),
} as const satisfies Record<string, () => Promise<Drawing>>;

/** A name `--format` takes. */
export type DrawingName = keyof typeof drawings;
