/**
 * What tasks of one run write and read comes in an order, or it is said before it is too late: also
 * where patterns hold substitutions, and where bodies run further tasks.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

const POSIX = { posixOnly: "it needs sh" };

cliTest("two calls that write to one place by their arguments need an order", POSIX, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
make = { shell = "mkdir -p d/{args.to} && p x > d/{args.to}/x", inputs = [], outputs = ["d/{args.to}/"] }
all = { shell = "mkdir -p d && p y > d/y", inputs = [], outputs = ["d/"] }
apart = { tasks = ["make --to=a", "make --to=b"], parallel = true }
clash = { tasks = ["make --to=a", "all"], parallel = true }
ordered = { tasks = ["all", "make --to=a"] }
`,
  });
  for (const task of ["apart", "ordered"]) {
    const ran = await project.run([task]);
    assertEquals([ran.code, ran.stderr.includes("E_CACHE")], [0, false], ran.stderr);
  }
  const ran = await project.run(["clash"]);
  assertEquals(ran.code, 2);
  assertStringIncludes(
    ran.stderr,
    'error[E_CACHE_OVERLAP]: all: "d" is also written by make, as "d/a", and nothing says which ' +
      "comes first",
  );
  assert(!ran.stderr.includes("  run  "), "nothing has started");
});

cliTest("who reads what another call writes by its argument is told", POSIX, async () => {
  await using project = await createProject({
    "env.sh": "",
    "tasks.toml": `[tasks]
make = { shell = "p x > {args.to}.out", inputs = [], outputs = ["{args.to}.out"] }
read = { cmd = "p read", inputs = ["\${WHAT}.out", "env.sh"], env = { WHAT = "a" } }
beside = { tasks = ["make --to=a", "read"], parallel = true }
other = { tasks = ["make --to=b", "read"], parallel = true }
`,
  });
  const beside = await project.run(["-n", "beside"]);
  assertStringIncludes(
    beside.stderr,
    "warning[W_CACHE_ORDER]: read: it reads a.out, which make writes, in no order",
  );
  assertEquals((await project.run(["-n", "other"])).stderr, "");
});

cliTest(
  "an output that holds an input by an argument is refused when it is known",
  POSIX,
  async () => {
    await using project = await createProject({
      "src/x": "x",
      "tasks.toml": `[tasks]
a = { shell = "p {args.to}", inputs = ["src/x"], outputs = ["{args.to}/"] }
`,
    });
    const ran = await project.run(["a", "--to=src"]);
    assertEquals(ran.code, 2);
    assertStringIncludes(
      ran.stderr,
      'error[E_CACHE_OVERLAP]: a: the output "src/" holds the input',
    );
    assertEquals(project.read("src/x"), "x");
  },
);

cliTest("an output that is one of the files an input names is refused", async () => {
  await using project = await createProject({
    "src/x": "x",
    "src/y": "y",
    "tasks.toml": `[tasks]
a = { cmd = "p a", inputs = ["src/{x,y}"], outputs = ["src/y"] }
`,
  });
  const ran = await project.run(["a"]);
  assertEquals(ran.code, 2);
  assertStringIncludes(ran.stderr, 'a: the output "src/y" holds the input "src/{x,y}"');
});

const TASKS = `import { run, shell, task } from "ntask";
export const one = task({ inputs: [], outputs: ["d/"] }, () => shell\`mkdir -p d && p 1 > d/one\`);
export const two = task({ inputs: [], outputs: ["d/two"] }, () => shell\`mkdir -p d && p 2 > d/two\`);
export const read = task({ inputs: ["d/**"] }, () => shell\`p read\`);
export const ordered = task(async () => { await run(one); await run(two); await run(read); });
export const together = task(async () => { await Promise.all([run(one), run(two)]); });
export const late = task(async () => { await Promise.all([run(read), run(two)]); });
export const caught = task(async () => {
  const ends = await Promise.allSettled([run(one), run(two)]);
  console.log(ends.map(({ status }) => status).join());
  await Promise.allSettled([run(two)]);
});
export const nested = task({ outputs: ["d/"], cached: false }, async () => { await run(two); });
`;

cliTest("tasks that a body runs one after the other are in order", POSIX, async () => {
  await using project = await createProject({ "tasks.ts": TASKS });
  const ran = await project.run(["ordered"]);
  assertEquals([ran.code, /CACHE/.test(ran.stderr)], [0, false], ran.stderr);
});

cliTest("tasks that a body runs at once cannot write to one place", POSIX, async () => {
  await using project = await createProject({ "tasks.ts": TASKS });
  const ran = await project.run(["together"]);
  assertEquals(ran.code, 2, ran.stderr);
  assertStringIncludes(ran.stderr, '"d/two" is also written by one, as "d"');
  const caught = await project.run(["caught"]);
  assertStringIncludes(caught.stdout, "fulfilled,rejected");
  const late = await project.run(["late"]);
  assertEquals(late.code, 0, late.stderr);
  assertStringIncludes(
    late.stderr,
    "warning[W_CACHE_ORDER]: read: it reads d/two, which two writes",
  );
});

cliTest("what a body runs may write where the body writes", POSIX, async () => {
  await using project = await createProject({ "tasks.ts": TASKS });
  const ran = await project.run(["nested"]);
  assertEquals([ran.code, /E_CACHE/.test(ran.stderr)], [0, false], ran.stderr);
  assertEquals(project.read("d/two"), "[2]\n");
});
