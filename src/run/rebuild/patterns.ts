/**
 * The patterns of one step: substitutions made, anchored at its directory.
 *
 * @module
 */

import { inputWithin, patternFault, type Sets } from "../../cache/check.ts";
import { compilePatterns, type PatternSet } from "../../cache/glob.ts";
import { type OutputRules, outputRules } from "../../cache/outputs.ts";
import type { Problem } from "../../model/problem.ts";
import { type Context, expandText } from "../../source/spec/expand.ts";
import { scanText } from "../../source/spec/placeholder.ts";
import type { Step } from "../../model/plan.ts";
import { prepare, type Prepared, type Preparing } from "../perform.ts";
import { pathFrom } from "./path.ts";

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
  const base = pathFrom(root, cwd);
  const problems: Problem[] = [];
  let substitutes = false;
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
        substitutes ||= text.value !== pattern;
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
  // As they are written they were looked at when they were loaded.
  for (const [index, output] of (substitutes ? [...required, ...optional] : []).entries()) {
    const input = problems.length > 0 ? undefined : inputWithin(output, inputPatterns ?? [], base);
    if (input === undefined) continue;
    const { places } = task.extension;
    const own = index < required.length ? places?.outputs : places?.outputs_optional;
    const about = { task: task.id, place: own ?? task.place };
    problems.push({ code: "E_CACHE_OVERLAP", ...about, output, input });
  }
  if (problems.length > 0) return { problems };
  const set = inputPatterns && compilePatterns(inputPatterns, { cwd: base });
  const rules = required.length + optional.length > 0
    ? outputRules(required, optional, clean, base)
    : undefined;
  return { ...(set?.ok && { inputs: set.set }), ...(rules && { outputs: rules }) };
}

/** The same before a step is performed, for what is asked of a plan; nothing is said of it yet. */
export function patternsAhead(step: Step, preparing: Omit<Preparing, "emit">): Sets | undefined {
  const prepared = prepare(step, { ...preparing, emit() {} }, { kept: true });
  if ("problems" in prepared) return undefined;
  const patterns = patternsOf(prepared, preparing.surroundings.root);
  if ("problems" in patterns) return undefined;
  const { inputs, outputs } = patterns;
  return { ...(inputs && { inputs }), ...(outputs && { outputs: outputs.set }) };
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
