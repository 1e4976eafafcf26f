/**
 * make: rules and files, judged by their times. Its built-in rules are off, which makes it faster.
 *
 * @module
 */

import { program } from "./_install.ts";
import { filesRead, folderOf, fromRoot, outputsRead, type Peer, writeFiles } from "./peer.ts";

export const make: Peer = {
  name: "make",
  judges: "times",
  restores: false,
  find: async () => ({ words: [await program("make")] }),
  words: {
    version: ["--version"],
    all: ["-rR", "-s", "-j2", "all"],
    one: (task) => ["-rR", "-s", task],
  },
  write: ({ workspace, folder }) => {
    const goal = (name: string): string => {
      const output = workspace.tasks[0]?.output;
      return output === undefined ? `run-${name}` : `${folderOf(name)}/${output}`;
    };
    const rules = workspace.tasks.map((task) => {
      const made = outputsRead(workspace, task);
      const needs = task.inputs.length > 0 || made.length > 0
        ? filesRead(workspace, task)
        : task.deps.map(goal);
      return `${goal(task.name)}: ${needs.join(" ")}\n\t${fromRoot(task)}\n` +
        `${task.name}: ${goal(task.name)}\n`;
    });
    const phony = `.PHONY: all ${workspace.tasks.map((task) => task.name).join(" ")}\n`;
    const all = `all: ${workspace.tasks.map((task) => goal(task.name)).join(" ")}\n`;
    writeFiles(folder, { "Makefile": `${phony}${all}${rules.join("")}` });
  },
};
