/**
 * The proofs: which tasks a runner has run, and whether what they made is right.
 *
 * @module
 */

import { join } from "@std/path";
import { capture } from "../command.ts";
import { exists } from "../files.ts";
import type { Stand } from "./stands.ts";
import { expected } from "./workspace.ts";

/** Forget who has run. */
export function resetTrace({ workspace, folder }: Pick<Stand, "workspace" | "folder">): void {
  if (workspace.tasks.some((task) => task.words !== undefined)) {
    for (const task of workspace.tasks) remove(join(folder, "packages", task.name, "done"));
  }
  const traces = join(folder, "..", "ran");
  remove(traces);
  Deno.mkdirSync(traces);
}

/** The tasks that have run since {@linkcode resetTrace}. */
export function tasksRun({ workspace, folder }: Stand): ReadonlySet<string> {
  const done = workspace.tasks.filter((task) =>
    task.words !== undefined && exists(join(folder, "packages", task.name, "done"))
  );
  const traced = [...Deno.readDirSync(join(folder, "..", "ran"))].map(({ name }) => name);
  return new Set([...traced, ...done.map((task) => task.name)]);
}

/** Say what is wrong with the outputs of all tasks, if anything is. */
export async function outputsWrong(stand: Stand): Promise<string | undefined> {
  const { workspace, folder, edited } = stand;
  const [first] = workspace.tasks;
  if (first?.output === "result.txt") {
    for (const [name, text] of expected(workspace, edited)) {
      const found = read(join(folder, "packages", name, "result.txt"));
      if (found !== text) return `the output of ${name} is ${found === "" ? "not there" : "wrong"}`;
    }
  } else if (first?.output === "done") {
    const missing = workspace.tasks.find((task) =>
      !exists(join(folder, "packages", task.name, "done"))
    );
    if (missing !== undefined) return `the output of ${missing.name} is not there`;
  } else if (first?.output === "out") {
    for (const { name } of workspace.tasks) {
      const package_ = join(folder, "packages", name);
      const { code, stdout } = await capture("diff", ["-rq", "src", "out"], { cwd: package_ });
      if (code !== 0) return `the output of ${name} is wrong: ${stdout.split("\n")[0]}`;
    }
  }
  return undefined;
}

function remove(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
