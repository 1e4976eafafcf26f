/**
 * Settings: who may say something, and who wins (cli.md "Settings").
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Project } from "../rig/project.ts";

interface Shown {
  readonly [key: string]: { readonly value: unknown; readonly origin: string };
}

async function configOf(
  project: Project,
  words: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Shown> {
  const ran = await project.run([...words, "config", "--json"], { env });
  assertEquals(ran.code, 0, ran.stderr);
  return JSON.parse(ran.stdout);
}

const TASKS = '[tasks]\na = "p a"\n';

cliTest("a flag wins over a variable, that over the project, that over the user", {
  posixOnly: "Wine has an APPDATA of its own",
}, async () => {
  await using project = await createProject({ "tasks.toml": TASKS });
  const user = { "../home/.config/ntask/config.toml": "jobs = 2\nquiet = true\n" };
  const env = { XDG_CONFIG_HOME: "", APPDATA: `${project.env.HOME}/.config` };
  const jobs = async (words: readonly string[], more = {}) => {
    const { jobs } = await configOf(project, words, { ...env, ...more });
    return [jobs?.value, jobs?.origin.replaceAll("\\", "/").replace(/^.*home/, "home")];
  };
  assertEquals((await jobs([]))[1], "default");
  project.write(user);
  assertEquals(await jobs([]), [2, "home/.config/ntask/config.toml:1:1"]);
  project.write({ "tasks.toml": `[ntask]\njobs = 3\n${TASKS}` });
  assertEquals(await jobs([]), [3, "tasks.toml:2:1"]);
  assertEquals(await jobs([], { NTASK_JOBS: "4" }), [4, "NTASK_JOBS"]);
  assertEquals(await jobs(["-j5"], { NTASK_JOBS: "4" }), [5, "--jobs"]);
});

for (
  const [place, files, origin] of [
    ["ntask.toml", { "ntask.toml": "[ntask]\njobs = 6\n" }, "ntask.toml:2:1"],
    ["tasks.toml", { "tasks.toml": `[ntask]\njobs = 6\n${TASKS}` }, "tasks.toml:2:1"],
    ["pyproject.toml", { "pyproject.toml": "[tool.ntask]\njobs = 6\n" }, "pyproject.toml:2:1"],
    ["a pyproject.toml beside its tasks", {
      "tasks.toml": "",
      "pyproject.toml": '[tool.ntask]\njobs = 6\n[tool.ntask.tasks]\na = "p a"\n',
    }, "pyproject.toml:2:1"],
    ["deno.json", { "deno.json": '// c\n{ "ntask": { "jobs": 6 } }\n' }, "deno.json:2:14"],
    ["package.json", { "package.json": '{\n  "ntask": { "jobs": 6 }\n}\n' }, "package.json:2:14"],
    ["tasks.ts", {
      "tasks.ts": 'import { config } from "ntask";\nexport default config({ jobs: 6 });\n',
    }, "tasks.ts:2:25"],
  ] as const
) {
  cliTest(`settings may stand in ${place}`, async () => {
    await using project = await createProject({ "tasks.toml": TASKS, ...files });
    const { jobs } = await configOf(project);
    assertEquals(jobs, { value: 6, origin });
    const one = await project.run(["config", "jobs"]);
    assertEquals([one.code, one.stdout], [0, "6\n"]);
    assertEquals((await project.run(["a"])).code, 0);
  });
}

cliTest("a setting in two places of a project is an error that shows both", async () => {
  await using project = await createProject({
    "tasks.toml": `[ntask]\nkeep_going = true\n${TASKS}`,
    "package.json": '{ "ntask": { "keepGoing": false } }\n',
  });
  const ran = await project.run(["a"]);
  assertEquals([ran.code, ran.stdout], [2, ""]);
  assertStringIncludes(ran.stderr, 'error[E_SETTING_CONFLICT]: the setting "keepGoing" is written');
  assertStringIncludes(ran.stderr, "--> package.json:1:14");
  assertStringIncludes(ran.stderr, "--> tasks.toml:2:1");
});

cliTest(
  "an unknown setting is an error with the nearest one, a wrong type says the right one",
  async () => {
    for (
      const [files, said] of [
        [{ "tasks.toml": `[ntask]\njob = 1\n${TASKS}` }, 'no setting "job"\n  --> tasks.toml:2:1'],
        [{ "tasks.toml": `[ntask]\nkeepGoing = true\n${TASKS}` }, 'did you mean "keep_going"?'],
        [{ "package.json": '{ "ntask": { "keep_going": true } }' }, 'did you mean "keepGoing"?'],
        [
          { "tasks.toml": `[ntask]\njobs = "many"\n${TASKS}` },
          'a whole number above 0, not "many"',
        ],
        [{ "tasks.toml": `[ntask]\njobs = 0\n${TASKS}` }, "a whole number above 0, not 0"],
        [
          { "tasks.toml": `[ntask]\noutput = "loud"\n${TASKS}` },
          "must be one of prefixed, grouped",
        ],
        [{ "tasks.toml": `[ntask]\nkill_grace = "soon"\n${TASKS}` }, "must be a duration such as"],
        [{ "package.json": '{ "ntask": 5 }' }, "must be an object, not 5"],
        [{ "package.json": '{ "ntask": { }' }, "error[E_JSON]: the file is not JSON"],
      ] as const
    ) {
      await using project = await createProject({ "tasks.toml": TASKS, ...files });
      const ran = await project.run(["a"]);
      assertEquals([ran.code, ran.stdout], [2, ""], said);
      assertStringIncludes(ran.stderr, said);
    }
  },
);

cliTest("settings take effect: jobs, skip, quiet, strict_env, project_bins", async () => {
  await using project = await createProject({
    "tasks.toml": `[ntask]
quiet = true
skip = ["b"]
strict_env = true
project_bins = false
[tasks]
a = "p a"
b = "p b"
both.tasks = ["a", "b"]
unset = "p \${NO_SUCH_VARIABLE}"
tool = "only-here"
`,
    "node_modules/.bin/only-here": "#!/bin/sh\necho here\n",
  });
  const both = await project.run(["both"]);
  assertEquals([both.code, both.stdout, both.stderr], [0, "[a]\n", ""]);
  const unset = await project.run(["unset"]);
  assertEquals(unset.code, 2);
  assertStringIncludes(unset.stderr, "error[R_ENV_UNSET]: unset: the variable NO_SUCH_VARIABLE");
  assertEquals((await project.run(["tool"])).code, 127);
});

cliTest("a flag by its variable is yes, no, or an error", async () => {
  await using project = await createProject({ "tasks.toml": TASKS });
  for (
    const [value, quiet] of [
      ["1", true],
      ["true", true],
      ["Yes", true],
      ["on", true],
      ["0", false],
      ["false", false],
      ["no", false],
      ["OFF", false],
      ["", false],
    ] as const
  ) {
    const { code, stderr } = await project.run(["a"], { env: { NTASK_QUIET: value } });
    assertEquals([value, code, stderr === ""], [value, 0, quiet]);
  }
  const { code, stdout, stderr } = await project.run(["a"], { env: { NTASK_YES: "maybe" } });
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, 'NTASK_YES must be true or false, not "maybe"');
});

cliTest("children see no settings of ours", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = "e NTASK_JOBS NTASK_STRICT_ENV NTASK_KILL_GRACE"\n',
  });
  const env = { NTASK_JOBS: "2", NTASK_STRICT_ENV: "1", NTASK_KILL_GRACE: "3" };
  const ran = await project.run(["a"], { env });
  assertEquals(
    ran.stdout,
    "NTASK_JOBS-unset\nNTASK_STRICT_ENV-unset\nNTASK_KILL_GRACE-unset\n",
  );
});

cliTest(
  "config without a project shows what holds anywhere; an unknown key is an error",
  async () => {
    await using project = await createProject({ ".git/HEAD": "" });
    const all = await project.run(["config"]);
    assertEquals(all.code, 0, all.stderr);
    assert(
      all.stdout.split("\n").some((line) => /^kill_grace +5000 +default$/.test(line)),
      all.stdout,
    );
    const one = await project.run(["config", "job"]);
    assertEquals(one.code, 2);
    assertStringIncludes(one.stderr, "did you mean");
  },
);
