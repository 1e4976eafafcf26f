/**
 * What a script that is called may know of its task: `import { context } from "ntask"`, and the
 * argument of a function that is called without parentheses (toml-spec §13.3).
 *
 * @module
 */

import type { CallContext } from "../model/ntask.d.ts";

let current: CallContext | undefined;

/** Say what `context` is. */
export function enterContext(context: CallContext): void {
  current = context;
}

/**
 * The context of the call that this process serves.
 *
 * @throws {Error} when a member is read and this process serves none
 */
export const context: CallContext = {
  get task() {
    return now().task;
  },
  get args() {
    return now().args;
  },
  get env() {
    return now().env;
  },
  get cwd() {
    return now().cwd;
  },
  get root() {
    return now().root;
  },
  get signal() {
    return now().signal;
  },
  log: (text) => now().log(text),
};

function now(): CallContext {
  if (current !== undefined) return current;
  throw new Error('`context` is for scripts that a task calls: call = "./file.ts:function"');
}
