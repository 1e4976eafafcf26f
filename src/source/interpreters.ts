/**
 * Which interpreter each script of a project has: its own, that of the task it stands in, or the
 * project's. In: what was read. Out: the same drafts, with an interpreter at every script and every
 * function that one was asked for; the others have the system's shell.
 *
 * @module
 */

import type { Action, Item } from "../model/action.ts";
import type { DeclaredInterpreter } from "../model/interpreter.ts";
import type { Draft, Sheet } from "../model/task.ts";

/** @param project what the settings say */
export function settleInterpreters(
  sheets: readonly Sheet[],
  project: DeclaredInterpreter | undefined,
): readonly Sheet[] {
  return sheets.map((sheet) => {
    // Most projects name none.
    const asked = project !== undefined ||
      sheet.drafts.some(({ extension }) => extension.interpreter !== undefined);
    if (!asked) return sheet;
    return { ...sheet, drafts: sheet.drafts.map((draft) => settleDraft(draft, project)) };
  });
}

function settleDraft(draft: Draft, project: DeclaredInterpreter | undefined): Draft {
  const interpreter = draft.extension.interpreter ?? project;
  if (interpreter === undefined) return draft;
  const settle = (item: Item): Item =>
    item.kind === "use" ? item : { ...item, action: settleAction(item.action, interpreter) };
  return {
    ...draft,
    action: settleAction(draft.action, interpreter),
    pre: draft.pre.map(settle),
    post: draft.post.map(settle),
  };

  function settleAction(action: Action, interpreter: DeclaredInterpreter): Action {
    switch (action.kind) {
      case "shell":
      case "function":
        return action.interpreter === undefined ? { ...action, interpreter } : action;
      case "composite":
        return { ...action, items: action.items.map(settle) };
      default:
        return action;
    }
  }
}
