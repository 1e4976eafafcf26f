/**
 * What the user's code threw -> R_THROWN, which points at the line of theirs that it comes from.
 *
 * @module
 */

import type { TaskId } from "../model/id.ts";
import type { Problem, ProblemData, StackCall } from "../model/problem.ts";
import { pathOf, stackOf } from "./stack.ts";

/** What there is to say of an error: plain data, which may cross to another process. */
export type Thrown = ProblemData["R_THROWN"];

/** @param error anything that was thrown */
export function thrownBy(error: unknown): Thrown {
  const causes = causesOf(error).map((cause) => {
    const { name, detail } = said(cause);
    return name === "" || detail === "" ? name + detail : `${name}: ${detail}`;
  });
  return { ...said(error), stack: usersStack(error), causes };
}

/** The problem stands where the user's own code made the error, not in a package it used. */
export function thrownProblem(thrown: Thrown, task: TaskId): Problem<"R_THROWN"> {
  const { stack } = thrown;
  const at = stack.find(({ file }) => !/[\\/]node_modules[\\/]/.test(file)) ?? stack[0];
  const place = at && { file: at.file, line: at.line, column: at.column };
  return { code: "R_THROWN", task, ...(place && { place }), ...thrown };
}

function said(error: unknown): { readonly name: string; readonly detail: string } {
  if (error instanceof Error) return { name: error.name, detail: error.message };
  const detail = typeof error === "string" ? error : JSON.stringify(error) ?? String(error);
  return { name: "", detail };
}

/** The user's own calls; ntask's say nothing to them. */
function usersStack(error: unknown): readonly StackCall[] {
  // Compiled, our own calls have no absolute path.
  const own = pathOf(new URL("..", import.meta.url).href);
  return stackOf(error).filter(({ file }) => !file.startsWith(own));
}

/** What an error was caused by, through all levels. */
function causesOf(error: unknown, depth = 8): readonly unknown[] {
  if (!(error instanceof Error) || depth === 0) return [];
  const direct = error instanceof AggregateError ? [...error.errors] : [];
  if (error.cause !== undefined) direct.push(error.cause);
  return direct.flatMap((cause) => [cause, ...causesOf(cause, depth - 1)]);
}
