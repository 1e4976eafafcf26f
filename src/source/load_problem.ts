/**
 * What a user's module threw -> a problem that points at the user's line.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import type { Os } from "../host/host.ts";
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
  const first = firstOf(error);
  const name = first instanceof Error ? first.name : "";
  const detail = messageOf(error).split("\n")[0]!.replace(/\bfile:\/\/(?=\/)/g, "");
  const place = placeOf(first, files) ?? { file, whole: true as const };
  return { code: "E_TS_LOAD", ...(task !== "" && { task }), place, file, name, detail };
}

/**
 * A module that cannot be evaluated, whatever is in it: the runtime would evaluate another file.
 *
 * @returns what to say of it
 */
export function oddPath(file: AbsolutePath, os: Os): string | undefined {
  const odd = (os === "windows" ? /\?/ : /[?\\]/).exec(file)?.[0];
  return odd && `the path of this file has a "${odd}" in it, ` +
      "which the runtime takes for something else; move the project to another directory";
}

/** What runtimes say of a module they cannot find. */
const NOT_FOUND =
  /cannot find (?:module|package)|module not found|could not resolve|not a dependency/i;

/** The module whose import leads nowhere, where the runtime names it. */
export function importerIn(error: unknown): AbsolutePath | undefined {
  // deno-lint-ignore no-control-regex -- colours begin with one
  const message = messageOf(error).replace(/\x1b\[[\d;]*m/g, "");
  // Bun and Node; Node's `require`; Deno.
  const path = /(?: imported from |^Require stack:\n- )(\S.*)$/m.exec(message)?.[1];
  const url = /^ +at (file:\S+?):\d+:\d+$/m.exec(message)?.[1];
  return (path ?? (url && fromFileUrl(url))) as AbsolutePath | undefined;
}

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
  const message = messageOf(error);
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

/** Of several errors at once the first says enough. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? error.errors[0] ?? error : error;
}

function messageOf(error: unknown): string {
  const first = firstOf(error);
  return String((first as { message?: unknown } | null)?.message ?? first);
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
