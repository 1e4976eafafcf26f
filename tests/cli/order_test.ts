/**
 * What runs when: order, overlap, and what a failure does to the rest. Probes (`tests/rig`) wait for
 * each other or for the test, so nothing here depends on speed.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { binary } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { isAlive } from "../rig/probes.ts";
import { createProject } from "../rig/project.ts";
import type { Ran } from "../rig/ran.ts";

cliTest("tasks that need nothing of each other run at the same time", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "probe a until=b out=a"
b = "probe b until=a out=b"
all.deps = ["a", "b"]
`,
  });
  const { code, stdout } = await project.run(["-j2", "all"]);
  assertEquals([code, stdout.split("\n").toSorted()], [0, ["", "a", "b"]]);
});

cliTest("several tasks named on the command line run at the same time", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = "probe a until=b"\nb = "probe b until=a"\n',
  });
  assertEquals((await project.run(["-j2", "run", "a", "b"])).code, 0);
});

cliTest("-j2 runs two at a time, and the third when one has ended", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "probe a wait"
b = "probe b wait"
c = "probe c"
all.deps = ["a", "b", "c"]
`,
  });
  const { probes } = project;
  const running = project.start(["-j2", "all"]);
  await Promise.all([probes.started("a"), probes.started("b")]);
  assertEquals(probes.has("c"), false);
  probes.go("a");
  await probes.started("c");
  probes.go("b");
  assertEquals((await running.ended).code, 0);
  const log = probes.log();
  assert(log.indexOf("start c") > log.indexOf("end a"), log.join(", "));
});

cliTest("-j1 goes depth first as written, one at a time, each task once", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
top = { cmd = "probe top", deps = ["left", "right"] }
right = { cmd = "probe right", deps = ["base", "other"] }
left = { cmd = "probe left", deps = ["base"] }
other = "probe other"
base = "probe base"
`,
  });
  const { code } = await project.run(["-j1", "top"]);
  assertEquals(code, 0);
  assertEquals(
    project.probes.log(),
    ["base", "left", "other", "right", "top"].flatMap((name) => [`start ${name}`, `end ${name}`]),
  );
});

cliTest("the items of a composite run in turn, those of a parallel one all at once", async () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const next = (index: number) => names[(index + 1) % names.length];
  await using project = await createProject({
    "tasks.toml": [
      "[tasks]",
      ...names.map((name, index) => `${name} = "probe ${name} until=${next(index)}"`),
      `ring = { tasks = ${JSON.stringify(names)}, parallel = true }`,
      ...names.map((name) => `${name}2 = "probe ${name}2"`),
      `row.tasks = ${JSON.stringify(names.map((name) => `${name}2`))}`,
      "",
    ].join("\n"),
  });
  // More than this machine has CPUs: the items of a parallel composite are not counted.
  assertEquals((await project.run(["ring"])).code, 0);
  project.probes.reset();
  assertEquals((await project.run(["-j4", "row"])).code, 0);
  assertEquals(
    project.probes.log(),
    names.flatMap((name) => [`start ${name}2`, `end ${name}2`]),
  );
});

cliTest("an explicit -j bounds the items of a parallel composite, too", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "probe a"
b = "probe b"
all = { tasks = ["a", "b"], parallel = true }
`,
  });
  assertEquals((await project.run(["-j1", "all"])).code, 0);
  assertEquals(project.probes.log(), ["start a", "end a", "start b", "end b"]);
});

cliTest("an exclusive task runs alone", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "probe a wait"
b = { cmd = "probe b", exclusive = true }
c = "probe c"
all.deps = ["a", "b", "c"]
`,
  });
  const { probes } = project;
  const running = project.start(["-j3", "all"]);
  await probes.started("a");
  probes.go("a");
  assertEquals((await running.ended).code, 0);
  const log = probes.log();
  assertEquals(log.indexOf("end b"), log.indexOf("start b") + 1, log.join(", "));
});

cliTest(
  "a failure stops what waits and ends what runs, with its children (lesson 21)",
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks]
bad = "probe bad until=grandchild exit=3"
slow = "probe slow child=grandchild wait"
later = { cmd = "probe later", deps = ["slow"] }
all.deps = ["bad", "slow", "later"]
`,
    });
    const { probes } = project;
    const ran = await project.run(["-j2", "--output=json", "all"]);
    assertEquals(ran.code, 3);
    assertEquals(probes.has("later"), false);
    assertEquals(statesOf(ran), {
      bad: "failed",
      slow: "cancelled",
      later: "cancelled",
      all: "cancelled",
    });
    await project.gone((await probes.started("slow")).pid);
    await project.gone((await probes.started("grandchild")).pid);
  },
);

cliTest("what a failure stopped is not called failed (lesson 21)", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
bad = "probe bad until=slow exit=3"
slow = "probe slow wait"
later = "probe later"
all.deps = ["bad", "slow", "later"]
`,
  });
  const { code, stderr } = await project.run(["-j2", "all"]);
  assertEquals(code, 3);
  assertMatch(stderr, /^ {2}failed {2}bad {4}exit 3, \S+$/m);
  assertMatch(stderr, /^ stopped {2}slow {3}bad failed, \S+$/m);
  assertMatch(stderr, /^ntask: 1 failed, 2 stopped in \S+$/m);
  assertEquals(stderr.match(/failed {2}(?:slow|later)/), null);
});

cliTest(
  "--keep-going skips exactly what depends on the failure, over any distance (lesson 3)",
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks]
bad = "x 5"
child = { cmd = "probe child", deps = ["bad"] }
grandchild = { cmd = "probe grandchild", deps = ["free", "child"] }
nothing.deps = ["grandchild"]
behind = { cmd = "probe behind", deps = ["nothing"] }
free = "probe free"
after = { cmd = "probe after", deps = ["free"] }
all.deps = ["bad", "behind", "after"]
`,
    });
    for (const jobs of ["-j1", "-j3"]) {
      project.probes.reset();
      const ran = await project.run([jobs, "--keep-going", "--output=json", "all"]);
      assertEquals(ran.code, 5);
      assertEquals(statesOf(ran), {
        bad: "failed",
        child: "skipped",
        grandchild: "skipped",
        nothing: "skipped",
        behind: "skipped",
        free: "ran",
        after: "ran",
        all: "skipped",
      });
      assertEquals(project.probes.log(), ["start free", "end free", "start after", "end after"]);
    }
  },
);

cliTest("with --keep-going the status is that of the first task that failed", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "probe a wait exit=3"
b = "probe b exit=4"
all.deps = ["a", "b"]
`,
  });
  const running = project.start(["-k", "-j2", "all"]);
  await running.says("failed  b");
  project.probes.go("a");
  assertEquals((await running.ended).code, 4);
});

cliTest("a background process that holds stdout does not hold the run", {
  posixOnly: "the shell of Windows has no such processes",
}, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "probe a out=before child=daemon out=after"
b = "p b"
all.deps = ["a", "b"]
`,
  });
  for (const words of [["a"], ["--output=grouped", "a"], ["-j2", "all"]]) {
    project.probes.reset();
    const running = project.start(words);
    const { pid } = await project.probes.started("daemon");
    assertEquals(await running.exited, 0);
    assert(isAlive(pid), "nobody told it to end");
    project.probes.go("daemon");
    const { stdout } = await running.ended;
    assertEquals(stdout.replace("[b]\n", ""), "before\nafter\n");
    await project.gone(pid);
  }
});

cliTest("a thousand tasks in layers all run", async () => {
  // A start takes a hundred times as long under Wine.
  const [layers, width] = binary.wine ? [10, 6] : [40, 25];
  const lines = ["[tasks]"];
  for (let layer = 0; layer < layers; layer++) {
    for (let index = 0; index < width; index++) {
      const below = [0, 1, 2].map((step) => `t${layer - 1}_${(index + step) % width}`);
      const deps = layer === 0 ? [] : below;
      lines.push(
        `t${layer}_${index} = { cmd = "p ${layer}.${index}", deps = ${JSON.stringify(deps)} }`,
      );
    }
  }
  const last = Array.from({ length: width }, (_, index) => `t${layers - 1}_${index}`);
  lines.push(`all.deps = ${JSON.stringify(last)}`, "");
  await using project = await createProject({ "tasks.toml": lines.join("\n") });
  const { code, stdout, stderr } = await project.run(["-j2", "all"]);
  assertEquals(code, 0);
  const printed = stdout.trimEnd().split("\n");
  const wanted = Array.from(
    { length: layers * width },
    (_, index) => `[${Math.floor(index / width)}.${index % width}]`,
  );
  assertEquals(printed.toSorted(), wanted.toSorted());
  assert(stderr.includes(`ntask: ${layers * width} ok in `), stderr.slice(-100));
  // Whatever stands lower was printed before.
  const at = new Map(printed.map((text, index) => [text, index]));
  for (let layer = 1; layer < layers; layer++) {
    assert(at.get(`[${layer}.0]`)! > at.get(`[${layer - 1}.0]`)!, `layer ${layer}`);
  }
});

/** Label -> state, of a run with `--output=json`. */
function statesOf({ stdout }: Ran): Readonly<Record<string, string>> {
  const states: Record<string, string> = {};
  let labels: readonly string[] = [];
  for (const line of stdout.trimEnd().split("\n")) {
    const event = JSON.parse(line);
    if (event.type === "run-start") {
      labels = event.steps.map((step: { readonly label: string }) => step.label);
    }
    if (event.type === "step-end") states[labels[event.step]!] = event.state;
  }
  return states;
}
