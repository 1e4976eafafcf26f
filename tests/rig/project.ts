/**
 * A project in a temporary folder, with the fixture programs on `PATH`, and the program under test
 * run in it. Nothing of the surroundings reaches it: the environment is made from nothing.
 *
 * ```
 * <temp>/          has a .git, so that the search for task files ends here
 *   project/       the files of the test
 *   home/  bin/  probes/
 * ```
 *
 * @module
 */

import { dirname, join, resolve } from "@std/path";
import { binary } from "./binary.ts";
import { installPrograms } from "./fixtures.ts";
import { deserted, gone, type Probes, probesIn, until } from "./probes.ts";
import { type Ran, type Running, start } from "./ran.ts";

/** Path in the project -> content; `null` makes a directory. */
export type Files = Readonly<Record<string, string | Uint8Array | null>>;

export interface RunOptions {
  /** Where it is started, relative to the project. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export interface Project extends AsyncDisposable {
  /** The folder, as we write it. */
  readonly root: string;
  /** The folder around it. */
  readonly base: string;
  readonly probes: Probes;
  /** What a run finds in its environment, unless it is given more. */
  readonly env: Readonly<Record<string, string>>;
  write(files: Files): void;
  read(path: string): string;
  /** Is there such a file or folder? */
  has(path: string): boolean;
  /** Wait until a process is no more that a probe spoke of. */
  gone(pid: number): Promise<void>;
  /** Wait until no process is left that was started here, by whatever way. Linux only. */
  deserted(): Promise<void>;
  /** Run ntask to its end. */
  run(words: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Run ntask and do something meanwhile. */
  start(words: readonly string[], options?: RunOptions): Running;
}

/**
 * Make a project.
 *
 * @param name the beginning of the temporary folder's name, for tests of difficult paths
 * @example await using project = await createProject({ "tasks.toml": '[tasks]\nhi = "p a"' });
 */
export async function createProject(files: Files, name = "ntask-"): Promise<Project> {
  const base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: name }));
  const root = join(base, "project");
  for (const folder of [root, join(base, "home"), join(base, "probes"), join(base, ".git")]) {
    Deno.mkdirSync(folder);
  }
  const programs = await installPrograms(base);
  const env = environment(base, programs);
  const runs: Running[] = [];
  const written = new Map<string, string>();

  function write(more: Files): void {
    for (const [path, content] of Object.entries(more)) {
      const file = join(root, path);
      Deno.mkdirSync(content === null ? file : dirname(file), { recursive: true });
      if (content === null) continue;
      if (typeof content === "string") Deno.writeTextFileSync(file, content);
      else Deno.writeFileSync(file, content);
      written.set(path, typeof content === "string" ? content : `(${content.length} bytes)`);
    }
  }

  function run(words: readonly string[], options: RunOptions = {}): Running {
    const running = start({
      words,
      cwd: resolve(root, options.cwd ?? "."),
      env: { ...env, ...options.env },
      ...(options.stdin !== undefined && { stdin: options.stdin }),
      files: () => Object.fromEntries(written),
    });
    runs.push(running);
    return running;
  }

  /** Only a program there can see the processes there. */
  async function goneUnderWine(pid: number): Promise<void> {
    const tools = join(base, "tools");
    Deno.mkdirSync(tools, { recursive: true });
    Deno.writeTextFileSync(join(tools, "tasks.toml"), '[tasks]\nalive = "alive"\n');
    const look = () => run(["-q", "alive", String(pid)], { cwd: tools }).ended;
    await until(async () => (await look()).code === 1, `the process ${pid} is still there`);
  }

  write(files);
  return {
    root,
    base,
    probes: probesIn(join(base, "probes")),
    env,
    write,
    read: (path) => Deno.readTextFileSync(join(root, path)),
    has(path) {
      try {
        Deno.lstatSync(join(root, path));
        return true;
      } catch {
        return false;
      }
    },
    gone: binary.wine ? goneUnderWine : gone,
    deserted: () => deserted(`RIG=${base}`),
    run: (words, options) => run(words, options).ended,
    start: run,
    async [Symbol.asyncDispose]() {
      // Probes that still wait see that their folder is gone, and end.
      Deno.removeSync(join(base, "probes"), { recursive: true });
      await Promise.all(runs.map((running) => running.close()));
      Deno.removeSync(base, { recursive: true });
    },
  };
}

function environment(base: string, programs: string): Readonly<Record<string, string>> {
  const common = {
    ...binary.env,
    HOME: binary.seen(join(base, "home")),
    RIG: binary.seen(base),
  };
  if (binary.wine) return { ...common, PATH: binary.seen(programs) };
  if (!binary.windows) return { ...common, PATH: `${programs}:/usr/bin:/bin`, LC_ALL: "C.UTF-8" };
  const system: Record<string, string> = {};
  for (const name of ["SystemRoot", "ComSpec", "PATHEXT", "TEMP", "TMP"]) {
    const value = Deno.env.get(name);
    if (value !== undefined) system[name] = value;
  }
  const windows = system.SystemRoot ?? "C:\\Windows";
  return { ...common, ...system, PATH: `${programs};${windows}\\System32;${windows}` };
}
