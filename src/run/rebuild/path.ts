/**
 * Paths as parts of keys.
 *
 * @module
 */

import { relative } from "@std/path";
import { wayBelow } from "../../host/below.ts";

/** A path as seen from the root, as every system has it. */
export function pathFrom(root: string, path: string): string {
  const way = wayBelow(root, path) ?? relative(root, path);
  return way.replaceAll("\\", "/").normalize("NFC");
}
