/**
 * Tasks and what they refer to, in a word or two: for lists and help.
 *
 * @module
 */

import type { Item, Reference } from "../model/action.ts";
import type { Task } from "../model/task.ts";

/** What a task is: the name of the property that says so, or `group`, `function`, `none`. */
export function kindOf({ kind, action }: Task): string {
  if (kind === "group") return "group";
  switch (action.kind) {
    case "command":
    case "argv":
      return "cmd";
    case "composite":
      return "tasks";
    default:
      return action.kind;
  }
}

export function referenceText(reference: Reference): string {
  return reference.kind === "text" ? reference.text : reference.id;
}

export function itemText(item: Item): string {
  if (item.kind === "use") return referenceText(item.reference);
  switch (item.action.kind) {
    case "command":
      return item.action.line.text;
    case "argv":
      return item.action.words.map((word) => word.text).join(" ");
    case "shell":
      return item.action.script.text;
    case "call":
      return item.action.target.text;
    default:
      return item.action.kind;
  }
}
