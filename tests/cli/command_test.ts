/**
 * What ntask does besides running: listing, drawing, planning, explaining itself, and where it
 * looks for tasks. `tests/golden/command` holds the longer outputs.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { VERSION } from "../../src/model/version.ts";
import { cliTest } from "../rig/cli.ts";
import { assertGolden, normalise } from "../rig/golden.ts";
import { createProject, type Project } from "../rig/project.ts";

const SHOP = {
  "tasks.toml": `[tasks]
install = { cmd = "probe install", help = "Fetch what is needed" }
lint = { cmd = "probe lint src", deps = ["install"] }

[tasks.test]
cmd = "probe test"
deps = ["install"]
help = """
Run the tests

More about them."""

[tasks.release]
deps = ["lint", "test", "web.build"]
help = "Check everything, build and publish"

[tasks.web]
help = "The web site"
build = { shell = "probe build && p built", deps = ["install"] }
serve = "probe serve"
`,
};

const TYPED = {
  "tasks.ts": `import { writeFileSync } from "node:fs";
import { group, shell, task } from "ntask";

writeFileSync("evaluated", "");

/** Greet somebody.
 * @param name whom to greet
 * @param loud in capital letters
 * @example ntask greet Ann --loud
 */
export const greet = task((name: string, loud = false, times: number = 1) =>
  shell\`probe \${name} \${loud} \${times}\`);

/** Deploy it. */
export const deploy = task({ deps: [greet.with({ name: "all" })] },
  (where: "here" | "there" = "here", ...services: string[]) => shell\`probe \${where} \${services}\`);

export const api = group({ lint: task("probe lint") });
`,
};

/** Nothing of the user's was run. */
function assertIdle(project: Project): void {
  assertEquals([project.probes.log(), project.has("evaluated")], [[], false]);
}

cliTest("--list is one aligned line per task and group", async () => {
  await using project = await createProject(SHOP);
  const ran = await project.run(["--list"]);
  assertGolden("command/list", ran.stdout);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  assertEquals(ran.stdout.match(/[ \t]+$/gm), null, "trailing blanks");
  for (const words of [["-l"], ["list"]]) {
    assertEquals((await project.run(words)).stdout, ran.stdout);
  }
  assertIdle(project);
});

cliTest("--list shows parameters, and runs nothing of tasks.ts (lesson 29)", async () => {
  await using project = await createProject(TYPED);
  const ran = await project.run(["--list"]);
  assertGolden("command/list_typed", ran.stdout);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  assertIdle(project);
});

cliTest(
  "without a task the default one runs, and where there is none they are listed",
  async () => {
    await using project = await createProject(SHOP);
    const list = await project.run([]);
    assertEquals([list.code, list.stdout], [0, (await project.run(["--list"])).stdout]);
    assertIdle(project);
    await using other = await createProject({
      "tasks.toml": '[tasks]\na = "p a"\nb = { cmd = "p b", default = true }\n',
    });
    const { code, stdout } = await other.run([]);
    assertEquals([code, stdout], [0, "[b]\n"]);
  },
);

cliTest("--list --json says everything about each task", async () => {
  await using project = await createProject(SHOP);
  const { code, stdout, stderr } = await project.run(["--list", "--json"]);
  assertEquals([code, stderr], [0, ""]);
  const { version, tasks } = JSON.parse(stdout) as {
    readonly version: number;
    readonly tasks: readonly Readonly<Record<string, unknown>>[];
  };
  assertEquals(version, 1);
  assertEquals(tasks.map(({ id, kind, group }) => [id, kind, group]), [
    ["install", "cmd", null],
    ["lint", "cmd", null],
    ["test", "cmd", null],
    ["release", tasks[3]!.kind, null],
    ["web", "group", null],
    ["web.build", "shell", "web"],
    ["web.serve", "cmd", "web"],
  ]);
  assertEquals(tasks[2]!.help, "Run the tests\n\nMore about them.");
  assertEquals(tasks[3]!.deps, ["lint", "test", "web.build"]);
  const { line, column } = tasks[2]!.source as { readonly line: number; readonly column: number };
  assertEquals([line, column], [5, 8]);
  assertIdle(project);
});

for (const format of ["ascii", "mermaid", "dot", "json"]) {
  cliTest(`--graph draws what a task needs as ${format}`, async () => {
    await using project = await createProject(SHOP);
    const ran = await project.run(["--graph", "release", "--format", format]);
    assertEquals([ran.code, ran.stderr], [0, ""]);
    assertGolden(`command/graph_${format}`, ran.stdout);
    assertIdle(project);
  });
}

cliTest("--graph without a task draws all of them, also as a command", async () => {
  await using project = await createProject(SHOP);
  const flag = await project.run(["--graph"]);
  assertEquals(flag.code, 0);
  for (const name of ["install", "lint", "test", "release", "web.build", "web.serve"]) {
    assertStringIncludes(flag.stdout, name);
  }
  const command = await project.run(["graph"]);
  assertEquals([command.code, command.stdout], [0, flag.stdout]);
});

cliTest("--graph follows the references of a tasks.ts", async () => {
  await using project = await createProject(TYPED);
  const ran = await project.run(["--graph", "deploy", "--format", "json"]);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  const { edges } = JSON.parse(ran.stdout) as { edges: { from: string; to: string }[] };
  assertEquals(edges.map(({ from, to }) => [from, to]), [["deploy", "greet"]]);
});

cliTest("--dry-run shows the plan in the order it would run, and starts nothing", async () => {
  await using project = await createProject(SHOP);
  const ran = await project.run(["--dry-run", "release"]);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  assertEquals(
    ran.stdout,
    `install    probe install
lint       probe lint src
test       probe test
web.build  probe build && p built
`,
  );
  assertEquals((await project.run(["-n", "release"])).stdout, ran.stdout);
  // Behind the name, of a task that takes no arguments, it is ntask's still.
  assertEquals((await project.run(["release", "--dry-run"])).stdout, ran.stdout);
  assertIdle(project);
});

cliTest("--dry-run of functions shows their arguments", async () => {
  await using project = await createProject(TYPED);
  const ran = await project.run(["-n", "deploy", "there", "a", "b c"]);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  assertMatch(ran.stdout, /^greet +\(.*name=all.*\)\ndeploy +\(.*where=there.*\)\n$/);
  assertEquals(project.probes.log(), []);
});

cliTest("commands run in the project root, wherever ntask is started (lesson 30)", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
here = "w"
there = { cmd = "w", cwd = "packages/api" }
script = { shell = "w" }
`,
    "tasks.ts": `import { shell, task } from "ntask";
export const inside = task(() => shell\`w\`);
`,
    "packages/api/deep": null,
  });
  for (const cwd of [".", "packages", "packages/api/deep"]) {
    for (const [name, where] of [["here", "."], ["there", "packages/api"], ["script", "."]]) {
      const { code, stdout } = await project.run([name!], { cwd });
      assertEquals([cwd, name, code, stdout], [cwd, name, 0, `${where}\n`]);
    }
  }
  assertEquals((await project.run(["inside"], { cwd: "packages/api" })).stdout, ".\n");
});

cliTest("the nearest task file wins, and -C looks from another directory", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = "p outer"\n',
    "inner/tasks.toml": '[tasks]\na = "p inner"\n',
    "inner/deep/keep": "",
    "other/keep": "",
  });
  const at = async (words: readonly string[], cwd = ".") =>
    (await project.run([...words, "a"], { cwd })).stdout;
  assertEquals(await at([]), "[outer]\n");
  assertEquals(await at([], "other"), "[outer]\n");
  assertEquals(await at([], "inner/deep"), "[inner]\n");
  assertEquals(await at(["-C", "inner"]), "[inner]\n");
  assertEquals(await at(["-Cinner/deep"]), "[inner]\n");
  assertEquals(await at(["--directory=..", "-q"], "inner"), "[outer]\n");
  assertEquals(await at(["--file", "inner/tasks.toml"]), "[inner]\n");
  assertEquals(await at(["--file=../tasks.toml"], "inner"), "[outer]\n");
});

cliTest("a path with blanks and a percent sign is a path like any other", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "w"
s = { shell = "w && p 'x y'" }
d = { cmd = "w", cwd = "a b%20c" }
`,
    "tasks.ts": `import { shell, task } from "ntask";
import { name } from "./part.ts";
export const f = task({ cwd: "a b%20c" }, async () => {
  await shell\`w\`;
  console.log(name);
});
`,
    "a b%20c": null,
    "part.ts": 'export const name = "part";\n',
  }, "n task 100%25 ü ");
  const results = [];
  for (const name of ["a", "s", "d", "f"]) {
    const { code, stdout } = await project.run([name], { cwd: "a b%20c" });
    results.push([code, stdout]);
  }
  assertEquals(results, [
    [0, ".\n"],
    [0, ".\n[x y]\n"],
    [0, "a b%20c\n"],
    [0, "a b%20c\npart\n"],
  ]);
});

cliTest("--version is one line", async () => {
  await using project = await createProject({});
  for (const words of [["--version"], ["-V"], ["--version", "nothing"]]) {
    const { code, stdout, stderr } = await project.run(words);
    assertEquals([code, stdout, stderr], [0, `ntask ${VERSION}\n`, ""]);
  }
});

cliTest("--help explains ntask, without a project", async () => {
  await using project = await createProject({});
  const ran = await project.run(["--help"]);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  assertGolden("command/help", normalise(ran.stdout, project));
  for (const words of [["-h"], ["help"]]) {
    assertEquals((await project.run(words)).stdout, ran.stdout);
  }
});

cliTest("help about a task, in every way to ask, runs nothing (lesson 28)", async () => {
  await using project = await createProject(TYPED);
  const ran = await project.run(["--help", "greet"]);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  assertGolden("command/help_greet", ran.stdout);
  const ways = [["-h", "greet"], ["help", "greet"], ["greet", "--help"], ["greet", "-h"]];
  for (const words of ways) {
    const { code, stdout } = await project.run(words);
    assertEquals([words, code, stdout], [words, 0, ran.stdout]);
  }
  assertEquals(project.probes.log(), []);
});

cliTest("-h before a command's task documents it; behind it, it is the command's own", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks.a]\ncmd = "p"\nhelp = "Say it"\nargs = ["what to say"]\n',
  });
  const help = await project.run(["-h", "a"]);
  assertEquals(help.code, 0);
  assertGolden("command/help_command", help.stdout);
  assertEquals((await project.run(["a", "-h"])).stdout, "[-h]\n");
  assertEquals((await project.run(["a", "--help"])).stdout, "[--help]\n");
});

cliTest("a task of the user's wins over a command; its flag reaches the command", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\nlist = "p mine"\ngraph = "p mine too"\n',
  });
  assertEquals((await project.run(["list"])).stdout, "[mine]\n");
  assertEquals((await project.run(["graph"])).stdout, "[mine][too]\n");
  assertEquals((await project.run(["--list"])).stdout, "list\ngraph\n");
});

cliTest("run takes several tasks, globs and, for one, arguments", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "p a"
g.one = "p one"
g.two = "p two"
`,
  });
  const run = async (...words: readonly string[]) => {
    const { code, stdout } = await project.run(["-j1", "run", ...words]);
    return [code, stdout];
  };
  assertEquals(await run("a", "g.two"), [0, "[a]\n[two]\n"]);
  assertEquals(await run("g.*"), [0, "[one]\n[two]\n"]);
  assertEquals(await run("g:one"), [0, "[one]\n"]);
  assertEquals(await run("a", "--", "-x", "--list"), [0, "[a][-x][--list]\n"]);
  const [code, stdout] = await run("a", "g.one", "--", "x");
  assertEquals([code, stdout], [2, ""]);
});

cliTest(
  "settings come from NTASK_ variables, flags win, and children do not see them",
  async () => {
    await using project = await createProject({
      "tasks.toml": '[tasks]\na = "e NTASK_OUTPUT NTASK_JOBS NTASK_TASK"\n',
    });
    const env = { NTASK_OUTPUT: "quiet", NTASK_JOBS: "3" };
    assertEquals((await project.run(["a"], { env })).stdout, "");
    const { code, stdout } = await project.run(["--output=stream", "a"], { env });
    assertEquals([code, stdout], [0, "NTASK_OUTPUT-unset\nNTASK_JOBS-unset\nNTASK_TASK=a\n"]);
    const bad = await project.run(["a"], { env: { NTASK_JOBS: "many" } });
    assertEquals([bad.code, bad.stdout], [2, ""]);
    assertStringIncludes(bad.stderr, "many");
  },
);

cliTest("the standard input reaches a task that runs alone", async () => {
  await using project = await createProject({
    "tasks.toml":
      '[tasks]\na = { shell = "cat" }\nb = { shell = "cat", deps = ["c"] }\nc = "p c"\n',
  });
  const alone = await project.run(["a"], { stdin: "hello\nthere" });
  assertEquals([alone.code, alone.stdout], [0, "hello\nthere"]);
  const none = await project.run(["a"]);
  assertEquals([none.code, none.stdout], [0, ""]);
});

cliTest("a reader that leaves early is no failure of the task's", async () => {
  await using project = await createProject({
    // More than a pipe holds.
    "big": "0123456789abcde\n".repeat(65_536),
    "tasks.toml": '[tasks]\na = "probe a wait"\nb = { cmd = "out big", deps = ["a"] }\n',
  });
  const running = project.start(["--output=grouped", "b"]);
  await project.probes.started("a");
  running.deafen();
  project.probes.go("a");
  assertEquals(await running.exited, 0);
});
