/**
 * Marks: what a task has started carries one in its environment, so that it is found wherever it
 * has gone (`process_tree.ts`).
 *
 * @module
 */

import { process } from "./process.ts";

/** The variable that marks what a task has started. */
export const RUN_ID = "NTASK_RUN_ID";

let count = 0;

/**
 * A maker of marks for the tasks of one run.
 *
 * @param outer the mark of the task this ntask itself was started by
 */
export function createMarks(outer: string | undefined): () => string {
  // Nobody else who sees this process has its number and began in the same microsecond.
  const run = `${process.pid}-${(performance.timeOrigin * 1000).toFixed(0)}`;
  return () => `${outer === undefined ? "" : `${outer}.`}${run}-${++count}`;
}
