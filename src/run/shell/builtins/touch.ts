/**
 * `touch`.
 *
 * @module
 */

import { isFault } from "../../../host/shell_system.ts";
import { complain } from "../output.ts";
import type { Shell } from "../state.ts";
import { NotCovered } from "../unwind.ts";
import { parseDate } from "./_dates.ts";
import { pathOf } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has, value } = optionsOf(invocation);
  if (operands.length === 0) throw new NotCovered("touch without a path");
  const { system } = shell;
  const times = wantedTimes(shell, value("r"), value("d"), value("t"));
  if (times === undefined) {
    await complain(shell, `touch: failed to get attributes of '${value("r")}'`);
    return 1;
  }
  let status = 0;
  for (const operand of operands) {
    // The standard output's own time is nothing to change.
    if (operand === "-") continue;
    const path = pathOf(shell, operand);
    let there = system.status(path, true);
    if (isFault(there)) {
      if (has("c")) continue;
      const fd = system.open(path, "append");
      if (isFault(fd)) {
        await complain(shell, `touch: cannot touch '${operand}': ${fd.words}`);
        status = 1;
        continue;
      }
      system.close(fd);
      there = system.status(path, true);
      if (isFault(there)) continue;
    }
    const accessed = has("m") && !has("a") ? there.accessed : times[0];
    const modified = has("a") && !has("m") ? there.modified : times[1];
    const fault = system.setTimes(path, accessed, modified);
    if (fault === undefined) continue;
    await complain(shell, `touch: cannot touch '${operand}': ${fault.words}`);
    status = 1;
  }
  return status;
}

function wantedTimes(
  shell: Shell,
  reference: string | undefined,
  date: string | undefined,
  stamp: string | undefined,
): readonly [number, number] | undefined {
  if (reference !== undefined) {
    const status = shell.system.status(pathOf(shell, reference), true);
    return isFault(status) ? undefined : [status.accessed, status.modified];
  }
  if (stamp !== undefined) {
    const time = stampTime(stamp, shell.system.now().getFullYear());
    if (time === undefined) throw new NotCovered(`the time ${stamp}`);
    return [time, time];
  }
  const time = date === undefined ? shell.system.now() : parseDate(date, shell.system.now());
  if (time === undefined) throw new NotCovered(`the date ${date}`);
  return [time.getTime(), time.getTime()];
}

/** `[[CC]YY]MMDDhhmm[.ss]` */
function stampTime(text: string, thisYear: number): number | undefined {
  const match = /^([0-9]{2}|[0-9]{4})?([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.([0-9]{2}))?$/
    .exec(text);
  if (match === null) return undefined;
  const [, yearText, month, day, hour, minute, second] = match;
  const short = Number(yearText);
  const year = yearText === undefined
    ? thisYear
    : yearText.length === 4
    ? short
    : short + (short < 69 ? 2000 : 1900);
  return new Date(
    year,
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second ?? 0),
  )
    .getTime();
}
