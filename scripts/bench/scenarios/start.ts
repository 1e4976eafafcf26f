/**
 * Starting: to say a version, to list tasks, to draw the graph, to run one task that says hello. What
 * counts here is what a runner does before and beside the work.
 *
 * @module
 */

import { join } from "@std/path";
import { Fault } from "../../command.ts";
import { type Bench, floorEntry, type Stand } from "../stands.ts";
import type { Entry, Run, Unable, Verdict } from "../measure.ts";
import { hello, trivial, type Workspace } from "../workspace.ts";
import { everybody, type Part, type Scenario } from "./scenario.ts";

/** `--version` of everybody, beside an empty program. */
export function version(): Scenario {
  return small(
    "version",
    "say the version",
    hello(1),
    ({ peer }) =>
      peer.words.version === undefined ? `${peer.name} does not say its version` : {
        words: peer.words.version,
        after: ({ output }) => ({ wrong: /\d+\.\d+/.test(output) ? undefined : "no version came" }),
      },
  );
}

/** The names of all tasks. */
export function list(tasks: number): Scenario {
  return small(
    `list-${tasks}`,
    `list ${tasks} tasks`,
    hello(tasks),
    ({ peer, workspace }) =>
      peer.words.list === undefined
        ? `${peer.name} lists no tasks`
        : { words: peer.words.list, after: (run) => names(workspace, run.output) },
  );
}

/** The graph of many tasks as text for a drawing program. */
export function graph(tasks: number): Scenario {
  const workspace = trivial(tasks, Math.max(1, Math.round(tasks / 50)));
  const title = `the graph of ${tasks} tasks`;
  return small(`graph-${tasks}`, title, workspace, ({ peer, folder }) => {
    if (peer.words.graph === undefined) return `${peer.name} draws no graph`;
    const file = join(folder, "graph.json");
    return {
      words: peer.words.graph,
      before: () => Deno.remove(file).catch(() => {}),
      after: async ({ output }) =>
        names(workspace, output + await Deno.readTextFile(file).catch(() => "")),
    };
  }, 5);
}

/** One task that needs nothing and says hello. */
export function one(): Scenario {
  return small("one", "one trivial task", hello(1), ({ peer }) => ({
    words: peer.words.one?.("t0") ?? peer.words.all,
    after: said,
  }));
}

function small(
  name: string,
  title: string,
  workspace: Workspace,
  part: (stand: Stand) => Part | string,
  rounds = 21,
): Scenario {
  return {
    name,
    title,
    rounds,
    workspace,
    entries: async (bench) => [
      ...await everybody(bench, workspace, "written", part),
      ...await floors(bench, workspace),
    ],
  };
}

/** What nobody gets around: to start, and to read and write as much text as there is of tasks. */
async function floors(bench: Bench, workspace: Workspace): Promise<(Entry | Unable)[]> {
  const start = floorEntry("start a program", bench.floors.empty, bench.folder);
  const toml = bench.peers.find((peer) => peer.name === "ntask");
  const stand = toml === undefined
    ? new Fault("nothing was written for ntask")
    : await bench.stand(toml, workspace, "written");
  if (stand instanceof Fault) return [start];
  const file = join(stand.folder, "tasks.toml");
  return [start, floorEntry("read the task file", bench.floors.read(file), bench.folder)];
}

function said({ output }: Run): Verdict {
  return { wrong: /^.*hello\r?$/m.test(output) ? undefined : "it did not say hello" };
}

function names({ tasks }: Workspace, output: string): Verdict {
  const found = new Set(output.split(/[^\w]+/));
  const missing = tasks.filter((task) => !found.has(task.name));
  if (missing.length === 0) return {};
  return { wrong: `${missing.length} of ${tasks.length} tasks are not in what it wrote` };
}
