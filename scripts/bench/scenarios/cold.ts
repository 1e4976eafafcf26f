/**
 * Many trivial tasks that always run: what a runner takes to get a process started and to see it end.
 *
 * @module
 */

import { join } from "@std/path";
import { floorEntry } from "../stands.ts";
import type { Entry, Unable } from "../measure.ts";
import { onPath } from "../floors.ts";
import { outputsWrong, resetTrace, tasksRun } from "../proof.ts";
import { trivial } from "../workspace.ts";
import { Fault } from "../../command.ts";
import { everybody, type Scenario } from "./scenario.ts";

/** @param tasks in layers of fifty, each needs two of the layer before */
export function cold(tasks: number): Scenario {
  const workspace = trivial(tasks, Math.max(1, Math.round(tasks / 50)));
  return {
    name: `cold-${tasks}`,
    title: `${tasks} trivial tasks, two at once`,
    rounds: 5,
    workspace,
    entries: async (bench) => {
      const floor = join(bench.folder, workspace.name, "floor");
      Deno.mkdirSync(floor, { recursive: true });
      const touch = await onPath("touch");
      const words = touch instanceof Fault
        ? touch
        : bench.floors.spawn(tasks, [touch, join(floor, "t%")]);
      const entry = floorEntry("start the same processes", words, floor);
      const proven: Entry | Unable = "why" in entry ? entry : {
        ...entry,
        before: async () => {
          await Deno.remove(floor, { recursive: true });
          Deno.mkdirSync(floor);
        },
        after: () => {
          const made = [...Deno.readDirSync(floor)].length;
          return {
            ran: made,
            wrong: made === tasks ? undefined : `made ${made} of ${tasks} files`,
          };
        },
      };
      return [
        ...await everybody(bench, workspace, "written", (stand) => ({
          words: stand.peer.words.all,
          before: () => resetTrace(stand),
          after: async () => {
            const ran = tasksRun(stand).size;
            const wrong = ran === tasks
              ? await outputsWrong(stand)
              : `ran ${ran} of ${tasks} tasks`;
            return { ran, wrong };
          },
        })),
        proven,
      ];
    },
  };
}
