/**
 * `ls`: names, one a line, by code unit. Without `-l`: owners are no portable thing.
 *
 * @module
 */

import { type FileStatus, isFault } from "../../../host/shell_system.ts";
import { complain, say } from "../output.ts";
import type { ParsedOptions } from "../options.ts";
import type { Shell } from "../state.ts";
import { pathOf } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

interface Entry {
  readonly name: string;
  readonly status: FileStatus;
}

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const options = optionsOf(invocation);
  const { has } = options;
  const operands = options.operands.length === 0 ? ["."] : options.operands;
  let status = 0;
  const files: Entry[] = [];
  const directories: Entry[] = [];
  for (const operand of operands) {
    const found = entry(shell, operand, operand, !has("d") && !has("F"));
    if (found === undefined) {
      await complain(shell, `ls: cannot access '${operand}': No such file or directory`);
      status = 2;
    } else if (found.status.kind === "directory" && !has("d")) {
      directories.push(found);
    } else {
      files.push(found);
    }
  }
  await say(shell, order(files, options).map((file) => `${shown(file, options)}\n`).join(""));
  const titles = operands.length > 1 || has("R");
  let first = files.length === 0;
  const pending = [...order(directories, options)];
  while (pending.length > 0) {
    const directory = pending.shift()!;
    const names = shell.system.list(pathOf(shell, directory.name));
    if (isFault(names)) {
      await complain(shell, `ls: cannot open directory '${directory.name}': ${names.words}`);
      status = Math.max(status, 1);
      continue;
    }
    const entries = order(listed(shell, directory.name, names, options), options);
    const title = titles ? `${first ? "" : "\n"}${directory.name}:\n` : "";
    await say(shell, title + entries.map((one) => `${shown(one, options)}\n`).join(""));
    first = false;
    if (!has("R")) continue;
    pending.unshift(
      ...entries
        .filter(({ name, status }) => status.kind === "directory" && name !== "." && name !== "..")
        .map(({ name, status }) => ({ name: `${directory.name}/${name}`, status })),
    );
  }
  return status;
}

function entry(shell: Shell, name: string, path: string, follow: boolean): Entry | undefined {
  const own = shell.system.status(pathOf(shell, path), false);
  if (isFault(own)) return undefined;
  if (!follow || own.kind !== "link") return { name, status: own };
  const target = shell.system.status(pathOf(shell, path), true);
  return { name, status: isFault(target) ? own : target };
}

function listed(
  shell: Shell,
  directory: string,
  names: readonly string[],
  { has }: ParsedOptions,
): readonly Entry[] {
  const kept = names.filter((name) => has("a") || has("A") || !name.startsWith("."));
  if (has("a")) kept.push(".", "..");
  return kept
    .map((name) => entry(shell, name, `${directory}/${name}`, false))
    .filter((found) => found !== undefined);
}

function order(entries: readonly Entry[], { has }: ParsedOptions): readonly Entry[] {
  const names = (a: Entry, b: Entry) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  const compare = has("t")
    ? (a: Entry, b: Entry) => b.status.modified - a.status.modified || names(a, b)
    : has("S")
    ? (a: Entry, b: Entry) => b.status.size - a.status.size || names(a, b)
    : names;
  const sorted = [...entries].sort(compare);
  return has("r") ? sorted.reverse() : sorted;
}

function shown({ name, status }: Entry, { has }: ParsedOptions): string {
  if (status.kind === "directory" && (has("F") || has("p"))) return `${name}/`;
  if (!has("F")) return name;
  const marks: Partial<Record<FileStatus["kind"], string>> = { link: "@", pipe: "|", socket: "=" };
  const executable = status.kind === "file" && (status.mode & 0o111) !== 0;
  return name + (marks[status.kind] ?? (executable ? "*" : ""));
}
