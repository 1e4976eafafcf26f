/**
 * `call`: functions of Python and of scripts (toml-spec §13).
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

const SCRIPT = `import process from "node:process";
import { context } from "ntask";

interface Options { readonly size: number }

export function show(...args: unknown[]): void {
  console.log(JSON.stringify(args));
}
export const nested = { deep: (options: Options) => console.log(options.size) };
export const told = () => console.log(context.task, context.args.join(), context.env.MODE);
export const given = (it: typeof context) => {
  it.log("to stderr");
  console.log(it === context, it.cwd.endsWith("sub"), it.root === process.cwd().slice(0, -4));
};
export const status = (n: number) => n;
export const yes = () => Promise.resolve(true);
export const no = () => Promise.resolve(false);
export const text = () => "text";
export const leave = () => process.exit(3);
export const later = () => { process.exitCode = 4; };
export function fails(): void {
  throw new RangeError("no database", { cause: "the cable" });
}
export const number = 5;
export const big = () => process.stdout.write("x".repeat(300_000) + "\\n");
`;

const PROJECT = {
  "lib/a.ts": SCRIPT,
  "only.mjs": 'console.log("imported", process.argv.slice(2).join());\n',
  "broken.ts": "export const a = ;\n",
  "sub/.k": "",
  "tasks.toml": `[tasks]
show.call = "./lib/a.ts:show(1, 'a b', { x: [true, null] }, undefined)"
none.call = "lib/a.ts:show()"
nested.call = "lib/a.ts:nested.deep({ size: 4 })"
told.call = "lib/a.ts:told"
told.env = { MODE = "dev" }
given.call = "lib/a.ts:given"
given.cwd = "sub"
status.call = "lib/a.ts:status(260)"
yes.call = "lib/a.ts:yes"
no.call = "lib/a.ts:no"
print = { call = "lib/a.ts:text", result = "print" }
ignore = { call = "lib/a.ts:no", result = "ignore" }
inner.tasks = [{ call = "lib/a.ts:text", result = "print" }]
text.call = "lib/a.ts:text"
leave.call = "lib/a.ts:leave"
later.call = "lib/a.ts:later"
fails.call = "lib/a.ts:fails"
number.call = "lib/a.ts:number"
missing.call = "lib/a.ts:nothing"
file.call = "lib/b.ts:f"
broken.call = "broken.ts:a"
import.call = "only.mjs"
big.call = "lib/a.ts:big"
inline.tasks = [{ call = "lib/a.ts:show('inline')" }, "none"]
`,
};

cliTest("a script's function is given literals, or the context", async () => {
  await using project = await createProject(PROJECT);
  for (
    const [task, code, stdout] of [
      ["show", 0, '[1,"a b",{"x":[true,null]},null]\n'],
      ["none", 0, "[]\n"],
      ["nested", 0, "4\n"],
      ["import", 0, "imported \n"],
      ["inline", 0, '["inline"]\n[]\n'],
      ["given", 0, "true true true\n"],
    ] as const
  ) {
    const ran = await project.run([task]);
    assertEquals([ran.code, ran.stdout], [code, stdout], task);
  }
  const told = await project.run(["told", "-x", "--", "--y"]);
  assertEquals(told.stdout, "told -x,--y dev\n");
  const big = await project.run(["big"]);
  assertEquals(big.stdout.length, 300_001);
});

cliTest("what a script's function returns is the status", async () => {
  await using project = await createProject(PROJECT);
  for (
    const [task, code] of [
      ["status", 4],
      ["yes", 0],
      ["no", 1],
      ["text", 0],
      ["leave", 3],
      ["later", 4],
    ] as const
  ) {
    const ran = await project.run([task]);
    assertEquals([ran.code, ran.stdout], [code, ""], task);
  }
});

cliTest("what a function returns may be printed or ignored instead", async () => {
  await using project = await createProject(PROJECT);
  for (
    const [task, stdout] of [["print", "text\n"], ["ignore", ""], ["inner", "text\n"]] as const
  ) {
    const ran = await project.run([task]);
    assertEquals([ran.code, ran.stdout], [0, stdout], task);
  }
});

cliTest(
  "a function that throws is shown where it did; one that is not there is named",
  async () => {
    await using project = await createProject(PROJECT);
    const fails = await project.run(["fails"]);
    assertEquals(fails.code, 1);
    assertMatch(
      fails.stderr,
      /^error\[R_THROWN\]: fails: RangeError: no database\n {2}--> lib[\\/]a\.ts:22:\d+$/m,
    );
    for (
      const [task, said] of [
        ["number", 'cannot call "lib/a.ts:number": number is not a function'],
        ["missing", 'cannot call "lib/a.ts:nothing": there is no nothing'],
        ["file", 'cannot call "lib/b.ts:f": there is no file lib/b.ts'],
      ] as const
    ) {
      const ran = await project.run([task]);
      assertEquals(ran.code, 1);
      assertStringIncludes(ran.stderr, `error[R_CALL]: ${task}: ${said}\n`);
    }
    const broken = await project.run(["broken"]);
    assertEquals(broken.code, 1);
    assertMatch(broken.stderr, /^error\[E_TS_(?:SYNTAX|LOAD)\]: broken: /m);
    assertMatch(broken.stderr, /^ {2}--> broken\.ts/m);
  },
);

cliTest("an import that leads nowhere is shown where it stands, in whichever module", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a.call = "a.mjs"
b.call = "b.mjs"
c.call = "c.mjs"
`,
    "a.mjs": 'import "./none.mjs";\n',
    "b.mjs": 'import "./a.mjs";\n',
    "c.mjs": 'import nothing from "no-such-package-anywhere";\n',
  });
  for (
    const [task, said] of [
      ["a", 'there is no module "./none.mjs"\n  --> a.mjs:1:9'],
      ["b", 'there is no module "./none.mjs"\n  --> a.mjs:1:9'],
      ["c", 'there is no package "no-such-package-anywhere"\n  --> c.mjs:1:22'],
    ] as const
  ) {
    const ran = await project.run([task]);
    assertEquals(ran.code, 1);
    assertStringIncludes(ran.stderr, `error[E_TS_IMPORT]: ${said}\n`);
  }
});

cliTest("a script in a path that the runtime takes for another is refused", {
  posixOnly: "Windows has no such names",
}, async () => {
  for (const odd of ["?", "\\"]) {
    await using project = await createProject({
      [`a${odd}b/tasks.toml`]: '[tasks]\na.call = "a.mjs"\n',
      [`a${odd}b/a.mjs`]: "console.log(1);\n",
    });
    const ran = await project.run(["a"], { cwd: `a${odd}b` });
    assertEquals([ran.code, ran.stdout], [1, ""]);
    assertStringIncludes(ran.stderr, `error[R_CALL]: a: cannot call "a.mjs": the path of this`);
    assertStringIncludes(ran.stderr, `has a "${odd}" in it`);
  }
});

cliTest("an address that is none is an error when the file is loaded", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a.call = "./tool.py:run"
b.call = "lib.ts:f(process.env)"
c = "p c"
`,
  });
  const ran = await project.run(["c"]);
  assertEquals([ran.code, ran.stdout], [2, ""]);
  assertStringIncludes(ran.stderr, 'error[E_CALL]: a: "./tool.py:run" is not');
  assertStringIncludes(ran.stderr, "--> tasks.toml:2:10");
  assertStringIncludes(ran.stderr, "process.env is not a literal");
});

cliTest("a script that is called ends with all it started when it is told to", async () => {
  await using project = await createProject({
    "a.mjs": `import { shell } from "ntask";
export const wait = () => shell("probe a child=b wait");
`,
    "tasks.toml": '[tasks]\nt.call = "a.mjs:wait"\n',
  });
  const running = project.start(["t"]);
  const pids = await Promise.all(["a", "b"].map((name) => project.probes.started(name)));
  running.signal("SIGTERM");
  assertEquals((await running.ended).code, 143);
  await Promise.all(pids.map(({ pid }) => project.gone(pid)));
});

cliTest("without a Python there is one message, and status 127", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a.call = "mod:f"
b.cmd = "p b"
b.condition = "python_version > '3'"
`,
  });
  const env = { NTASK_PYTHON: "no-such-python" };
  for (const task of ["a", "b"]) {
    const ran = await project.run([task], { env });
    assertEquals([ran.code, ran.stdout], [127, ""]);
    assertStringIncludes(ran.stderr, `error[R_PYTHON]: ${task}: no Python was found`);
    assertStringIncludes(ran.stderr, "no-such-python");
  }
});

const PYTHON = {
  "pkg/__init__.py": "",
  "pkg/__main__.py": "import sys\nprint('main', sys.argv[1:])\n",
  "pkg/tool.py": `import os, sys

class Tool:
    @staticmethod
    def run(n):
        print(sys.argv, n, os.path.basename(os.getcwd()))

def fails():
    raise ValueError("no database")

def leaves():
    raise SystemExit("sorry")

number = 5

def text():
    return "text"
`,
  "sub/.k": "",
  "tasks.toml": `[tasks]
run.call = "pkg.tool:Tool.run(1 + 1)"
run.cwd = "sub"
main.call = "pkg"
fails.call = "pkg.tool:fails"
leaves.call = "pkg.tool:leaves"
number.call = "pkg.tool:number"
missing.call = "pkg.tool:nothing"
print = { call = "pkg.tool:text", result = "print" }
ignore = { call = "pkg.tool:text", result = "ignore" }
`,
};

cliTest("calling a script leaves nothing beside it", async () => {
  await using project = await createProject({
    "deep/down/a.ts": "export const f = (): void => console.log('f');\n",
    "tasks.toml": '[tasks]\na.call = "deep/down/a.ts:f"\n',
  });
  const ran = await project.run(["a"]);
  assertEquals([ran.code, ran.stdout], [0, "f\n"]);
  const names = [...Deno.readDirSync(join(project.root, "deep", "down"))].map(({ name }) => name);
  assertEquals(names, ["a.ts"]);
});

cliTest("a Python function sees its arguments, its directory and the project", {
  python: true,
}, async () => {
  await using project = await createProject(PYTHON);
  const run = await project.run(["run", "-v", "x"]);
  assertEquals([run.code, run.stdout], [0, "['run', '-v', 'x'] 2 sub\n"]);
  for (const [task, stdout] of [["print", "text\n"], ["ignore", ""]] as const) {
    const ran = await project.run([task]);
    assertEquals([ran.code, ran.stdout], [0, stdout]);
  }
  const main = await project.run(["main", "a"]);
  assertEquals([main.code, main.stdout], [0, "main ['a']\n"]);
});

cliTest("a Python exception begins with the user's own line", { python: true }, async () => {
  await using project = await createProject(PYTHON);
  const fails = await project.run(["-q", "fails"]);
  assertEquals(fails.code, 1);
  assertMatch(fails.stderr, /^Traceback.*\n {2}File ".*tool\.py", line 9, in fails\n/);
  assertStringIncludes(fails.stderr, "ValueError: no database");
  const leaves = await project.run(["-q", "leaves"]);
  assertEquals(leaves.code, 1);
  assertMatch(leaves.stderr, /^sorry\n {2}failed {2}leaves {2}exit 1/);
  for (const [task, why] of [["number", "not a function"], ["missing", "no nothing"]] as const) {
    const ran = await project.run(["-q", task]);
    assertEquals(ran.code, 1);
    assertStringIncludes(ran.stderr, "error[R_CALL]");
    assertStringIncludes(ran.stderr, why);
  }
});

cliTest("a Python is looked for in the project first", { python: true }, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]\na.call = "mod:f"\n`,
    "mod.py": "import sys\ndef f():\n    print(sys.executable)\n",
  });
  const { code } = await new Deno.Command("python3", {
    args: ["-m", "venv", "--without-pip", join(project.root, ".venv")],
  }).output();
  assertEquals(code, 0);
  const ran = await project.run(["a"]);
  assertEquals([ran.code, ran.stdout], [0, join(project.root, ".venv/bin/python") + "\n"]);
});
