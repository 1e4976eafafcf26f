/**
 * `ntask run TASK… [-- arguments]`: several tasks, globs allowed.
 *
 * @module
 */

import { resolveName, tagged, visibleNames } from "../../graph/resolve.ts";
import type { TaskId } from "../../model/id.ts";
import { nearest } from "../../model/near.ts";
import type { Arguments, Call } from "../../model/plan.ts";
import type { Problem } from "../../model/problem.ts";
import type { Workspace } from "../../model/task.ts";
import { type Context, loadGraph, report, unknownTag, USAGE_ERROR } from "../context.ts";
import { execute } from "../execute.ts";

export async function run(context: Context): Promise<number> {
  const dashes = context.words.indexOf("--");
  const names = dashes === -1 ? context.words : context.words.slice(0, dashes);
  const words = dashes === -1 ? [] : context.words.slice(dashes + 1);
  const fail = async (problem: Problem) => {
    await report(context, [problem]);
    return USAGE_ERROR;
  };
  const tags = context.given.values.get("tag") ?? [];
  if (names.length === 0 && tags.length === 0) {
    return await fail({ code: "R_OPTION", detail: "run needs the name of a task", near: [] });
  }
  const loaded = await loadGraph(context);
  if (loaded === undefined || !loaded.sound) return USAGE_ERROR;
  const { graph, workspace } = loaded;
  const chosen = tagged(workspace, tags);
  if ("unknown" in chosen) return await fail(unknownTag(chosen));
  const ids: TaskId[] = [...chosen.ids];
  for (const name of names) {
    const found = select(workspace, name);
    if (found.length === 0) {
      const near = nearest(name, visibleNames(workspace));
      return await fail({ code: "R_TASK_UNKNOWN", name, near });
    }
    for (const id of found) if (!ids.includes(id)) ids.push(id);
  }
  if (words.length > 0 && ids.length > 1) {
    return await fail({
      code: "R_ARG_UNEXPECTED",
      task: "run",
      word: words[0]!,
      why: `${ids.length} tasks were named, and arguments belong to one`,
      usage: "ntask run TASK -- arguments",
      near: [],
    });
  }
  // The dashes that ended the list of names are ours; behind them nothing is an option of ntask's.
  const args: Arguments = { kind: "words", words: words.length > 0 ? ["--", ...words] : [] };
  const calls = ids.map((task): Call => ({ task, args }));
  return await execute(loaded.context, graph, calls);
}

/** The tasks an identifier or a glob means. `*` stays within one name, `**` crosses the dots. */
function select(workspace: Workspace, name: string): readonly TaskId[] {
  if (!/[*?]/.test(name)) {
    const id = resolveName(workspace, name);
    return id === undefined ? [] : [id];
  }
  const source = name.replaceAll(":", ".").replace(/\*\*|\*|\?|[^*?]+/g, (piece) => {
    if (piece === "**") return ".*";
    if (piece === "*") return "[^.]*";
    if (piece === "?") return "[^.]";
    return piece.replace(/[.+^${}()|[\]\\/]/g, "\\$&");
  });
  const pattern = new RegExp(`^${source}$`, "u");
  return [...workspace.tasks.values()].filter((task) => !task.hidden && pattern.test(task.id)).map(
    (task) => task.id,
  );
}
