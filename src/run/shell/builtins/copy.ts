/**
 * `cp`.
 *
 * @module
 */

import { complain, say } from "../output.ts";
import { NotCovered } from "../unwind.ts";
import { copyPath, destinations, type Journal } from "./_files.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has } = optionsOf(invocation);
  if (operands.length < 2) throw new NotCovered("cp without a source and a target");
  const target = operands.at(-1)!;
  const pairs = destinations(shell, operands.slice(0, -1), target);
  if (pairs === undefined) {
    await complain(shell, `cp: target '${target}': No such file or directory`);
    return 1;
  }
  const recursive = has("r") || has("R") || has("a");
  const options = {
    recursive,
    preserve: has("p") || has("a"),
    links: !has("L") && (recursive || has("P") || has("d")),
    force: has("f"),
    keep: has("n"),
  };
  const journal: Journal = { problems: [], done: [] };
  for (const [from, to] of pairs) copyPath(shell, from, to, options, journal);
  if (has("v")) await say(shell, journal.done.map((line) => `${line}\n`).join(""));
  for (const problem of journal.problems) await complain(shell, `cp: ${problem}`);
  return journal.problems.length > 0 ? 1 : 0;
}
