/**
 * Words -> task: how a name is written on the command line and in references (toml-spec §5, §6.1).
 *
 * @module
 */

import type { TaskId } from "../model/id.ts";
import { nearest } from "../model/near.ts";
import type { Task, Workspace } from "../model/task.ts";

/** The task meant and how many of the words its name took, or what is unknown. */
export type Resolution =
  | { readonly ok: true; readonly id: TaskId; readonly used: number }
  | { readonly ok: false; readonly name: string; readonly near: readonly string[] };

/**
 * @param words what was written; only the leading words that name members are used
 *
 * @example resolveWords(workspace, ["build", "assets", "--min"]) // { id: "build.assets", used: 2 }
 */
export function resolveWords(workspace: Workspace, words: readonly string[]): Resolution {
  const first = words[0] ?? "";
  let id = resolveName(workspace, first);
  if (id === undefined) {
    return { ok: false, name: first, near: nearest(first, visibleNames(workspace)) };
  }
  let used = 1;
  while (workspace.tasks.get(id)!.kind === "group" && used < words.length) {
    const word = words[used]!;
    if (word.startsWith("-")) break;
    const member = resolveName(workspace, `${id}.${word}`);
    if (member === undefined) {
      const members = workspace.tasks.get(id)!.members.map((name) => name.slice(id!.length + 1));
      const near = nearest(word, members).map((name) => `${id}.${name}`);
      return { ok: false, name: `${id}.${word}`, near };
    }
    id = member;
    used++;
  }
  return { ok: true, id, used };
}

/** One word: an identifier or alias as it is, else with `:` read as `.`. */
export function resolveName(workspace: Workspace, word: string): TaskId | undefined {
  return workspace.names.get(word) ?? workspace.names.get(word.replaceAll(":", "."));
}

/** The names a message may suggest. */
export function visibleNames(workspace: Workspace): string[] {
  return [...workspace.names].filter(([, id]) => !workspace.tasks.get(id)!.hidden).map(([name]) =>
    name
  );
}

/** A task's tags and those of the groups around it. */
export function tagsOf({ tasks }: Workspace, task: Task): readonly string[] {
  const tags = new Set<string>();
  for (let at: Task | undefined = task; at !== undefined; at = at.parent && tasks.get(at.parent)) {
    for (const tag of at.extension.tags ?? []) tags.add(tag);
  }
  return [...tags];
}

/**
 * The visible tasks that have any of these tags, in definition order. A group's members have its
 * tags, so the group itself is not among them.
 *
 * @returns the tasks, or the tag that no task has
 */
export function tagged(
  workspace: Workspace,
  tags: readonly string[],
): { readonly ids: readonly TaskId[] } | { readonly unknown: string; readonly near: string[] } {
  const all = [...workspace.tasks.values()].filter((task) => task.kind === "task" && !task.hidden);
  const known = new Set(all.flatMap((task) => tagsOf(workspace, task)));
  for (const tag of tags) {
    if (!known.has(tag)) return { unknown: tag, near: nearest(tag, [...known]) };
  }
  const ids = all.filter((task) => tagsOf(workspace, task).some((tag) => tags.includes(tag)))
    .map((task) => task.id);
  return { ids };
}
