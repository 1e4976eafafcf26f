/**
 * `ntask validate`: everything that is wrong with a project, nothing is run but `tasks.ts` itself.
 * Scripts that the portable shell cannot run are warnings: systems without a shell depend on it.
 *
 * @module
 */

import type { Action } from "../../model/action.ts";
import type { Place } from "../../model/place.ts";
import type { Problem } from "../../model/problem.ts";
import type { Task, Workspace } from "../../model/task.ts";
import { graphOf } from "../../pipeline.ts";
import { sentence } from "../../report/problem.ts";
import { unsupported } from "../../run/shell/unsupported.ts";
import { createLocator, type Locator } from "../../source/locate.ts";
import {
  type Context,
  isError,
  loadProject,
  report,
  shownPath,
  USAGE_ERROR,
  withSettings,
} from "../context.ts";
import { checkSettings } from "../settings.ts";

export async function run(context: Context): Promise<number> {
  const { host, given } = context;
  const json = given.flags.has("json");
  const missing: Problem[] = [];
  const say = (problem: Problem) => void missing.push(problem);
  const loaded = await loadProject(context, true, say);
  const problems = loaded === undefined ? missing : [
    ...checkSettings(loaded.settings),
    ...loaded.problems,
    ...graphOf(loaded.workspace, withSettings(context, loaded.settings).settings.limits).problems,
    ...portability(loaded.workspace),
  ];
  const count = loaded?.workspace.tasks.size ?? 0;
  if (json) {
    const locate = createLocator(context.host.files);
    const entries = await Promise.all(problems.map((problem) => asJson(context, locate, problem)));
    host.stdout.write(
      JSON.stringify({ version: 1, tasks: count, problems: entries }, null, 2) + "\n",
    );
  } else {
    await report(context, problems);
    const errors = problems.filter(isError).length;
    const parts = [plural(count, "task")];
    if (errors > 0) parts.push(plural(errors, "error"));
    if (problems.length > errors) parts.push(plural(problems.length - errors, "warning"));
    if (problems.length === 0) parts.push("no problems");
    host.stdout.write(parts.join(", ") + "\n");
  }
  return problems.some(isError) ? USAGE_ERROR : 0;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

async function asJson({ host }: Context, locate: Locator, problem: Problem) {
  const { message, hint } = sentence(problem, shownPath(host));
  const { place } = problem;
  const located = place && !("whole" in place) ? await locate(place) : undefined;
  return {
    code: problem.code,
    level: isError(problem) ? "error" : "warning",
    task: problem.task ?? null,
    message,
    hint: hint ?? null,
    file: place?.file ?? null,
    line: located?.line ?? null,
    column: located?.column ?? null,
  };
}

function portability(workspace: Workspace): readonly Problem[] {
  const problems: Problem[] = [];
  for (const task of workspace.tasks.values()) {
    for (const { script, interpreter } of scriptsOf(task)) {
      const declared = interpreter?.value === "portable";
      // The portable shell has nothing to do with the others.
      if (interpreter !== undefined && !declared) continue;
      for (const { construct, detail, offset, length } of unsupported(script.text)) {
        const place = within(script.place, offset, length);
        const about = { task: task.id, place, construct, detail };
        problems.push({ code: "W_PORTABLE", ...about, ...(declared && { declared }) });
      }
    }
  }
  return problems;
}

type Script = Extract<Action, { readonly kind: "shell" }>;

function scriptsOf({ action, pre, post }: Task): readonly Script[] {
  const items = [...action.kind === "composite" ? action.items : [], ...pre, ...post];
  const actions = [action, ...items.flatMap((item) => item.kind === "inline" ? item.action : [])];
  return actions.filter((each) => each.kind === "shell");
}

function within(place: Place, offset: number, length: number): Place {
  return "path" in place ? { ...place, within: [offset, length] } : place;
}
