/**
 * The options of a builtin's invocation.
 *
 * @module
 */

import { type ParsedOptions, parseOptions } from "../options.ts";
import { NotCovered } from "../unwind.ts";
import type { Invocation } from "./registry.ts";

/** Throws `NotCovered` for an option that is not in the table, or without its value. */
export function optionsOf({ name, args }: Invocation): ParsedOptions {
  const parsed = parseOptions(name, args);
  if (!("option" in parsed)) return parsed;
  const lacks = parsed.why === "value" ? " without a value" : "";
  throw new NotCovered(`the option ${parsed.option}${lacks}`);
}
