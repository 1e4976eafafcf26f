/**
 * The rig itself: that a test built on it can fail, and says why.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { binary } from "./binary.ts";
import { cliTest } from "./cli.ts";
import { assertGolden, normalise } from "./golden.ts";
import { createProject } from "./project.ts";
import { inTime, story } from "./ran.ts";

cliTest("the fixture programs do what the specification says of them", async () => {
  await using project = await createProject({
    "a/b/keep": "",
    "tasks.toml": `[tasks]
p = "p"
e = { cmd = "e A B C name IFS2", env = { A = "", B = "x\\ny", name = "n" } }
w.cmd = "w"
deep = { cmd = "w", cwd = "a/b" }
x = "x"
`,
  });
  const outputs = [];
  for (const words of [["p"], ["p", "", "a b", "\n"], ["e"], ["w"], ["deep"], ["x", "3"]]) {
    const { code, stdout } = await project.run(["-q", ...words], { cwd: "a" });
    outputs.push([code, stdout]);
  }
  assertEquals(outputs, [
    [0, "\n"],
    [0, "[][a b][\n]\n"],
    [0, "A=\nB=x\ny\nC-unset\nname=n\nIFS2-unset\n"],
    [0, ".\n"],
    [0, "a/b\n"],
    [3, ""],
  ]);
});

cliTest("nothing of the surroundings reaches the program under test", async () => {
  const names = ["CI", "NO_COLOR", "FORCE_COLOR", "NTASK_JOBS", "SURROUNDINGS"];
  const before = new Map(names.map((name) => [name, Deno.env.get(name)]));
  try {
    for (const name of names) Deno.env.set(name, "1");
    await using project = await createProject({
      "tasks.toml": `[tasks]\na = "e ${names.join(" ")}"\n`,
    });
    const { stdout } = await project.run(["a"]);
    assertEquals(stdout, names.map((name) => `${name}-unset\n`).join(""));
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
});

cliTest("the story of a run has all that one needs to know", async () => {
  await using project = await createProject({ "tasks.toml": '[tasks]\na = "p said"\n' });
  await project.run(["a", "two words"], { env: { EXTRA: "here" } });
  const told = story();
  for (
    const part of [
      '── ntask a "two words"',
      `cwd: ${project.root}`,
      'EXTRA="here"',
      'file tasks.toml:\n    [tasks]\n    a = "p said"',
      "exit: 0",
      "stdout:\n    [said][two words]",
      "run  a  p said 'two words'",
    ]
  ) assertStringIncludes(told, part);
});

cliTest("a project is gone when the test is over, and so is what it left running", async () => {
  const probe = { pid: 0 };
  let base: string;
  {
    await using project = await createProject({ "tasks.toml": '[tasks]\na = "probe a wait"\n' });
    base = project.base;
    const running = project.start(["--output=grouped", "a"]);
    probe.pid = (await project.probes.started("a")).pid;
    running.exited.catch(() => {});
  }
  assertThrows(() => Deno.statSync(base));
  await using other = await createProject({});
  await other.gone(probe.pid);
});

Deno.test("what takes too long fails", async () => {
  let gaveUp = false;
  await assertRejects(() => inTime(new Promise(() => {}), () => gaveUp = true, 1));
  assert(gaveUp);
  assertEquals(await inTime(Promise.resolve(1)), 1);
});

cliTest("a golden that is missing or different fails", async () => {
  await using project = await createProject({});
  const update = Deno.env.get("NTASK_GOLDEN");
  Deno.env.delete("NTASK_GOLDEN");
  try {
    assertThrows(() => assertGolden("no/such/golden", ""));
    assertThrows(() => assertGolden("command/help", "something else"));
  } finally {
    if (update !== undefined) Deno.env.set("NTASK_GOLDEN", update);
  }
  assertEquals(
    normalise(`12ms 1.50s 61 2m05s ${binary.seen(project.root)}x`, project),
    "<time> <time> 61 <time> <root>x",
  );
});
