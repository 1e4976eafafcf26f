/**
 * The stack of an error, as text in the dialect of a runtime, becomes calls with a file and a line.
 * Calls inside the runtime have no file and are left out.
 *
 * @module
 */

import type { AbsolutePath } from "../model/id.ts";
import type { StackCall } from "../model/problem.ts";

/** `at name (place)`, and `at place` of a call without a name. */
const NAMED = /^at (?:async )?(.+?) \((.+):(\d+):(\d+)\)$/;
const NAMELESS = /^(?:at (?:async )?)?(.+):(\d+):(\d+)$/;

/**
 * The calls that led to an error, the innermost first.
 *
 * @example stackOf(new Error("no")) // [{ name: "check", file: "/home/ann/tasks.ts", line: 3, column: 9 }]
 */
export function stackOf(error: unknown): readonly StackCall[] {
  if (!(error instanceof Error)) return [];
  const { stack = "", message } = error;
  // A message may have lines that look like calls.
  const end = stack.indexOf(message) + message.length;
  return stack.slice(Math.max(0, end)).split("\n").flatMap((line) => callOf(line.trim()) ?? []);
}

function callOf(line: string): StackCall | undefined {
  const named = NAMED.exec(line);
  const nameless = named === null ? NAMELESS.exec(line) : null;
  const [name, place, at, column] = named?.slice(1) ?? ["", ...nameless?.slice(1) ?? []];
  if (place === undefined) return undefined;
  const file = pathOf(place);
  if (!/^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(file)) return undefined;
  return {
    name: name || "<anonymous>",
    file: file as AbsolutePath,
    line: Number(at),
    column: Number(column),
  };
}

/** The path in what is a path already, or the URL of a file. */
export function pathOf(place: string): string {
  const text = place.replace(/\?.*$/, "");
  if (!text.startsWith("file://")) return text;
  const path = decodeURIComponent(text.slice("file://".length));
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1).replaceAll("/", "\\") : path;
}
