/**
 * Nothing to do: everything is made and nothing has changed.
 *
 * @module
 */

import { join } from "@std/path";
import { Fault } from "../../command.ts";
import { floorEntry } from "../stands.ts";
import type { Verdict } from "../measure.ts";
import { outputsWrong, resetTrace, tasksRun } from "../proof.ts";
import { digests } from "../workspace.ts";
import type { Stand } from "../stands.ts";
import type { Peer } from "../peers/peer.ts";
import { everybody, type Scenario } from "./scenario.ts";

/** @param files inputs of each task */
export function noop(tasks: number, files: number): Scenario {
  const workspace = digests(tasks, files);
  return {
    name: `noop-${tasks}x${files}`,
    title: `nothing to do: ${tasks} tasks with ${files} files each`,
    rounds: tasks * files > 20_000 ? 5 : 11,
    workspace,
    entries: async (bench) => [
      ...await everybody(bench, workspace, "made", (stand) => ({
        words: stand.peer.words.all,
        before: () => resetTrace(stand),
        after: () => nothingRan(stand),
      }), remembering),
      floorEntry(
        "walk and stat",
        bench.floors.walk(join(await bench.sources(workspace), "packages")),
        bench.folder,
      ),
      floorEntry("start a program", bench.floors.empty, bench.folder),
    ],
  };
}

/**
 * The memory that all processes of a runner take together while it finds that nothing is to do. The
 * times are not those of `noop`: somebody looks on.
 */
export function memory(tasks: number, files: number): Scenario {
  const workspace = digests(tasks, files);
  return {
    name: `memory-${tasks}x${files}`,
    title: `memory, with nothing to do: ${tasks} tasks with ${files} files each`,
    rounds: 2,
    workspace,
    entries: async (bench) => {
      const file = join(bench.folder, "memory");
      const all = await everybody(bench, workspace, "made", (stand) => ({
        words: stand.peer.words.all,
        before: () => resetTrace(stand),
        after: async () => ({
          ...await nothingRan(stand),
          treeKilobytes: Number(Deno.readTextFileSync(file)),
        }),
      }), remembering);
      return all.map((entry) => {
        if ("why" in entry) return entry;
        const command = bench.floors.tree(file, entry.command);
        const { name, kind } = entry;
        return command instanceof Fault
          ? { name, kind, why: command.message }
          : { ...entry, command, inside: entry.command };
      });
    },
  };
}

/** It can tell that a task need not run. */
export function remembering({ name, judges }: Peer): true | string {
  return judges === "nothing" ? `${name} knows nothing of what is up to date` : true;
}

/** What was made before is right, and nothing was made now. */
async function nothingRan(stand: Stand): Promise<Verdict> {
  const ran = tasksRun(stand).size;
  if (ran > 0) return { ran, wrong: `ran ${ran} tasks though nothing has changed` };
  return { ran, wrong: await outputsWrong(stand) };
}
