/**
 * Named limits, weights and exclusive tasks: what runs beside what. Probes wait for the test, so
 * nothing here depends on speed.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Project } from "../rig/project.ts";

/** Let probes go one after the other, as they start. @returns who was under way with whom */
async function oneByOne({ probes }: Project, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await probes.started(name);
    probes.go(name);
  }
}

/** In no moment of the log are two of these under way. */
function assertApart(log: readonly string[], names: readonly string[]): void {
  const under = new Set<string>();
  for (const entry of log) {
    const [what, name] = entry.split(" ") as [string, string];
    if (!names.includes(name)) continue;
    if (what === "start") under.add(name);
    else under.delete(name);
    assert(under.size < 2, log.join(", "));
  }
}

cliTest(
  "of what takes the only one of a limit one runs at a time, and others beside it",
  async () => {
    await using project = await createProject({
      "tasks.toml": `[ntask.limits]
db = 1
[tasks]
a = { cmd = "probe a until=free", uses = { db = 1 } }
b = { cmd = "probe b", uses = { db = 1 } }
c = { cmd = "probe c", uses = { db = 1 } }
free = "probe free"
all.deps = ["a", "b", "c", "free"]
`,
    });
    const { code, stderr } = await project.run(["-j4", "all"]);
    assertEquals(code, 0, stderr);
    assertApart(project.probes.log(), ["a", "b", "c"]);
  },
);

cliTest("a task that takes all of a limit is not starved by those that take one", async () => {
  await using project = await createProject({
    "tasks.toml": `[ntask]
limits = { db = 2 }
[tasks]
first = { cmd = "probe first wait", uses = { db = 1 } }
then = "probe then until=first"
all_of_it = { cmd = "probe all_of_it", uses = { db = 2 }, deps = ["then"] }
top = { cmd = "p top", deps = ["all_of_it"] }
later = { cmd = "probe later", uses = { db = 1 }, deps = ["then"] }
other = { cmd = "probe other wait", deps = ["then"] }
all.deps = ["first", "top", "later", "other"]
`,
  });
  const running = project.start(["-j4", "all"]);
  const { probes } = project;
  await probes.started("other");
  // There is room for it, but a better one waits for both.
  assertEquals(probes.has("later"), false);
  probes.go("other");
  probes.go("first");
  assertEquals((await running.ended).code, 0);
  const log = probes.log();
  assert(log.indexOf("end all_of_it") < log.indexOf("start later"), log.join(", "));
});

cliTest(
  "a task takes as many slots as it weighs; one heavier than all of them runs alone",
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks]
heavy = { cmd = "probe heavy", weight = 9 }
two = { cmd = "probe two", weight = 2 }
small = "probe small"
all.deps = ["heavy", "two", "small"]
`,
    });
    assertEquals((await project.run(["-j2", "all"])).code, 0);
    assertApart(project.probes.log(), ["heavy", "two", "small"]);
  },
);

cliTest("two that weigh half a slot share one", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = { cmd = "probe a until=b", weight = 0.5 }
b = { cmd = "probe b until=a", weight = 0.5 }
all.deps = ["a", "b"]
`,
  });
  assertEquals((await project.run(["-j1", "all"])).code, 0);
});

cliTest("a composite keeps what it takes from its first item to its last", async () => {
  await using project = await createProject({
    "tasks.toml": `[ntask.limits]
db = 1
[tasks]
reset = { cmd = "probe reset", uses = { db = 1 } }
seed = "probe seed"
fresh = { tasks = ["reset", "seed", "check"], uses = { db = 1 } }
check = { cmd = "probe check", uses = { db = 1 }, deps = ["dep"] }
dep = { cmd = "probe dep", uses = { db = 1 } }
other = { cmd = "probe other", uses = { db = 1 } }
all.deps = ["fresh", "other"]
`,
  });
  assertEquals((await project.run(["-j4", "all"])).code, 0);
  const log = project.probes.log().filter((entry) => entry.startsWith("start"));
  const at = log.indexOf("start other");
  assert(at === 0 || at === 4, log.join(", "));
});

cliTest("an exclusive task is not starved, and nothing runs beside it (lesson 23)", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "probe a wait"
b = "probe b wait"
alone = { cmd = "probe alone", exclusive = true }
c = "probe c"
d = "probe d"
all.deps = ["a", "b", "alone", "c", "d"]
`,
  });
  const running = project.start(["-j4", "all"]);
  await oneByOne(project, ["a", "b"]).catch(() => {});
  assertEquals((await running.ended).code, 0);
  const log = project.probes.log();
  const at = log.indexOf("start alone");
  assertEquals(log[at + 1], "end alone", log.join(", "));
});

cliTest("an exclusive composite has the machine to itself, and its items share it", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
x = "probe x until=y"
y = "probe y until=x"
alone = { tasks = ["x", "y"], parallel = true, exclusive = true }
a = "probe a"
b = "probe b"
all.deps = ["a", "alone", "b"]
`,
  });
  assertEquals((await project.run(["-j4", "all"])).code, 0);
  const log = project.probes.log();
  const inside = log.slice(
    Math.min(log.indexOf("start x"), log.indexOf("start y")),
    Math.max(log.indexOf("end x"), log.indexOf("end y")),
  );
  assert(inside.every((entry) => /[xy]$/.test(entry)), log.join(", "));
});

cliTest("no restore happens beside an exclusive task (lesson 23)", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
build = { shell = "mkdir -p dist && echo made > dist/a", inputs = ["src.txt"], outputs = ["dist/"] }
alone = { shell = "ls; probe alone", exclusive = true }
all.deps = ["alone", "build"]
`,
    "src.txt": "1",
  });
  assertEquals((await project.run(["build"])).code, 0);
  Deno.removeSync(join(project.root, "dist"), { recursive: true });
  const { code, stdout, stderr } = await project.run(["-j2", "all"]);
  assertEquals(code, 0, stderr);
  assertEquals(stdout.includes("dist"), false, stdout);
  assertStringIncludes(stderr, "cached");
});

cliTest(
  "what runs before and behind a composite may take what the composite does not",
  async () => {
    await using project = await createProject({
      "tasks.toml": `[ntask.limits]
db = 1
[tasks]
migrate = { cmd = "p migrate", uses = { db = 1 } }
alone = { cmd = "p alone", exclusive = true }
items = { tasks = ["a", "b"], exclusive = true, deps = ["migrate"], post = "migrate" }
together = { tasks = ["a", "b"], parallel = true, pre = "alone" }
a = "p a"
b = "p b"
`,
    });
    for (const name of ["items", "together"]) {
      const { code, stderr } = await project.run([name]);
      assertEquals(code, 0, stderr);
    }
  },
);

cliTest("a stored result that has to wait for its place takes no slot meanwhile", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
build = { shell = "mkdir -p dist && echo made > dist/a", inputs = ["src.txt"], outputs = ["dist/"] }
other = { cmd = "probe other wait", outputs = ["dist/"], cached = false }
a = "probe a until=b"
b = "probe b until=a"
all.deps = ["build", "a", "b"]
`,
    "src.txt": "1",
  });
  const { probes } = project;
  assertEquals((await project.run(["build"])).code, 0);
  // Another run is at the same outputs, and has removed them.
  const first = project.start(["other"]);
  await probes.started("other");
  const second = project.start(["-j2", "all"]);
  // Each of the two ends only beside the other one.
  await Promise.all([probes.started("a"), probes.started("b")]);
  probes.go("other");
  await first.ended;
  const { code, stderr } = await second.ended;
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "1 cached");
});
