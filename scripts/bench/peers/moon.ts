/**
 * moon: a task in every project, judged by content.
 *
 * @module
 */

import { Fault } from "../../command.ts";
import { executable, VERSIONS } from "./_install.ts";
import { commit } from "./_git.ts";
import { folderOf, type Peer, writeFiles } from "./peer.ts";

export const moon: Peer = {
  name: "moon",
  judges: "content",
  restores: true,
  find: async () => ({ words: [await find()] }),
  env: () => ({ MOON_TOOLCHAIN_FORCE_GLOBALS: "true", PROTO_OFFLINE: "1", DO_NOT_TRACK: "1" }),
  words: {
    version: ["--version"],
    all: ["run", ":build", "--concurrency", "2", "--quiet"],
    one: (task) => ["run", `${task}:build`, "--concurrency", "2"],
    list: ["tasks"],
    graph: ["task-graph", "--dot"],
  },
  write: async ({ workspace, folder }) => {
    const { always } = workspace;
    const files: Record<string, string> = {
      ".moon/workspace.yml": 'projects: ["packages/*"]\n' +
        "vcs: { client: git, defaultBranch: master }\ntelemetry: false\n",
      ".gitignore": ".moon/cache\nresult.txt\nout\ndone\n",
    };
    for (const task of workspace.tasks) {
      const cache = always ? { options: { cache: false } } : {
        inputs: ["src/**/*"],
        outputs: [task.output === "out" ? "out/**/*" : task.output],
      };
      const deps = task.deps.map((dep) => `${dep}:build`);
      files[`${folderOf(task)}/moon.yml`] = JSON.stringify({
        tasks: { build: { script: task.script, deps, toolchains: "system", ...cache } },
      });
    }
    writeFiles(folder, files);
    await commit(folder);
  },
};

async function find(): Promise<string> {
  const { os, arch } = Deno.build;
  const cpu = arch === "aarch64" ? "arm64" : "x64";
  const name = { linux: `linux-${cpu}-gnu`, darwin: `macos-${cpu}` }[os as string];
  if (name === undefined) throw new Fault(`no package of moon for ${os} is known here`);
  return await executable(`@moonrepo/core-${name}`, VERSIONS.moon, "moon");
}
