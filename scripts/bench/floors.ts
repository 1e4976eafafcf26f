/**
 * What the machine can do: the cheapest programs that do the part of a scenario that nobody gets
 * around.
 *
 * In: the sources in `floors/`, a C compiler where there is one. Out: the words of a command, or a
 * {@linkcode Fault} that says why there is none. Where a tool of the system does the same it stands in
 * for a missing compiler.
 *
 * @module
 */

import { join } from "@std/path";
import { capture, Fault } from "../command.ts";
import { bunFor } from "../compile.ts";
import { ROOT } from "../pins.ts";
import { hostTarget } from "../targets.ts";

export type Words = readonly [string, ...string[]];

export const NO_COMPILER = "no C compiler (cc) on PATH";

export interface Floors {
  /** The words before `SECONDS FOLDER OUTPUT PROGRAM…`, and whether it can tell memory. */
  readonly timer: { readonly words: Words; readonly memory: boolean };
  /** Run a program and write the memory of it and all it starts to a file, in kilobytes. */
  tree(file: string, words: Words): Words | Fault;
  /** An empty program: what starting one takes. */
  readonly empty: Words | Fault;
  /** List and stat all below some folders. */
  walk(...folders: readonly string[]): Words | Fault;
  /** Start a program many times, two at once; `%` in its words is the number of the start. */
  spawn(times: number, words: Words): Words | Fault;
  /** SHA-256 of files, on two cores. */
  digest(files: readonly string[]): Words | Fault;
  /** Copy a folder. */
  copy(from: string, to: string): Words | Fault;
  /** Read a file and write it out. */
  read(file: string): Words | Fault;
}

/** @param folder where the compiled ones go */
export async function findFloors(folder: string): Promise<Floors> {
  const cc = await onPath("cc");
  const compiled = async (name: string): Promise<string | Fault> =>
    cc instanceof Fault ? cc : await build(cc, name, folder);
  const [timer, walk, spawn] = [
    await compiled("timer"),
    await compiled("walk"),
    await compiled("spawn"),
  ];
  const tree = Deno.build.os === "linux" ? await compiled("tree") : new Fault("only on Linux");
  const tools = new Map<string, string | Fault>();
  for (const name of ["true", "find", "xargs", "sha256sum", "cp", "cat", "sh"]) {
    tools.set(name, await onPath(name));
  }
  const tool = (name: string, ...words: readonly string[]): Words | Fault => {
    const path = tools.get(name)!;
    return path instanceof Fault ? path : [path, ...words];
  };
  return {
    timer: timer instanceof Fault
      ? {
        words: [await bunFor(hostTarget()), join(ROOT, "scripts", "bench", "_timer.ts")],
        memory: false,
      }
      : { words: [timer], memory: true },
    tree: (file, words) => tree instanceof Fault ? tree : [tree, file, ...words],
    empty: tool("true"),
    // No file has that size, so find has to look at each.
    walk: (...folders) =>
      walk instanceof Fault ? tool("find", ...folders, "-size", "+1000000000") : [walk, ...folders],
    spawn: (times, words) =>
      spawn instanceof Fault
        ? tool("sh", "-c", `seq 0 ${times - 1} | xargs -P 2 -I % ${words.join(" ")}`)
        : [spawn, String(times), "2", ...words],
    digest: (files) => {
      const program = tools.get("sha256sum")!;
      if (program instanceof Fault) return program;
      const halves = [files.filter((_, at) => at % 2 === 0), files.filter((_, at) => at % 2 === 1)];
      const [one, other] = halves.map((half) => `${program} ${half.join(" ")}`);
      return tool("sh", "-c", `${one} & ${other}; wait`);
    },
    copy: (from, to) => tool("cp", "-R", from, to),
    read: (file) => tool("cat", file),
  };
}

/** The absolute path of a program. */
export async function onPath(name: string): Promise<string | Fault> {
  const which = Deno.build.os === "windows" ? "where" : "which";
  const found = await capture(which, [name]).catch(() => ({ code: 1, stdout: "" }));
  const path = found.stdout.split(/\r?\n/)[0];
  if (found.code === 0 && path) return path;
  return new Fault(name === "cc" ? NO_COMPILER : `no ${name} on PATH`);
}

async function build(cc: string, name: string, folder: string): Promise<string | Fault> {
  Deno.mkdirSync(folder, { recursive: true });
  const [source, out] = [join(ROOT, "scripts", "bench", "floors", `${name}.c`), join(folder, name)];
  const built = await capture(cc, ["-O2", "-o", out, source]);
  return built.code === 0 ? out : new Fault(`cc cannot build ${name}.c: ${built.stderr.trim()}`);
}
