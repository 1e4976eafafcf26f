/**
 * `ntask init`, and what editors are given.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ROOT } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

async function check(directory: string): Promise<string> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "tasks.ts"],
    cwd: directory,
    env: { NO_COLOR: "1" },
  }).output();
  return code === 0 ? "" : new TextDecoder().decode(stderr);
}

cliTest("in an empty folder init, and then ntask alone, is all it takes", async () => {
  await using project = await createProject({});
  const init = await project.run(["init"]);
  assertEquals([init.code, init.stderr], [0, ""]);
  assertEquals(
    init.stdout,
    "wrote tasks.ts\nwrote tsconfig.json\nwrote deno.json\nnow try: ntask\n",
  );
  const run = await project.run(["-j1"]);
  assertEquals(run.code, 0);
  assertMatch(run.stdout, /^Hello, world!\n *\d+ tasks\.ts\n$/);
  const second = await project.run(["-j1"]);
  assertEquals(second.stdout, run.stdout);
  assertMatch(second.stderr, /ok {2}lines {2}cached \([0-9a-f]{8}\)/);
  const hello = await project.run(["hello", "Ann"]);
  assertEquals(hello.stdout, "Hello, Ann!\n");
  assertEquals(await check(project.root), "");
});

cliTest("the template of a library passes its own compiler", async () => {
  await using project = await createProject({});
  assertEquals((await project.run(["init", "typescript-library"])).code, 0);
  assertEquals(await check(project.root), "");
  assertStringIncludes(project.read("package.json"), '"name": "project"');
  const list = await project.run(["--list"]);
  assertEquals(list.stdout.split("\n").map((line) => line.split(" ")[0]), [
    "check",
    "test",
    "build",
    "ok",
    "",
  ]);
});

cliTest("init overwrites nothing and says what is missing where", async () => {
  await using project = await createProject({ "tsconfig.json": "{}\n" });
  const first = await project.run(["--init"]);
  assertEquals(first.code, 0);
  assertEquals(project.read("tsconfig.json"), "{}\n");
  assertStringIncludes(
    first.stdout,
    'tsconfig.json is there already; it needs:\n  "compilerOptions": { "paths": {"ntask":["./.ntask/types/ntask.d.ts"]} }\n',
  );
  const before = project.read("tasks.ts");
  const again = await project.run(["init"]);
  assertEquals([again.code, again.stdout], [2, ""]);
  assertStringIncludes(again.stderr, '"tasks.ts" is there already; nothing was written');
  assertEquals(project.read("tasks.ts"), before);
  const unknown = await project.run(["init", "pain"]);
  assertEquals(unknown.code, 2);
  assertStringIncludes(unknown.stderr, 'did you mean "plain"?');
});

cliTest("a run writes the types when they are missing or of another version", async () => {
  await using project = await createProject({
    "tasks.ts": 'import { task } from "ntask";\nexport const a = task("p a");\n',
  });
  const file = ".ntask/types/ntask.d.ts";
  assertEquals((await project.run(["a"])).code, 0);
  const text = project.read(file);
  assert(text.endsWith(Deno.readTextFileSync(`${ROOT}/src/model/ntask.d.ts`)));
  assertEquals(project.read(".ntask/.gitignore"), "*\n");
  project.write({ [file]: "// ntask 0.0.1: written by ntask, do not edit.\n" });
  const again = await project.run(["a"]);
  assertEquals([again.code, again.stdout], [0, "[a]\n"]);
  assertEquals(project.read(file), text);
});
