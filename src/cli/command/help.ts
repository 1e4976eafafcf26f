/**
 * `ntask --help [TASK]`: how to use ntask, or one task. Nothing of the user's is run.
 *
 * @module
 */

import { resolveWords } from "../../graph/resolve.ts";
import type { Task } from "../../model/task.ts";
import type { Palette } from "../../report/palette.ts";
import { usageOf } from "../../source/binding.ts";
import { paramLines } from "../../source/signature/usage.ts";
import { type Context, loadProject, paletteFor, report, USAGE_ERROR } from "../context.ts";
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
  host.stdout.write(about(loaded.workspace.tasks.get(found.id)!, palette));
  return 0;
}

interface Row {
  readonly left: string;
  readonly right: string;
}

function general(palette: Palette): string {
  return [
    "ntask runs tasks of tasks.ts and tasks.toml.\n",
    section(palette, "Usage", [
      { left: "ntask [options] TASK [arguments]", right: "run a task and what it needs" },
      {
        left: "ntask [options] run TASK… [-- arguments]",
        right: 'several tasks, globs allowed ("api.*")',
      },
      { left: "ntask help TASK", right: "how to use a task" },
    ]),
    section(
      palette,
      "Options",
      OPTIONS.map((option) => ({ left: form(option), right: option.help })),
    ),
  ].join("\n");
}

function form({ name, short, takes, value }: Option): string {
  const long = `--${name}${
    takes === "value" ? ` ${value}` : takes === "number?" ? ` [${value}]` : ""
  }`;
  return short === undefined ? `    ${long}` : `-${short}, ${long}`;
}

function about(task: Task, palette: Palette): string {
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
  const deps = task.deps.map((dep) => dep.kind === "text" ? dep.text : dep.id);
  if (deps.length > 0) parts.push(`${palette.bold("Needs:")} ${deps.join(", ")}\n`);
  for (const example of task.doc?.examples ?? []) {
    parts.push(`${palette.bold("Example:")}\n${indent(example)}\n`);
  }
  return parts.join("\n");
}

function section(palette: Palette, title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map((row) => row.left.length));
  const lines = rows.map(({ left, right }) => `  ${left.padEnd(width)}  ${right}`.trimEnd());
  return `${palette.bold(`${title}:`)}\n${lines.join("\n")}\n`;
}

function indent(text: string): string {
  return text.trim().split("\n").map((line) => `  ${line}`).join("\n");
}
