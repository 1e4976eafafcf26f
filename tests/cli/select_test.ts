/**
 * Choosing tasks by tag, and being asked before one runs.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

const TASKS = `[tasks]
a = { cmd = "p a", tags = ["unit"] }
b = { cmd = "p b", tags = ["unit", "slow"] }
c = "p c"
_h = { cmd = "p h", tags = ["unit"] }
[tasks.g]
tags = ["slow"]
x = "p x"
[tasks.g.y]
cmd = "p y"
tags = ["extra"]
`;

cliTest("a tag chooses tasks, those of a group too; several tags add up", async () => {
  await using project = await createProject({ "tasks.toml": TASKS });
  for (
    const [words, stdout] of [
      [["--tag", "unit"], "[a]\n[b]\n"],
      [["--tag=slow"], "[b]\n[x]\n[y]\n"],
      [["--tag", "unit", "--tag", "extra"], "[a]\n[b]\n[y]\n"],
      [["run", "--tag", "extra", "c"], "[y]\n[c]\n"],
      [["--tag", "extra", "c"], "[y]\n[c]\n"],
      [["--list", "--tag", "slow"], "b\ng.x\ng.y\n"],
      [["list", "--tag", "extra"], "g.y\n"],
    ] as const
  ) {
    const ran = await project.run(["-j1", ...words]);
    assertEquals([ran.code, ran.stdout], [0, stdout], words.join(" "));
  }
});

cliTest("a tag that no task has is an error with the nearest one", async () => {
  await using project = await createProject({ "tasks.toml": TASKS });
  for (const words of [["--tag", "untt"], ["--list", "--tag", "untt"]]) {
    const ran = await project.run(words);
    assertEquals([ran.code, ran.stdout], [2, ""]);
    assertStringIncludes(ran.stderr, "no task has the tag untt");
    assertStringIncludes(ran.stderr, "unit");
  }
});

cliTest(
  "without a terminal a question is an error, before anything starts; --yes answers it",
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks]
before = "p before"
drop = { cmd = "p drop", confirm = "Drop everything?", deps = ["before"] }
all.tasks = ["before", "drop"]
`,
    });
    const refused = await project.run(["all"]);
    assertEquals([refused.code, refused.stdout], [2, ""]);
    assertStringIncludes(refused.stderr, 'error[R_CONFIRM]: drop: it asks "Drop everything?"');
    assertStringIncludes(refused.stderr, "--yes");
    for (const [words, env] of [[["-y"], {}], [["--yes"], {}], [[], { NTASK_YES: "1" }]] as const) {
      const ran = await project.run([...words, "all"], { env });
      assertEquals([ran.code, ran.stdout], [0, "[before]\n[before]\n[drop]\n"]);
    }
    assertEquals((await project.run(["--skip", "drop", "all"])).code, 0);
    assertEquals((await project.run(["--dry-run", "all"])).code, 0);
  },
);
