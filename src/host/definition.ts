/**
 * Evaluating a module that defines tasks: it is there to be read, so what it prints is no task's
 * output, and it neither ends this process nor waits for ever.
 *
 * @module
 */

import { process } from "./process.ts";

/** Thrown where a module may not go on. */
class LoadError extends Error {
  override readonly name = "LoadError";
}

/** What writes to stdout. */
const PRINTING = ["log", "info", "debug", "dir", "table"] as const;

let evaluating = 0;
let redirected = false;

/** @param load evaluates the module */
export async function asDefinition<T>(load: () => Promise<T>): Promise<T> {
  redirect();
  const refused = Promise.withResolvers<never>();
  const refuse = (detail: string) => {
    const error = new LoadError(detail);
    refused.reject(error);
    return error;
  };
  const { exit } = process;
  process.exit = (code) => {
    throw refuse(`it calls process.exit(${code ?? ""})`);
  };
  // Nothing is left that could end it.
  const idle = () => void refuse("its top-level await never ends");
  process.once("beforeExit", idle);
  evaluating++;
  try {
    return await Promise.race([load(), refused.promise]);
  } finally {
    evaluating--;
    process.exit = exit;
    process.off("beforeExit", idle);
  }
}

/** A module may take the functions themselves, so they go on being these. */
function redirect(): void {
  if (redirected) return;
  redirected = true;
  for (const name of PRINTING) {
    const print = console[name];
    console[name] = (...values: unknown[]) => {
      if (evaluating === 0) print.apply(console, values as []);
      else if (name === "dir" || name === "table") console.error(values[0]);
      else console.error(...values);
    };
  }
}
