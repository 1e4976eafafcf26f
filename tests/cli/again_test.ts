/**
 * An invocation that finds everything as it was left is told again without a thought. That can be
 * seen only by what is kept of it: thinking again, it would be kept again. Whatever changes, the
 * answer must be the one that thinking gives.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Files, type Project, type RunOptions } from "../rig/project.ts";

const TASKS = `[tasks.build]
shell = "mkdir -p dist && cat src/*.txt > dist/all.txt && echo built"
inputs = ["src/**/*.txt"]
outputs = ["dist/"]
[tasks.check]
shell = "cat dist/all.txt"
deps = ["build"]
inputs = ["dist/**"]
`;

const FILES: Files = {
  "src/a.txt": "a\n",
  "src/b.txt": "b\n",
  "src/plain": "no input\n",
  "tasks.toml": TASKS,
};

/** The kept runs, with the time at which each was written. */
function kept(project: Project): string {
  const folder = `${project.root}/.ntask/state/idle`;
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => {
      const { mtime, ino } = Deno.statSync(`${folder}/${name}`);
      return `${name} ${mtime?.getTime()} ${ino}`;
    }).toSorted().join("\n");
  } catch {
    return "";
  }
}

/** Run until a run without anything to do is kept: until all that is there is old enough. */
async function settle(project: Project, words: readonly string[], options?: RunOptions) {
  const before = kept(project);
  for (let times = 0; times < 200; times++) {
    const ran = await project.run(words, options);
    assertEquals(ran.code, 0, ran.stderr);
    if (kept(project) !== before) return;
  }
  throw new Error("no run was kept");
}

/** Another text each time it is read. */
const UUID = "/proc/sys/kernel/random/uuid";

const RELEASED = { releasedOnly: true } as const;

cliTest(
  "a run that found everything as it was left says the same again, and is in the logs",
  RELEASED,
  async () => {
    await using project = await createProject(FILES);
    await settle(project, ["check"]);
    const before = kept(project);
    const ran = await project.run(["check"]);
    assertEquals(kept(project), before);
    assertEquals(ran.stdout, "built\na\nb\n");
    const line = (name: string) => new RegExp(`ok  ${name} +cached \\([0-9a-f]{8}\\)`);
    assert(line("build").test(ran.stderr) && line("check").test(ran.stderr), ran.stderr);
    assertStringIncludes(ran.stderr, "ntask: 2 cached in ");
    const runs = [...Deno.readDirSync(`${project.root}/.ntask/state/runs`)].map(({ name }) => name);
    const last = Deno.readTextFileSync(
      `${project.root}/.ntask/state/runs/${runs.toSorted().at(-1)}`,
    );
    const events = last.trimEnd().split("\n").map((text) => JSON.parse(text));
    assertEquals(events.map(({ type }) => type), [
      "run-start",
      "output",
      "step-end",
      "output",
      "step-end",
      "run-end",
    ]);
    const why = await project.run(["--why", "check"]);
    assertStringIncludes(why.stdout, "nothing that it is made of has changed");
  },
);

cliTest("a run is told again with what its task wrote to stderr", RELEASED, async () => {
  await using project = await createProject({
    "tasks.toml": "[tasks]\na = { shell = 'echo out; echo err >&2', inputs = [] }\n",
  });
  await settle(project, ["a"]);
  const before = kept(project);
  const ran = await project.run(["a"]);
  assertEquals([kept(project), ran.code, ran.stdout], [before, 0, "out\n"]);
  assertStringIncludes(ran.stderr, "err\n");
});

/** What is changed, and which of the two tasks then run. */
const CHANGES: Readonly<Record<string, readonly [(project: Project) => void, string]>> = {
  "the content of an input": [({ root }) => write(`${root}/src/a.txt`, "other\n"), "build check"],
  "lesson 14: the names of two inputs": [({ root }) => {
    Deno.renameSync(`${root}/src/a.txt`, `${root}/src/c`);
    Deno.renameSync(`${root}/src/b.txt`, `${root}/src/a.txt`);
    Deno.renameSync(`${root}/src/c`, `${root}/src/b.txt`);
  }, "build check"],
  "a new input": [({ root }) => write(`${root}/src/c.txt`, "c\n"), "build check"],
  "a new input in a new directory": [({ root }) => {
    Deno.mkdirSync(`${root}/src/deep`);
    write(`${root}/src/deep/c.txt`, "c\n");
  }, "build"],
  "a file that becomes a directory with an input": [({ root }) => {
    Deno.removeSync(`${root}/src/plain`);
    Deno.mkdirSync(`${root}/src/plain`);
    write(`${root}/src/plain/c.txt`, "c\n");
  }, "build"],
  "an input that goes": [({ root }) => Deno.removeSync(`${root}/src/b.txt`), "build check"],
  "lesson 10: an ignore file that comes": [
    ({ root }) => write(`${root}/src/.gitignore`, "b.txt\n"),
    "build",
  ],
  "the command of a task": [
    ({ root }) => write(`${root}/tasks.toml`, TASKS.replace("echo built", "echo made")),
    "build",
  ],
  "lesson 7: an output that goes": [
    ({ root }) => Deno.removeSync(`${root}/dist/all.txt`),
    "",
  ],
  "an output that somebody has written to": [
    ({ root }) => write(`${root}/dist/all.txt`, "mine\n"),
    "",
  ],
  "the stored results": [
    ({ root }) => Deno.removeSync(`${root}/.ntask/cache/actions`, { recursive: true }),
    "build check",
  ],
  "another file of tasks, which wins": [
    ({ root }) =>
      write(
        `${root}/ntask.toml`,
        `[tasks.build]\nshell = "echo other"\n[tasks.check]\nshell = "echo x"\ndeps = ["build"]\n`,
      ),
    "build check",
  ],
  "the settings of the project": [
    ({ root }) => write(`${root}/package.json`, `{ "ntask": { "cacheDir": "elsewhere" } }`),
    "build check",
  ],
  "nothing but a file that is no input": [
    ({ root }) => write(`${root}/src/plain`, "still none\n"),
    "",
  ],
};

function write(path: string, text: string): void {
  Deno.writeTextFileSync(path, text);
}

for (const [name, [change, expected]] of Object.entries(CHANGES)) {
  cliTest(`what was kept does not hide a change: ${name}`, RELEASED, async () => {
    await using project = await createProject(FILES);
    await settle(project, ["check"]);
    change(project);
    const { code, stderr } = await project.run(["check"]);
    assertEquals(code, 0, stderr);
    const ran = [...stderr.matchAll(/^ +run {2}(\S+)/gm)].map(([, task]) => task);
    assertEquals(ran.join(" "), expected, stderr);
    if (expected !== "" || !/output/.test(name)) return;
    assertEquals(Deno.readTextFileSync(`${project.root}/dist/all.txt`), "a\nb\n");
  });
}

cliTest(
  "what was kept does not hide a file of the same size whose time was put back, nor an execute bit",
  { ...RELEASED, posixOnly: "change times and execute bits" },
  async () => {
    await using project = await createProject(FILES);
    const path = `${project.root}/src/a.txt`;
    await settle(project, ["check"]);
    const { atime, mtime } = Deno.statSync(path);
    write(path, "A\n");
    Deno.utimeSync(path, atime!, mtime!);
    assertEquals((await project.run(["check"])).stdout, "built\nA\nb\n");
    await settle(project, ["check"]);
    Deno.chmodSync(path, 0o755);
    const { stderr } = await project.run(["check"]);
    assert(/run {2}build/.test(stderr), stderr);
  },
);

cliTest(
  "what was kept belongs to one invocation: its words, variables and directory",
  RELEASED,
  async () => {
    await using project = await createProject({
      ...FILES,
      "tasks.toml": `${TASKS}[tasks.named]\nshell = "echo \${WHO}"\ninputs = []\n`,
    });
    const out = async (words: readonly string[], env: Record<string, string>) =>
      (await project.run(words, { env })).stdout;
    await settle(project, ["named"], { env: { WHO: "one" } });
    assertEquals(await out(["named"], { WHO: "two" }), "two\n");
    assertEquals(await out(["named"], { WHO: "one" }), "one\n");
    assertEquals(await out(["--force", "named"], { WHO: "one" }), "one\n");
    assertEquals(await out(["check"], { WHO: "one" }), "built\na\nb\n");
  },
);

/** Tasks `t` that end well and are not to be kept. */
const NOT_KEPT: Readonly<
  Record<
    string,
    {
      readonly tasks: string;
      readonly files?: Files;
      readonly links?: Readonly<Record<string, string>>;
      readonly env?: Readonly<Record<string, string>>;
      readonly posixOnly?: string;
    }
  >
> = {
  "a task that is not cached": { tasks: `t.cmd = "p ran"` },
  "a hit beside something that runs": {
    tasks: `t.deps = ["like", "other"]\nother.cmd = "p ran"`,
  },
  "a hit whose pre hook runs": {
    tasks: `t = { cmd = "p ran", inputs = ["src/**"], pre = ["other"] }\nother.cmd = "p hook"`,
  },
  "a task none of whose inputs is there": {
    tasks: `t = { cmd = "p ran", inputs = ["nothing/**"] }`,
  },
  "a hit that asks a tool for its version": {
    tasks: `t = { cmd = "p ran", inputs = ["src/**"], tools = ["p version"] }`,
  },
  "a hit with a warning about its order": {
    tasks: `t = { tasks = ["make", "read"], parallel = true }
make = { shell = "echo x > made", inputs = [], outputs = ["made"] }
read = { cmd = "p read", inputs = ["\${WHAT}", "src/**"], env = { WHAT = "made" } }`,
  },
  "a hit with a named pipe among its inputs": {
    tasks: `t = { cmd = "p ran", inputs = ["src/**", "pipe"] }\nmkpipe.shell = "mkfifo pipe"`,
    posixOnly: "named pipes",
  },
  "a hit in a module that asks for a variable": {
    tasks: "",
    files: {
      "tasks.ts": `import { task } from "ntask";
export const t = task({ inputs: ["src/**", ...(process.env.MORE ?? "a").split(":")] }, "p ran");
`,
    },
  },
  "a hit of a module, where the runtime is told to load more": {
    tasks: "",
    files: {
      "tasks.ts": `import { task } from "ntask";
export const t = task({ inputs: ["src/**"] }, "p ran");
`,
    },
    env: { BUN_OPTIONS: "", NODE_OPTIONS: "" },
  },
  "a hit of a module that lies behind a link": {
    tasks: "",
    files: {
      "lib/real.ts": `import { task } from "ntask";
export const t = task({ inputs: ["src/**"] }, "p ran");
`,
    },
    links: { "tasks.ts": "lib/real.ts" },
    posixOnly: "links",
  },
};

for (
  const [name, { tasks, files = {}, links = {}, env = {}, posixOnly }] of Object.entries(NOT_KEPT)
) {
  cliTest(
    `a run that did something, or has something to say, is not kept: ${name}`,
    { ...RELEASED, ...(posixOnly && { posixOnly }) },
    async () => {
      await using project = await createProject({
        ...FILES,
        ...files,
        "tasks.toml": `[tasks]\nlike = { cmd = "p ran", inputs = ["src/**"] }\n${tasks}\n`,
      });
      for (const [path, end] of Object.entries(links)) {
        Deno.symlinkSync(end, `${project.root}/${path}`);
      }
      if (tasks.includes("mkpipe")) await project.run(["mkpipe"]);
      await project.run(["t"]);
      // When a younger project's run is kept, all that this one looks at is old enough as well.
      await using younger = await createProject({ ...FILES, "tasks.toml": TASKS });
      await settle(younger, ["check"]);
      const before = kept(project);
      for (let times = 0; times < 3; times++) {
        const { code, stdout, stderr } = await project.run(["t"], { env });
        assertEquals(code, 0, stderr);
        assert(stdout !== "");
      }
      assertEquals(kept(project), before);
    },
  );
}

const MODULES: Files = {
  "src/a.txt": "a\n",
  "lib/inputs.ts": 'export const INPUTS = ["src/**"];\n',
  "tasks.ts": `import { readFileSync } from "node:fs";
import { task } from "ntask";
import { INPUTS } from "./lib/inputs.ts";
const common = { inputs: INPUTS, env: { NAME: "one" } };
export const t = task({ ...common }, () => console.log(readFileSync("src/a.txt", "utf8").trim()));
`,
};

cliTest(
  "a module whose text says all is not evaluated again, and every text is looked at",
  RELEASED,
  async () => {
    await using project = await createProject(MODULES);
    await settle(project, ["t"]);
    const before = kept(project);
    assertEquals((await project.run(["t"])).stdout, "a\n");
    assertEquals(kept(project), before);
    const change = async (path: string, text: string, runs: boolean) => {
      const earlier = kept(project);
      write(`${project.root}/${path}`, text);
      const { code, stderr } = await project.run(["t"]);
      assertEquals([code, /^ +run {2}t/m.test(stderr)], [0, runs], `${path}\n${stderr}`);
      // Where a start takes long, a run without anything to do is kept at once.
      if (kept(project) === earlier) await settle(project, ["t"]);
    };
    await change("src/a.txt", "b\n", true);
    await change("lib/inputs.ts", 'export const INPUTS = ["src/**", "lib/**"];\n', true);
    await change("tasks.ts", String(MODULES["tasks.ts"]).replace('"one"', '"two"'), true);
    // What the runtime heeds may change what a text means: that is thought about.
    const kept2 = kept(project);
    await change("tsconfig.json", "{}\n", false);
    assert(kept(project) !== kept2);
  },
);

cliTest(
  "what comes out of a pipe is never taken for the same, whatever it is needed for",
  { ...RELEASED, posixOnly: "/dev/stdin" },
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks.t]\ncmd = "e K"\ninputs = []\nenvfile = "/dev/stdin"\n`,
    });
    const out = async (value: string) =>
      (await project.run(["t"], { stdin: `K=${value}\n` })).stdout;
    assertEquals(await out("1"), "K=1\n");
    await using younger = await createProject({ ...FILES, "tasks.toml": TASKS });
    await settle(younger, ["check"]);
    for (const value of ["1", "1", "1", "2", "3"]) assertEquals(await out(value), `K=${value}\n`);
  },
);

cliTest(
  "a file that says it is empty and is another one each time is never a hit",
  { ...RELEASED, needs: UUID },
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks.t]\ncmd = "p ran"\ninputs = ["link"]\n`,
    });
    Deno.symlinkSync(UUID, `${project.root}/link`);
    for (let times = 0; times < 4; times++) {
      const { code, stderr } = await project.run(["t"]);
      assertEquals([code, /^ +run {2}t/m.test(stderr)], [0, true], stderr);
      await using younger = await createProject({ ...FILES, "tasks.toml": TASKS });
      await settle(younger, ["check"]);
    }
  },
);

cliTest("what was kept knows what a condition asks for", RELEASED, async () => {
  await using project = await createProject({
    ...FILES,
    "local.txt": "",
    "tasks.toml": `[tasks.t]
cmd = "p ran"
inputs = ["src/**"]
condition = "'local.txt' in files and sys_platform != 'none'"
`,
  });
  await settle(project, ["t"]);
  Deno.removeSync(`${project.root}/local.txt`);
  const { stdout, stderr } = await project.run(["t"]);
  assertEquals(stdout, "");
  assertStringIncludes(stderr, "condition not met");
});

cliTest(
  "a dry run, a list and a reason are not told from what was kept, and keep nothing",
  RELEASED,
  async () => {
    await using project = await createProject(FILES);
    await settle(project, ["check"]);
    const before = kept(project);
    assertStringIncludes((await project.run(["--dry-run", "check"])).stdout, "hit");
    assertStringIncludes((await project.run(["--list"])).stdout, "check");
    assertEquals(kept(project), before);
    await project.run(["clean", "--all"]);
    assertEquals((await project.run(["check"])).stdout, "built\na\nb\n");
  },
);

cliTest("lesson 6: a kept run that is damaged is none", RELEASED, async () => {
  await using project = await createProject(FILES);
  await settle(project, ["check"]);
  const folder = `${project.root}/.ntask/state/idle`;
  const [{ name } = { name: "" }] = [...Deno.readDirSync(folder)];
  const bytes = Deno.readFileSync(`${folder}/${name}`);
  for (
    const damaged of [
      bytes.subarray(0, bytes.length / 2),
      new Uint8Array(),
      bytes.map((b) => b ^ 1),
    ]
  ) {
    Deno.writeFileSync(`${folder}/${name}`, damaged);
    const { code, stdout, stderr } = await project.run(["check"]);
    assertEquals({ code, stdout }, { code: 0, stdout: "built\na\nb\n" }, stderr);
  }
});
