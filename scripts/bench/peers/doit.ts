/**
 * doit: tasks with files they depend on and targets, judged by times first and MD5 then.
 *
 * @module
 */

import { fromPython, program, VERSIONS } from "./_install.ts";
import { filesRead, folderOf, fromRoot, type Peer, writeFiles } from "./peer.ts";

export const doit: Peer = {
  name: "doit",
  judges: "content",
  restores: false,
  find: async () => {
    const script = await fromPython("doit", VERSIONS.doit).catch(() => program("doit"));
    return { words: [script], note: "a Python program" };
  },
  words: {
    version: ["--version"],
    all: ["run", "-n", "2", "-v", "0", "all"],
    one: (task) => ["run", "-v", "2", task],
    list: ["list"],
  },
  write: ({ workspace, folder }) => {
    const tasks = workspace.tasks.map((task) => {
      const cache = workspace.always ? {} : {
        file_dep: filesRead(workspace, task),
        targets: task.output === "out"
          ? task.inputs.map((input) => `${folderOf(task)}/${input.replace("src", "out")}`)
          : [`${folderOf(task)}/${task.output}`],
      };
      const parts = {
        basename: task.name,
        actions: [fromRoot(task)],
        task_dep: task.deps,
        ...cache,
      };
      return `    yield ${JSON.stringify(parts)}\n`;
    });
    const all = JSON.stringify({
      basename: "all",
      actions: [],
      task_dep: workspace.tasks.map((task) => task.name),
    });
    writeFiles(folder, {
      "dodo.py": `def task_everything():\n${tasks.join("")}    yield ${all}\n`,
    });
  },
};
