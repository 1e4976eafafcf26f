/**
 * The screen belongs to one: while a task has the terminal for itself, what others write and what
 * is said about them waits. Only the report waits; the others go on.
 *
 * @module
 */

import type { Event } from "../model/event.ts";
import type { StepId } from "../model/id.ts";

/**
 * @param takes does this step write to the terminal itself, while others may run?
 * @returns what is told the events instead
 */
export function createScreen(
  takes: (step: StepId) => boolean,
  report: (event: Event) => void,
): (event: Event) => void {
  const holders = new Set<StepId>();
  const waiting: Event[] = [];
  return (event) => {
    const step = "step" in event ? event.step : undefined;
    const holds = step !== undefined && takes(step);
    if (event.type === "step-start" && holds) holders.add(step);
    if (holders.size > 0 && !holds && event.type !== "interrupt") return void waiting.push(event);
    report(event);
    if (event.type !== "step-end" || !holders.delete(step!) || holders.size > 0) return;
    for (const late of waiting.splice(0)) report(late);
  };
}
