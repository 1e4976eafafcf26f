/**
 * ntask itself, by its TOML and by its `tasks.ts`.
 *
 * @module
 */

import { join } from "@std/path";
import { Fault } from "../../command.ts";
import { ROOT } from "../../pins.ts";
import { hostTarget } from "../../targets.ts";
import type { Task } from "../workspace.ts";
import { folderOf, type Peer, type Place, writeFiles } from "./peer.ts";

const COMMON = {
  judges: "content",
  restores: true,
  find,
  words: {
    version: ["--version"],
    all: ["-q", "-j2", "all"],
    one: (task: string) => ["-q", task],
    list: ["--list"],
    graph: ["--graph", "--format", "dot"],
    why: (task: string) => ["--why", task],
  },
} as const;

export const ntaskToml: Peer = {
  ...COMMON,
  name: "ntask",
  write: ({ workspace, folder }: Place): void => {
    const tasks = workspace.tasks.map((task) => {
      const deps = task.deps.length === 0 ? {} : { deps: task.deps };
      const lines = Object.entries({ ...properties(task, workspace.always), ...deps })
        .map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
      return `[tasks.${task.name}]\n${lines.join("")}`;
    });
    const names = JSON.stringify(workspace.tasks.map((task) => task.name));
    writeFiles(folder, { "tasks.toml": `${tasks.join("\n")}\n[tasks.all]\ndeps = ${names}\n` });
  },
};

export const ntaskTs: Peer = {
  ...COMMON,
  name: "ntask (tasks.ts)",
  write: ({ workspace, folder }: Place): void => {
    const tasks = workspace.tasks.map((task) => {
      const { cmd, shell, ...rest } = properties(task, workspace.always);
      const properties_ = Object.entries(rest).map(([name, value]) =>
        `${name}: ${JSON.stringify(value)}`
      );
      const deps = task.deps.length === 0 ? [] : [`deps: [${task.deps.join(", ")}]`];
      const options = [...properties_, ...deps].join(", ");
      const body = JSON.stringify(shell ?? cmd);
      return `export const ${task.name} = task(${
        options === "" ? "" : `{ ${options} }, `
      }${body});`;
    });
    const names = workspace.tasks.map((task) => task.name).join(", ");
    writeFiles(folder, {
      "tasks.ts": `import { task } from "ntask";\n\n${tasks.join("\n")}\n` +
        `export const all = task({ deps: [${names}] });\n`,
    });
  },
};

function properties(task: Task, always: boolean): Record<string, string | readonly string[]> {
  if (task.words !== undefined) return { cmd: task.words.join(" ") };
  const cache = always ? {} : { inputs: ["src/**"], outputs: [task.output ?? ""] };
  return { cwd: folderOf(task), shell: task.script, ...cache };
}

// deno-lint-ignore require-await -- a fault must reject, not throw
async function find(): Promise<{ words: [string] }> {
  const path = Deno.env.get("NTASK_BENCH_BIN") ?? join(ROOT, "dist", `ntask${hostTarget().suffix}`);
  try {
    return { words: [Deno.realPathSync(path)] };
  } catch {
    throw new Fault(`there is no “${path}”: run “deno task compile” first`);
  }
}
