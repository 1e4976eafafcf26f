/**
 * Evaluating a module that defines tasks: it is there to be read, so what it prints is no task's
 * output, and it neither ends this process nor waits for ever.
 *
 * @module
 */

import { leave, process } from "./process.ts";

/** Thrown where a module may not go on. */
class LoadError extends Error {
  override readonly name = "LoadError";
}

/** What writes to stdout. */
const PRINTING = ["log", "info", "debug", "dir", "dirxml", "table", "count", "group"] as const;

/** The modules under way: what one of them must not do is refused to it. */
const under: ((why: string) => LoadError)[] = [];
let guarded = false;

/** @param load evaluates the module */
export async function asDefinition<T>(load: () => Promise<T>): Promise<T> {
  guard();
  const refused = Promise.withResolvers<never>();
  const refuse = (why: string) => {
    const error = new LoadError(why);
    refused.reject(error);
    return error;
  };
  // Nothing is left that could end it.
  const idle = () => void refuse("its top-level await never ends");
  process.once("beforeExit", idle);
  under.push(refuse);
  try {
    return await Promise.race([load(), refused.promise]);
  } finally {
    under.splice(under.indexOf(refuse), 1);
    process.off("beforeExit", idle);
  }
}

/** A module may take these functions and call them later: then they are what they were. */
function guard(): void {
  if (guarded) return;
  guarded = true;
  process.exit = (code) => {
    const refuse = under.at(-1);
    if (refuse !== undefined) throw refuse(`it calls process.exit(${code ?? ""})`);
    return leave(code);
  };
  for (const name of PRINTING) {
    const print = console[name].bind(console) as (...values: unknown[]) => void;
    console[name] = (...values: unknown[]) => {
      if (under.length === 0) print(...values);
      else if (name === "dir" || name === "table") console.error(values[0]);
      else console.error(...values);
    };
  }
}
