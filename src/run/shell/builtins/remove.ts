/**
 * `rm` and `rmdir`.
 *
 * @module
 */

import { complain, say } from "../output.ts";
import { lastPart, logicalPath, parentPart, shownPath } from "../paths.ts";
import { NotCovered } from "../unwind.ts";
import { type Journal, removePath, statusOf } from "./_files.ts";
import { pathOf } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

const ROOT = /^(?:[A-Za-z]:)?\/$/;

export async function run(invocation: Invocation): Promise<number> {
  const { shell, name } = invocation;
  const { operands, has } = optionsOf(invocation);
  if (operands.length === 0 && !(name === "rm" && has("f"))) {
    throw new NotCovered(`${name} without a path`);
  }
  const journal: Journal = { problems: [], done: [] };
  for (const operand of operands) {
    if (name === "rm") remove(invocation, operand, has, journal);
    else removeEmpty(invocation, operand, has("p"), has("!"), journal);
  }
  if (has("v")) await say(shell, journal.done.map((line) => `${line}\n`).join(""));
  for (const problem of journal.problems) await complain(shell, `${name}: ${problem}`);
  return journal.problems.length > 0 ? 1 : 0;
}

function remove(
  { shell }: Invocation,
  operand: string,
  has: (letter: string) => boolean,
  journal: Journal,
): void {
  const fail = (words: string) => void journal.problems.push(words);
  const recursive = has("r") || has("R");
  const status = statusOf(shell, operand, false);
  if (status === undefined) {
    if (!has("f")) fail(`cannot remove '${operand}': No such file or directory`);
    return;
  }
  const { windows } = shell.system;
  const whole = logicalPath(shell.cwd, operand, windows);
  const root = ROOT.test(whole);
  const last = lastPart(windows ? operand.replaceAll("\\", "/") : operand, windows);
  if (recursive && (root || last === "." || last === "..")) {
    return fail(`refusing to remove '${operand}'`);
  }
  if (status.kind === "directory" && !recursive && !has("d")) {
    return fail(`cannot remove '${operand}': Is a directory`);
  }
  removePath(shell, operand, recursive, journal);
}

function removeEmpty(
  { shell }: Invocation,
  operand: string,
  parents: boolean,
  lenient: boolean,
  journal: Journal,
): void {
  const { windows } = shell.system;
  for (
    let path = shownPath(operand, windows);
    path !== "." && !ROOT.test(path);
    path = parentPart(path, windows)
  ) {
    const fault = shell.system.removeDirectory(pathOf(shell, path));
    if (fault !== undefined) {
      const full = fault.fault === "ENOTEMPTY" || fault.fault === "EEXIST";
      if (!(lenient && full)) {
        journal.problems.push(`failed to remove '${path}': ${fault.words}`);
      }
      return;
    }
    journal.done.push(`removing directory, '${path}'`);
    if (!parents) return;
  }
}
