/**
 * `keep_going = true` of a composite or group (toml-spec §10, §14.3).
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

const TASKS = `[tasks]
bad = "x 3"
worse = "x 4"
good = "p good"
needs = { cmd = "p needs", deps = ["bad"] }
after = "p after"
all = { tasks = ["bad", "good", "worse", "needs"], keep_going = true }
strict = { tasks = ["bad", "good"] }
outer = { tasks = ["all", "after"] }
nested = { tasks = [{ use = "strict" }, "after"], keep_going = true }
together = { tasks = ["bad", "good"], parallel = true, keep_going = true }
[tasks.g]
keep_going = true
one = "x 5"
two = "p two"
`;

cliTest(
  "a composite that keeps going runs all its items and returns the first failure",
  async () => {
    await using project = await createProject({ "tasks.toml": TASKS });
    for (
      const [task, code, stdout] of [
        ["all", 3, "[good]\n"],
        ["g", 5, "[two]\n"],
        ["together", 3, "[good]\n"],
        ["strict", 3, ""],
        // What stands behind it in a sequence that does not keep going is not reached.
        ["outer", 3, "[good]\n"],
        // A sequence inside ends at its own first failure.
        ["nested", 3, "[after]\n"],
      ] as const
    ) {
      const ran = await project.run(["-j1", task]);
      assertEquals([ran.code, ran.stdout], [code, stdout], task);
    }
  },
);

cliTest("what needs a failed task is skipped, not failed, where somebody keeps going", async () => {
  await using project = await createProject({ "tasks.toml": TASKS });
  const ran = await project.run(["-j1", "all"]);
  assertStringIncludes(ran.stderr, "skipped  needs  bad failed");
});
