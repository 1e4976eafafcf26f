/**
 * What keeping results needs.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

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
  assertStringIncludes(ran.stderr, "tasks.ts:3:25");
});
