/**
 * Why a task would run or not. Turborepo's nearest answer is a dry run with its reasons as JSON.
 *
 * @module
 */

import { join } from "@std/path";
import { floorEntry } from "../stands.ts";
import { digests, sinks } from "../workspace.ts";
import { everybody, type Scenario } from "./scenario.ts";

/** @param files inputs of each task */
export function why(tasks: number, files: number): Scenario {
  const workspace = digests(tasks, files);
  const task = sinks(workspace)[0]!;
  return {
    name: `why-${tasks}x${files}`,
    title: `why a task of ${tasks} with ${files} files each is up to date`,
    rounds: 11,
    workspace,
    entries: async (bench) => [
      ...await everybody(
        bench,
        workspace,
        "made",
        ({ peer }) =>
          peer.words.why === undefined ? `${peer.name} does not say why` : {
            words: peer.words.why(task),
            after: ({ output }) => ({
              wrong: output.includes(task) ? undefined : `it does not speak of ${task}`,
            }),
          },
      ),
      floorEntry(
        "walk and stat",
        bench.floors.walk(join(await bench.sources(workspace), "packages")),
        bench.folder,
      ),
    ],
  };
}
