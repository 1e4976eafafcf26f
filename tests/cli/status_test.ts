/**
 * The exit status (cli.md "Exit codes").
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { normalise } from "../rig/golden.ts";
import { createProject } from "../rig/project.ts";

cliTest("the status is the command's own", async () => {
  await using project = await createProject({ "tasks.toml": '[tasks]\na = "x"\n' });
  for (const code of [0, 1, 2, 7, 124, 255]) {
    assertEquals((await project.run(["a", String(code)])).code, code);
  }
});

cliTest(
  "a failed dependency, item or hook gives its status, and what waited does not run",
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks]
bad = "x 5"
dependant = { cmd = "p ran", deps = ["bad"] }
chain.tasks = ["dependant", "dependant"]
row.tasks = ["bad", { cmd = "p ran" }]
all = { tasks = ["bad"], parallel = true }
before = { cmd = "p ran", pre = "bad" }
behind = { cmd = "p first", post = "bad" }
`,
    });
    for (const name of ["bad", "dependant", "chain", "row", "all", "before"]) {
      const { code, stdout } = await project.run([name]);
      assertEquals([name, code, stdout], [name, 5, ""]);
    }
    const { code, stdout } = await project.run(["behind"]);
    assertEquals([code, stdout], [5, "[first]\n"]);
  },
);

cliTest("a program that is not there: 127, and where it was looked for", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = "no-such-program now"\n',
    "node_modules/.bin": null,
  });
  const ran = await project.run(["a"]);
  assertEquals([ran.code, ran.stdout], [127, ""]);
  assertEquals(
    normalise(ran.stderr, project),
    `     run  a  no-such-program now
error[R_COMMAND]: a: there is no program "no-such-program"
  --> tasks.toml:2:5
 1 | [tasks]
 2 | a = "no-such-program now"
   |     ^^^^^^^^^^^^^^^^^^^^^
  help: looked in <root>/node_modules/.bin and on PATH
  failed  a  not started, <time>
`,
  );
});

cliTest("a file that cannot be executed: 126", { posixOnly: "no permission bits" }, async () => {
  await using project = await createProject({
    "tool": "not a program",
    "tasks.toml": '[tasks]\na = "./tool"\nb = "./"\n',
  });
  const file = await project.run(["a"]);
  assertEquals([file.code, file.stdout], [126, ""]);
  assertMatch(file.stderr, /^error\[R_COMMAND\]: a: "\.\/tool" cannot be executed$/m);
  const folder = await project.run(["b"]);
  assertEquals([folder.code, folder.stdout], [126, ""]);
  assertMatch(folder.stderr, /^error\[R_COMMAND\]: b: "\.\/" is a directory$/m);
});

cliTest("a command killed by signal n: 128 + n", { posixOnly: "no signals" }, async () => {
  await using project = await createProject({ "tasks.toml": '[tasks]\na = "probe a"\n' });
  for (const [signal, code] of [["SIGKILL", 137], ["SIGTERM", 143], ["SIGINT", 130]] as const) {
    for (const mode of [[], ["--output=grouped"]]) {
      const ran = await project.run([...mode, "a", `kill=${signal}`]);
      assertEquals([signal, ran.code], [signal, code]);
      assertMatch(ran.stderr, new RegExp(`^ {2}failed {2}a {2}killed by ${signal}, \\S+$`, "m"));
    }
  }
});

cliTest("a shell script's status is its last command's", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
last = { shell = "x 3; p after" }
both = { shell = "x 3 && p never" }
exit = { shell = "p before; exit 9; p never" }
none = { shell = "no-such-program" }
`,
  });
  const results = await Promise.all(
    ["last", "both", "exit", "none"].map(async (name) => {
      const { code, stdout } = await project.run([name]);
      return [name, code, stdout];
    }),
  );
  assertEquals(results, [
    ["last", 0, "[after]\n"],
    ["both", 3, ""],
    ["exit", 9, "[before]\n"],
    ["none", 127, ""],
  ]);
});

cliTest("a directory that is not there: 2, and the command is not started", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = { cmd = "p a", cwd = "nowhere" }\n',
  });
  const ran = await project.run(["a"]);
  assertEquals([ran.code, ran.stdout], [2, ""]);
  assertMatch(ran.stderr, /^error\[R_CWD\]: a: cannot run in "nowhere": it does not exist$/m);
});

cliTest("a task without anything to do succeeds", async () => {
  await using project = await createProject({
    "tasks.toml":
      '[tasks]\na.deps = ["b"]\nb = { cmd = "p b", condition = "os_name == \'none\'" }\n',
  });
  const { code, stdout } = await project.run(["a"]);
  assertEquals([code, stdout], [0, ""]);
});
