/**
 * What a run must leave behind, found out without ntask: an empty copy of the tree, and the commands
 * of the plan, one after the other, in `sh`.
 *
 * @module
 */

import { join } from "@std/path";
import { change, find, type Found, remove } from "./disk.ts";
import { covers, declared, type Model, type Sources, type Work } from "./model.ts";
import { overOf, type Plan, type Step } from "./plan.ts";
import { commandOf, hookOf } from "./script.ts";

export interface Clean {
  /** A command of the plan fails; what needs it goes on here, but what that gives is nothing. */
  readonly fails: boolean;
  /** What lies under the declared outputs of the plan. */
  readonly outputs: Found;
  /** What each step wrote to its stdout. */
  readonly said: ReadonlyMap<Step, string>;
}

/** Folders in which outputs lie, whatever the model. */
export const OUTPUT_FOLDERS = ["out", "gen", "extra", "opt", "shared", "plain", "pre"];

/**
 * @param base an empty folder beside nothing else; what lies beside the project comes here too
 * @param inherited the variables of the run, complete
 */
export function cleanResult(
  model: Model,
  files: Sources,
  plan: Plan,
  base: string,
  inherited: Readonly<Record<string, string>>,
): Clean {
  const root = join(base, "project");
  remove(root);
  remove(join(base, "ext"));
  Deno.mkdirSync(root, { recursive: true });
  change(root, {}, files);
  const environment = { ...inherited, RIG: base };
  const blocks = plan.steps.map((step, index) =>
    `( ${entering(step, root)}\n${settingOf(step, model, environment)}\n` +
    `${commandOf(step.task, model)}) > "$RIG/said-${index}" || failed=9\n`
  );
  const { code, stderr } = new Deno.Command("/bin/sh", {
    args: ["-c", `failed=0\n${blocks.join("\n")}exit $failed`],
    cwd: root,
    env: environment,
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).outputSync();
  const complaint = new TextDecoder().decode(stderr);
  if (complaint !== "") throw new Error(`the commands of the model complain:\n${complaint}`);
  const fails = code === 9;
  if (!fails && code !== 0) throw new Error(`the commands of the model end with ${code}`);
  return {
    fails,
    outputs: declaredOf(plan, root),
    said: new Map(
      plan.steps.map((step, index) => [
        step,
        Deno.readTextFileSync(join(base, `said-${index}`)),
      ]),
    ),
  };
}

/** What lies under the declared outputs of a plan's tasks. */
export function declaredOf(plan: Plan, root: string): Found {
  const writes = plan.steps.flatMap(({ task }) => declared(task));
  const found = find(root, new Set(writes.map(({ at }) => topOf(at))));
  return Object.fromEntries(
    Object.entries(found).filter(([path]) => writes.some((write) => covers(write, path)))
      .toSorted(([a], [b]) => a < b ? -1 : 1),
  );
}

function topOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** Before the command: its folder, its hook. */
function entering({ task }: Step, root: string): string {
  return [
    `cd ${root}/${task.cwd}`,
    ...task.pre === undefined ? [] : [hookOf(task)],
  ].join("\n");
}

function settingOf(
  { task, word, over }: Step,
  model: Model,
  inherited: Readonly<Record<string, string>>,
): string {
  const values = environmentOf(task, over, model, inherited);
  const exports = Object.entries(values).filter(([name, value]) => inherited[name] !== value)
    .map(([name, value]) => `export ${name}='${value}'`);
  return [...exports, `set -- ${word ?? ""}`].join("\n");
}

/** The environment of a task, complete. */
export function environmentOf(
  task: Work,
  over: string | undefined,
  model: Model,
  inherited: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const values: Record<string, string> = { ...inherited };
  const scopes = [
    ...task.action === "function" ? [] : [model.globals],
    ...task.name.startsWith("g.") ? [model.group] : [],
    task.env,
  ];
  for (const scope of scopes) {
    for (const [name, template] of Object.entries(scope)) {
      values[name] = template.replace(
        /\$\{(\w+)(?::-([^}]*))?\}/g,
        (_, variable: string, fallback = "") => values[variable] || fallback,
      );
    }
  }
  const ov = over === undefined ? undefined : overOf(task, over);
  return ov === undefined ? values : { ...values, OV: ov };
}
