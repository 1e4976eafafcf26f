/**
 * Every example does what it says, with the program under test.
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

/** The files of an example, as a project's file map. */
function example(name: string): Record<string, string> {
  const files: Record<string, string> = {};
  const root = new URL(`../../examples/${name}/`, import.meta.url);
  const visit = (path: string) => {
    for (const entry of Deno.readDirSync(new URL(path, root))) {
      if (entry.isDirectory) visit(`${path}${entry.name}/`);
      else files[`${path}${entry.name}`] = Deno.readTextFileSync(new URL(path + entry.name, root));
    }
  };
  visit("./");
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path.slice(2), text]));
}

cliTest("the hello example greets", async () => {
  await using project = await createProject(example("01-hello"));
  const hello = await project.run(["hello"]);
  assertEquals([hello.code, hello.stdout.trim()], [0, "Hello from ntask"]);
  const greet = await project.run(["greet", "Ada"]);
  assertEquals([greet.code, greet.stdout.trim()], [0, "Good morning, Ada"]);
});

cliTest("the TypeScript library example tests, builds and packs itself", async () => {
  await using project = await createProject(example("02-typescript-lib"));
  const { code, stdout } = await project.run(["pack", "1.2.3", "--channel=next"]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "cases 1.2.3 (next):");
  assertEquals(JSON.parse(project.read("dist/package.json")).publishConfig.tag, "next");
  const refused = await project.run(["pack", "1.2.3", "--channel=nxt"]);
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, "next");
});

cliTest("the parallel example runs its diamond once each", async () => {
  await using project = await createProject(example("03-parallel"));
  const { code, stdout } = await project.run(["release"]);
  assertEquals(code, 0);
  const lines = stdout.trim().split(/\r?\n/);
  assertEquals(lines[0], "assets");
  assertEquals(lines.slice(1, 3).sort(), ["api built", "web built"]);
  assertEquals(lines.slice(3), ["released"]);
});

cliTest(
  "a script finds the tools of the project's node_modules",
  { posixOnly: "a sh script" },
  async () => {
    await using project = await createProject({
      "tasks.toml": '[tasks]\ntool.shell = "mytool one | cat"\n',
      "node_modules/.bin/mytool": '#!/bin/sh\necho "mytool $1"\n',
    });
    Deno.chmodSync(`${project.root}/node_modules/.bin/mytool`, 0o755);
    const { code, stdout } = await project.run(["tool"]);
    assertEquals([code, stdout], [0, "mytool one\n"]);
  },
);
