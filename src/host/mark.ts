/**
 * Marks: what a task has started carries one in its environment, so that it is found wherever it
 * has gone (`process_tree.ts`).
 *
 * @module
 */

/** The variable that marks what a task has started. */
export const RUN_ID = "NTASK_RUN_ID";

/**
 * A maker of marks for the tasks of one run.
 *
 * @param outer the mark of the task this ntask itself was started by
 */
export function createMarks(outer: string | undefined): () => string {
  const run = crypto.randomUUID().slice(0, 13).replace("-", "");
  let count = 0;
  return () => `${outer === undefined ? "" : `${outer}.`}${run}-${++count}`;
}
