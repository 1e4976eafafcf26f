/**
 * Cached tasks while somebody else works beside them.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { binary } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

const GEN = `[tasks.gen]
cmd = "sh gen.sh"
outputs = ["gen/"]
cached = false

[tasks.read]
cmd = "probe read wait"
inputs = ["gen/**"]
`;

cliTest(
  "inputs that another process made anew meanwhile may have been half there: nothing is stored (lesson 8)",
  { posixOnly: "the task is a script of its shell" },
  async () => {
    await using project = await createProject({
      "tasks.toml": GEN,
      "gen.sh": "mkdir -p gen\necho same > gen/a\n",
    });
    assertEquals((await project.run(["gen"])).code, 0);
    const running = project.start(["read"]);
    await project.probes.started("read");
    assertEquals((await project.run(["gen"])).code, 0);
    project.probes.go("read");
    const { code, stderr } = await running.ended;
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /W_CACHE_CHANGED.*gen\/a/);
    // And it is stored when nobody was there.
    project.probes.reset();
    project.probes.go("read");
    const second = await project.run(["read"]);
    assertEquals(project.probes.log(), ["start read", "end read"]);
    assertEquals(/W_CACHE/.test(second.stderr), false, second.stderr);
    project.probes.reset();
    assertStringIncludes((await project.run(["read"])).stderr, "cached");
  },
);

cliTest(
  "who waits for another process says for whom, and Ctrl+C ends the waiting",
  { posixOnly: "a signal cannot be sent to one process there" },
  async () => {
    await using project = await createProject({
      "tasks.toml": '[tasks.slow]\ncmd = "probe slow wait"\ninputs = []\n',
    });
    const first = project.start(["slow"]);
    await project.probes.started("slow");
    const second = project.start(["slow"]);
    await second.says("wait");
    second.signal("SIGINT");
    const { code, stderr } = await second.ended;
    assertEquals(code, 130, stderr);
    assertMatch(stderr, /for process \d+, which is at slow/);
    project.probes.go("slow");
    assertEquals((await first.ended).code, 0);
  },
);

cliTest(
  "what a killed ntask left running is ended before its outputs are made again (lesson 13)",
  { posixOnly: "processes are found by what Linux tells of them" },
  async () => {
    if (Deno.build.os !== "linux") return;
    await using project = await createProject({
      "tasks.toml": `[tasks.make]
cmd = "sh make.sh"
inputs = ["make.sh"]
outputs = ["dist/"]
`,
      "make.sh": "mkdir -p dist\necho half > dist/a\nprobe make wait\necho whole >> dist/a\n",
    });
    const killed = project.start(["make"]);
    const { pid } = await project.probes.started("make");
    await killed.close();
    project.probes.reset();
    const second = project.start(["make"]);
    await project.probes.started("make");
    await project.gone(pid);
    project.probes.go("make");
    assertEquals((await second.ended).code, 0);
    assertEquals(project.read("dist/a"), "half\nwhole\n");
  },
);

cliTest(
  "a task that runs ntask, or another task, may do so below its own outputs",
  { posixOnly: "the task is a script of its shell" },
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks.outer]
cmd = "sh outer.sh"
inputs = []
outputs = ["dist/"]

[tasks.inner]
cmd = "sh inner.sh"
inputs = []
outputs = ["dist/sub/"]
`,
      "inner.sh": "mkdir -p dist/sub\necho inner > dist/sub/x\n",
      "outer.sh": `${binary.command.map((word) => `'${word}'`).join(" ")} inner\n` +
        "echo outer > dist/x\n",
      "tasks.ts": `import { run, task } from "ntask";
export const body = task({ outputs: ["dist/"], cached: false }, async () => {
  await run("inner");
});
`,
    });
    const first = await project.run(["outer"]);
    assertEquals(first.code, 0, first.stderr);
    assertEquals([project.read("dist/x"), project.read("dist/sub/x")], ["outer\n", "inner\n"]);
    Deno.removeSync(`${project.root}/dist`, { recursive: true });
    assertStringIncludes((await project.run(["outer"])).stderr, "cached");
    assertEquals([project.read("dist/x"), project.read("dist/sub/x")], ["outer\n", "inner\n"]);
    const body = await project.run(["body"]);
    assertEquals(body.code, 0, body.stderr);
    assertEquals(project.has("dist/x"), false);
    assertEquals(project.read("dist/sub/x"), "inner\n");
  },
);
