/**
 * `ntask --why TASK [arguments]`: what was decided about a task in its last run, part by part, and
 * what a run now would do. Both follow the chain into what it depends on. Nothing is performed.
 *
 * @module
 */

import type { Change, Prediction } from "../../model/change.ts";
import type { StepId } from "../../model/id.ts";
import { acts, childrenOf } from "../../model/plan.ts";
import { predict } from "../../pipeline.ts";
import { changeText, predictionText } from "../../report/change.ts";
import type { Palette } from "../../report/palette.ts";
import { type Context, paletteFor, report, USAGE_ERROR } from "../context.ts";
import { ready } from "../execute.ts";
import { resolveCall } from "./task.ts";

/** So many changes of one task are listed. */
const MOST = 20;

export async function run(context: Context): Promise<number> {
  const { host } = context;
  if (context.words.length === 0) {
    const detail = "--why needs the name of a task";
    await report(context, [{ code: "R_OPTION", detail, near: [] }]);
    return USAGE_ERROR;
  }
  const resolved = await resolveCall(context, "why");
  if (resolved === undefined) return USAGE_ERROR;
  const made = await ready(resolved.context, resolved.graph, [resolved.call]);
  if (made === undefined) return USAGE_ERROR;
  const { planned: { plan }, surroundings, options } = made;
  const predicted = await predict(made.planned, host, surroundings, options);
  await report(context, predicted.ok ? predicted.value.warnings : predicted.problems);
  if (!predicted.ok) return USAGE_ERROR;
  const { predictions, last } = predicted.value;
  const palette = paletteFor(context, "stdout");

  const told = new Set<StepId>();
  const lines: string[] = [];
  tell(plan.roots[0]!, 0);
  host.stdout.write(lines.map((line) => line.trimEnd() + "\n").join(""));
  return 0;

  function tell(id: StepId, depth: number): void {
    if (told.has(id)) return;
    told.add(id);
    const step = plan.steps[id]!;
    const indent = "  ".repeat(depth);
    const prediction = predictions.get(id);
    const before = last.get(id);
    if (acts(step)) {
      lines.push(`${indent}${palette.bold(step.label)}`);
      if (before !== undefined) {
        const word = before.hit ? `hit (${before.key.slice(0, 8)})` : "miss";
        lines.push(`${indent}  last run  ${word}  ${palette.dim(before.at)}`);
        if (!before.hit) list(before.why ?? [], indent, palette);
      }
      if (prediction !== undefined) {
        lines.push(`${indent}  a run now  ${headOf(prediction)}`);
        if (prediction.kind === "miss") list(prediction.why, indent, palette);
        if (prediction.kind === "hit") {
          lines.push(palette.dim(`${indent}    nothing that it is made of has changed`));
        }
      }
    }
    for (const next of childrenOf(step)) {
      if (interesting(next, new Set())) tell(next, acts(step) ? depth + 1 : depth);
    }
  }

  function list(changes: readonly Change[], indent: string, { dim }: Palette): void {
    for (const change of changes.slice(0, MOST)) lines.push(`${indent}    ${listed(change)}`);
    if (changes.length > MOST) lines.push(dim(`${indent}    and ${changes.length - MOST} more`));
  }

  /** Does it, or what it depends on, say more than that all is well? */
  function interesting(id: StepId, seen: Set<StepId>): boolean {
    if (seen.has(id)) return false;
    seen.add(id);
    const prediction = predictions.get(id);
    const quiet = prediction?.kind === "hit" && last.get(id)?.hit === true ||
      !acts(plan.steps[id]!) || prediction?.kind === "skipped";
    return !quiet || childrenOf(plan.steps[id]!).some((next) => interesting(next, seen));
  }
}

/** `src/a.ts changed` reads better in a list than what a miss has behind its name. */
function listed(change: Change): string {
  if (change.kind === "part" && change.part.startsWith("input ")) {
    const name = change.part.slice("input ".length);
    if (name !== "patterns") return `input ${name} ${change.how}`;
  }
  return changeText(change);
}

function headOf(prediction: Prediction): string {
  return prediction.kind === "miss" ? "miss" : predictionText(prediction);
}
