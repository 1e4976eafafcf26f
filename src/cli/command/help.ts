/**
 * `ntask --help [TASK]`: how to use ntask, or one task. Nothing of the user's is run.
 *
 * @module
 */

import { resolveWords, tagsOf } from "../../graph/resolve.ts";
import type { Task, Workspace } from "../../model/task.ts";
import type { Palette } from "../../report/palette.ts";
import { usageOf } from "../../source/binding.ts";
import { paramLines } from "../../source/signature/usage.ts";
import { type Context, loadProject, paletteFor, report, USAGE_ERROR } from "../context.ts";
import { itemText, kindOf, referenceText } from "../describe.ts";
import { type Option, OPTIONS } from "../options.ts";

export async function run(context: Context): Promise<number> {
  const { host, words } = context;
  const palette = paletteFor(context, "stdout");
  if (words.length === 0) {
    host.stdout.write(general(palette));
    return 0;
  }
  const loaded = await loadProject(context, false);
  if (loaded === undefined) return USAGE_ERROR;
  const found = resolveWords(loaded.workspace, words);
  if (!found.ok) {
    await report(context, [{ code: "R_TASK_UNKNOWN", name: found.name, near: found.near }]);
    return USAGE_ERROR;
  }
  const { workspace } = loaded;
  host.stdout.write(about(workspace.tasks.get(found.id)!, workspace, palette));
  return 0;
}

interface Row {
  readonly left: string;
  readonly right: string;
}

const COMMANDS: readonly Row[] = [
  { left: "list", right: "the tasks" },
  { left: "graph [TASK]", right: "what needs what" },
  { left: "why TASK [arguments]", right: "why it hit or missed, and what a run now would do" },
  { left: "cache info|prune|verify", right: "what is stored" },
  { left: "clean", right: "forget what is stored; --all removes it" },
  { left: "help [TASK]", right: "this, or how to use a task" },
  { left: "validate", right: "everything that is wrong with the task files" },
  { left: "config [KEY]", right: "the settings, and who has set them" },
  { left: "init [TEMPLATE]", right: "write a first tasks.ts: plain, typescript-library" },
  { left: "schema", right: "the JSON Schema of task files in TOML" },
];

function general(palette: Palette): string {
  return [
    "ntask runs tasks of tasks.ts and tasks.toml.\n",
    section(palette, "Usage", [
      { left: "ntask [options] TASK [arguments]", right: "run a task and what it needs" },
      {
        left: "ntask [options] run TASK… [-- arguments]",
        right: 'several tasks, globs allowed ("api.*")',
      },
      { left: "ntask COMMAND", right: "one of those below" },
    ]),
    section(palette, "Commands", COMMANDS),
    section(
      palette,
      "Options",
      OPTIONS.map((option) => ({ left: form(option), right: option.help })),
    ),
  ].join("\n");
}

function form({ name, short, takes, value }: Option): string {
  const long = `--${name}${
    takes === "value"
      ? ` ${value}`
      : takes === "number?"
      ? ` [${value}]`
      : takes === "attached?"
      ? `[=${value}]`
      : ""
  }`;
  return short === undefined ? `    ${long}` : `-${short}, ${long}`;
}

function about(task: Task, workspace: Workspace, palette: Palette): string {
  const parts: string[] = [];
  if (task.doc?.text) parts.push(task.doc.text.trim() + "\n");
  parts.push(`${palette.bold("Usage:")} ${usageOf(task)}\n`);
  if (task.doc?.deprecated !== undefined) {
    parts.push(`${palette.yellow("Deprecated.")} ${task.doc.deprecated}`.trimEnd() + "\n");
  }
  const rows: Row[] = task.signature ? paramLines(task.signature) : [
    ...(task.notes?.args ?? []).map((right, index) => ({ left: `ARG${index}`, right })),
    ...Object.entries(task.notes?.options ?? {}).map(([name, right]) => ({
      left: `--${name}`,
      right,
    })),
  ];
  if (rows.length > 0) parts.push(section(palette, "Arguments", rows));
  parts.push(section(palette, "Task", facts(task, workspace)));
  for (const example of task.doc?.examples ?? []) {
    parts.push(`${palette.bold("Example:")}\n${indent(example)}\n`);
  }
  return parts.join("\n");
}

/** What the file says of a task, beside its command line (toml-spec §16). */
function facts(task: Task, workspace: Workspace): readonly Row[] {
  const { action, extension } = task;
  const variables = new Set(task.scopes.flatMap((scope) => scope.env.map(({ name }) => name)));
  const lists: readonly (readonly [left: string, right: readonly string[]])[] = [
    ["kind", [kindOf(task)]],
    ["needs", task.deps.map(referenceText)],
    ["before", task.pre.map(itemText)],
    ["items", action.kind === "composite" ? action.items.map(itemText) : []],
    ["members", task.members.filter((id) => !workspace.tasks.get(id)!.hidden)],
    ["after", task.post.map(itemText)],
    ["directory", task.cwd === undefined ? [] : [task.cwd.text]],
    ["variables", [...variables]],
    ["condition", task.conditions.map(({ text }) => text)],
    ["aliases", task.aliases],
    ["tags", tagsOf(workspace, task)],
    ["asks", extension.confirm === undefined ? [] : [extension.confirm]],
  ];
  return lists.filter(([, right]) => right.length > 0)
    .map(([left, right]) => ({ left, right: right.map(oneLine).join(", ") }));
}

function oneLine(text: string): string {
  const [first = "", ...more] = text.trim().split("\n");
  return more.length > 0 ? `${first.trimEnd()} …` : first;
}

function section(palette: Palette, title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map((row) => row.left.length));
  const lines = rows.map(({ left, right }) => `  ${left.padEnd(width)}  ${right}`.trimEnd());
  return `${palette.bold(`${title}:`)}\n${lines.join("\n")}\n`;
}

function indent(text: string): string {
  return text.trim().split("\n").map((line) => `  ${line}`).join("\n");
}
