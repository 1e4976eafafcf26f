/**
 * Predictions where conditions decide: they say what a run would do, or what that depends on.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Project } from "../rig/project.ts";

/** Task -> what is predicted. */
async function predicted(project: Project, task: string): Promise<Record<string, string>> {
  const { stdout } = await project.run(["-n", task]);
  return Object.fromEntries(
    stdout.trim().split("\n").map((line) => line.split(/ {2,}/).slice(0, 2) as [string, string])
      .map(([name, what]) => [name, what.replace(/\(.*/, "").trim()]),
  );
}

/** Task -> how it ended. */
async function done(project: Project, task: string): Promise<string> {
  const { stderr } = await project.run([task]);
  return stderr.split("\n").flatMap((line) => {
    const [, state, name, rest = ""] = /^ *(ok|skipped) +(\S+) *(.*)$/.exec(line) ?? [];
    return state === undefined ? [] : [`${name} ${rest.startsWith("cached") ? "cached" : state}`];
  }).join(", ");
}

cliTest("what a function decides is not known before it has run", async () => {
  await using project = await createProject({
    "a": "1",
    "on": "",
    "tasks.ts": `import { existsSync } from "node:fs";
import { task } from "ntask";
const isOn = () => existsSync("on");
export const gen = task({ inputs: ["a"], outputs: ["g"], condition: isOn }, "cat a > g");
export const use = task({ deps: [gen], inputs: ["a"] }, "p use");
export const free = task({ inputs: ["a"] }, "p free");
export const all = task({ deps: [free], condition: isOn }, "p all");
export const both = task({ deps: [all, free] });
`,
  });
  assertEquals(await predicted(project, "use"), {
    gen: "depends on its condition",
    use: "depends on gen",
  });
  assertEquals(await predicted(project, "all"), {
    free: "depends on the condition of all",
    all: "depends on its condition",
  });
  assertEquals((await predicted(project, "both")).free, "miss", "somebody else needs it as well");
  assertEquals(await done(project, "use"), "gen ok, use ok");
  Deno.removeSync(`${project.root}/on`);
  assertEquals(await predicted(project, "use"), {
    gen: "depends on its condition",
    use: "depends on gen",
  });
  assertEquals(await done(project, "use"), "gen skipped, use ok");
});

cliTest(
  "what lies behind a condition that does not hold is not run, and not predicted",
  async () => {
    await using project = await createProject({
      "a": "1",
      "tasks.toml": `[tasks]
inner = { cmd = "p inner", inputs = ["a"] }
dep = { cmd = "p dep", inputs = ["a"] }
comp = { tasks = ["inner"], deps = ["dep"], condition = "sys_platform == 'none'" }
other = { tasks = ["comp", "dep"] }
`.replace("", ""),
    });
    assertEquals(await predicted(project, "comp"), {
      dep: "condition not met",
      inner: "condition not met",
    });
    assertEquals(await predicted(project, "other"), {
      dep: "miss",
      inner: "condition not met",
    });
    assertEquals((await project.run(["comp"])).stdout, "");
  },
);
