/**
 * What a task is given: variables, and something to read.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { binary } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

cliTest("every task is told its name, the project and where ntask was started", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
g.a = { cmd = "e NTASK_TASK NTASK_ROOT NTASK_RUN_CWD", cwd = "sub" }
g.b = { shell = "e NTASK_TASK NTASK_ROOT NTASK_RUN_CWD", pre = { cmd = "e NTASK_TASK" } }
all.tasks = [{ cmd = "e NTASK_TASK" }, "g.a"]
`,
    "tasks.ts": `import { shell, task } from "ntask";
export const f = task(() => shell\`e NTASK_TASK NTASK_ROOT NTASK_RUN_CWD\`);
`,
    sub: null,
  });
  const root = binary.seen(project.root);
  const sub = binary.seen(`${project.root}/sub`);
  const where = `NTASK_ROOT=${root}\nNTASK_RUN_CWD=${sub}\n`;
  const run = async (name: string) => (await project.run([name], { cwd: "sub" })).stdout;
  assertEquals(await run("g.a"), `NTASK_TASK=g.a\n${where}`);
  assertEquals(await run("g.b"), `NTASK_TASK=g.b\nNTASK_TASK=g.b\n${where}`);
  assertEquals(await run("all"), `NTASK_TASK=all\nNTASK_TASK=g.a\n${where}`);
  assertEquals(await run("f"), `NTASK_TASK=f\n${where}`);
});

cliTest(
  "lesson 40: on Windows Path and PATH are one variable, and so are all others",
  { windowsOnly: true },
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks]
env = { my_var = "root" }
a = { cmd = "e MY_VAR My_Var", env = { MY_VAR = "task \${My_Var}" } }
b = { cmd = "e MY_VAR", env = { MY_VAR = { unset = true } } }
c = { cmd = "p {env.MY_VAR}" }
d = { cmd = "p \${path}", env = { pAtH = "new;\${PATH}" } }
e = { cmd = "e GIVEN", envfile = "given.env" }
`,
      "given.env": "given=from the file\n",
    });
    const run = async (name: string, env = {}) => (await project.run([name], { env })).stdout;
    assertEquals(await run("a"), "MY_VAR=task root\nMy_Var=task root\n");
    assertEquals(await run("b"), "MY_VAR-unset\n");
    assertEquals(await run("c"), "[root]\n");
    assertEquals((await run("d")).slice(0, 5), "[new;");
    assertEquals(await run("e"), "GIVEN=from the file\n");
    assertEquals(await run("e", { Given: "outside" }), "GIVEN=outside\n");
  },
);

// ── what there is to read ────────────────────────────────────────────────────────────────────────

/** Byte by byte, as every shell reads a line, so that the others find the next one. */
const LINE = "read -r line; p $line";

cliTest("what can overlap with nothing reads ntask's own input, one after the other", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
one.shell = "${LINE}"
row.tasks = ["one", { shell = "${LINE}" }, "one"]
hooks = { shell = "${LINE}", pre = { shell = "${LINE}" }, post = "one" }
chain = { shell = "${LINE}", deps = ["one"] }
`,
  });
  const stdin = "first\nsecond\nthird\nfourth\n";
  const run = async (name: string) => {
    const { code, stdout } = await project.run([name], { stdin });
    return [code, stdout];
  };
  assertEquals(await run("one"), [0, "[first]\n"]);
  assertEquals(await run("row"), [0, "[first]\n[second]\n[third]\n"]);
  assertEquals(await run("hooks"), [0, "[first]\n[second]\n[third]\n"]);
  assertEquals(await run("chain"), [0, "[first]\n[second]\n"]);
});

cliTest("what may overlap, and what is cached, finds nothing to read", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a.shell = "cat; p a"
b.shell = "cat; p b"
both = { tasks = ["a", "b"], parallel = true }
deps = { shell = "cat", deps = ["a", "b"] }
kept = { shell = "cat; p kept", inputs = [] }
row.tasks = ["kept", "a"]
`,
  });
  const stdin = "hello\n";
  const run = async (...words: string[]) => {
    const { code, stdout } = await project.run(words, { stdin });
    return [code, stdout.split("\n").sort().join("\n").trim()];
  };
  assertEquals(await run("-j2", "both"), [0, "[a]\n[b]"]);
  assertEquals(await run("-j2", "run", "a", "b"), [0, "[a]\n[b]"]);
  assertEquals(await run("-j2", "deps"), [0, "[a]\n[b]\nhello"]);
  assertEquals(await run("kept"), [0, "[kept]"]);
  assertEquals(await run("row"), [0, "[a]\n[kept]\nhello"]);
});

cliTest("in a pipe nobody is told of colour", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = "e FORCE_COLOR CLICOLOR_FORCE"\nb = "e FORCE_COLOR"\n',
  });
  const { stdout } = await project.run(["run", "a", "b"]);
  assertEquals(stdout.match(/unset/g)?.length, 3);
  // What the user says is handed on as it is.
  const said = await project.run(["a"], { env: { FORCE_COLOR: "3" } });
  assertEquals(said.stdout, "FORCE_COLOR=3\nCLICOLOR_FORCE-unset\n");
});

cliTest(
  "without a PATH, as cron may have it, programs are where shells look for them",
  { posixOnly: "there PATH is always set" },
  async () => {
    await using project = await createProject({
      "node_modules/.bin/tool": null,
      "tasks.toml": `[tasks.g]
env = { PATH = { unset = true } }
a = "true"
b.shell = "echo $PATH"
`,
    });
    const a = await project.run(["-q", "g.a"]);
    assertEquals([a.code, a.stderr], [0, ""]);
    const b = await project.run(["-q", "g.b"]);
    assertMatch(b.stdout, /^\/.*\/node_modules\/\.bin:\/.*\/usr\/bin:.*:\/bin\n$/);
  },
);
