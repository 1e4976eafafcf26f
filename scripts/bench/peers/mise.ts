/**
 * mise: tasks with sources and outputs, judged by their times.
 *
 * @module
 */

import { Fault } from "../../command.ts";
import { executable, VERSIONS } from "./_install.ts";
import { folderOf, fromRoot, outputsRead, type Peer, writeFiles } from "./peer.ts";

export const mise: Peer = {
  name: "mise",
  judges: "times",
  restores: false,
  find: async () => ({ words: [await find()] }),
  env: () => ({ MISE_TRUSTED_CONFIG_PATHS: "/", MISE_OFFLINE: "1" }),
  words: {
    version: ["--version"],
    all: ["run", "-q", "-j", "2", "all"],
    one: (task) => ["run", "-q", task],
    list: ["tasks", "ls"],
    graph: ["tasks", "deps", "--dot"],
  },
  write: ({ workspace, folder }) => {
    const tasks = workspace.tasks.map((task) => {
      const sources = [
        ...task.inputs.length > 0 ? [`${folderOf(task)}/src/**/*`] : [],
        ...outputsRead(workspace, task),
      ];
      const cache = workspace.always || task.output === undefined
        ? ""
        : `sources = ${JSON.stringify(sources)}\noutputs = ${
          JSON.stringify([`${folderOf(task)}/${task.output}`])
        }\n`;
      return `[tasks.${task.name}]\nrun = ${JSON.stringify(fromRoot(task))}\n` +
        `depends = ${JSON.stringify(task.deps)}\n${cache}`;
    });
    const names = JSON.stringify(workspace.tasks.map((task) => task.name));
    writeFiles(folder, { "mise.toml": `${tasks.join("\n")}\n[tasks.all]\ndepends = ${names}\n` });
  },
};

async function find(): Promise<string> {
  const { os, arch } = Deno.build;
  const name = { linux: "linux", darwin: "macos" }[os as string];
  if (name === undefined) throw new Fault(`no package of mise for ${os} is known here`);
  const pack = `@jdxcode/mise-${name}-${arch === "aarch64" ? "arm64" : "x64"}`;
  return await executable(pack, VERSIONS.mise, "bin/mise");
}
