/**
 * What a user can get wrong about commands, scripts and their environment: one clear message each.
 * The messages are in `tests/golden/bad_input`.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { binary } from "../rig/binary.ts";
import { cliTest, type Limits } from "../rig/cli.ts";
import { assertGolden, normalise } from "../rig/golden.ts";
import { createProject, type Files } from "../rig/project.ts";

interface Case {
  /** What the user did. */
  readonly name: string;
  readonly files: Files;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly code?: number;
  readonly limits?: Limits;
}

const toml = (text: string): Files => ({ "tasks.toml": `[tasks]\n${text}\n` });
const ts = (text: string): Files => ({
  "tasks.ts": `import { task } from "ntask";\n\nexport const a = ${text};\n`,
});

const CASES: Case[] = [
  {
    name: "an unknown interpreter",
    files: toml('a = { shell = "p a", interpreter = "phyton" }'),
  },
  {
    name: "an unknown interpreter like nothing else",
    files: toml('a = { shell = "p a", interpreter = "fish" }'),
  },
  {
    name: "an unknown interpreter in an item",
    files: toml('a.tasks = [{ shell = "p a", interpreter = "bsah" }]'),
  },
  {
    name: "an unknown interpreter in tasks ts",
    files: ts('task({ interpreter: "powershell" }, "p a")'),
  },
  {
    name: "an unknown interpreter in the settings",
    files: { "tasks.toml": '[ntask]\ninterpreter = "phyton"\n\n[tasks]\na = "p a"\n' },
  },
  {
    name: "an unknown interpreter in a variable",
    files: toml('a = "p a"'),
    env: { NTASK_INTERPRETER: "phyton" },
  },
  {
    name: "an interpreter with an empty word",
    files: toml('a = { shell = "p a", interpreter = ["bash", ""] }'),
  },
  {
    name: "an interpreter without words",
    files: toml('a = { shell = "p a", interpreter = [] }'),
  },
  {
    name: "an interpreter that would read a file",
    files: toml('a = { shell = "p a", interpreter = ["bash", "-e"] }'),
  },
  {
    name: "an interpreter that is not there",
    files: toml('a = { shell = "p a", interpreter = ["no-such-shell", "-c"] }'),
    code: 127,
  },
  {
    name: "cmd where there is none",
    files: toml('a = { shell = "p a", interpreter = "cmd" }'),
    code: 127,
    limits: { posixOnly: "it has cmd" },
  },
  {
    name: "a placeholder in a word of PowerShell",
    files: toml('a = { shell = "p --x={args.0}", interpreter = "pwsh" }'),
    words: ["a", "x"],
  },
  {
    name: "a placeholder in an f string",
    files: toml('a = { shell = \'print(f"{args.name}")\', interpreter = "python" }'),
    words: ["a", "--name=x"],
  },
  {
    name: "a placeholder in another language",
    files: toml('a = { shell = "p({args})", interpreter = ["node", "-e"] }'),
  },
  {
    name: "a placeholder on a line of cmd that is read twice",
    files: toml('a = { shell = "call p {args}", interpreter = "cmd" }'),
  },
  {
    name: "a NUL in a variable",
    files: toml('a = { cmd = "p a", env = { B = "x\\u0000y" } }'),
  },
  {
    name: "a NUL in a variable of all tasks",
    files: toml('env = { B = { default = "x\\u0000y" } }\na = "p a"'),
  },
  {
    name: "a NUL in a variable of tasks ts",
    files: ts('task({ env: { B: "x\\0y" } }, "p a")'),
  },
  {
    name: "a NUL in an argument",
    files: toml('a = { cmd = ["p", "x\\u0000y"] }'),
  },
  {
    name: "a directory to run in that is not there",
    files: toml('a = { cmd = "p a", cwd = "nowhere" }'),
  },
  {
    name: "a program that is a directory",
    files: { ...toml('a = "./tools x"'), tools: null },
    code: 126,
  },
  {
    name: "a word of the shell for a program",
    files: toml('a = "source env.sh"'),
    code: 127,
  },
  {
    name: "a program of packages that are not installed",
    files: { ...toml('a = "zzzyzzx --x"'), "package.json": "{}" },
    code: 127,
  },
  {
    name: "a program that is not where its path says",
    files: toml('a = "./zzzyzzx --x"'),
    code: 127,
  },
];

// Other systems take longer ones.
if (Deno.build.os === "linux") {
  CASES.push({
    name: "an argument longer than Linux takes",
    files: toml(
      `a = { cmd = ["p", "\${A}\${A}\${A}\${A}"], env = { A = "${"x".repeat(50_000)}" } }`,
    ),
    code: 126,
    limits: { posixOnly: "it has other limits" },
  });
}

for (const { name, files, words = ["a"], env = {}, code = 2, limits = {} } of CASES) {
  cliTest(`${name}: one message, status ${code}`, limits, async () => {
    await using project = await createProject(files);
    const ran = await project.run(words, { env });
    assertEquals(ran.stdout, "");
    assertEquals(ran.code, code);
    assertEquals(ran.stderr.match(/^error\[/gm)?.length, 1, ran.stderr);
    const file = name.replace(/[^A-Za-z0-9]+/g, "_").toLowerCase();
    const text = normalise(ran.stderr, project).replace(/x{50,}/g, "<long>");
    assertGolden(`bad_input/${file}`, text);
  });
}

cliTest("a program whose name is near is told, of the project's bins and of PATH", async () => {
  await using project = await createProject({
    ...toml('a = "porbe x"\nb = "tscc x"'),
    "node_modules/.bin/tsc": "",
    "node_modules/.bin/tsc.cmd": "",
  });
  if (!binary.windows) Deno.chmodSync(`${project.root}/node_modules/.bin/tsc`, 0o755);
  for (const [task, name] of [["a", "probe"], ["b", "tsc"]] as const) {
    const { code, stderr } = await project.run([task]);
    assertEquals(code, 127);
    assertStringIncludes(stderr, "  help: did you mean ");
    assertStringIncludes(stderr, JSON.stringify(name));
  }
});

const SCRIPTS = [
  ["a script for a program that is not there", "#!/no/such/program -x\n", 127],
  ["a script whose lines end in CRLF", "#!/bin/sh\r\necho hi\r\n", 127],
  ["a file that is no program", "echo hi\n", 126],
] as const;

for (const [name, text, status] of SCRIPTS) {
  cliTest(`${name}: it is not said to be missing, status ${status}`, {
    posixOnly: "it starts no scripts",
    // Node's library runs what is no program by sh.
    ...(status === 126 && { compiledOnly: "Node starts it by sh" }),
  }, async () => {
    await using project = await createProject({ ...toml('a = "./x"'), x: text });
    Deno.chmodSync(`${project.root}/x`, 0o755);
    const ran = await project.run(["a"]);
    assertEquals([ran.code, ran.stdout], [status, ""]);
    const file = name.replaceAll(" ", "_").toLowerCase();
    assertGolden(`bad_input/${file}`, normalise(ran.stderr, project));
  });
}

cliTest("arguments and variables that are too much together: their sum is told", {
  posixOnly: "it has other limits",
}, async () => {
  const words = Array.from({ length: 100 }, () => `"${"x".repeat(100_000)}"`).join(", ");
  await using project = await createProject(toml(`a = { cmd = ["p", ${words}] }`));
  const { code, stdout, stderr } = await project.run(["-q", "a"]);
  assertEquals([code, stdout], [126, ""]);
  assert(
    /"p" is longer than the system allows \(arguments and variables have 100\d{5} bytes together\)/
      .test(stderr),
    stderr.slice(0, 300),
  );
});

cliTest("a directory that vanishes before the task starts: the task says so", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
gone = { cmd = "p", cwd = "dist", pre = { shell = "rm -r dist", cwd = "." } }
`,
    "dist": null,
  });
  const { code, stdout, stderr } = await project.run(["gone"]);
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, 'error[R_CWD]: gone: cannot run in "dist": it does not exist');
});

cliTest(
  "a named pipe is no task file and no env file: nobody waits for who writes into it",
  { posixOnly: "named pipes" },
  async () => {
    await using project = await createProject(
      toml('a = { cmd = "e B", envfile = "b.env" }\nmake = { shell = "mkfifo b.env bad.toml" }'),
    );
    assertEquals((await project.run(["make"])).code, 0);
    const { code, stdout, stderr } = await project.run(["a"]);
    assertEquals([code, stdout], [0, "B-unset\n"]);
    assertStringIncludes(stderr, "warning[W_ENVFILE]: a: b.env: it is a named pipe");
    const listed = await project.run(["--file", "bad.toml", "--list"]);
    assertEquals(listed.code, 2);
    assertStringIncludes(listed.stderr, "it is a named pipe");
  },
);

cliTest("what never ends is no task file", { posixOnly: "devices" }, async () => {
  await using project = await createProject({});
  Deno.symlinkSync("/dev/zero", `${project.root}/tasks.toml`);
  const { code, stdout, stderr } = await project.run(["a"]);
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, 'cannot read the task file "tasks.toml": it does not end');
});

cliTest("a line of an env file with a NUL is passed over, and told", async () => {
  await using project = await createProject({
    ...toml('a = { cmd = "e B C", envfile = "b.env" }'),
    "b.env": "B=x\0y\nC=z\n",
  });
  const { code, stdout, stderr } = await project.run(["a"]);
  assertEquals([code, stdout], [0, "B-unset\nC=z\n"]);
  assertStringIncludes(stderr, "warning[W_ENVFILE]: a: b.env:1: the value has a NUL character");
});

cliTest(
  "lesson 40: a batch file is refused what cmd cannot carry",
  { windowsOnly: true },
  async () => {
    await using project = await createProject({
      ...toml(
        `a = { cmd = ["./t.cmd", "x\\ny"] }\nb = { cmd = ["./t.cmd", "${"x".repeat(9000)}"] }\n` +
          `c = { cmd = ["p", "${"x".repeat(33_000)}"] }\nd = { cmd = ["p", "x\\ny"] }`,
      ),
      "t.cmd": "@p %*\r\n",
    });
    const told = async (task: string) => {
      const { code, stdout, stderr } = await project.run(["-q", task]);
      return [code, stdout, /error\[[^\n]*/.exec(stderr)?.[0] ?? ""] as const;
    };
    const [code, , text] = await told("a");
    assertEquals(code, 126);
    assertStringIncludes(text, "has a line end in it, which a batch file cannot be given");
    assertStringIncludes((await told("b"))[2], "cmd, which runs batch files, takes 8190)");
    assertStringIncludes((await told("c"))[2], "Windows takes 32766)");
    assertEquals((await told("d")).slice(0, 2), [0, "[x\ny]\n"]);
  },
);
