/**
 * Properties that are accepted, and do nothing yet.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

cliTest("an accepted property that does nothing yet says so, once for each file", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = { cmd = "p a", weight = 5 }
b = { cmd = "p b", weight = 3, retries = 1 }
`,
    "tasks.ts": `import { task } from "ntask";

export const c = task({ weight: 1, cacheEnv: ["CI"] }, "p c");
`,
  });
  const ran = await project.run(["a"]);
  assertEquals([ran.code, ran.stdout], [0, "[a]\n"]);
  const warnings = ran.stderr.split("\n").filter((line) => line.startsWith("warning["));
  assertEquals(warnings, [
    'warning[W_PROP_LATER]: a: "weight" has no effect in this version',
    'warning[W_PROP_LATER]: b: "retries" has no effect in this version',
    'warning[W_PROP_LATER]: c: "weight" has no effect in this version',
  ]);
  assertStringIncludes(ran.stderr, "--> tasks.toml:2:20");
  const quiet = await project.run(["-q", "a"]);
  assertEquals([quiet.code, quiet.stdout, quiet.stderr], [0, "[a]\n", ""]);
});

cliTest("keeping results needs inputs, and nobody at the terminal", async () => {
  for (
    const [properties, code, place] of [
      ["cached = true", "E_CACHE_INPUTS", "3:1"],
      ['outputs = ["dist/"]', "E_CACHE_INPUTS", "3:1"],
      ['inputs = ["a"]\ninteractive = true', "E_CACHE_INTERACTIVE", "4:1"],
    ] as const
  ) {
    await using project = await createProject({
      "tasks.toml": `[tasks.a]\ncmd = "p a"\n${properties}\n`,
    });
    const ran = await project.run(["a"]);
    assertEquals([ran.code, ran.stdout], [2, ""], properties);
    assertStringIncludes(ran.stderr, `error[${code}]: a: `);
    assertStringIncludes(ran.stderr, `--> tasks.toml:${place}`);
  }
  for (
    const properties of [
      'outputs = ["dist/"]\ncached = false',
      "cached = true\ninputs = []",
      'cached = false\ninputs = ["a"]\ninteractive = true',
    ]
  ) {
    await using project = await createProject({
      "tasks.toml": `[tasks.a]\ncmd = "p a"\n${properties}\n`,
    });
    assertEquals((await project.run(["a"])).code, 0, properties);
  }
});

cliTest("tasks.ts is held to the same rules", async () => {
  await using project = await createProject({
    "tasks.ts": `import { task } from "ntask";

export const a = task({ cached: true }, "p a");
`,
  });
  const ran = await project.run(["a"]);
  assertEquals([ran.code, ran.stdout], [2, ""]);
  assertStringIncludes(ran.stderr, 'error[E_CACHE_INPUTS]: a: "cached" keeps results');
  assertStringIncludes(ran.stderr, "tasks.ts:3:14");
});
