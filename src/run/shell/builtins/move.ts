/**
 * `mv`.
 *
 * @module
 */

import { complain, say } from "../output.ts";
import type { Shell } from "../state.ts";
import { NotCovered } from "../unwind.ts";
import { copyPath, destinations, type Journal, removePath, sameFile, statusOf } from "./_files.ts";
import { pathOf } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has } = optionsOf(invocation);
  if (operands.length < 2) throw new NotCovered("mv without a source and a target");
  const target = operands.at(-1)!;
  const pairs = destinations(shell, operands.slice(0, -1), target);
  if (pairs === undefined) {
    await complain(shell, `mv: target '${target}': No such file or directory`);
    return 1;
  }
  const journal: Journal = { problems: [], done: [] };
  for (const [from, to] of pairs) {
    if (has("n") && statusOf(shell, to, false) !== undefined) continue;
    move(shell, from, to, journal);
  }
  if (has("v")) await say(shell, journal.done.map((line) => `renamed ${line}\n`).join(""));
  for (const problem of journal.problems) await complain(shell, `mv: ${problem}`);
  return journal.problems.length > 0 ? 1 : 0;
}

function move(shell: Shell, from: string, to: string, journal: Journal): void {
  const fail = (words: string) => void journal.problems.push(words);
  const source = statusOf(shell, from, false);
  if (source === undefined) return fail(`cannot stat '${from}': No such file or directory`);
  const old = statusOf(shell, to, false);
  if (old !== undefined) {
    const links = source.kind === "link" || old.kind === "link";
    // A file system that ignores case: another spelling is a new name.
    const respelled = from !== to && from.toLowerCase() === to.toLowerCase();
    if (!links && !respelled && sameFile(shell, from, to)) {
      return fail(`'${from}' and '${to}' are the same file`);
    }
    if (old.kind === "directory" && source.kind !== "directory") {
      return fail(`cannot overwrite directory '${to}' with non-directory`);
    }
    if (old.kind !== "directory" && source.kind === "directory") {
      return fail(`cannot overwrite non-directory '${to}' with directory '${from}'`);
    }
  }
  const fault = shell.system.rename(pathOf(shell, from), pathOf(shell, to));
  if (fault === undefined) {
    journal.done.push(`'${from}' -> '${to}'`);
  } else if (fault.fault === "EXDEV") {
    const copied: Journal = { problems: [], done: [] };
    const options = { recursive: true, preserve: true, links: true, force: true, keep: false };
    copyPath(shell, from, to, options, copied);
    if (copied.problems.length === 0) removePath(shell, from, true, copied);
    journal.problems.push(...copied.problems);
    if (copied.problems.length === 0) journal.done.push(`'${from}' -> '${to}'`);
  } else {
    fail(`cannot move '${from}' to '${to}': ${fault.words}`);
  }
}
