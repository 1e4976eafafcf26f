/**
 * wireit: a script in every package, judged by content. A program for Node that npm starts; here Node
 * starts it directly, with the variables that npm would have set.
 *
 * @module
 */

import { join } from "@std/path";
import { node, nodeModules, VERSIONS } from "./_install.ts";
import { folderOf, type Peer, writeFiles } from "./peer.ts";

export const wireit: Peer = {
  name: "wireit",
  judges: "content",
  restores: true,
  find: async () => {
    const modules = await nodeModules("wireit", VERSIONS.wireit);
    return {
      words: [await node(), join(modules, "wireit", "bin", "wireit.js")],
      version: VERSIONS.wireit,
      note: "a Node program, started without npm",
    };
  },
  env: ({ folder, workspace }) => ({
    WIREIT_PARALLEL: "2",
    // What tasks say is shown where they do nothing else.
    WIREIT_LOGGER: workspace.tasks[0]?.output === undefined ? "simple" : "quiet",
    npm_lifecycle_event: "all",
    npm_package_json: join(folder, "package.json"),
    npm_config_user_agent: "npm/10.8.2",
  }),
  words: { all: [] },
  write: ({ workspace, folder }) => {
    const files: Record<string, string> = {
      "package.json": JSON.stringify({
        name: "root",
        scripts: { all: "wireit" },
        wireit: {
          all: { dependencies: workspace.tasks.map((task) => `./${folderOf(task)}:build`) },
        },
      }),
    };
    for (const task of workspace.tasks) {
      const cache = workspace.always ? {} : {
        files: ["src/**"],
        output: task.output === undefined ? [] : [task.output],
        packageLocks: [],
      };
      files[`${folderOf(task)}/package.json`] = JSON.stringify({
        name: task.name,
        scripts: { build: "wireit" },
        wireit: {
          build: {
            command: task.script,
            dependencies: task.deps.map((dep) => `../${dep}:build`),
            ...cache,
          },
        },
      });
    }
    writeFiles(folder, files);
  },
};
