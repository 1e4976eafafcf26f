/**
 * One file has changed: its time only, or what it holds, near the end of the graph or at its root.
 *
 * @module
 */

import { join } from "@std/path";
import { floorEntry, type Stand } from "../stands.ts";
import type { Verdict } from "../measure.ts";
import { outputsWrong, resetTrace, tasksRun } from "../proof.ts";
import { content, dependants, digests, sinks, type Task, type Workspace } from "../workspace.ts";
import { remembering } from "./noop.ts";
import { everybody, type Part, type Scenario } from "./scenario.ts";

/** A file has another time and holds what it held. Who judges by times has to run something. */
export function touched(tasks: number, files: number): Scenario {
  const workspace = digests(tasks, files);
  const title = `one file touched: ${tasks} tasks with ${files} files each`;
  const middle = workspace.tasks[tasks >> 1]!;
  return changing(`touch-${tasks}x${files}`, title, workspace, (stand) => ({
    words: stand.peer.words.all,
    before: () => {
      resetTrace(stand);
      Deno.utimeSync(inputOf(stand, middle), new Date(), new Date());
    },
    after: async () => ({ ran: tasksRun(stand).size, wrong: await outputsWrong(stand) }),
  }));
}

/** @param where a task that nothing needs, or one that as many as possible need */
export function edited(where: "leaf" | "root", tasks: number, files: number): Scenario {
  const workspace = digests(tasks, files);
  const task = where === "leaf" ? named(workspace, sinks(workspace)[0]) : mostNeeded(workspace);
  const must = dependants(workspace, task.name);
  const title = `one file edited, ${must.size} to run: ${tasks} tasks with ${files} files each`;
  return changing(`edit-${where}-${tasks}x${files}`, title, workspace, (stand) => ({
    words: stand.peer.words.all,
    before: () => {
      resetTrace(stand);
      edit(stand, task);
    },
    after: () => hasRun(stand, must),
  }));
}

function changing(
  name: string,
  title: string,
  workspace: Workspace,
  part: (stand: Stand) => Part,
): Scenario {
  return {
    name,
    title,
    rounds: 7,
    workspace,
    entries: async (bench) => [
      ...await everybody(bench, workspace, "made", part, remembering),
      floorEntry(
        "walk and stat",
        bench.floors.walk(join(await bench.sources(workspace), "packages")),
        bench.folder,
      ),
    ],
  };
}

/** Everything that has to has run, and the results are right. */
async function hasRun(stand: Stand, must: ReadonlySet<string>): Promise<Verdict> {
  const ran = tasksRun(stand);
  const missing = [...must].filter((name) => !ran.has(name));
  if (missing.length > 0) {
    return { ran: ran.size, wrong: `did not run ${missing.length} of ${must.size} tasks` };
  }
  return { ran: ran.size, wrong: await outputsWrong(stand) };
}

/** Write an edition that was never there, so that nobody finds its result. */
function edit(stand: Stand, task: Task): void {
  const input = task.inputs[0]!;
  const key = `${task.name}/${input}`;
  const edition = (stand.edited.get(key) ?? 0) + 1;
  stand.edited.set(key, edition);
  const text = content(task.name, input, stand.workspace.bytes, edition);
  Deno.writeTextFileSync(inputOf(stand, task), text);
}

function inputOf({ folder }: Stand, task: Task): string {
  return join(folder, "packages", task.name, task.inputs[0]!);
}

function mostNeeded(workspace: Workspace): Task {
  const roots = workspace.tasks.filter((task) => task.deps.length === 0);
  const needed = roots.map((task) => dependants(workspace, task.name).size);
  return roots[needed.indexOf(Math.max(...needed))]!;
}

function named(workspace: Workspace, name: string | undefined): Task {
  return workspace.tasks.find((task) => task.name === name)!;
}
