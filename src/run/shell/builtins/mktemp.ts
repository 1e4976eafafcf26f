/**
 * `mktemp`.
 *
 * @module
 */

import { isFault } from "../../../host/shell_system.ts";
import { complain, say } from "../output.ts";
import { shownPath } from "../paths.ts";
import { NotCovered } from "../unwind.ts";
import { pathOf } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const ATTEMPTS = 100;

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has, value } = optionsOf(invocation);
  if (operands.length > 1) throw new NotCovered("mktemp with several templates");
  const { system, variables } = shell;
  const [template = "tmp.XXXXXXXXXX"] = operands;
  const match = /^(.*?)(X{3,})([^X/]*)$/.exec(template);
  if (match === null) {
    await complain(shell, `mktemp: too few X's in template '${template}'`);
    return 1;
  }
  const placed = operands.length === 0 || has("t") || has("p");
  const directory = value("p") || variables.get("TMPDIR") ||
    shownPath(system.temporary, system.windows);
  const base = placed ? `${directory.replace(/\/+$/, "")}/` : "";
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const letters = Array.from(
      match[2]!,
      () => LETTERS[Math.floor(system.random() * LETTERS.length)],
    );
    const name = `${base}${match[1]}${letters.join("")}${match[3]}`;
    const path = pathOf(shell, name);
    if (!isFault(system.status(path, false))) continue;
    if (!has("u")) {
      const fault = has("d") ? system.makeDirectory(path, 0o700) : create(invocation, path);
      if (fault?.fault === "EEXIST") continue;
      if (fault !== undefined) {
        if (!has("q")) await complain(shell, `mktemp: failed to create '${name}': ${fault.words}`);
        return 1;
      }
    }
    await say(shell, `${name}\n`);
    return 0;
  }
  await complain(shell, `mktemp: no free name for '${template}'`);
  return 1;
}

function create({ shell: { system } }: Invocation, path: string) {
  const fd = system.open(path, "exclusive");
  if (isFault(fd)) return fd;
  system.close(fd);
  return system.setMode(path, 0o600);
}
