/**
 * `ntask --list`: one line per task and group, or JSON for editors. Nothing of the user's is run.
 *
 * @module
 */

import type { Task, Workspace } from "../../model/task.ts";
import { graphOf } from "../../pipeline.ts";
import { paramsLine } from "../../source/signature/usage.ts";
import { tagged, tagsOf } from "../../graph/resolve.ts";
import { plain } from "../../report/plain.ts";
import {
  type Context,
  isError,
  loadProject,
  paletteFor,
  report,
  unknownTag,
  USAGE_ERROR,
  withSettings,
} from "../context.ts";
import { checkSettings } from "../settings.ts";
import { itemText, kindOf, referenceText } from "../describe.ts";

export async function run(bare: Context): Promise<number> {
  const { host, given } = bare;
  const loaded = await loadProject(bare, false);
  if (loaded === undefined) return USAGE_ERROR;
  const context = withSettings(bare, loaded.settings);
  const { workspace } = loaded;
  // What `tasks.ts` computes is not known here; references to it would look like mistakes.
  const references = [...workspace.tasks.values()].some((task) => task.source === "ts")
    ? []
    : graphOf(workspace, context.settings.limits).problems;
  const problems = [...checkSettings(loaded.settings), ...loaded.problems, ...references];
  const all = given.flags.has("all");
  const tags = given.values.get("tag");
  const chosen = tags && tagged(workspace, tags);
  if (chosen !== undefined && "unknown" in chosen) {
    await report(context, [unknownTag(chosen)]);
    return USAGE_ERROR;
  }
  const shown = [...workspace.tasks.values()].filter((task) =>
    (all || !task.hidden) && (chosen === undefined || chosen.ids.includes(task.id))
  );
  if (given.flags.has("json")) {
    host.stdout.write(JSON.stringify(await asJson(context, workspace, shown), null, 2) + "\n");
  } else host.stdout.write(asTable(context, shown));
  await report(context, problems);
  return problems.some(isError) ? USAGE_ERROR : 0;
}

function asTable(context: Context, tasks: readonly Task[]): string {
  const palette = paletteFor(context, "stdout");
  const rows = tasks.map((task) => ({
    name: task.id,
    params: task.signature ? paramsLine(task.signature) : "",
    help: firstLine(task.doc?.text ?? ""),
  }));
  const width = (key: "name" | "params") => Math.max(0, ...rows.map((row) => row[key].length));
  const [names, params] = [width("name"), width("params")];
  return rows.map((row) => {
    const cells = [palette.bold(row.name) + " ".repeat(names - row.name.length)];
    if (params > 0) cells.push(palette.cyan(row.params) + " ".repeat(params - row.params.length));
    cells.push(row.help);
    return cells.join("  ").trimEnd() + "\n";
  }).join("");
}

function firstLine(text: string): string {
  return plain(text.trim().split("\n", 1)[0]!.trim()).replaceAll("\t", " ");
}

/** The contract for editors (toml-spec §16). */
async function asJson(context: Context, workspace: Workspace, tasks: readonly Task[]) {
  const { createLocator } = await import("../../source/locate.ts");
  const locate = createLocator(context.host.files);
  const entries = await Promise.all(tasks.map(async (task) => {
    const place = await locate(task.place);
    const { action } = task;
    return {
      id: task.id,
      path: task.id.split("."),
      kind: kindOf(task),
      help: task.doc?.text ?? null,
      args: task.notes?.args ?? [],
      options: task.notes?.options ?? {},
      params: task.signature?.params.map(({ place: _, ...param }) => param) ?? null,
      aliases: task.aliases,
      tags: tagsOf(workspace, task),
      hidden: task.hidden,
      default: task.isDefault,
      group: task.parent ?? null,
      cwd: task.cwd?.text ?? null,
      env: [...new Set(task.scopes.flatMap((scope) => scope.env.map((entry) => entry.name)))],
      deps: task.deps.map(referenceText),
      pre: task.pre.map(itemText),
      post: task.post.map(itemText),
      items: action.kind === "composite" ? action.items.map(itemText) : [],
      members: task.members,
      confirm: task.extension.confirm ?? null,
      inputs: task.extension.inputs ?? null,
      outputs: task.extension.outputs ?? null,
      condition: task.conditions.map((condition) => condition.text),
      source: {
        file: task.place.file,
        line: place?.line ?? null,
        column: place?.column ?? null,
      },
    };
  }));
  return { version: 1, root: workspace.root, tasks: entries };
}
