/**
 * An invocation that leads to one process, again: it is started without a plan, where everything
 * looks as it did. That can be seen by what is kept of it: here it says KEPT, which is what no plan
 * would say. Whatever changes, the answer must be the one that a plan gives.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { bytesOf, startOf } from "../../src/run/kept_start.ts";
import { cliTest } from "../rig/cli.ts";
import { childrenOf, until } from "../rig/probes.ts";
import { createProject, type Files, type Project, type RunOptions } from "../rig/project.ts";

const LIMITS = {
  releasedOnly: true,
  compiledOnly: "the npm package is more than one file",
  posixOnly: "the runtime has no such calls there",
} as const;

const TASKS = `[tasks.say]
shell = "echo said $WORD"
cwd = "work"
[tasks.tool]
cmd = "tool x"
`;

const FILES: Files = {
  "tasks.toml": TASKS,
  "work/here": "",
  "early/here": "",
  "bin/tool": "#!/bin/sh\necho tool $1\n",
};

async function project(files: Files = FILES): Promise<Project & { options: RunOptions }> {
  const made = await createProject(files);
  const { root, env } = made;
  if (made.has("bin/tool")) Deno.chmodSync(`${root}/bin/tool`, 0o755);
  const options = { env: { PATH: `${root}/early:${root}/bin:${env.PATH}`, WORD: "a" } };
  return Object.assign(made, { options });
}

function starts({ root }: Project): readonly string[] {
  const folder = `${root}/.ntask/state/starts`;
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`);
  } catch {
    return [];
  }
}

/** Change what is kept. */
// deno-lint-ignore no-explicit-any
function rewrite(project: Project, change: (kept: any) => void): void {
  for (const file of starts(project)) {
    const kept = startOf(Deno.readFileSync(file))!;
    change(kept);
    Deno.writeFileSync(file, bytesOf(kept));
  }
}

/** Run until the start is kept: a run that took its time is none to be kept. Then let it say so. */
async function keep(project: Project, words: readonly string[], options?: RunOptions) {
  for (let times = 0; times < 100; times++) {
    const ran = await project.run(words, options);
    assertEquals(ran.code, 0, ran.stderr);
    if (starts(project).length === 0) continue;
    rewrite(project, (kept) => kept.before = `KEPT\n${kept.before}`);
    return ran;
  }
  throw new Error("no start was kept");
}

const untimed = (text: string) => text.replace(/\d+(?:\.\d+)?m?s\b/, "TIME");

cliTest("the second time a process is started without a plan, and all is said the same", {
  ...LIMITS,
}, async () => {
  await using made = await project();
  for (const [task, said] of [["say", "said a\n"], ["tool", "tool x\n"]] as const) {
    const first = await keep(made, [task], made.options);
    const second = await made.run([task], made.options);
    assertEquals([second.code, second.stdout, first.stdout], [0, said, said]);
    assertEquals(untimed(second.stderr), `KEPT\n${untimed(first.stderr)}`);
    Deno.removeSync(`${made.root}/.ntask`, { recursive: true });
  }
});

cliTest("options and words of the user's are a part of what is kept", { ...LIMITS }, async () => {
  await using made = await project();
  for (
    const [words, said] of [
      [["-q", "say"], "said a\n"],
      [["say", "more", "a b"], "said a more a b\n"],
      [["-v", "--no-color", "tool"], "tool x\n"],
    ] as const
  ) {
    const first = await keep(made, words, made.options);
    const second = await made.run(words, made.options);
    assertEquals([first.stdout, second.stdout], [said, said]);
    assertEquals(untimed(second.stderr), `KEPT\n${untimed(first.stderr)}`);
    Deno.removeSync(`${made.root}/.ntask`, { recursive: true });
  }
});

cliTest("what is said around it has the same colours", { ...LIMITS }, async () => {
  await using made = await project();
  const options = { env: { ...made.options.env, FORCE_COLOR: "1" } };
  const first = await keep(made, ["say"], options);
  const second = await made.run(["say"], options);
  assertStringIncludes(first.stderr, "\x1b[32m      ok\x1b[39m");
  assertEquals(untimed(second.stderr), `KEPT\n${untimed(first.stderr)}`);
});

cliTest("such a process has ntask's stdin, the environment of a task and a mark of its own", {
  ...LIMITS,
}, async () => {
  await using made = await project({
    "tasks.toml": `[tasks]
a.shell = 'cat; echo "$NTASK_TASK $NTASK_ROOT $NTASK_JOBS"; echo $NTASK_RUN_ID >> ids'
`,
  });
  const options = { env: { ...made.options.env, NTASK_JOBS: "3" }, stdin: "typed\n" };
  await keep(made, ["a"], options);
  const ran = await made.run(["a"], options);
  assertStringIncludes(ran.stderr, "KEPT");
  assertEquals(ran.stdout, `typed\na ${made.root} \n`);
  const ids = made.read("ids").trim().split("\n");
  assertEquals(new Set(ids).size, ids.length);
  assert(ids.every((id) => /^\d+-\d+-1$/.test(id)), ids.join());
});

/** What is changed, for which task, and what a plan then comes to: its status and words. */
const CHANGES: Readonly<
  Record<string, readonly ["say" | "tool", (project: Project) => void, number, RegExp]>
> = {
  "the command, in a file as long and as old": [
    "say",
    ({ root }) => {
      const file = `${root}/tasks.toml`;
      const { atime, mtime } = Deno.statSync(file);
      Deno.writeTextFileSync(file, TASKS.replace("said", "sung"));
      Deno.utimeSync(file, atime!, mtime!);
    },
    0,
    /sung a/,
  ],
  "a task file of precedence that comes": [
    "say",
    (project) => project.write({ "ntask.toml": "[tasks]\nsay.shell = 'echo other'\n" }),
    0,
    /other/,
  ],
  "a tasks.ts that comes": [
    "say",
    (project) => project.write({ "tasks.ts": "export const say = 1;\n" }),
    2,
    /tasks.ts defines no task/,
  ],
  "settings of the project that come": [
    "say",
    (project) => project.write({ "deno.json": '{ "ntask": { "quiet": true } }' }),
    0,
    /^said a\n$/,
  ],
  "settings of the user that come": [
    "say",
    ({ base }) => {
      Deno.mkdirSync(`${base}/home/.config/ntask`, { recursive: true });
      Deno.writeTextFileSync(`${base}/home/.config/ntask/config.toml`, "quiet = true\n");
    },
    0,
    /^said a\n$/,
  ],
  "a repository that begins here": [
    "say",
    (project) => project.write({ ".git": null }),
    0,
    /said a/,
  ],
  "a worktree that becomes a repository": [
    "say",
    ({ root }) => {
      Deno.removeSync(`${root}/.git`);
      Deno.mkdirSync(`${root}/.git`);
    },
    0,
    /said a/,
  ],
  "tools of the project that come": [
    "say",
    (project) => project.write({ "node_modules/.bin/x": "" }),
    0,
    /said a/,
  ],
  "the task's directory, which goes": [
    "say",
    ({ root }) => Deno.removeSync(`${root}/work`, { recursive: true }),
    2,
    /R_CWD/,
  ],
  "the task's directory, which becomes a file": [
    "say",
    ({ root }) => {
      Deno.removeSync(`${root}/work`, { recursive: true });
      Deno.writeTextFileSync(`${root}/work`, "");
    },
    2,
    /R_CWD/,
  ],
  "a program found earlier": [
    "tool",
    ({ root }) => {
      Deno.writeTextFileSync(`${root}/early/tool`, "#!/bin/sh\necho early\n");
      Deno.chmodSync(`${root}/early/tool`, 0o755);
    },
    0,
    /early/,
  ],
  "a program found earlier that may not be executed": [
    "tool",
    ({ root }) => Deno.writeTextFileSync(`${root}/early/tool`, "#!/bin/sh\necho early\n"),
    0,
    /tool x/,
  ],
  "a program of the project's": [
    "tool",
    (project) => {
      project.write({ "node_modules/.bin/tool": "#!/bin/sh\necho ours\n" });
      Deno.chmodSync(`${project.root}/node_modules/.bin/tool`, 0o755);
    },
    0,
    /ours/,
  ],
  "the program, which goes": [
    "tool",
    ({ root }) => Deno.removeSync(`${root}/bin/tool`),
    127,
    /tool/,
  ],
  "the program, which may no longer be executed": [
    "tool",
    ({ root }) => Deno.chmodSync(`${root}/bin/tool`, 0o644),
    126,
    /tool/,
  ],
  "the program, which becomes a directory": [
    "tool",
    ({ root }) => {
      Deno.removeSync(`${root}/bin/tool`);
      Deno.mkdirSync(`${root}/bin/tool`);
    },
    127,
    /tool/,
  ],
  "what is kept, which is damaged": [
    "say",
    (project) => {
      const [file] = starts(project);
      const bytes = Deno.readFileSync(file!);
      bytes[bytes.length - 3]! ^= 1;
      Deno.writeFileSync(file!, bytes);
    },
    0,
    /said a/,
  ],
  "what is kept, which becomes empty": [
    "say",
    (project) => Deno.truncateSync(starts(project)[0]!),
    0,
    /said a/,
  ],
  "what is kept, which is of an older format": [
    "say",
    (project) => Deno.writeTextFileSync(starts(project)[0]!, "ntask start 2\n{}"),
    0,
    /said a/,
  ],
  "what is kept, which becomes a directory": [
    "say",
    (project) => {
      const [file] = starts(project);
      Deno.removeSync(file!);
      Deno.mkdirSync(file!);
    },
    0,
    /said a/,
  ],
  "a task file that becomes a pipe": [
    "say",
    ({ root }) => {
      Deno.removeSync(`${root}/tasks.toml`);
      const made = new Deno.Command("mkfifo", { args: [`${root}/tasks.toml`] }).outputSync();
      assert(made.success);
    },
    2,
    /pipe/,
  ],
  "a task file that becomes a directory": [
    "say",
    ({ root }) => {
      Deno.removeSync(`${root}/tasks.toml`);
      Deno.mkdirSync(`${root}/tasks.toml`);
    },
    2,
    /directory/,
  ],
};

for (const [what, [task, change, code, words]] of Object.entries(CHANGES)) {
  cliTest(`a start is not told again behind ${what}`, { ...LIMITS }, async () => {
    const worktree = what.startsWith("a worktree");
    await using made = await project({ ...FILES, ...(worktree && { ".git": "gitdir: else" }) });
    await keep(made, [task], made.options);
    assertStringIncludes((await made.run([task], made.options)).stderr, "KEPT");
    change(made);
    const ran = await made.run([task], made.options);
    assert(!ran.stderr.includes("KEPT"), ran.stderr);
    assertEquals(ran.code, code, ran.stderr);
    assertMatch(ran.stdout + ran.stderr, words);
  });
}

const MODULES: Files = {
  "tasks.ts": `import { task } from "ntask";
import { WORD } from "./lib/word.ts";

export const say = task(WORD);
`,
  "lib/word.ts": 'export const WORD = "echo one";\n',
  "else/tasks.ts": "",
  "else/lib/word.ts": 'export const WORD = "echo two";\n',
};

const MODULE_CHANGES: Readonly<Record<string, readonly [(project: Project) => void, string]>> = {
  "the text of tasks.ts": [
    (project) =>
      project.write({
        "tasks.ts": MODULES["tasks.ts"]!.toString().replace("WORD)", '"echo two")'),
      }),
    "two\n",
  ],
  "the text of a module it imports": [
    (project) => project.write({ "lib/word.ts": 'export const WORD = "echo two";\n' }),
    "two\n",
  ],
  "tasks.ts, which becomes a link to the same text beside other modules": [({ root }) => {
    Deno.renameSync(`${root}/tasks.ts`, `${root}/else/tasks.ts`);
    Deno.symlinkSync("else/tasks.ts", `${root}/tasks.ts`);
  }, "two\n"],
  "a tsconfig.json that comes": [
    (project) => project.write({ "tsconfig.json": "{}" }),
    "one\n",
  ],
  "the types of ntask, which go": [
    ({ root }) => Deno.removeSync(`${root}/.ntask/types`, { recursive: true }),
    "one\n",
  ],
};

for (const [what, [change, said]] of Object.entries(MODULE_CHANGES)) {
  cliTest(`a start is not told again behind ${what}`, { ...LIMITS }, async () => {
    await using made = await project(MODULES);
    await keep(made, ["say"]);
    assertStringIncludes((await made.run(["say"])).stderr, "KEPT");
    change(made);
    const ran = await made.run(["say"]);
    assert(!ran.stderr.includes("KEPT"), ran.stderr);
    assertEquals([ran.code, ran.stdout], [0, said]);
  });
}

cliTest("no start is kept where a tasks.ts reads a variable", { ...LIMITS }, async () => {
  await using made = await project({
    "tasks.ts": `import { task } from "ntask";

export const say = task("echo " + process.env.WORD);
`,
  });
  for (let times = 0; times < 3; times++) await made.run(["say"], made.options);
  assertEquals(starts(made), []);
});

cliTest("a start is that of one environment, one directory and one command line", {
  ...LIMITS,
}, async () => {
  await using made = await project();
  await keep(made, ["say"], made.options);
  const env = made.options.env!;
  for (
    const [words, options, said] of [
      [["say"], { env: { ...env, WORD: "b" } }, "said b\n"],
      [["say"], { env: { ...env, MORE: "x" } }, "said a\n"],
      [["say"], { env, cwd: "work" }, "said a\n"],
      [["tool"], { env }, "tool x\n"],
      [["-q", "say"], { env }, "said a\n"],
      [["say", "more"], { env }, "said a more\n"],
    ] as const
  ) {
    const ran = await made.run(words, options);
    assertEquals([ran.code, ran.stdout], [0, said]);
    assert(!ran.stderr.includes("KEPT"), ran.stderr);
  }
  assertStringIncludes((await made.run(["say"], made.options)).stderr, "KEPT");
});

/** What ends the search of a plan: a nearer task file, a repository. */
const NEARER: Readonly<Record<string, readonly [files: Files, code: number, stdout: string]>> = {
  "a task file": [{ "work/tasks.toml": "[tasks]\nsay.shell = 'echo nearer'\n" }, 0, "nearer\n"],
  "a repository": [{ "work/.git": null }, 2, ""],
};

for (const [what, [files, code, stdout]] of Object.entries(NEARER)) {
  cliTest(`a start that lies beyond ${what} is not even looked at`, { ...LIMITS }, async () => {
    await using made = await project();
    const options = { ...made.options, cwd: "work" };
    await keep(made, ["say"], options);
    rewrite(made, ({ sights }) => {
      for (const looks of Object.values(sights)) (looks as unknown[]).splice(0);
    });
    assertStringIncludes((await made.run(["say"], options)).stderr, "KEPT");
    made.write(files);
    const ran = await made.run(["say"], options);
    assertEquals([ran.code, ran.stdout], [code, stdout], ran.stderr);
  });
}

cliTest("a start of another project's is none", { ...LIMITS }, async () => {
  await using made = await project();
  await keep(made, ["say"], made.options);
  rewrite(made, (kept) => kept.root = made.base);
  const ran = await made.run(["say"], made.options);
  assert(!ran.stderr.includes("KEPT"), ran.stderr);
});

// Around what is read ahead, and around what comes in one piece.
for (const size of [65_536, 65_537, 262_144, 262_145, 700_000]) {
  cliTest(`a task file of ${size} bytes is looked at to its last one`, { ...LIMITS }, async () => {
    const text = (last: string) => `${TASKS}#`.padEnd(size - 1, "-") + last;
    await using made = await project({ ...FILES, "tasks.toml": text("a") });
    await keep(made, ["say"], made.options);
    assertStringIncludes((await made.run(["say"], made.options)).stderr, "KEPT");
    made.write({ "tasks.toml": text("b") });
    const ran = await made.run(["say"], made.options);
    assert(!ran.stderr.includes("KEPT"), ran.stderr);
    assertEquals(ran.code, 0, ran.stderr);
  });
}

cliTest("an empty task file counts as well", { ...LIMITS }, async () => {
  await using made = await project({ ...FILES, "ntask.toml": "" });
  await keep(made, ["say"], made.options);
  assertStringIncludes((await made.run(["say"], made.options)).stderr, "KEPT");
  made.write({ "ntask.toml": "[tasks]\nsay.shell = 'echo other'\n" });
  assertStringIncludes((await made.run(["say"], made.options)).stdout, "other");
});

cliTest("a start that is read in several pieces is told again", { ...LIMITS }, async () => {
  const remark = "x".repeat(90_000);
  await using made = await project({ "tasks.toml": `[tasks]\na.shell = 'echo one #${remark}'\n` });
  await keep(made, ["a"]);
  const ran = await made.run(["a"]);
  assertStringIncludes(ran.stderr, "KEPT");
  assertEquals(ran.stdout, "one\n");
});

cliTest("a process that cannot be started is planned anew, and told of once", {
  ...LIMITS,
}, async () => {
  await using made = await project({
    "tasks.toml": "[tasks]\na.cmd = './x'\n",
    "x": "#!/bin/sh\n",
  });
  Deno.chmodSync(`${made.root}/x`, 0o755);
  await keep(made, ["a"]);
  assertStringIncludes((await made.run(["a"])).stderr, "KEPT");
  rewrite(made, (kept) => kept.before = kept.before.replace("KEPT\n", ""));
  made.write({ x: "#!/no/such/program\n" });
  const ran = await made.run(["a"]);
  Deno.removeSync(`${made.root}/.ntask`, { recursive: true });
  const fresh = await made.run(["a"]);
  assertEquals([ran.code, untimed(ran.stderr)], [fresh.code, untimed(fresh.stderr)]);
});

cliTest("clean forgets starts", { ...LIMITS }, async () => {
  await using made = await project();
  await keep(made, ["say"], made.options);
  assertEquals((await made.run(["clean"], made.options)).code, 0);
  assertEquals(starts(made), []);
});

cliTest("no start is kept in a project that belongs to another user", {
  ...LIMITS,
  rootOnly: true,
}, async () => {
  await using made = await project();
  const nobody = 65534;
  Deno.chownSync(made.root, nobody, nobody);
  for (let times = 0; times < 3; times++) await made.run(["say"], made.options);
  assert(!made.has(".ntask"));
  Deno.chownSync(made.root, 0, 0);
  await keep(made, ["say"], made.options);
});

cliTest("a nearer project takes over from one that was kept", { ...LIMITS }, async () => {
  await using made = await project();
  const options = { ...made.options, cwd: "work" };
  await keep(made, ["say"], options);
  assertStringIncludes((await made.run(["say"], options)).stderr, "KEPT");
  made.write({ "work/tasks.toml": "[tasks]\nsay.shell = 'echo nearer'\n" });
  const ran = await made.run(["say"], options);
  assertEquals([ran.code, ran.stdout], [0, "nearer\n"]);
});

/** Tasks that are more than one process, or of which something must not be copied. */
const NEVER: Readonly<Record<string, readonly [toml: string, options?: RunOptions]>> = {
  "whose words have a secret": ["a.shell = 'echo'"],
  "with a dependency": ["a = { shell = 'echo', deps = ['b'] }\nb.shell = 'true'"],
  "with a hook": ["a = { shell = 'echo', pre = ['b'] }\nb.shell = 'true'"],
  "with an environment file": ["a = { shell = 'echo', envfile = 'x.env' }"],
  "with a secret": ["a = { shell = 'echo', env = { X = { value = 'abcd', secret = true } } }"],
  "that may be tried again": ["a = { shell = 'echo', retries = 1 }"],
  "that may take no longer than a time": ["a = { shell = 'echo', timeout = '1m' }"],
  "under a condition": ["a = { shell = 'echo', condition = \"os_name == 'posix'\" }"],
  "that is cached": ["a = { shell = 'echo', inputs = ['x.env'] }"],
  "that fails": ["a.shell = 'false'"],
  "whose command is very long": [`a.shell = 'true # ${"x".repeat(250_000)}'`],
  "whose output is grouped": ["a.shell = 'true'", { env: { NTASK_OUTPUT: "grouped" } }],
  "whose command holds the value of a variable that is a secret by its name": [
    'a.cmd = ["echo", "{env.MY_TOKEN}"]',
    { env: { MY_TOKEN: "tokenvalue" } },
  ],
  "that gives its process such a variable": [
    "a = { cmd = 'true', env = { MY_TOKEN = '${BASE}x' } }",
    { env: { BASE: "tokenvalue" } },
  ],
  "in a run without a cache": ["a.shell = 'echo'", { env: { NTASK_NO_CACHE: "1" } }],
  "inside of a task": ["a.shell = 'echo'", { env: { NTASK_RUN_ID: "x-1" } }],
};

for (const [what, [toml, options]] of Object.entries(NEVER)) {
  cliTest(`no start is kept of a task ${what}`, { ...LIMITS }, async () => {
    await using made = await project({
      "tasks.toml": `[tasks]\nplain.shell = "echo"\n${toml}\n`,
      "x.env": "X=1\n",
    });
    // Nothing else is in the way.
    await keep(made, ["plain"]);
    const words = what.startsWith("whose words") ? ["a", "--password", "x"] : ["a"];
    for (let times = 0; times < 3; times++) await made.run(words, options);
    assertEquals(starts(made).length, 1);
  });
}

cliTest("a start is kept of many modules, but not of any number", { ...LIMITS }, async () => {
  const of = (count: number): Files => {
    const modules = Array.from({ length: count }, (_, index) => `./lib/${index}.ts`);
    const imports = modules.map((name, index) => `import { W as W${index} } from "${name}";\n`);
    const texts = modules.map((name) => [name.slice(2), 'export const W = "echo";\n']);
    const task = 'import { task } from "ntask";\nexport const say = task(W0);\n';
    return { "tasks.ts": imports.join("") + task, ...Object.fromEntries(texts) };
  };
  await using many = await project(of(80));
  await keep(many, ["say"]);
  await using more = await project(of(120));
  for (let times = 0; times < 3; times++) assertEquals((await more.run(["say"])).code, 0);
  assertEquals(starts(more), []);
});

const LATER = `[tasks]
fails.shell = "test ! -e later || exit 3"
killed.shell = "test ! -e later || kill -9 $$"
takes.shell = "test ! -e later || exec probe a; echo end"
waits.shell = "test ! -e later || exec probe a child=b wait"
quick.shell = "test ! -e later || { kill -TERM $PPID; exec probe a wait; }"
`;

cliTest("a process that was started so and fails is told of like any other", {
  ...LIMITS,
}, async () => {
  await using made = await project({ "tasks.toml": LATER });
  for (
    const [task, code, words] of [
      ["fails", 3, /^ {2}failed {2}fails {2}exit 3, \d+ms$/m],
      ["killed", 137, /^ {2}failed {2}killed {2}killed by SIGKILL, \d+ms$/m],
    ] as const
  ) {
    await keep(made, [task]);
    made.write({ later: "" });
    const ran = await made.run([task]);
    assertEquals(ran.code, code);
    assertMatch(ran.stderr, words);
    assertEquals(ran.stderr.match(/^ +run /gm)?.length, 1, ran.stderr);
    assertStringIncludes(ran.stderr, "KEPT");
    Deno.removeSync(`${made.root}/later`);
    Deno.removeSync(`${made.root}/.ntask`, { recursive: true });
  }
});

cliTest("a process that was started so and takes its time ends as it would", {
  ...LIMITS,
}, async () => {
  await using made = await project({ "tasks.toml": LATER });
  await keep(made, ["takes"]);
  made.write({ later: "" });
  const running = made.start(["takes"]);
  await made.probes.started("a");
  const { code, stderr } = await running.ended;
  assertEquals(code, 0);
  assertMatch(stderr, /^KEPT\n +run {2}takes {2}.*\n +ok {2}takes {2}\S+\n$/);
});

/** A process that was started without a plan and waits, and its child. */
async function waiting(project: Project) {
  await keep(project, ["waits"]);
  project.write({ later: "" });
  const running = project.start(["waits"]);
  const started = await Promise.all(["a", "b"].map((name) => project.probes.started(name)));
  return { running, pids: started.map(({ pid }) => pid) };
}

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  cliTest(`${signal} ends a process that was started so, and its children (lesson 21)`, {
    ...LIMITS,
  }, async () => {
    await using made = await project({ "tasks.toml": LATER });
    const { running, pids } = await waiting(made);
    running.signal(signal);
    const { code, stderr } = await running.ended;
    assertEquals(code, status);
    assertMatch(stderr, new RegExp(`^ntask: ${signal}, stopping$`, "m"));
    assertMatch(stderr, new RegExp(`^ stopped {2}waits {2}${signal}, \\S+$`, "m"));
    await Promise.all(pids.map((pid) => made.gone(pid)));
  });
}

cliTest("kill -9 of ntask leaves nothing of a process that was started so (lesson 21)", {
  ...LIMITS,
}, async () => {
  await using made = await project({ "tasks.toml": LATER });
  const { running, pids } = await waiting(made);
  await until(() => childrenOf(running.pid, "__guard").length > 0, "there is no guard");
  running.signal("SIGKILL");
  assertEquals(await running.exited, 137);
  await Promise.all(pids.map((pid) => made.gone(pid)));
});

cliTest("a signal is heard from the first instant of such a process", { ...LIMITS }, async () => {
  await using made = await project({ "tasks.toml": LATER });
  await keep(made, ["quick"]);
  made.write({ later: "" });
  const { code, stderr } = await made.run(["quick"]);
  assertEquals(code, 143, stderr);
  assertStringIncludes(stderr, "KEPT");
  assertMatch(stderr, /^ntask: 1 stopped in /m);
});
