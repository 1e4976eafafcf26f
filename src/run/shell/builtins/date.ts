/**
 * `date`, without setting the clock.
 *
 * @module
 */

import { isFault } from "../../../host/shell_system.ts";
import { complain, say } from "../output.ts";
import { NotCovered } from "../unwind.ts";
import { formatDate, parseDate } from "./_dates.ts";
import { pathOf } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has, value } = optionsOf(invocation);
  const [operand] = operands;
  if (operands.length > 1 || (operand !== undefined && !operand.startsWith("+"))) {
    throw new NotCovered("setting the date");
  }
  const zone = shell.variables.get("TZ");
  const named = zone !== undefined && /^(?:UTC|GMT)0?$/.test(zone);
  // The process has one time zone, the one it began with.
  if (zone !== undefined && !named && zone !== shell.system.env.TZ) {
    throw new NotCovered(`the time zone ${zone}`);
  }
  let date: Date | undefined = shell.system.now();
  const reference = value("r");
  const text = value("d");
  if (reference !== undefined) {
    const status = shell.system.status(pathOf(shell, reference), true);
    if (isFault(status)) {
      await complain(shell, `date: ${reference}: ${status.words}`);
      return 1;
    }
    date = new Date(status.modified);
  } else if (text !== undefined) {
    date = parseDate(text, date);
    if (date === undefined) throw new NotCovered(`the date ${text}`);
  }
  const format = operand?.slice(1) ??
    (has("I") ? "%F" : has("R") ? "%a, %d %b %Y %T %z" : "%a %b %e %T %Z %Y");
  const shown = formatDate(date, format, has("u") || named);
  if (typeof shown !== "string") throw new NotCovered(`${shown.unknown} in a date`);
  await say(shell, `${shown}\n`);
  return 0;
}
