/**
 * Turborepo: a task in every package, judged by content. It has packages run their scripts by the
 * package manager; that is Bun here, whose `run` starts ten times as fast as npm's.
 *
 * @module
 */

import { dirname } from "@std/path";
import { capture, Fault } from "../../command.ts";
import { bunFor } from "../../compile.ts";
import { pinned } from "../../pins.ts";
import { hostTarget } from "../../targets.ts";
import { executable, VERSIONS } from "./_install.ts";
import { folderOf, type Peer, writeFiles } from "./peer.ts";
import { commit } from "./_git.ts";

export const turbo: Peer = {
  name: "Turborepo",
  judges: "content",
  restores: true,
  find: async () => ({
    words: [await find()],
    path: [dirname(await bunFor(hostTarget()))],
    note: "without a daemon: “turbo run” has none any more; scripts are run by Bun, not npm",
  }),
  env: () => ({ TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", TURBO_NO_UPDATE_NOTIFIER: "1" }),
  words: {
    version: ["--version"],
    all: ["run", "build", "--concurrency=2", "--output-logs=none"],
    one: (task) => ["run", "build", `--filter=${task}`, "--only", "--output-logs=full"],
    graph: ["run", "build", "--graph"],
    why: (task) => ["run", "build", `--filter=${task}`, "--dry=json"],
  },
  write: async ({ workspace, folder, home }) => {
    const tasks = workspace.always
      ? { build: { dependsOn: ["^build"], cache: false } }
      : { build: { dependsOn: ["^build"], outputs: outputs(workspace.tasks[0]?.output) } };
    writeFiles(folder, {
      "package.json": JSON.stringify({
        name: "root",
        private: true,
        packageManager: `bun@${pinned("bun")}`,
        workspaces: ["packages/*"],
      }),
      "turbo.json": JSON.stringify({ tasks }),
      ".gitignore": "node_modules\n.turbo\nresult.txt\nout\ndone\n",
    });
    for (const task of workspace.tasks) {
      writeFiles(folder, {
        [`${folderOf(task)}/package.json`]: JSON.stringify({
          name: task.name,
          version: "1.0.0",
          scripts: { build: task.script },
          dependencies: Object.fromEntries(task.deps.map((dep) => [dep, "workspace:*"])),
        }),
      });
    }
    // Only links and a lockfile: there is nothing to download.
    const bun = await bunFor(hostTarget());
    const install = await capture(bun, ["install", "--silent"], {
      cwd: folder,
      env: { HOME: home },
    });
    if (install.code !== 0) throw new Fault(`“bun install” failed: ${install.stderr.trim()}`);
    await commit(folder);
  },
};

function outputs(name: string | undefined): string[] {
  if (name === undefined) return [];
  return name === "out" ? ["out/**"] : [name];
}

async function find(): Promise<string> {
  const { os, arch } = Deno.build;
  const name = { linux: "linux", darwin: "darwin" }[os as string];
  if (name === undefined) throw new Fault(`no package of Turborepo for ${os} is known here`);
  const pack = `@turbo/${name}-${arch === "aarch64" ? "arm64" : "64"}`;
  return await executable(pack, VERSIONS.turbo, "bin/turbo");
}
