/**
 * Attempts and time limits: how often a failing task is tried, what is said, and what takes too long.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

/** Fails until it has been run so many times. */
const flaky = (name: string, good: number) =>
  `echo x >> ${name}; n=$(wc -l < ${name}); echo attempt $n; test $n -ge ${good}`;

cliTest("a failing task is tried again, after longer and longer pauses, and says so", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks.a]
shell = '${flaky("n", 3)}'
retries = { max = 3, delay = "10ms", factor = 3 }
`,
  });
  const { code, stdout, stderr } = await project.run(["a"]);
  assertEquals([code, stdout.replaceAll(/ +/g, " ")], [0, "attempt 1\nattempt 2\nattempt 3\n"]);
  assertMatch(stderr, /^ {3}retry {2}a {2}exit 1, attempt 2 of 4 in 10ms$/m);
  assertMatch(stderr, /^ {3}retry {2}a {2}exit 1, attempt 3 of 4 in 30ms$/m);
  assertMatch(stderr, /^ {6}ok {2}a {2}/m);
});

cliTest("the status is that of the last attempt", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = { shell = "echo x >> n; exit $(($(wc -l < n) + 3))", retries = { max = 2, delay = "1ms" } }
`,
  });
  const { code, stderr } = await project.run(["a"]);
  assertEquals(code, 6);
  assertMatch(stderr, /^ {2}failed {2}a {2}exit 6, /m);
});

cliTest("--retries tries every failing task again; --retries=0 none", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a.shell = '${flaky("n", 2)}'
b = { shell = '${flaky("m", 2)}', retries = 1 }
`,
  });
  assertEquals((await project.run(["--retries", "1", "a"])).code, 0);
  const ran = await project.run(["--retries=0", "b"]);
  assertEquals([ran.code, project.read("m")], [1, "x\n"]);
  const env = { NTASK_RETRIES: "0" };
  Deno.removeSync(join(project.root, "m"));
  assertEquals((await project.run(["b"], { env })).code, 1);
});

cliTest("a program that is missing is not tried again", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = { cmd = "no-such-program", retries = 5 }\n',
  });
  const { code, stderr } = await project.run(["a"]);
  assertEquals([code, stderr.includes("retry")], [127, false]);
});

cliTest(
  "a cached task that succeeds at the second attempt is stored as if at the first",
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks.a]
shell = 'mkdir -p out; echo x >> ../n; n=$(wc -l < ../n); touch out/$((n)); test $n -ge 2'
retries = { max = 1, delay = "1ms" }
inputs = []
outputs = ["out/"]
`,
    });
    assertEquals((await project.run(["a"])).code, 0);
    // What the first attempt left is not part of the result.
    assertEquals([project.has("out/1"), project.has("out/2")], [false, true]);
    const again = await project.run(["a"]);
    assertStringIncludes(again.stderr, "cached");
  },
);

cliTest("a composite is tried again with all its items, and counts once", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
first = "p first"
second.shell = '${flaky("n", 2)}'
all = { tasks = ["first", "second"], retries = { max = 1, delay = "1ms" } }
`,
  });
  const { code, stdout, stderr } = await project.run(["all"]);
  assertEquals(
    [code, stdout.replaceAll(/ +/g, " ")],
    [0, "[first]\nattempt 1\n[first]\nattempt 2\n"],
  );
  assertMatch(stderr, /^ {3}retry {2}all.*second failed, attempt 2 of 2 in 1ms$/m);
  assertMatch(stderr, /^ntask: 2 ok in /m);
});

cliTest("a failure in a composite that is tried again stops its parallel items only", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
bad = { shell = "probe bad until=beside exit=3" }
beside = "probe beside wait"
both = { tasks = ["bad", "beside"], parallel = true, retries = { max = 1, delay = "1ms" } }
other = "probe other until=after"
after = { cmd = "probe after", deps = ["never_mind"] }
never_mind = "probe never_mind until=beside"
all.deps = ["both", "other", "after"]
`,
  });
  const { code, stderr } = await project.run(["-j4", "all"]);
  assertEquals(code, 3, stderr);
  assertEquals(project.probes.log().filter((entry) => entry === "start bad").length, 2);
});

cliTest("--timeout ends every action that takes longer", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "probe a child=a2 wait"
`,
  });
  const { code, stderr } = await project.run(["--timeout", "300ms", "a"]);
  assertEquals(code, 124);
  assertMatch(stderr, /^ {2}failed {2}a {2}took longer than 300ms, /m);
});

cliTest("a composite with a time limit ends its items, in turn or at once", async () => {
  for (const parallel of [false, true]) {
    await using project = await createProject({
      "tasks.toml": `[tasks]
a = "probe a wait"
b = "probe b wait"
all = { tasks = ["a", "b"], parallel = ${parallel}, timeout = "500ms" }
`,
    });
    const { code, stderr } = await project.run(["all"]);
    assertEquals(code, 124);
    assertMatch(stderr, /^ {2}failed {2}all {2}took longer than 500ms$/m);
  }
});

cliTest("an item has its own time limit, which goes before that of its task", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
slow = { cmd = "probe slow wait", timeout = "1h" }
inline.tasks = [{ cmd = "probe inner wait", timeout = "300ms" }]
other.tasks = [{ use = "slow", timeout = "300ms" }]
`,
  });
  for (const name of ["inline", "other"]) {
    const { code, stderr } = await project.run([name]);
    assertEquals([code, stderr.includes("took longer than 300ms")], [124, true], stderr);
  }
});

cliTest("what took too long is tried again like what failed", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks.a]
shell = "test -e there || { touch there; probe a wait; }; p done"
timeout = "1s"
retries = { max = 1, delay = "1ms" }
`,
  });
  const { code, stdout, stderr } = await project.run(["a"]);
  assertEquals([code, stdout], [0, "[done]\n"]);
  assertMatch(stderr, /^ {3}retry {2}a {2}took longer than 1\.00s, attempt 2 of 2 in 1ms$/m);
});

cliTest("Ctrl+C in the pause before another attempt ends the run", {
  posixOnly: "a Windows program under Wine cannot be sent signals",
}, async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = { cmd = "x 3", retries = { max = 1, delay = "1h" } }\n',
  });
  const running = project.start(["a"]);
  await running.says("attempt 2 of 2 in 1h");
  running.signal("SIGINT");
  assertEquals((await running.ended).code, 130);
});

cliTest("what does not start again in a later attempt has taken no time in it", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
hit = { cmd = "p hit", inputs = [] }
bad.shell = "exit 3"
all = { tasks = ["hit", "bad"], retries = { max = 1, delay = "1ms" } }
`,
  });
  const { code, stderr } = await project.run(["all"]);
  assertEquals(code, 3);
  assertMatch(stderr, /^ {6}ok {2}hit {2}cached \(\w{8}\)$/m);
});
