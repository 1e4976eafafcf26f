/**
 * What runs a script: per task, per item, per project.
 *
 * Interpreters that a machine may not have are stood in for by scripts of the test that bear their
 * name; the real ones are used where they are part of every system.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Files, type Project } from "../rig/project.ts";

const POSIX = { posixOnly: "its interpreters are shells" };

/** A program of the project's own, which says how it was started. */
function standIn(project: Project, name: string, script: string): void {
  project.write({ [`node_modules/.bin/${name}`]: `#!/bin/sh\n${script}\n` });
  Deno.chmodSync(join(project.root, "node_modules/.bin", name), 0o755);
}

const TELL = `printf '(%s)' "$0" "$@" | sed "s#/.*/##"; echo`;

cliTest("each shell is given the script, the task's name and the arguments", POSIX, async () => {
  const script = 'p "$0" "$@"; exit 3';
  await using project = await createProject({
    "tasks.toml": ["sh", "bash", "portable"].map((name) =>
      `[tasks.${name}_]\nshell = '${script}'\ninterpreter = "${name}"\n`
    ).join("\n") + `[tasks.own]\nshell = '${script}'\ninterpreter = ["sh", "-euc"]\n`,
  });
  for (const name of ["sh_", "bash_", "portable_", "own"]) {
    const { code, stdout } = await project.run([name, "a b", "*"]);
    assertEquals([code, stdout], [3, `[${name}][a b][*]\n`], name);
  }
});

cliTest("a shell that is asked for is that shell", POSIX, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = { shell = 'p "\${BASH_VERSION:+bash}" $((2 ** 3))', interpreter = "bash" }
b = { shell = 'x=(1 2); p "\${x[1]}" {args}', interpreter = ["bash", "-c"] }
`,
  });
  assertEquals((await project.run(["a"])).stdout, "[bash][8]\n");
  assertEquals((await project.run(["b", "it's", "$x"])).stdout, "[2][it's][$x]\n");
});

cliTest("zsh and pwsh are given the script as their option has it", POSIX, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
z = { shell = 'p "$@"', interpreter = "zsh" }
p = { shell = 'p {args.0}', interpreter = "pwsh" }
q = { shell = 'p', interpreter = "pwsh" }
`,
  });
  standIn(project, "zsh", TELL);
  standIn(project, "pwsh", `${TELL}; echo "$NTASK_ARG_1"`);
  assertEquals((await project.run(["z", "a b"])).stdout, '(zsh)(-c)(p "$@")(z)(a b)\n');
  const status = "if ($?) { exit 0 } elseif ($LASTEXITCODE) { exit $LASTEXITCODE } else { exit 1 }";
  const options = "(pwsh)(-NoLogo)(-NoProfile)(-Command)";
  assertEquals(
    (await project.run(["p", "'; x"])).stdout,
    `${options}(p \${env:NTASK_ARG_1}\n${status})\n'; x\n`,
  );
  assertEquals(
    (await project.run(["q", "$(x)"])).stdout,
    `${options}(p \${env:NTASK_ARG_1}\n${status})\n$(x)\n`,
  );
});

cliTest(
  "a command line is given the script as its last argument, then the others",
  POSIX,
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks]
a = { shell = "one\\ntwo", interpreter = ["./tools/own", "-x"] }
b = { shell = "one", interpreter = ["node", "-e"], cwd = "sub" }
`,
      "sub": null,
    });
    project.write({ "tools/own": `#!/bin/sh\n${TELL}\n` });
    Deno.chmodSync(join(project.root, "tools/own"), 0o755);
    standIn(project, "node", TELL);
    assertEquals((await project.run(["a", "b c"])).stdout, "(own)(-x)(one\ntwo)(b c)\n");
    assertEquals((await project.run(["b"])).stdout, "(node)(-e)(one)\n");
  },
);

// ── where it is said ─────────────────────────────────────────────────────────────────────────────

/** A project whose default interpreter is a program that says so. */
async function projectWith(files: Files): Promise<Project> {
  const project = await createProject(files);
  for (const name of ["zsh", "node"]) standIn(project, name, `echo "${name}: $2"`);
  return project;
}

const SCRIPTS = `[tasks]
a.shell = "x"
b = { shell = "echo y", interpreter = "sh" }
c.tasks = [{ shell = "x" }, { shell = "echo z", interpreter = "sh" }, "b"]
d = { tasks = [{ shell = "x" }, "b"], pre = { shell = "w" }, interpreter = ["node", "-e"] }
`;

for (
  const [where, files, env] of [
    ["TOML", { "tasks.toml": `[ntask]\ninterpreter = "zsh"\n${SCRIPTS}` }, {}],
    [
      "JSON",
      { "tasks.toml": SCRIPTS, "package.json": '{ "ntask": { "interpreter": ["zsh", "-c"] } }' },
      {},
    ],
    [
      "config()",
      {
        "tasks.toml": SCRIPTS,
        "tasks.ts":
          'import { config } from "ntask";\nexport default config({ interpreter: "zsh" });\n',
      },
      {},
    ],
    ["a variable", { "tasks.toml": SCRIPTS }, { NTASK_INTERPRETER: "zsh" }],
    ["a variable, as a list", { "tasks.toml": SCRIPTS }, { NTASK_INTERPRETER: '["zsh", "-c"]' }],
  ] as const
) {
  cliTest(
    `the project's interpreter, said by ${where}, holds where no task says another`,
    POSIX,
    async () => {
      await using project = await projectWith(files as Files);
      const run = async (name: string) => {
        const { code, stdout, stderr } = await project.run(["-q", name], { env });
        assertEquals([code, stderr], [0, ""]);
        return stdout;
      };
      assertEquals(await run("a"), "zsh: x\n");
      assertEquals(await run("b"), "y\n");
      assertEquals(await run("c"), "zsh: x\nz\ny\n");
      assertEquals(await run("d"), "node: w\nnode: x\ny\n");
    },
  );
}

cliTest("the setting is shown with its origin, and children do not see its variable", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = "e NTASK_INTERPRETER"\n',
  });
  const env = { NTASK_INTERPRETER: "portable" };
  assertEquals((await project.run(["a"], { env })).stdout, "NTASK_INTERPRETER-unset\n");
  assertStringIncludes((await project.run(["config"], { env })).stdout, "interpreter");
  const bad = await project.run(["a"], { env: { NTASK_INTERPRETER: "prtable" } });
  assertEquals([bad.code, bad.stdout], [2, ""]);
  assertStringIncludes(bad.stderr, 'did you mean "portable"?');
});

cliTest("an interpreter where there is no script is told", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = { cmd = "p a", interpreter = "sh" }
b.tasks = [{ cmd = "p b", interpreter = "sh" }]
c = { cmd = "p c", pre = { shell = "p pre" }, interpreter = "portable" }
`,
  });
  const { code, stderr } = await project.run(["c"]);
  assertEquals(code, 0);
  const warnings = stderr.split("\n").filter((line) => line.startsWith("warning["));
  assertEquals(warnings.map((line) => line.slice(0, 29)), [
    "warning[W_INTERPRETER]: b: in",
    "warning[W_INTERPRETER]: a: in",
  ]);
});

// ── tasks.ts ─────────────────────────────────────────────────────────────────────────────────────

cliTest(
  "a string body and the commands of a function have the task's interpreter",
  POSIX,
  async () => {
    await using project = await createProject({
      "tasks.ts": `import { group, shell, task } from "ntask";
const bash = { interpreter: "bash" } as const;
export const text = task(bash, 'p "\${BASH_VERSION:+bash}" {args}');
export const body = task(bash, async () => {
  await shell\`x=(\${["a b", "c"]}); p "\\\${x[0]}" "\\\${#x[@]}"\`;
  await shell('p "\${BASH_VERSION:+bash}"');
});
export const other = task({ interpreter: ["node", "-e"] }, async () => {
  await shell("raw text");
  await shell\`no holes\`;
  await shell\`a \${"hole"}\`.catch((error: Error) => console.log(error.message));
});
export const missing = task({ interpreter: ["no-such-shell", "-x"] }, async () => {
  await shell(["p", "needs none"]);
  await shell\`x\`.catch((error: Error) => console.log(error.message));
});
export const plain = task(() => shell\`p "\\\${BASH_VERSION:-none}"\`);
`,
    });
    standIn(project, "node", 'echo "node: $2"');
    const run = async (...words: string[]) => (await project.run(["-q", ...words])).stdout;
    assertEquals(await run("text", "a b"), "[bash][a b]\n");
    assertEquals(await run("body"), "[a b][2]\n[bash]\n");
    assertStringIncludes(await run("other"), "node: raw text\nnode: no holes\n");
    assertStringIncludes(
      await run("missing"),
      '[needs none]\nx cannot be started: there is no program "no-such-shell"',
    );
    assertEquals(await run("plain"), "[none]\n");
  },
);

cliTest("a hole that a language cannot quote is an error of the body's", POSIX, async () => {
  await using project = await createProject({
    "tasks.ts": `import { shell, task } from "ntask";
export const a = task({ interpreter: ["node", "-e"] }, () => shell\`x \${"y"}\`);
`,
  });
  standIn(project, "node", "echo it ran");
  const { code, stdout, stderr } = await project.run(["a"]);
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, "hand it over by .env({ … })");
});

cliTest("options that no task has are refused in tasks.ts as in TOML", async () => {
  await using project = await createProject({
    "tasks.ts": `import { task } from "ntask";
export const a = task({ interpreter: "bsh" }, "p a");
`,
  });
  const { code, stderr } = await project.run(["a"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'error[E_PROP_TYPE]: a: interpreter is "bsh"');
  assertStringIncludes(stderr, 'did you mean "bash", ');
});

// ── the cache ────────────────────────────────────────────────────────────────────────────────────

cliTest(
  "the interpreter that is declared is a part of the key, and of the reason",
  POSIX,
  async () => {
    const tasks = (own: string) =>
      `[tasks]\na = { shell = "p a", inputs = []${own} }\nb.tasks = ["a"]\n`;
    await using project = await createProject({ "tasks.toml": tasks("") });
    const reason = async (env = {}) => {
      const { code, stderr } = await project.run(["a"], { env });
      assertEquals(code, 0, stderr);
      return /cached \(|first run|interpreter[^)\n]*/.exec(stderr)?.[0];
    };
    assertEquals(await reason(), "first run");
    assertEquals(await reason(), "cached (");
    project.write({ "tasks.toml": tasks(', interpreter = "sh"') });
    assertEquals(await reason(), 'interpreter: default -> "sh"');
    assertEquals(await reason(), "cached (");
    assertEquals(await reason({ NTASK_INTERPRETER: "bash" }), "cached (", "its own wins");
    project.write({ "tasks.toml": tasks("") });
    assertEquals(await reason(), "cached (", "the first result is still there");
    // What the project says is declared as well, and the same as what a task says.
    assertEquals(await reason({ NTASK_INTERPRETER: "sh" }), "cached (");
    assertEquals(await reason({ NTASK_INTERPRETER: "bash" }), 'interpreter: "sh" -> "bash"');
    project.write({ "tasks.toml": `[ntask]\ninterpreter = "bash"\n\n${tasks("")}` });
    assertEquals(await reason(), "cached (");
  },
);

cliTest("what runs the commands of a function's body counts as well", POSIX, async () => {
  const tasks = (options: string) =>
    `import { shell, task } from "ntask";
export const a = task({ inputs: []${options} }, () => shell\`p a\`);
`;
  await using project = await createProject({ "tasks.ts": tasks("") });
  const run = async () => (await project.run(["a"])).stderr;
  assertStringIncludes(await run(), "first run");
  assertStringIncludes(await run(), "cached (");
  project.write({ "tasks.ts": tasks(', interpreter: "bash"') });
  assertStringIncludes(await run(), 'interpreter: default -> "bash"');
});

cliTest("an interpreter of the project's own counts with its content", POSIX, async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = { shell = "x", inputs = [], interpreter = ["./own", "-x"] }\n',
  });
  const write = (script: string) => {
    project.write({ own: `#!/bin/sh\n${script}\n` });
    Deno.chmodSync(join(project.root, "own"), 0o755);
  };
  write("echo one");
  assertEquals((await project.run(["a"])).stdout, "one\n");
  write("echo two");
  assertEquals((await project.run(["a"])).stdout, "two\n");
  assertStringIncludes((await project.run(["a"])).stderr, "cached (");
});

cliTest("variables count that a script names in its own language", POSIX, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
py = { shell = "print(os.environ['MODE'])", inputs = [], interpreter = ["python3", "-c"] }
ps = { shell = "p $env:MODE", inputs = [], interpreter = "pwsh" }
`,
  });
  for (const name of ["python3", "pwsh"]) standIn(project, name, 'echo "$MODE"');
  for (const name of ["py", "ps"]) {
    for (const mode of ["a", "b", "a"]) {
      assertEquals((await project.run([name], { env: { MODE: mode } })).stdout, `${mode}\n`);
    }
  }
});

// ── validate ─────────────────────────────────────────────────────────────────────────────────────

cliTest("validate judges by the portable shell what that would run, and nothing else", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = { shell = "[[ -n $X ]]", interpreter = "bash" }
b = { shell = "[[ -n $X ]]" }
c = { shell = "[[ -n $X ]]", interpreter = "portable" }
d = { tasks = [{ shell = "[[ -n $X ]]" }], interpreter = "zsh" }
e = { cmd = "p", pre = { shell = "[[ -n $X ]]" } }
`,
  });
  const { code, stderr } = await project.run(["validate"]);
  assertEquals(code, 0);
  assertEquals(stderr.match(/W_PORTABLE\]: \w/g), [
    "W_PORTABLE]: b",
    "W_PORTABLE]: c",
    "W_PORTABLE]: e",
  ]);
  assertStringIncludes(stderr, "choose another interpreter");
  const all = await project.run(["validate"], { env: { NTASK_INTERPRETER: "bash" } });
  assertEquals(all.stderr.match(/W_PORTABLE\]: \w/g), ["W_PORTABLE]: c"]);
});

// ── cmd ──────────────────────────────────────────────────────────────────────────────────────────

cliTest(
  "cmd runs a script of several lines, and is given arguments",
  { windowsOnly: true },
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks.lines]
interpreter = "cmd"
shell = """
p %0 %1
if "%~1"=="a" (
  p yes
) else (
  p no
)
for %%i in (x y) do p %%i
exit /b 3
"""

[tasks.rest]
interpreter = "cmd"
shell = "p first"

[tasks.placed]
interpreter = "cmd"
shell = 'p {args.0} "x {args.0}" {args}'
`,
    });
    const lines = await project.run(["lines", "a"]);
    assertEquals(lines.code, 3);
    assertEquals(lines.stdout.replace(/^\[[^\]]*\]/, "[0]"), "[0][a]\n[yes]\n[x]\n[y]\n");
    for (const word of ["a&echo hacked>hacked.txt", 'a"&echo hacked>hacked.txt', "a b", "%PATH%"]) {
      assertEquals((await project.run(["rest", word])).stdout, `[first][${word}]\n`);
      const placed = await project.run(["placed", word, "c d"]);
      assertEquals(placed.stdout, `[${word}][x ${word}][c d]\n`);
      assert(!project.has("hacked.txt"), word);
    }
  },
);

cliTest("cmd runs the commands of a function's body", { windowsOnly: true }, async () => {
  await using project = await createProject({
    "tasks.ts": `import { shell, task } from "ntask";
export const a = task({ interpreter: "cmd" }, async () => {
  await shell\`p \${"a&b"} \${["c d", "%PATH%"]}\`;
  await shell("p %NTASK_TASK%");
  await shell\`call p \${"x"}\`.catch((error: Error) => console.log(error.message));
});
`,
  });
  const { stdout, stderr } = await project.run(["-q", "a"]);
  assertEquals(stdout.split("\n").slice(0, 2), ["[a&b][c d][%PATH%]", "[a]"], stderr);
});

cliTest("lesson 40: line ends of Windows in a task file are no part of a script", async () => {
  const text = `[tasks.a]
shell = """
if true; then
  p yes
fi
p {args.0} |
  cat
"""

[tasks.b]
shell = """
p one
p {task.nme}
"""
`;
  await using project = await createProject({
    "tasks.toml": text.slice(0, text.indexOf("[tasks.b]")).replaceAll("\n", "\r\n"),
  });
  assertEquals((await project.run(["a", "x"])).stdout, "[yes]\n[x]\n");
  // Places are the same as with other line ends.
  const places: string[] = [];
  for (const ends of ["\n", "\r\n"]) {
    project.write({ "tasks.toml": text.replaceAll("\n", ends) });
    const { code, stderr } = await project.run(["a", "x"]);
    assertEquals(code, 2);
    places.push(stderr);
  }
  assertEquals(places[1], places[0]);
  assertStringIncludes(places[0]!, "--> tasks.toml:13:3");
});
