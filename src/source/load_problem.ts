/**
 * What a user's module threw -> a problem that points at the user's line.
 *
 * @module
 */

import type { Os } from "../host/host.ts";
import type { AbsolutePath } from "../model/id.ts";
import type { Place } from "../model/place.ts";
import type { Problem, StackCall } from "../model/problem.ts";
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
  const name = nameOf(first);
  const detail = messageOf(error).split("\n")[0]!.replace(/\bfile:\/\/(?=\/)/g, "");
  const place = placeOf(first, files) ?? { file, whole: true as const };
  // A module that it imports.
  const about = { ...(task !== "" && { task }), place };
  if (name === "BuildMessage") return { code: "E_TS_SYNTAX", ...about, detail };
  return { code: "E_TS_LOAD", ...about, name, detail };
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

/** What a user's module let go after it was loaded: in a timer, or in a promise nobody waits for. */
export function lateProblem(error: unknown, call: StackCall | undefined): Problem {
  const name = nameOf(error);
  const [detail] = messageOf(error).split("\n") as [string];
  return { code: "E_TS_LOAD", ...(call && { place: call }), name, detail, late: true };
}

/** Of several errors at once the first says enough. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? error.errors[0] ?? error : error;
}

/** That Bun could not resolve a name is said by what it says. */
function nameOf(error: unknown): string {
  return error instanceof Error && error.name !== "ResolveMessage" ? error.name : "";
}

/** What an error says; of a value that is none, the value. */
export function messageOf(error: unknown): string {
  const first = firstOf(error);
  const message = (first as { message?: unknown } | null)?.message;
  if (message !== undefined) return String(message);
  return (typeof first === "object" ? JSON.stringify(first) : undefined) ?? String(first);
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
