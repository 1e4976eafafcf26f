/**
 * ninja: rules and files, judged by their times.
 *
 * @module
 */

import { fromPython, program, VERSIONS } from "./_install.ts";
import { filesRead, folderOf, fromRoot, outputsRead, type Peer, writeFiles } from "./peer.ts";

export const ninja: Peer = {
  name: "ninja",
  judges: "times",
  restores: false,
  find: async () => ({
    words: [await program("ninja").catch(() => fromPython("ninja", VERSIONS.ninja))],
  }),
  words: {
    version: ["--version"],
    all: ["--quiet", "-j2", "all"],
    one: (task) => ["--quiet", task],
    list: ["-t", "targets", "all"],
    graph: ["-t", "graph", "all"],
  },
  write: ({ workspace, folder }) => {
    const goal = (name: string): string => {
      const output = workspace.tasks[0]?.output;
      return output === undefined ? `run-${name}` : `${folderOf(name)}/${output}`;
    };
    const edges = workspace.tasks.map((task) => {
      const made = outputsRead(workspace, task);
      const needs = task.inputs.length > 0 || made.length > 0
        ? filesRead(workspace, task)
        : task.deps.map(goal);
      return `build ${goal(task.name)}: run ${needs.join(" ")}\n  words = ${fromRoot(task)}\n` +
        `build ${task.name}: phony ${goal(task.name)}\n`;
    });
    const all = `build all: phony ${workspace.tasks.map((task) => goal(task.name)).join(" ")}\n`;
    writeFiles(folder, {
      "build.ninja": `rule run\n  command = $words\n\n${edges.join("")}${all}`,
    });
  },
};
