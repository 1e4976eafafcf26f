/**
 * The patterns of one step: substitutions made, anchored at its directory.
 *
 * @module
 */

import { relative } from "@std/path";
import { patternFault } from "../../cache/check.ts";
import { compilePatterns, type PatternSet } from "../../cache/glob.ts";
import { type OutputRules, outputRules } from "../../cache/outputs.ts";
import type { Problem } from "../../model/problem.ts";
import { type Context, expandText } from "../../source/spec/expand.ts";
import { scanText } from "../../source/spec/placeholder.ts";
import type { Prepared } from "../perform.ts";
import { pathText } from "./recipe.ts";

export interface StepPatterns {
  /** Absent: it declares none. */
  readonly inputs?: PatternSet;
  readonly outputs?: OutputRules;
}

/** @returns the patterns, or E_CACHE_PATTERN, R_ARG_MISSING and the like */
export function patternsOf(
  { task, context, cwd }: Prepared,
  root: string,
): StepPatterns | { readonly problems: readonly Problem[] } {
  const { inputs, outputs, outputsOptional = [], clean = true } = task.extension;
  const base = pathText(relative(root, cwd));
  const problems: Problem[] = [];
  const made = (
    property: "inputs" | "outputs" | "outputs_optional",
    patterns: readonly string[],
  ) => {
    const found: string[] = [];
    for (const pattern of patterns) {
      const text = substituted(pattern, context);
      if ("problems" in text) problems.push(...text.problems);
      else {
        found.push(text.value);
        const fault = patternFault(text.value, property, base, root);
        if (fault === undefined) continue;
        const place = task.extension.places?.[property] ?? task.place;
        const about = { task: task.id, place, property, pattern: text.value };
        problems.push({ code: "E_CACHE_PATTERN", ...about, ...fault });
      }
    }
    return found;
  };
  const inputPatterns = inputs && made("inputs", inputs);
  const required = made("outputs", outputs ?? []);
  const optional = made("outputs_optional", outputsOptional);
  if (problems.length > 0) return { problems };
  const set = inputPatterns && compilePatterns(inputPatterns, { cwd: base });
  const rules = required.length + optional.length > 0
    ? outputRules(required, optional, clean, base)
    : undefined;
  return { ...(set?.ok && { inputs: set.set }), ...(rules && { outputs: rules }) };
}

/** A value stands for itself, whatever is in it. */
function substituted(
  pattern: string,
  context: Context,
): { readonly value: string } | { readonly problems: readonly Problem[] } {
  const parts = scanText(pattern);
  if (parts.every((part) => part.kind === "literal")) return { value: pattern };
  let value = "";
  for (const part of parts) {
    if (part.kind === "literal") {
      value += part.text;
      continue;
    }
    const text = expandText([part], context);
    if (!text.ok) return text;
    value += text.value.replace(/[*?[\]{}!\\]/g, "\\$&");
  }
  return { value };
}
