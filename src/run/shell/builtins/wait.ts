/**
 * `wait`.
 *
 * @module
 */

import { signalStatus } from "../signals.ts";
import type { Shell } from "../state.ts";
import { ShellFault, Unwind } from "../unwind.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands } = optionsOf(invocation);
  if (operands.length === 0) {
    await ended(shell, Promise.all(shell.jobs.map(({ done }) => done)));
    shell.jobs.length = 0;
    return 0;
  }
  let status = 0;
  for (const operand of operands) {
    if (!/^(?:[0-9]+|%[0-9]+)$/.test(operand)) {
      throw new ShellFault(`wait: Illegal number: ${operand}`);
    }
    const job = operand.startsWith("%")
      ? shell.jobs[Number(operand.slice(1)) - 1]
      : shell.jobs.find(({ pid }) => pid === Number(operand));
    status = job === undefined ? 127 : await ended(shell, job.done);
  }
  return status;
}

/** The end of a job, unless a signal ends this shell first. */
async function ended<T>({ life }: Shell, done: Promise<T>): Promise<T> {
  let stop = () => {};
  const stopped = new Promise<undefined>((resolve) => stop = () => resolve(undefined));
  life.stops.add(stop);
  await Promise.race([done, stopped]);
  life.stops.delete(stop);
  if (life.signal !== undefined) throw new Unwind("exit", signalStatus(life.signal));
  return await done;
}
