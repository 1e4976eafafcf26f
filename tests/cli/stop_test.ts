/**
 * Ctrl+C and its relatives in the middle of a run: the right status, and nothing left behind.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { gone, isAlive } from "../rig/probes.ts";
import { createProject, type Project } from "../rig/project.ts";

const posixOnly = "a Windows program under Wine cannot be sent signals";

const STATUSES = [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const;

async function pidsOf(
  { probes }: Project,
  ...names: readonly string[]
): Promise<readonly number[]> {
  const started = await Promise.all(names.map((name) => probes.started(name)));
  return started.map(({ pid }) => pid);
}

async function allGone(pids: readonly number[]): Promise<void> {
  await Promise.all(pids.map(gone));
}

for (const [signal, status] of STATUSES) {
  cliTest(`${signal} in the middle of a parallel run leaves no process behind`, {
    posixOnly,
  }, async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks]
a = "probe a child=a2 wait"
b = { shell = "probe b child=b2 wait; p unreachable" }
c = "probe c"
after = { cmd = "probe after", deps = ["a"] }
all.deps = ["a", "b", "c", "after"]
`,
    });
    const running = project.start(["-j2", "all"]);
    const pids = await pidsOf(project, "a", "a2", "b", "b2");
    assert(pids.every(isAlive));
    running.signal(signal);
    const { code, stdout, stderr } = await running.ended;
    assertEquals([code, stdout], [status, ""]);
    await allGone(pids);
    assertEquals([project.probes.has("c"), project.probes.has("after")], [false, false]);
    assertMatch(stderr, new RegExp(`^ntask: ${signal}, stopping$`, "m"));
    assertMatch(stderr, new RegExp(`^ stopped {2}a {6}${signal}, \\S+$`, "m"));
    assertMatch(stderr, /^ntask: 4 stopped in \S+$/m);
  });

  cliTest(`${signal} ends a task that runs alone, and its children`, { posixOnly }, async () => {
    await using project = await createProject({
      "tasks.toml": '[tasks]\na = "probe a child=a2 wait"\n',
    });
    const running = project.start(["a"]);
    const pids = await pidsOf(project, "a", "a2");
    running.signal(signal);
    assertEquals((await running.ended).code, status);
    await allGone(pids);
  });

  cliTest(`${signal} ends what the function of a tasks.ts has started`, { posixOnly }, async () => {
    await using project = await createProject({
      "tasks.ts": `import { shell, task } from "ntask";

export const a = task(async () => {
  await shell\`probe a child=a2 wait; probe unreachable\`;
});
export const b = task(() => shell\`probe b wait\`);
export const all = task({ deps: [a, b] });
`,
    });
    const running = project.start(["-j2", "all"]);
    const pids = await pidsOf(project, "a", "a2", "b");
    running.signal(signal);
    assertEquals((await running.ended).code, status);
    await allGone(pids);
    assertEquals(project.probes.has("unreachable"), false);
  });
}

cliTest("the second signal ends those that do not listen to the first", { posixOnly }, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "probe a deaf=SIGINT child=a2 wait"
b = "probe b wait"
all.deps = ["a", "b"]
`,
  });
  const running = project.start(["-j2", "all"]);
  const pids = await pidsOf(project, "a", "a2", "b");
  running.signal("SIGINT");
  await running.says("SIGINT, stopping");
  await gone(pids[2]!);
  assert(isAlive(pids[0]!), "it does not listen");
  running.signal("SIGINT");
  assertEquals((await running.ended).code, 130);
  await allGone(pids);
});

cliTest("a process may take its time to end well", { posixOnly }, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = { shell = "trap 'probe cleaning wait; exit 0' TERM; probe a wait & wait" }
b = "probe b wait"
all.deps = ["a", "b"]
`,
  });
  const running = project.start(["-j2", "all"]);
  const pids = await pidsOf(project, "a", "b");
  running.signal("SIGTERM");
  const cleaning = await pidsOf(project, "cleaning");
  project.probes.go("cleaning");
  assertEquals((await running.ended).code, 143);
  await allGone([...pids, ...cleaning]);
  assertEquals(project.probes.log().includes("end cleaning"), true);
});

cliTest("tasks that never stop writing do not keep a run from hearing that it is to end", {
  posixOnly,
  compiledOnly: "the run within the run is started by the name of the binary",
}, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
outer.shell = "{ntask.exe} --output=prefixed all > /dev/null"
a = "yes a"
b = "yes b"
c = "probe c wait"
all = { tasks = ["a", "b", "c"], parallel = true }
`,
  });
  const running = project.start(["outer"]);
  await project.probes.started("c");
  running.signal("SIGTERM");
  const { code, stderr } = await running.ended;
  // Both have heard it; else the inner one was killed when its time was over.
  assertEquals([code, stderr.split("ntask: SIGTERM, stopping").length], [143, 3], stderr);
});

cliTest(
  "a signal is heard from the first instant of the first task",
  { posixOnly },
  async () => {
    await using project = await createProject({
      "tasks.toml": "[tasks]\na.shell = 'kill -TERM $PPID; exec probe a wait'\n",
    });
    for (let round = 0; round < 5; round++) {
      const { code, stderr } = await project.run(["a"]);
      assertEquals(code, 143);
      assertMatch(stderr, /^ntask: 1 stopped in /m);
    }
  },
);
