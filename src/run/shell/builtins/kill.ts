/**
 * `kill`: jobs of this shell by number, other processes by id.
 *
 * @module
 */

import { complain } from "../output.ts";
import { signalName } from "../signals.ts";
import type { Shell } from "../state.ts";
import { NotCovered } from "../unwind.ts";
import type { Invocation } from "./registry.ts";

export async function run({ shell, args }: Invocation): Promise<number> {
  const rest = [...args];
  let wanted = "TERM";
  if (rest[0] === "-s") {
    wanted = rest[1] ?? "";
    rest.splice(0, 2);
  } else if (/^-[A-Z0-9]/.test(rest[0] ?? "")) {
    wanted = rest.shift()!.slice(1);
  }
  if (rest[0] === "--") rest.shift();
  const signal = signalName(wanted);
  if (signal === undefined) throw new NotCovered(`kill -${wanted}`);
  if (rest.length === 0) throw new NotCovered("kill without a process");
  let status = 0;
  for (const operand of rest) {
    const problem = send(shell, operand, signal);
    if (problem === undefined) continue;
    await complain(shell, `kill: ${operand}: ${problem}`);
    status = 1;
  }
  return status;
}

function send(shell: Shell, operand: string, signal: string): string | undefined {
  const job = operand.startsWith("%")
    ? shell.jobs[Number(operand.slice(1)) - 1]
    : shell.jobs.find(({ pid }) => pid === Number(operand));
  if (job !== undefined) {
    job.kill(signal);
    return undefined;
  }
  if (!/^-?[0-9]+$/.test(operand)) return "no such process";
  return shell.system.kill(Number(operand), signal)?.words;
}
