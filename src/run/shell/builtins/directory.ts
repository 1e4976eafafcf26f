/**
 * `cd` and `pwd`.
 *
 * @module
 */

import { isFault } from "../../../host/shell_system.ts";
import { complain, say } from "../output.ts";
import { isAbsolute, joinPath, logicalPath, pathList, shownPath } from "../paths.ts";
import type { Shell } from "../state.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell, name } = invocation;
  const { operands, given } = optionsOf(invocation);
  const physical = given.at(-1)?.[0] === "P";
  if (name === "pwd") {
    await say(shell, `${physical ? physicalPath(shell, shell.cwd) : shell.cwd}\n`);
    return 0;
  }
  return await changeDirectory(shell, operands[0], physical);
}

async function changeDirectory(
  shell: Shell,
  operand: string | undefined,
  physical: boolean,
): Promise<number> {
  const { system, variables } = shell;
  const back = operand === "-";
  const target = operand === undefined
    ? variables.get("HOME") ?? (system.windows ? system.home : undefined)
    : back
    ? variables.get("OLDPWD")
    : operand;
  if (target === undefined) {
    // Without HOME there is nowhere to go, which dash does without a word.
    if (!back) return 0;
    await complain(shell, "cd: OLDPWD not set");
    return 2;
  }
  // An empty name is the directory one is in.
  if (target === "") return 0;
  for (const [base, shown] of searchPlaces(shell, target)) {
    const logical = logicalPath(base, target, system.windows);
    const path = physical ? physicalPath(shell, logical) : logical;
    const status = system.status(path, true);
    if (isFault(status) || status.kind !== "directory" || !enterable(shell, path)) continue;
    const old = shell.cwd;
    shell.cwd = path;
    variables.set("OLDPWD", old);
    variables.set("PWD", path);
    variables.export("OLDPWD");
    variables.export("PWD");
    if (back || shown) await say(shell, `${path}\n`);
    return 0;
  }
  await complain(shell, `cd: can't cd to ${target}`);
  return 2;
}

/** Where a relative name is looked for; true where the place found is printed. */
function searchPlaces(shell: Shell, target: string): readonly (readonly [string, boolean])[] {
  const { system, variables, cwd } = shell;
  const list = variables.get("CDPATH");
  if (!list || isAbsolute(target, system.windows) || /^\.\.?(?:\/|$)/.test(target)) {
    return [[cwd, false]];
  }
  const places = pathList(list, system.windows).map((place) =>
    [joinPath(cwd, place || ".", system.windows), place !== "" && place !== "."] as const
  );
  return [...places, [cwd, false]];
}

function enterable(shell: Shell, path: string): boolean {
  return shell.system.windows || shell.system.access(path, "execute");
}

function physicalPath(shell: Shell, path: string): string {
  const real = shell.system.real(path);
  return isFault(real) ? path : shownPath(real, shell.system.windows);
}
