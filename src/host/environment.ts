/**
 * The environment of this process, and how that of a child differs from it.
 *
 * @module
 */

import { process } from "./process.ts";

/** The runtime's own switches are never handed down. */
export const PRIVATE_VARIABLES = ["BUN_BE_BUN", "BUN_OPTIONS", "NODE_CHANNEL_FD"];

/** What a child is given, as far as it is another thing than this process was. */
export interface Difference {
  /** Set for it. */
  readonly env: Readonly<Record<string, string>>;
  /** Not handed down. */
  readonly without: readonly string[];
}

export function environment(): Readonly<Record<string, string>> {
  return Object.freeze({ ...process.env as Record<string, string> });
}

export function difference(env: Readonly<Record<string, string>>): Difference {
  const own = environment();
  const changed = Object.entries(env).filter(([name, value]) => own[name] !== value);
  const gone = Object.keys(own).filter((name) => !Object.hasOwn(env, name));
  return {
    env: Object.fromEntries(changed),
    without: [...new Set([...gone, ...PRIVATE_VARIABLES])],
  };
}
