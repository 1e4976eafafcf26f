/**
 * The commands. A new one is a file here and a line below.
 *
 * @module
 */

import type { Context } from "../context.ts";

export interface Command {
  /** @returns the exit status */
  run(context: Context): Promise<number>;
}

export const commands = {
  cache: () => import("./cache.ts"),
  clean: () => import("./clean.ts"),
  config: () => import("./config.ts"),
  graph: () => import("./graph.ts"),
  help: () => import("./help.ts"),
  init: () => import("./init.ts"),
  list: () => import("./list.ts"),
  run: () => import("./run.ts"),
  schema: () => import("./schema.ts"),
  /** No command was named: the words are a task and its arguments. */
  task: () => import("./task.ts"),
  validate: () => import("./validate.ts"),
  why: () => import("./why.ts"),
} as const satisfies Record<string, () => Promise<Command>>;

export type CommandName = keyof typeof commands;
