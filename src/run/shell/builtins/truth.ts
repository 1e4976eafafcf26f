/**
 * `true`, `false` and `:`.
 *
 * @module
 */

import type { Invocation } from "./registry.ts";

export function run({ name }: Invocation): number {
  return name === "false" ? 1 : 0;
}
