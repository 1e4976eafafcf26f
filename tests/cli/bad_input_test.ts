/**
 * Everything a user can get wrong before anything runs: one clear message each, status 2, nothing
 * on stdout. The messages are in `tests/golden/bad_input`.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { assertGolden, normalise } from "../rig/golden.ts";
import { createProject, type Files, type RunOptions } from "../rig/project.ts";

interface Case {
  /** What the user did. */
  readonly name: string;
  readonly files: Files;
  readonly words: readonly string[];
  readonly options?: RunOptions;
  /** Where exactly in its line something was thrown is for the runtime to say. */
  readonly anyColumn?: true;
}

const HELLO = { "tasks.toml": '[tasks]\nhello = "p hello"\nbuild = "p build"\n' };

const CASES: readonly Case[] = [
  {
    name: "malformed TOML",
    files: { "tasks.toml": '[tasks]\nhello = "p hello"\nbuild = p build\n' },
    words: ["hello"],
  },
  {
    name: "TOML that ends too early",
    files: { "tasks.toml": '[tasks]\nhello = "p hello\n' },
    words: ["hello"],
  },
  {
    name: "a limit that does not exist",
    files: {
      "tasks.toml": '[ntask.limits]\ndb = 1\n\n[tasks.a]\ncmd = "p a"\nuses = { bd = 1 }\n',
    },
    words: ["a"],
  },
  {
    name: "a limit where none is set",
    files: { "tasks.toml": '[tasks.a]\ncmd = "p a"\nuses = { db = 1 }\n' },
    words: ["a"],
  },
  {
    name: "more of a limit than there is",
    files: {
      "tasks.toml":
        '[ntask]\nlimits = { db = 1 }\n\n[tasks]\na = { cmd = "p a", uses = { db = 2 } }\n',
    },
    words: ["a"],
  },
  {
    name: "an item that takes what its composite does not hold",
    files: {
      "tasks.toml": `[ntask]
limits = { db = 1, port = 1 }

[tasks]
seed = { cmd = "p seed", uses = { db = 1 } }
fresh = { tasks = ["seed"], uses = { port = 1 } }
`,
    },
    words: ["fresh"],
  },
  {
    name: "an exclusive task in a parallel composite",
    files: {
      "tasks.toml": `[tasks]
migrate = { cmd = "p migrate", exclusive = true }
test = "p test"
all = { tasks = ["test", "migrate"], parallel = true }
`,
    },
    words: ["all"],
  },
  {
    name: "no jobs at all",
    files: HELLO,
    words: ["-j0", "hello"],
  },
  {
    name: "jobs that are no number",
    files: HELLO,
    words: ["-jx", "hello"],
  },
  {
    name: "a timeout that is no duration",
    files: { "tasks.toml": '[tasks]\na = { cmd = "p a", timeout = "soon" }\n' },
    words: ["a"],
  },
  {
    name: "a flag timeout that is no duration",
    files: HELLO,
    words: ["--timeout", "soon", "hello"],
  },
  {
    name: "fewer retries than none",
    files: { "tasks.toml": '[tasks]\na = { cmd = "p a", retries = -1 }\n' },
    words: ["a"],
  },
  {
    name: "fewer retries by flag than none",
    files: HELLO,
    words: ["--retries=-1", "hello"],
  },
  {
    name: "a weight of nothing",
    files: { "tasks.toml": '[tasks]\na = { cmd = "p a", weight = 0 }\n' },
    words: ["a"],
  },
  {
    name: "a limit of nothing",
    files: { "tasks.toml": '[ntask]\nlimits = { db = 0 }\n\n[tasks]\na = "p a"\n' },
    words: ["a"],
  },
  {
    name: "a name twice in one table",
    files: { "tasks.toml": '[tasks]\nhello = "p 1"\nhello = "p 2"\n' },
    words: ["hello"],
  },
  {
    name: "a syntax error in tasks.ts",
    files: {
      "tasks.ts": 'import { task } from "ntask";\n\nexport const hello = task("p hello";\n',
    },
    words: ["hello"],
  },
  {
    name: "a type error at import of tasks.ts",
    files: {
      "tasks.ts": [
        'import { task } from "ntask";',
        "",
        "const options: any = 42;",
        "export const hello = task(options);",
        "",
      ].join("\n"),
    },
    words: ["hello"],
    anyColumn: true,
  },
  {
    name: "a throw at import of tasks.ts",
    files: {
      "tasks.ts": [
        'import { task } from "ntask";',
        "",
        "function connect(): never {",
        '  throw new Error("no database");',
        "}",
        "export const hello = task(`p ${connect()}`);",
        "",
      ].join("\n"),
    },
    words: ["hello"],
    anyColumn: true,
  },
  {
    name: "an unknown option",
    files: HELLO,
    words: ["--keep-goin", "hello"],
  },
  {
    name: "an unknown short option",
    files: HELLO,
    words: ["-x", "hello"],
  },
  {
    name: "an option without its value",
    files: HELLO,
    words: ["--file"],
  },
  {
    name: "a value that an option does not take",
    files: HELLO,
    words: ["--output=loud", "hello"],
  },
  {
    name: "no jobs",
    files: HELLO,
    words: ["-j0", "hello"],
  },
  {
    name: "an unknown task",
    files: HELLO,
    words: ["helo"],
  },
  {
    name: "an unknown task like nothing else",
    files: HELLO,
    words: ["deploy"],
  },
  {
    name: "an unknown task among several",
    files: HELLO,
    words: ["run", "hello", "biuld"],
  },
  {
    name: "a glob that matches nothing",
    files: HELLO,
    words: ["run", "api.*"],
  },
  {
    name: "a typo in deps, lesson 29",
    files: { "tasks.toml": '[tasks]\nlint = "p lint"\n\n[tasks.all]\ndeps = ["lnt"]\n' },
    words: ["lint"],
  },
  {
    name: "a cycle",
    files: {
      "tasks.toml": [
        "[tasks]",
        'a = { cmd = "p a", deps = ["b"] }',
        'b = { cmd = "p b", deps = ["c"] }',
        'c = { cmd = "p c", deps = ["a"] }',
        "",
      ].join("\n"),
    },
    words: ["a"],
  },
  {
    name: "names that differ only by case, lesson 31",
    files: { "tasks.toml": '[tasks]\nbuild = "p 1"\nBuild = "p 2"\n' },
    words: ["build"],
  },
  {
    name: "one name in two files",
    files: {
      ...HELLO,
      "tasks.ts": 'import { task } from "ntask";\n\nexport const build = task("p 2");\n',
    },
    words: ["build"],
  },
  {
    name: "a missing --file",
    files: HELLO,
    words: ["--file", "other.toml", "hello"],
  },
  {
    name: "a --file of no known kind",
    files: { ...HELLO, "tasks.yaml": "hello: p hello\n" },
    words: ["--file", "tasks.yaml", "hello"],
  },
  {
    name: "a --file that is a directory",
    files: { ...HELLO, "more.toml": null },
    words: ["--file", "more.toml", "hello"],
  },
  {
    name: "a command of ntask's that is misspelt",
    files: HELLO,
    words: ["lsit"],
  },
  {
    name: "a command that is empty",
    files: { "tasks.toml": '[tasks]\nb = "p b"\na = ""\n' },
    words: ["b"],
  },
  {
    name: "a script of tasks.ts that is empty",
    files: { "tasks.ts": 'import { task } from "ntask";\nexport const a = task(" ");\n' },
    words: ["a"],
  },
  {
    name: "a mistake far along a line",
    files: {
      "tasks.toml": `# ${"y".repeat(300)}\n[tasks]\na = { cmd = "${"x".repeat(300)}", hlep = "${
        "z".repeat(300)
      }" }\n`,
    },
    words: ["a"],
  },
  {
    name: "a mistake beside a character that a terminal heeds",
    files: { "tasks.ts": 'import "ntask"; /*\x1b[31m*/ throw new Error("no");\n' },
    words: ["a"],
    anyColumn: true,
  },
  {
    name: "an option with a character that a terminal heeds",
    files: HELLO,
    words: ["--\x1b[31mred", "hello"],
  },
  {
    name: "a missing -C directory",
    files: HELLO,
    words: ["-C", "nowhere", "hello"],
  },
  {
    name: "a -C directory whose name is not UTF-8",
    files: HELLO,
    words: ["-C", "a\ufffdb", "hello"],
  },
  {
    name: "a -C directory that is a file",
    files: HELLO,
    words: ["-C", "tasks.toml", "hello"],
  },
  {
    name: "a directory named tasks.toml",
    files: { "tasks.toml": null },
    words: ["hello"],
  },
  {
    name: "a task file that is not UTF-8",
    files: { "tasks.toml": Uint8Array.of(0x5b, 0xe4, 0x5d, 0x0a) },
    words: ["hello"],
  },
  {
    name: "a tasks.ts without exports",
    files: { "tasks.ts": "const hello = 1;\n" },
    words: ["hello"],
  },
  {
    name: "a tasks.ts that exports no task",
    files: { "tasks.ts": "export const hello = 1;\n" },
    words: ["hello"],
  },
  {
    name: "an empty tasks.toml",
    files: { "tasks.toml": "" },
    words: ["hello"],
  },
  {
    name: "an empty tasks table",
    files: { "tasks.toml": "[tasks]\n" },
    words: ["hello"],
  },
  {
    name: "a directory without any task file",
    files: {},
    words: ["hello"],
  },
  {
    name: "a directory without any task file and no task named",
    files: {},
    words: [],
  },
  {
    name: "an unknown property",
    files: { "tasks.toml": '[tasks.hello]\ncmd = "p hello"\ndepends = ["x"]\n' },
    words: ["hello"],
  },
  {
    name: "an unknown option in tasks.ts",
    files: {
      "tasks.ts": [
        'import { task } from "ntask";',
        "",
        "// deno-lint-ignore no-explicit-any",
        'export const hello = task({ dep: ["x"] } as any, "p hello");',
        "",
      ].join("\n"),
    },
    words: ["hello"],
  },
  {
    name: "an argument that is missing",
    files: {
      "tasks.ts": [
        'import { task } from "ntask";',
        "",
        "export const greet = task((name: string) => console.log(name));",
        "",
      ].join("\n"),
    },
    words: ["greet"],
  },
  {
    name: "an argument of the wrong type",
    files: {
      "tasks.ts": [
        'import { task } from "ntask";',
        "",
        "export const greet = task((times: number) => console.log(times));",
        "",
      ].join("\n"),
    },
    words: ["greet", "many"],
  },
  {
    name: "an option a task does not have, lesson 28",
    files: {
      "tasks.ts": [
        'import { task } from "ntask";',
        "",
        'export const test = task((pattern = "") => console.log(pattern));',
        "",
      ].join("\n"),
    },
    words: ["test", "--patern=x"],
  },
  {
    name: "an unknown task for --graph",
    files: HELLO,
    words: ["--graph", "helo"],
  },
  {
    name: "an unknown format for --graph",
    files: HELLO,
    words: ["--graph", "--format", "png"],
  },
  {
    name: "a parameter of a type that no command line has",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        "export const a = task((when: Date) => console.log(when));",
        "",
      ].join("\n"),
    },
    words: ["a"],
  },
  {
    name: "two parameters that are one option",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        "export const a = task((dryRun: boolean, dry_run: boolean) => console.log(dryRun, dry_run));",
        "",
      ].join("\n"),
    },
    words: ["a"],
  },
  {
    name: "a default that is not written out",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        'const find = () => "x";',
        "export const a = task((name = find()) => console.log(name));",
        "",
      ].join("\n"),
    },
    words: ["a"],
  },
  {
    name: "a default export that is a task",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        'export const a = task("p a");',
        'export default task("p b");',
        "",
      ].join("\n"),
    },
    words: ["a"],
  },
  {
    name: "a default export that is no setting",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        'export const a = task("p a");',
        "export default 5;",
        "",
      ].join("\n"),
    },
    words: ["a"],
  },
  {
    name: "a task that is exported twice",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        'export const a = task("p a");',
        "export const b = a;",
        "",
      ].join("\n"),
    },
    words: ["a"],
  },
  {
    name: "a typo in deps of tasks.ts",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        'export const build = task("p a");',
        'export const a = task({ deps: ["biuld"] }, "p a");',
        "",
      ].join("\n"),
    },
    words: ["a"],
  },
  {
    name: "a thunk that throws",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        "export const a = task(",
        '  { deps: [() => { throw new Error("no such day"); }] },',
        '  "p a",',
        ");",
        "",
      ].join("\n"),
    },
    words: ["a"],
    anyColumn: true,
  },
  {
    name: "a dependency that is not defined yet",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        'export const a = task({ deps: [(later as never)] }, "p a");',
        'var later = task("p later");',
        "",
      ].join("\n"),
    },
    words: ["a"],
  },
  {
    name: "a setting nobody knows",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        'export const a = task("p a");',
        "export default config({ job: 4 } as never);",
        "",
      ].join("\n"),
    },
    words: ["a"],
  },
  {
    name: "an argument of with that is missing",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        "export const a = task((name: string) => console.log(name));",
        'export const b = task({ deps: [a.with({ nmae: "x" })] });',
        "",
      ].join("\n"),
    },
    words: ["b"],
  },
  {
    name: "an argument of with that has another type",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        "export const a = task((times: number) => console.log(times));",
        'export const b = task({ deps: [a.with({ times: "many" } as never)] });',
        "",
      ].join("\n"),
    },
    words: ["b"],
  },
  {
    name: "a member of a group that is no task",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        'export const g = group({ a: task("p a"), b: 5 as never });',
        "",
      ].join("\n"),
    },
    words: ["g"],
    anyColumn: true,
  },
  {
    name: "two names that are one on the command line",
    files: {
      "tasks.ts": [
        'import { config, group, task } from "ntask";',
        "",
        'export const typeCheck = task("p a");',
        'export const g = { "type-check": task("p b") };',
        'export const other = task({ aliases: ["type-check"] }, "p c");',
        "",
      ].join("\n"),
    },
    words: ["other"],
  },
  {
    name: "an import that does not resolve",
    files: {
      "tasks.ts": [
        'import { task } from "ntask";',
        'import { help } from "./help.ts";',
        "",
        "export const a = task(() => help());",
        "",
      ].join("\n"),
    },
    words: ["a"],
    anyColumn: true,
  },
  {
    name: "a pattern outside the root",
    files: { "tasks.toml": `[tasks.a]\ncmd = "p a"\ninputs = ["src/**", "../other/**"]\n` },
    words: ["a"],
  },
  {
    name: "a pattern with a drive letter",
    files: { "tasks.toml": `[tasks.a]\ncmd = "p a"\ninputs = ["C:/src/**"]\n` },
    words: ["a"],
  },
  {
    name: "a UNC pattern",
    files: { "tasks.toml": `[tasks.a]\ncmd = "p a"\ninputs = ["//server/share/**"]\n` },
    words: ["a"],
  },
  {
    name: "a malformed glob",
    files: { "tasks.toml": `[tasks.a]\ncmd = "p a"\ninputs = ["src/[a-"]\n` },
    words: ["a"],
  },
  {
    name: "an empty input",
    files: { "tasks.toml": `[tasks.a]\ncmd = "p a"\ninputs = [""]\n` },
    words: ["a"],
  },
  {
    name: "an output that is the root",
    files: { "tasks.toml": `[tasks.a]\ncmd = "p a"\ninputs = []\noutputs = ["."]\n` },
    words: ["a"],
  },
  {
    name: "an output that is a slash",
    files: { "tasks.toml": `[tasks.a]\ncmd = "p a"\ninputs = []\noutputs = ["/"]\n` },
    words: ["a"],
  },
  {
    name: "an output in .git",
    files: { "tasks.toml": `[tasks.a]\ncmd = "p a"\ninputs = []\noutputs = [".git/hooks/x"]\n` },
    words: ["a"],
  },
  {
    name: "an output in .ntask",
    files: { "tasks.toml": `[tasks.a]\ncmd = "p a"\ninputs = []\noutputs = [".ntask/x"]\n` },
    words: ["a"],
  },
  {
    name: "an output that holds an input",
    files: { "tasks.toml": `[tasks.a]\ncmd = "p a"\ninputs = ["src/a.txt"]\noutputs = ["src/"]\n` },
    words: ["a"],
  },
  {
    name: "outputs outside the root",
    files: { "tasks.toml": `[tasks.a]\ncmd = "p a"\ninputs = []\noutputs = ["../x"]\n` },
    words: ["a"],
  },
  {
    name: "two tasks of one plan with one output",
    files: {
      "tasks.toml":
        `[tasks]\na = { cmd = "p a", inputs = [], outputs = ["dist/"] }\nb = { cmd = "p b", inputs = [], outputs = ["dist/b.js"] }\nall = { deps = ["a", "b"] }\n`,
    },
    words: ["all"],
  },
  {
    name: "inputs of a composite",
    files: { "tasks.toml": `[tasks]\nb = "p b"\na = { tasks = ["b"], inputs = ["src/**"] }\n` },
    words: ["a"],
  },
  {
    name: "inputs of a task with dependencies only",
    files: { "tasks.toml": `[tasks]\nb = "p b"\na = { deps = ["b"], inputs = ["src/**"] }\n` },
    words: ["a"],
  },
  {
    name: "a task to force that there is not",
    files: { "tasks.toml": `[tasks]\nbuild = "p b"\n` },
    words: ["--force=biuld", "build"],
  },
  {
    name: "a size that is none",
    files: { "tasks.toml": `[tasks]\nbuild = "p b"\n[ntask]\ncache_size = "much"\n` },
    words: ["build"],
  },
  {
    name: "a cache in an output",
    files: {
      "tasks.toml": `[tasks]
a = { cmd = "p a", inputs = [], outputs = ["build/"] }
[ntask]
cache_dir = "build/cache"
`,
    },
    words: ["a"],
  },
];

function withoutColumn(text: string): string {
  return text.replace(/^( +--> .*:\d+:)\d+$/m, "$1<column>").replace(/^( +\|) +\^+$/m, "$1 ^");
}

for (const { name, files, words, options, anyColumn } of CASES) {
  cliTest(`${name}: one message, status 2`, async () => {
    await using project = await createProject(files);
    const ran = await project.run(words, options);
    assertEquals(ran.stdout, "");
    assertEquals(ran.code, 2);
    assertEquals(ran.stderr.match(/^error\[/gm)?.length, 1);
    const file = name.replace(/, lesson \d+$/, "").replace(/[^A-Za-z0-9]+/g, "_").toLowerCase();
    const text = normalise(ran.stderr, project);
    assertGolden(`bad_input/${file}`, anyColumn ? withoutColumn(text) : text);
  });
}

cliTest("an error of the language at import names its kind and the user's line", async () => {
  await using project = await createProject({
    "tasks.ts":
      'import { task } from "ntask";\n\nconst x: any = null;\nexport const a = task(x.y);\n',
  });
  const { code, stdout, stderr } = await project.run(["a"]);
  assertEquals([code, stdout], [2, ""]);
  // What it says is the runtime's.
  assertMatch(stderr, /^error\[E_TS_LOAD\]: it threw while it was loaded: TypeError: .*null/);
  assertMatch(stderr, /--> tasks\.ts:4:\d+/);
});

cliTest("a task file that cannot be read: one message, status 2", {
  posixOnly: "no permission bits",
}, async () => {
  await using project = await createProject({});
  const file = `${project.root}/tasks.toml`;
  // Nothing is forbidden to root; but that file is read by nobody.
  if (Deno.uid() === 0) Deno.symlinkSync("/proc/self/mem", file);
  else Deno.writeTextFileSync(file, "", { mode: 0o000 });
  const { code, stdout, stderr } = await project.run(["hello"]);
  assertEquals([code, stdout], [2, ""]);
  assertGolden("bad_input/a_task_file_that_cannot_be_read", normalise(stderr, project));
});

cliTest("interactive without a terminal: one message, and it reads what there is", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks.ask]\ncmd = "p asked"\ninteractive = true\n',
  });
  const { code, stdout, stderr } = await project.run(["ask"]);
  assertEquals([code, stdout], [0, "[asked]\n"]);
  assertEquals(stderr.match(/^(error|warning)\[/gm)?.length, 1);
  const [message] = stderr.split(/^ +run /m);
  assertGolden("bad_input/interactive_without_a_terminal", normalise(message!, project));
});

cliTest("-C and --file are taken together: the file is looked for in the directory", async () => {
  await using project = await createProject({ "sub/other.toml": '[tasks]\nhello = "w"\n' });
  const { code, stdout } = await project.run(["-C", "sub", "--file", "other.toml", "hello"]);
  assertEquals([code, stdout], [0, "sub\n"]);
});
