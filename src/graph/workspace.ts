/**
 * Sheets -> workspace: every task of a project under one namespace, with what groups hand down
 * resolved. Reports names used twice, or differing only by case.
 *
 * @module
 */

import type { Scope, Text } from "../model/action.ts";
import type { AbsolutePath, TaskId } from "../model/id.ts";
import { kebabCase } from "../model/kebab.ts";
import type { Problem } from "../model/problem.ts";
import type { Draft, Sheet, Task, Workspace } from "../model/task.ts";

/**
 * @param root the project root
 * @param sheets one per task file, the TOML source before `tasks.ts`
 */
export function buildWorkspace(
  root: AbsolutePath,
  sheets: readonly Sheet[],
): { readonly workspace: Workspace; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const tasks = new Map<TaskId, Task>();
  const names = new Map<string, TaskId>();
  const taken = new Map<string, { readonly draft: Draft; readonly name: string }>();

  const claim = (name: string, draft: Draft, again: boolean): boolean => {
    const folded = name.toLowerCase();
    const before = taken.get(folded);
    if (before === undefined) taken.set(folded, { draft, name });
    else if (!again || before.draft.id !== draft.id) {
      problems.push({
        code: "E_NAME_DUP",
        task: draft.id,
        place: draft.place,
        name,
        other: before.name,
        otherPlace: before.draft.place,
      });
      return false;
    }
    return true;
  };

  for (const sheet of sheets) {
    for (const draft of sheet.drafts) {
      if (!claim(draft.id, draft, false)) continue;
      const parent = draft.parent === undefined ? undefined : tasks.get(draft.parent);
      const cwd = draft.scope.cwd ?? parent?.cwd;
      tasks.set(draft.id, {
        ...draft,
        scopes: [...(parent?.scopes ?? [sheet.globals]), draft.scope],
        ...(cwd && { cwd }),
        conditions: own(parent?.conditions ?? [], draft.scope),
        members: [],
      });
      names.set(draft.id, draft.id);
    }
  }
  for (const draft of tasks.values()) {
    if (draft.parent === undefined) continue;
    const parent = tasks.get(draft.parent);
    if (parent !== undefined) (parent.members as TaskId[]).push(draft.id);
  }
  // Other spellings come after all identifiers, so that a duplicate is reported for the alias.
  for (const task of tasks.values()) {
    const spellings = task.source === "ts" ? [spelling(task.id), ...task.aliases] : task.aliases;
    for (const name of spellings) {
      if (name !== task.id && claim(name, task, true)) names.set(name, task.id);
    }
  }
  const files = sheets.map((sheet) => sheet.file);
  return { workspace: { root, files, tasks, names }, problems };
}

function own(inherited: readonly Text[], scope: Scope): readonly Text[] {
  return scope.condition === undefined ? inherited : [...inherited, scope.condition];
}

/** `webApp.typeCheck` -> `web-app.type-check`; a leading underscore stays, for it hides the name. */
function spelling(id: TaskId): string {
  return id.split(".").map((part) => part.startsWith("_") ? part : kebabCase(part)).join(".");
}
