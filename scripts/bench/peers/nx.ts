/**
 * Nx: a target in every project, judged by content. A program for Node, started by Node directly; its
 * daemon runs, as it does by default.
 *
 * @module
 */

import { join } from "@std/path";
import { node, nodeModules, VERSIONS } from "./_install.ts";
import { commit } from "./_git.ts";
import { folderOf, type Peer, writeFiles } from "./peer.ts";

export const nx: Peer = {
  name: "Nx",
  judges: "content",
  restores: true,
  find: async () => {
    const modules = await nodeModules("nx", VERSIONS.nx);
    return {
      words: [await node(), join(modules, "nx", "dist", "bin", "nx.js")],
      modules,
      note: "a Node program, started without npx; with its daemon, as by default",
    };
  },
  env: () => ({
    NX_NO_CLOUD: "true",
    NX_TUI: "false",
    NX_DAEMON: "true",
    NX_SKIP_VSCODE_EXTENSION_INSTALL: "true",
    DO_NOT_TRACK: "1",
    CI: "false",
  }),
  words: {
    version: ["--version"],
    all: ["run-many", "-t", "build", "--parallel=2", "--outputStyle=static"],
    one: (task) => ["run", `${task}:build`],
    list: ["show", "projects"],
    graph: ["graph", "--file=graph.json"],
  },
  stop: ["daemon", "--stop"],
  write: async ({ workspace, folder }) => {
    const files: Record<string, string> = {
      "package.json": JSON.stringify({ name: "root", private: true }),
      "nx.json": JSON.stringify({ analytics: false, neverConnectToCloud: true }),
      ".gitignore": "node_modules\n.nx\nresult.txt\nout\ndone\ngraph.json\n",
    };
    for (const task of workspace.tasks) {
      const output = task.output === undefined ? [] : [`{projectRoot}/${task.output}`];
      files[`${folderOf(task)}/project.json`] = JSON.stringify({
        name: task.name,
        targets: {
          build: {
            executor: "nx:run-commands",
            options: { command: task.script, cwd: folderOf(task) },
            dependsOn: task.deps.map((project) => ({ projects: [project], target: "build" })),
            cache: !workspace.always,
            inputs: ["{projectRoot}/src/**/*", { dependentTasksOutputFiles: "**/*" }],
            outputs: output,
          },
        },
      });
    }
    writeFiles(folder, files);
    await commit(folder);
  },
};
