/**
 * Who is ended with a task, who is not, and how long it takes; beside the matrix of
 * `kill_matrix_test.ts`.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { binary } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { childrenOf, gone, isAlive, until } from "../rig/probes.ts";
import { createProject, type Project } from "../rig/project.ts";

const posixOnly = "a Windows program under Wine cannot be sent signals";

/** For a body that says its number. */
const STARTED = `import fs from "node:fs";
import process from "node:process";
import { run, shell, task } from "ntask";

function started(name: string): void {
  const draft = \`\${process.env.RIG}/probes/draft-\${name}\`;
  fs.writeFileSync(draft, JSON.stringify({ pid: process.pid, cwd: "" }));
  fs.renameSync(draft, \`\${process.env.RIG}/probes/started-\${name}\`);
}
`;

async function pidOf({ probes }: Project, name: string): Promise<number> {
  return (await probes.started(name)).pid;
}

cliTest("who ignores the signal is given five seconds, where nobody says otherwise", {
  posixOnly,
  releasedOnly: true,
}, async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = "probe a deaf=SIGTERM wait"\n',
  });
  const running = project.start(["--output=json", "a"]);
  const pid = await pidOf(project, "a");
  running.signal("SIGTERM");
  const { code, stdout } = await running.ended;
  assertEquals(code, 143);
  await gone(pid);
  // By ntask's own clock; it never asks for less.
  const events = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const at = (type: string) => events.find((event) => event.type === type).time;
  assert(at("step-end") - at("interrupt") >= 5000, stdout);
});

cliTest(
  "a task that ended by itself leaves its background process alone, whatever ends the run",
  { posixOnly, releasedOnly: true },
  async () => {
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      await using project = await createProject({
        "tasks.toml": `[tasks]
a = { shell = "probe daemon wait >/dev/null 2>&1 & probe a until=daemon" }
b = { cmd = "probe b wait", deps = ["a"] }
`,
      });
      const running = project.start(["b"]);
      const [daemon, b] = [await pidOf(project, "daemon"), await pidOf(project, "b")];
      if (signal === "SIGKILL") {
        await until(() => childrenOf(running.pid, "__guard").length > 0, "there is no guard");
      }
      running.signal(signal);
      await running.exited;
      await gone(b);
      assert(isAlive(daemon), "nobody told it to end");
      project.probes.go("daemon");
      await project.deserted();
    }
  },
);

cliTest(
  "what an earlier function left in its process is spared when a later one is stopped there",
  { posixOnly, releasedOnly: true },
  async () => {
    await using project = await createProject({
      "tasks.ts": `${STARTED}
export const one = task(async () => {
  await shell("probe daemon wait >/dev/null 2>&1 & probe one until=daemon");
  console.log(process.pid);
});
export const two = task({ deps: [one] }, async () => {
  console.log(process.pid);
  await shell("probe two2 wait & probe two until=two2 wait");
});
`,
    });
    const running = project.start(["-j1", "two"]);
    const daemon = await pidOf(project, "daemon");
    const ended = [await pidOf(project, "two"), await pidOf(project, "two2")];
    running.signal("SIGTERM");
    // Its daemon has its streams still: the end of those is not waited for.
    assertEquals(await running.exited, 143);
    await Promise.all(ended.map(gone));
    assert(isAlive(daemon), "it belongs to the one that ended");
    project.probes.go("daemon");
    const { stdout } = await running.ended;
    const [one, two] = stdout.trimEnd().split("\n");
    assertEquals(one, two);
    await project.deserted();
  },
);

cliTest("a background process that never is silent does not hold the run (lesson 21)", {
  posixOnly: "the shell of Windows has no such processes",
}, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a.shell = """
while [ -e "$RIG/probes" ] && [ ! -e "$RIG/probes/go-daemon" ]; do echo again; sleep 0.02; done &
echo $! >"$RIG/daemon"
echo first
"""
b = "p b"
all.deps = ["a", "b"]
`,
  });
  const running = project.start(["-j2", "all"]);
  assertEquals(await running.exited, 0);
  // Its reader is gone: what it writes next ends it.
  await gone(Number(Deno.readTextFileSync(`${project.base}/daemon`)));
  const { stdout } = await running.ended;
  assertStringIncludes(stdout, "first\n");
  assertStringIncludes(stdout, "[b]\n");
});

cliTest("an ntask that a task started ends what it runs, also when it is given no time", {
  posixOnly,
  releasedOnly: true,
}, async () => {
  await using project = await createProject({
    "inner/tasks.toml": '[tasks]\na = "probe a deaf=SIGINT child=a2 wait"\n',
    "tasks.toml": `[tasks]
outer.cmd = '${binary.command.map((word) => `"${word}"`).join(" ")} -C inner a'
other = "probe other wait"
all.deps = ["outer", "other"]
`,
  });
  const running = project.start(["-j2", "all"]);
  const pids = [await pidOf(project, "a"), await pidOf(project, "a2")];
  running.signal("SIGINT");
  await running.says("SIGINT, stopping");
  running.signal("SIGINT");
  assertEquals((await running.ended).code, 130);
  await Promise.all(pids.map(gone));
  await project.deserted();
});

cliTest("an orderly end leaves no guard", { posixOnly, releasedOnly: true }, async () => {
  await using project = await createProject({ "tasks.toml": '[tasks]\na = "probe a wait"\n' });
  const running = project.start(["a"]);
  await project.probes.started("a");
  await until(() => childrenOf(running.pid, "__guard").length > 0, "there is no guard");
  const [guard] = childrenOf(running.pid, "__guard");
  project.probes.go("a");
  assertEquals((await running.ended).code, 0);
  assertEquals(isAlive(guard!), false);
});

cliTest("a condition that never comes back is ended with the run", { posixOnly }, async () => {
  await using project = await createProject({
    "tasks.toml": '[ntask]\nkill_grace = "500ms"\n[tasks]\nb = "p b"\n',
    "tasks.ts": `${STARTED}
export const a = task({
  condition: () => {
    started("condition");
    while (true) { /* for ever */ }
  },
}, () => {});
`,
  });
  const running = project.start(["a"]);
  const pid = await pidOf(project, "condition");
  running.signal("SIGTERM");
  const { code, stderr } = await running.ended;
  assertEquals(code, 143);
  assertMatch(stderr, /^ntask: 1 stopped in \S+$/m);
  await gone(pid);
});

for (
  const [how, signal, status, words] of [
    ["killed", "SIGKILL", 137, "killed by SIGKILL"],
    ["crashed", "SIGSEGV", 139, "killed by SIGSEGV"],
  ] as const
) {
  cliTest(`a function whose process is ${how} fails, and the run goes on with --keep-going`, {
    posixOnly,
    releasedOnly: true,
  }, async () => {
    await using project = await createProject({
      "tasks.ts": `${STARTED}
export const a = task(async () => {
  started("a");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
export const b = task(() => shell("probe b wait; p after"));
export const all = task({ deps: [a, b] });
`,
    });
    const running = project.start(["-k", "-j2", "all"]);
    const pid = await pidOf(project, "a");
    await project.probes.started("b");
    Deno.kill(pid, signal);
    await running.says("failed  a");
    project.probes.go("b");
    const { code, stdout, stderr } = await running.ended;
    assertEquals([code, stdout], [status, "[after]\n"], stderr);
    assertStringIncludes(stderr, words);
    await project.deserted();
  });
}

cliTest("run() three deep at -j1 comes to an end, and its processes too", async () => {
  await using project = await createProject({
    "tasks.ts": `import { run, task } from "ntask";

export const three = task(() => 3);
export const two = task(async () => await run(three) + 2);
export const one = task(async () => await run(two) + 1);
export const zero = task(async () => console.log(await run(one)));
`,
  });
  const { code, stdout, stderr } = await project.run(["-j1", "zero"]);
  assertEquals([code, stdout], [0, "6\n"], stderr);
  await project.deserted();
});

cliTest("Ctrl+C in a console ends tasks that have none (lesson 39)", {
  wineOnly: true,
}, async () => {
  await using project = await createProject({
    "inner/tasks.toml": `[tasks]
a = "probe a child=a2 wait"
b.shell = "probe b child=b2 wait; p unreachable"
all.deps = ["a", "b"]
`,
    "tasks.toml": '[tasks]\nouter.cmd = "console {ntask.exe} -C inner -j2 all"\n',
  });
  const running = project.start(["outer"]);
  const pids = [];
  for (const name of ["a", "a2", "b", "b2"]) pids.push(await pidOf(project, name));
  project.probes.go("press-1");
  const { code, stdout, stderr } = await running.ended;
  assertEquals([code, stdout], [130, ""], stderr);
  assertStringIncludes(stderr, "SIGINT, stopping");
  assertMatch(stderr, /^ntask: 2 stopped in \S+\r?$/m);
  for (const pid of pids) await project.gone(pid);
});

cliTest(
  "Ctrl+C in a console ends a task that takes it for itself but has no keyboard (lesson 39)",
  {
    wineOnly: true,
  },
  async () => {
    await using project = await createProject({
      "inner/tasks.toml": '[tasks]\na = "probe a deaf=SIGINT child=a2 wait"\n',
      "tasks.toml": '[tasks]\nouter.cmd = "console {ntask.exe} -C inner a"\n',
    });
    const running = project.start(["outer"]);
    const pids = [await pidOf(project, "a"), await pidOf(project, "a2")];
    project.probes.go("press-1");
    assertEquals((await running.ended).code, 130);
    for (const pid of pids) await project.gone(pid);
  },
);
