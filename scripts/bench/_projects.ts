/**
 * What the benchmark runs: the same tasks written for every runner.
 *
 * @module
 */

import { join } from "@std/path";

/** One task, `hello`, that runs `echo hello`. */
export function writeHello(folder: string): void {
  write(folder, {
    "tasks.toml": '[tasks.hello]\ncmd = "echo hello"\n',
    "Makefile": "hello:\n\t@echo hello\n",
    "justfile": "hello:\n    @echo hello\n",
    "deno.json": '{ "tasks": { "hello": "echo hello" } }\n',
  });
}

/** The file that the last of the layered tasks makes: proof that a runner got to the end. */
export const PROOF = "done";

/**
 * Tasks in layers: each runs `true` and needs two of the layer before; `all` needs the last layer.
 *
 * @param layers how many
 * @param width tasks in a layer
 */
export function writeLayers(folder: string, layers: number, width: number): void {
  const tasks = Array.from({ length: layers * width }, (_, index) => {
    const layer = Math.floor(index / width);
    const at = (place: number): string => `t${layer - 1}_${place % width}`;
    const place = index % width;
    return { name: `t${layer}_${place}`, deps: layer === 0 ? [] : [at(place), at(place * 7 + 3)] };
  });
  const all = {
    name: "all",
    deps: Array.from({ length: width }, (_, place) => `t${layers - 1}_${place}`),
  };
  const toml = tasks.map(({ name, deps }) =>
    `[tasks.${name}]\ncmd = "true"\ndeps = ${JSON.stringify(deps)}\n`
  );
  const every = [...tasks.map((task) => ({ ...task, run: "true" })), {
    ...all,
    run: `touch ${PROOF}`,
  }];
  const ninja = every.map(({ name, deps, run }) =>
    `build ${name}: run ${deps.join(" ")}\n  cmd = ${run}\n`
  );
  const just = every.map(({ name, deps, run }) => `${name}: ${deps.join(" ")}\n    @${run}\n`);
  const mise = every.map(({ name, deps, run }) =>
    `[tasks.${name}]\nrun = "${run}"\ndepends = ${JSON.stringify(deps)}\n`
  );
  const doit = every.map(({ name, deps, run }) =>
    `    yield {"basename": "${name}", "actions": ["${run}"], "task_dep": ${JSON.stringify(deps)}}`
  );
  const make = tasks.map(({ name, deps }) => `${name}: ${deps.join(" ")}\n\t@true\n`);
  const deno = Object.fromEntries(
    tasks.map(({ name, deps }) => [name, { command: "true", dependencies: deps }]),
  );
  write(folder, {
    "tasks.toml": `${toml.join("\n")}\n[tasks.all]\ncmd = "touch ${PROOF}"\ndeps = ${
      JSON.stringify(all.deps)
    }\n`,
    "Makefile": `all: ${all.deps.join(" ")}\n\t@touch ${PROOF}\n\n${make.join("\n")}`,
    "build.ninja": `rule run\n  command = $cmd\n\n${ninja.join("\n")}`,
    "justfile": `${just.at(-1)}\n${just.slice(0, -1).join("\n")}`,
    "mise.toml": mise.join("\n"),
    "dodo.py": `def task_all():\n${doit.join("\n")}\n`,
    "deno.json": JSON.stringify({
      tasks: { ...deno, all: { command: `touch ${PROOF}`, dependencies: all.deps } },
    }),
  });
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  Deno.mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    Deno.writeTextFileSync(join(folder, name), text);
  }
}
