/**
 * `ntask validate`, and what ntask's own words must not tell.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

cliTest("validate says how much there is, and that it is in order", async () => {
  await using project = await createProject({ "tasks.toml": '[tasks]\na = "p a"\nb.deps = "a"\n' });
  const ran = await project.run(["validate"]);
  assertEquals([ran.code, ran.stdout, ran.stderr], [0, "2 tasks, no problems\n", ""]);
});

cliTest("validate shows every problem, also of scripts that need another shell", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a.shell = "[[ -n $X ]] && p a"
b = { cmd = "p b", deps = ["nope"] }
c.tasks = [{ shell = "p x <(p y)" }]
`,
  });
  const ran = await project.run(["validate"]);
  assertEquals([ran.code, ran.stdout], [2, "3 tasks, 1 error, 2 warnings\n"]);
  assertStringIncludes(ran.stderr, "warning[W_PORTABLE]: a: the portable shell cannot run [[ … ]]");
  assertStringIncludes(ran.stderr, "--> tasks.toml:2:12");
  assertStringIncludes(ran.stderr, "error[E_REF_UNKNOWN]: b: ");

  const json = await project.run(["validate", "--json"]);
  assertEquals([json.code, json.stderr], [2, ""]);
  const { version, tasks, problems } = JSON.parse(json.stdout);
  assertEquals([version, tasks], [1, 3]);
  assertEquals(
    problems.map(({ code, level, task, line, column }: Record<string, unknown>) =>
      [code, level, task, line, column].join(" ")
    ),
    ["E_REF_UNKNOWN error b 3:28", "W_PORTABLE warning a 2:12", "W_PORTABLE warning c 4:27"].map(
      (text) => text.replace(/(\d+):(\d+)$/, "$1 $2"),
    ),
  );
});

cliTest("validate runs no task, but tasks.ts itself", async () => {
  await using project = await createProject({
    "tasks.ts": `import { task } from "ntask";

export const a = task({ deps: ["nope"] }, "p a");
throw new Error("at the top");
`,
  });
  const ran = await project.run(["validate"]);
  assertEquals(ran.code, 2);
  assertStringIncludes(ran.stderr, "at the top");
});

cliTest("a value that is secret is masked in ntask's words, and nowhere else", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
env = { TOKEN = { value = "s3cr3t-\${USERS}", secret = true }, EMPTY = { value = "", secret = true } }
show = "p \${TOKEN}"
prog = "./\${TOKEN}"
`,
  });
  const env = { USERS: "42" };
  const show = await project.run(["show"], { env });
  assertEquals([show.code, show.stdout], [0, "[s3cr3t-42]\n"], "the task's own output is its own");
  assertStringIncludes(show.stderr, "show  p ***\n");
  const json = await project.run(["--output", "json", "show"], { env });
  const start = json.stdout.split("\n").find((line) => line.includes("step-start"));
  assert(start !== undefined && !start.includes("s3cr3t"), start);
  for (const words of [["prog"], ["-n", "show"]]) {
    const ran = await project.run(words, { env });
    assert(!(ran.stdout + ran.stderr).includes("s3cr3t-42"), ran.stderr);
  }
});

cliTest("an envfile that is not there is mentioned with -v only", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = { cmd = "p a", envfile = "no.env" }\n',
  });
  const ran = await project.run(["a"]);
  assert(!ran.stderr.includes("no.env"), ran.stderr);
  const verbose = await project.run(["-v", "a"]);
  assertEquals(verbose.code, 0);
  assertStringIncludes(verbose.stderr, "warning[W_ENVFILE]: a: ");
  assertStringIncludes(verbose.stderr, "no.env");
});
