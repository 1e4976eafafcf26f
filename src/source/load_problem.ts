/**
 * What a user's module threw -> a problem that points at the user's line.
 *
 * @module
 */

import type { AbsolutePath } from "../model/id.ts";
import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import { stackOf } from "./stack.ts";

/** What runtimes say about the place of a module that cannot be compiled or resolved. */
interface Positioned {
  readonly position?: { readonly file?: string; readonly line?: number; readonly column?: number };
}

/**
 * @param files the user's modules, the task file first
 * @param task whose thunk threw, or empty
 */
export function loadProblem(
  error: unknown,
  files: readonly AbsolutePath[],
  task: string,
): Problem {
  const file = files[0]!;
  // Several errors at once: the first says enough.
  const first = error instanceof AggregateError ? error.errors[0] ?? error : error;
  const name = first instanceof Error ? first.name : "";
  const message = first instanceof Error
    ? first.message
    : (first as { message?: unknown } | null)?.message ?? String(first);
  const detail = String(message).split("\n")[0]!.replace(/\bfile:\/\/(?=\/)/g, "");
  const place = placeOf(first, files) ?? { file, whole: true as const };
  return { code: "E_TS_LOAD", ...(task !== "" && { task }), place, file, name, detail };
}

/** What runtimes say of a module they cannot find. */
const NOT_FOUND =
  /cannot find (?:module|package)|module not found|could not resolve|not a dependency/i;

/** The name of a module in an import, wherever one may stand. */
const IMPORT = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*(["'])([^"'\n]+)\1/g;

/**
 * An import that leads nowhere: the import itself is shown, whatever the runtime says of it.
 *
 * @param resolves whether there is a file for a relative name
 */
export function importProblem(
  error: unknown,
  texts: readonly { readonly file: AbsolutePath; readonly text: string }[],
  resolves: (from: AbsolutePath, specifier: string) => boolean,
): Problem | undefined {
  const first = error instanceof AggregateError ? error.errors[0] ?? error : error;
  const message = String((first as { message?: unknown } | null)?.message ?? first);
  if (!NOT_FOUND.test(message)) return undefined;
  for (const { file, text } of texts) {
    for (const found of text.matchAll(IMPORT)) {
      const specifier = found[2]!;
      const relative = /^\.{1,2}\//.test(specifier);
      if (relative ? resolves(file, specifier) : !message.includes(specifier)) continue;
      if (specifier === "ntask") continue;
      const offset = found.index + found[0].length - specifier.length - 1;
      const place = { file, offset, length: specifier.length };
      return { code: "E_TS_IMPORT", place, specifier };
    }
  }
  return undefined;
}

/** The innermost line of the user's own that an error was thrown from. */
export function placeOf(error: unknown, files: readonly AbsolutePath[]): Place | undefined {
  const { position } = (error ?? {}) as Positioned;
  if (position?.line !== undefined) {
    const file = files.find((file) => file === position.file) ?? files[0]!;
    return { file, line: position.line, column: Math.max(1, position.column ?? 1) };
  }
  const call = stackOf(error).find(({ file }) => files.includes(file));
  return call && { file: call.file, line: call.line, column: call.column };
}
