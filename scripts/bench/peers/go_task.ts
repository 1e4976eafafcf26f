/**
 * go-task: tasks with sources and generated files, judged by check sums.
 *
 * @module
 */

import { fromGo, program, VERSIONS } from "./_install.ts";
import { folderOf, type Peer, writeFiles } from "./peer.ts";

export const goTask: Peer = {
  name: "go-task",
  judges: "content",
  restores: false,
  // What is called `task` on PATH may be another program.
  find: async () => ({
    words: [
      await fromGo("github.com/go-task/task/v3/cmd/task", VERSIONS.task, "task")
        .catch(() => program("go-task")),
    ],
  }),
  words: {
    version: ["--version"],
    all: ["--concurrency", "2", "all"],
    one: (task) => [task],
    list: ["--list-all"],
  },
  write: ({ workspace, folder }) => {
    const tasks = Object.fromEntries(workspace.tasks.map((task) => {
      const output = workspace.tasks[0]?.output ?? "";
      const cache = workspace.always ? {} : {
        method: "checksum",
        sources: ["src/**/*", ...task.deps.map((dep) => `../${dep}/${output}`)],
        generates: [output === "out" ? "out/**/*" : output],
      };
      const deps = task.deps.length === 0 ? {} : { deps: task.deps };
      return [task.name, { dir: folderOf(task), ...deps, ...cache, cmds: [task.script] }];
    }));
    const all = { deps: workspace.tasks.map((task) => task.name) };
    // JSON is YAML. Without `run` a task runs once for each that depends on it.
    const file = { version: "3", silent: true, run: "once", tasks: { all, ...tasks } };
    writeFiles(folder, { "Taskfile.yml": JSON.stringify(file) });
  },
};
