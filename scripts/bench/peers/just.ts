/**
 * just: recipes that always run. It runs dependencies at once only without a limit, so here it runs
 * one at a time.
 *
 * @module
 */

import { hostTarget } from "../../targets.ts";
import { executable, VERSIONS } from "./_install.ts";
import { fromRoot, type Peer, writeFiles } from "./peer.ts";

export const just: Peer = {
  name: "just",
  judges: "nothing",
  restores: false,
  find: async () => {
    const { name, suffix } = hostTarget();
    const pack = `rust-just-${name.replace("-musl", "")}`;
    return {
      words: [await executable(pack, VERSIONS.just, `bin/just${suffix}`)],
      note: "one task at a time",
    };
  },
  words: {
    version: ["--version"],
    all: ["-q", "all"],
    one: (task) => [task],
    list: ["--list"],
  },
  write: ({ workspace, folder }) => {
    const recipes = workspace.tasks.map((task) =>
      `${task.name}: ${task.deps.join(" ")}\n    @${fromRoot(task)}\n`
    );
    const all = `all: ${workspace.tasks.map((task) => task.name).join(" ")}\n`;
    writeFiles(folder, { "justfile": `${all}\n${recipes.join("\n")}` });
  },
};
