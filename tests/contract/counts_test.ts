/**
 * How much a whole run looks, reads and starts, counted: a regression shows here without a clock.
 * The program runs in this process, on the real machine.
 */

import { assertEquals } from "@std/assert";
import { main } from "../../src/cli/cli.ts";
import type { Host } from "../../src/host/host.ts";
import { realHost } from "../../src/host/real.ts";
import { acted } from "../../src/host/witness.ts";
import type { AbsolutePath } from "../../src/model/id.ts";
import { GUARD } from "../../src/run/hidden_mode.ts";
import { type Counted, counting, type Counts } from "../rig/counting.ts";

/** Of a project. */
interface Size {
  readonly tasks: number;
  /** Inputs of each. */
  readonly files: number;
}

const SIZE: Size = { tasks: 12, files: 8 };
const MORE_FILES: Size = { tasks: 12, files: 16 };
const MORE_TASKS: Size = { tasks: 24, files: 8 };
const CALLS: readonly Counted[] = [
  "lstatSync",
  "statSync",
  "readdirSync",
  "openSync",
  "readFileSync",
];

interface Run {
  readonly code: number;
  readonly text: string;
  /** Processes that were started. */
  readonly started: number;
  readonly counts: Counts;
}

async function withProject<T>(
  { tasks: count, files }: Size,
  body: (root: string) => Promise<T>,
): Promise<T> {
  const root = Deno.realPathSync(await Deno.makeTempDir({ prefix: "ntask-counts-" }));
  try {
    const tasks: string[] = [];
    for (let task = 0; task < count; task++) {
      Deno.mkdirSync(`${root}/src/t${task}`, { recursive: true });
      for (let file = 0; file < files; file++) {
        Deno.writeTextFileSync(`${root}/src/t${task}/input-${file}.txt`, `${task} ${file}\n`);
      }
      tasks.push(
        `[tasks.t${task}]\nshell = "cat src/t${task}/*.txt > out/t${task}.txt"\n` +
          `inputs = ["src/t${task}/**"]\noutputs = ["out/t${task}.txt"]\n`,
      );
    }
    Deno.mkdirSync(`${root}/out`);
    const deps = JSON.stringify(tasks.map((_, task) => `t${task}`));
    Deno.writeTextFileSync(`${root}/tasks.toml`, `${tasks.join("")}[tasks.all]\ndeps = ${deps}\n`);
    return await body(root);
  } finally {
    acted();
    await Deno.remove(root, { recursive: true });
  }
}

/** @param self what the program takes itself for: only a released one tells runs again */
async function run(root: string, self = "main.ts"): Promise<Run> {
  const real = await realHost();
  let started = 0;
  let text = "";
  const sink = {
    isTerminal: false,
    columns: undefined,
    write(data: string | Uint8Array) {
      text += typeof data === "string" ? data : new TextDecoder().decode(data);
    },
  };
  const host: Host = {
    ...real,
    argv: ["-q", "-j2", "all"],
    cwd: root as AbsolutePath,
    home: root as AbsolutePath,
    env: { PATH: "/usr/bin:/bin" },
    self: [self],
    stdout: sink,
    stderr: sink,
    start(command, listener) {
      // One is started where the machine is so busy that a task takes its time.
      if (!command.args.includes(GUARD)) started++;
      return real.start(command, listener);
    },
  };
  // Everything is old by the clock of the file system.
  const counts = counting(CALLS, (path, found) => {
    if (!path.endsWith("/.ntask/state/probe")) return found;
    const { mtimeMs } = found as { mtimeMs: number };
    return Object.assign(Object.create(found as object), { mtimeMs: mtimeMs + 60_000 });
  });
  try {
    const code = await main({
      argv: host.argv,
      print: () => Promise.resolve(),
      open: () => Promise.resolve(host),
    });
    return { code, text, started, counts };
  } finally {
    counts[Symbol.dispose]();
  }
}

const POSIX = { ignore: Deno.build.os === "windows" };

Deno.test({
  ...POSIX,
  name: "the first run reads every input once and starts one process for each task",
  fn: () =>
    withProject(SIZE, async (root) => {
      const { code, text, started, counts } = await run(root);
      assertEquals({ code, text, started }, { code: 0, text: "", started: SIZE.tasks });
      assertEquals(counts.about("openSync", "/src/"), SIZE.tasks * SIZE.files);
    }),
});

/** What a run takes, with nothing to do, besides looking at the inputs and outputs. */
interface Besides {
  readonly looks: number;
  readonly ends: number;
  readonly read: number;
  readonly opened: number;
}

/** What more files, and each more task, take of it. */
async function growth(count: (size: Size) => Promise<Besides>) {
  const [plain, moreFiles, moreTasks] = [
    await count(SIZE),
    await count(MORE_FILES),
    await count(MORE_TASKS),
  ];
  const each = (of: keyof Besides) => (moreTasks[of] - plain[of]) / (MORE_TASKS.tasks - SIZE.tasks);
  return {
    files: {
      looks: moreFiles.looks - plain.looks,
      ends: moreFiles.ends - plain.ends,
      read: moreFiles.read - plain.read,
      opened: moreFiles.opened - plain.opened,
    },
    task: { looks: each("looks"), ends: each("ends"), read: each("read"), opened: each("opened") },
  };
}

const NOTHING: Besides = { looks: 0, ends: 0, read: 0, opened: 0 };

Deno.test({
  ...POSIX,
  name: "with nothing to do each input is looked at once, each directory listed once, none read",
  async fn() {
    const { files, task } = await growth((size) =>
      withProject(size, async (root) => {
        // What was written by a run is remembered by the next one.
        for (let times = 0; times < 2; times++) await run(root);
        const { code, started, counts } = await run(root);
        assertEquals({ code, started }, { code: 0, started: 0 });
        assertEquals(counts.about("lstatSync", "/input-"), size.tasks * size.files);
        // An output is looked up by its name, and looked at.
        assertEquals(counts.about("lstatSync", "/out/"), 2 * size.tasks);
        assertEquals(counts.about("readdirSync", "/src/"), size.tasks);
        assertEquals(counts.about("openSync", "/src/") + counts.about("openSync", "/out/"), 0);
        return besides(counts);
      })
    );
    assertEquals(files, NOTHING);
    // Its directory, its result's place in the store and what is read of it.
    assertEquals(task, { looks: 4, ends: 2, read: 1, opened: 0 });
  },
});

Deno.test({
  ...POSIX,
  name: "one file edited: its task runs, and of the others nothing is read",
  fn: () =>
    withProject(SIZE, async (root) => {
      for (let times = 0; times < 2; times++) await run(root);
      Deno.writeTextFileSync(`${root}/src/t3/input-3.txt`, "edited\n");
      const { code, started, counts } = await run(root);
      assertEquals({ code, started }, { code: 0, started: 1 });
      assertEquals(counts.about("openSync", "/src/t3/"), 1);
      assertEquals(counts.about("openSync", "/src/"), 1);
    }),
});

Deno.test({
  ...POSIX,
  name: "a run that is told again looks at each input once, and reads what was kept and no more",
  async fn() {
    const { files, task } = await growth((size) =>
      withProject(size, async (root) => {
        for (let times = 0; times < 4; times++) await run(root, "/bin/true");
        const { code, started, counts } = await run(root, "/bin/true");
        assertEquals({ code, started }, { code: 0, started: 0 });
        // Each directory is asked from within: names stand alone.
        assertEquals(counts.about("lstatSync", ".txt"), size.tasks * (size.files + 1));
        assertEquals(counts.about("openSync", ".toml") + counts.about("readFileSync", ".toml"), 0);
        assertEquals(counts.about("readFileSync", "/.ntask/cache/"), 0);
        assertEquals(counts.about("readFileSync", "/.ntask/state/idle/"), 1);
        return besides(counts);
      })
    );
    assertEquals(files, NOTHING);
    assertEquals(task, { looks: 2, ends: 1, read: 0, opened: 0 });
  },
});

function besides(counts: Counts): Besides {
  return {
    looks: counts.of("lstatSync") - counts.about("lstatSync", ".txt"),
    ends: counts.of("statSync"),
    read: counts.of("readFileSync"),
    opened: counts.of("openSync"),
  };
}
