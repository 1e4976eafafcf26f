/**
 * `basename` and `dirname`.
 *
 * @module
 */

import { say } from "../output.ts";
import { lastPart, parentPart, shownPath } from "../paths.ts";
import { NotCovered } from "../unwind.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell, name } = invocation;
  const { operands, has, value } = optionsOf(invocation);
  if (operands.length === 0) throw new NotCovered(`${name} without a path`);
  const many = name === "dirname" || has("a") || has("s");
  if (!many && operands.length > 2) throw new NotCovered("basename with more than two words");
  const suffix = value("s") ?? (many ? "" : operands[1] ?? "");
  const paths = (many ? operands : operands.slice(0, 1))
    .map((path) => shownPath(path, shell.system.windows));
  const parts = paths.map((path) => {
    if (name === "dirname") return parentPart(path, shell.system.windows);
    const part = lastPart(path, shell.system.windows);
    return suffix !== "" && part !== suffix && part.endsWith(suffix)
      ? part.slice(0, -suffix.length)
      : part;
  });
  await say(shell, parts.map((part) => part + (has("z") ? "\0" : "\n")).join(""));
  return 0;
}
