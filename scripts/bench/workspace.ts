/**
 * What the benchmark runs, written for nobody: tasks, the files they read, what they must make.
 *
 * Every task has a folder `packages/NAME`, since half of the peers know tasks of packages only; its
 * inputs are `src/`. Its shell text runs there, the same for everybody, and leaves a trace outside of
 * the workspace, so that it can be told who ran. What must stay true: the outputs depend on nothing
 * but the sources, and {@linkcode expected} knows them without running anything.
 *
 * @module
 */

import { join } from "@std/path";
import { checksum } from "./checksum.ts";

export interface Task {
  readonly name: string;
  readonly deps: readonly string[];
  /** Its inputs, relative to its folder. */
  readonly inputs: readonly string[];
  /** What it makes, relative to its folder; absent: nothing that is kept. */
  readonly output?: "result.txt" | "out" | "done";
  /** Shell text, run in its folder. */
  readonly script: string;
  /** The same without a shell, run in the root, for who needs none. */
  readonly words?: readonly [string, ...string[]];
}

export interface Workspace {
  /** Two of the same name are the same. */
  readonly name: string;
  readonly tasks: readonly Task[];
  /** Nothing is to be remembered of its tasks: they run whenever they are asked for. */
  readonly always: boolean;
  /** The bytes of an input. */
  readonly bytes: number;
}

/**
 * The folder of the traces, seen from that of a task. Each is a file of its own, made by the shell
 * without a process: lines in one file were torn, as the shell inside go-task writes them in pieces.
 */
export const TRACE = "../../../ran";

/**
 * Tasks that make check sums of their inputs and of what they depend on.
 *
 * @param count how many tasks
 * @param files inputs of each
 * @param layers each task needs two of the layer before
 * @param bytes of each file
 */
export function digests(count: number, files: number, layers = 5, bytes = 120): Workspace {
  const inputs = Array.from(
    { length: files },
    (_, at) => `src/f${String(at).padStart(5, "0")}.txt`,
  );
  const tasks = inLayers(count, layers).map(({ name, deps }): Task => ({
    name,
    deps,
    inputs,
    output: "result.txt",
    script:
      `cksum ${
        ["src/*", ...deps.map((dep) => `../${dep}/result.txt`)].join(" ")
      } > result.txt && ` +
      `: > ${TRACE}/${name}`,
  }));
  const name = `${count}x${files}${layers === 5 ? "" : `-${layers}-layers`}`;
  return { name, tasks, always: false, bytes };
}

/** Tasks that make one empty file and remember nothing. */
export function trivial(count: number, layers: number): Workspace {
  const tasks = inLayers(count, layers).map(({ name, deps }): Task => ({
    name,
    deps,
    inputs: [],
    output: "done",
    script: "touch done",
    words: ["touch", `packages/${name}/done`],
  }));
  return { name: `trivial-${count}`, tasks, always: true, bytes: 0 };
}

/** Tasks that say hello. */
export function hello(count: number): Workspace {
  const names = Array.from({ length: count }, (_, at) => `t${at}`);
  const tasks = names.map((name): Task => ({
    name,
    deps: [],
    inputs: [],
    script: "echo hello",
    words: ["echo", "hello"],
  }));
  return { name: `hello-${count}`, tasks, always: true, bytes: 0 };
}

/** One task that copies its inputs. */
export function copies(name: string, files: number, bytes: number): Workspace {
  const inputs = Array.from({ length: files }, (_, at) => `src/d${at % 100}/f${at}.bin`);
  const script = `cp -R src out && : > ${TRACE}/t0`;
  return {
    name,
    tasks: [{ name: "t0", deps: [], inputs, output: "out", script }],
    always: false,
    bytes,
  };
}

/** Tasks whose inputs are large and whose work is next to nothing. */
export function large(name: string, count: number, files: number, bytes: number): Workspace {
  const inputs = Array.from({ length: files }, (_, at) => `src/f${at}.bin`);
  const tasks = Array.from({ length: count }, (_, at): Task => ({
    name: `t${at}`,
    deps: [],
    inputs,
    output: "done",
    script: `touch done && : > ${TRACE}/t${at}`,
  }));
  return { name, tasks, always: false, bytes };
}

/** Write the inputs, and nothing of any runner. */
export function writeSources(workspace: Workspace, folder: string): void {
  for (const task of workspace.tasks) {
    const made = new Set<string>();
    for (const input of ["", ...task.inputs]) {
      const path = join(folder, "packages", task.name, input);
      const parent = input === "" ? path : join(path, "..");
      if (!made.has(parent)) Deno.mkdirSync(parent, { recursive: true });
      made.add(parent);
      if (input === "") continue;
      if (workspace.bytes > 1000) writeNoise(path, workspace.bytes);
      else Deno.writeTextFileSync(path, content(task.name, input, workspace.bytes));
    }
  }
}

/** The text of an input. Another edition is another text of the same length. */
export function content(task: string, input: string, bytes: number, edition = 0): string {
  return `${task} ${input} ${edition}\n`.repeat(Math.ceil(bytes / 10)).slice(
    0,
    Math.max(bytes, 40),
  );
}

const UNTOUCHED = new WeakMap<Workspace, ReadonlyMap<string, string>>();

/**
 * What `result.txt` must hold, by task.
 *
 * @param edited the edition of inputs that are not as they were written, by `TASK/INPUT`
 */
export function expected(
  workspace: Workspace,
  edited: ReadonlyMap<string, number> = new Map(),
): ReadonlyMap<string, string> {
  const known = edited.size === 0 ? UNTOUCHED.get(workspace) : undefined;
  if (known !== undefined) return known;
  const results = new Map<string, string>();
  const encoder = new TextEncoder();
  const line = (path: string, text: string): string => {
    const bytes = encoder.encode(text);
    return `${checksum(bytes)} ${bytes.length} ${path}\n`;
  };
  for (const task of workspace.tasks) {
    const own = [...task.inputs].sort().map((input) =>
      line(input, content(task.name, input, workspace.bytes, edited.get(`${task.name}/${input}`)))
    );
    const others = task.deps.map((dep) => line(`../${dep}/result.txt`, results.get(dep) ?? ""));
    results.set(task.name, [...own, ...others].join(""));
  }
  if (edited.size === 0) UNTOUCHED.set(workspace, results);
  return results;
}

/** A task, and all that depend on it, near or far. */
export function dependants(workspace: Workspace, name: string): ReadonlySet<string> {
  const found = new Set([name]);
  for (const task of workspace.tasks) {
    if (task.deps.some((dep) => found.has(dep))) found.add(task.name);
  }
  return found;
}

/** The tasks nothing depends on: who has made these has made all. */
export function sinks(workspace: Workspace): string[] {
  const needed = new Set(workspace.tasks.flatMap((task) => task.deps));
  return workspace.tasks.map((task) => task.name).filter((name) => !needed.has(name));
}

/** In the order of the layers, so that every dependency stands before. */
function inLayers(count: number, layers: number): { name: string; deps: string[] }[] {
  const width = Math.max(1, Math.ceil(count / layers));
  return Array.from({ length: count }, (_, at) => {
    const [layer, place] = [Math.floor(at / width), at % width];
    const before = (place: number): string => `t${(layer - 1) * width + place % width}`;
    const deps = layer === 0 ? [] : [...new Set([before(place), before(place * 7 + 3)])];
    return { name: `t${at}`, deps };
  });
}

/** Bytes that no compressor makes smaller. */
function writeNoise(path: string, bytes: number): void {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const piece = new Uint8Array(65536);
  for (let left = bytes; left > 0; left -= piece.length) {
    crypto.getRandomValues(piece);
    file.writeSync(piece.subarray(0, Math.min(left, piece.length)));
  }
}
