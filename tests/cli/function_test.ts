/**
 * The functions of a `tasks.ts`: a process of their own each, with everything a process has.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { normalise } from "../rig/golden.ts";
import { createProject } from "../rig/project.ts";

cliTest("a function has the task's directory, environment and arguments", async () => {
  await using project = await createProject({
    "sub/keep": "",
    "tasks.ts": `import { relative } from "node:path";
import { task } from "ntask";

const about = (name: string, more: readonly string[] = []) => {
  console.log(name, relative(process.env.RIG + "/project", process.cwd()) || ".");
  console.log(process.env.NTASK_TASK, process.env.COLOR ?? "none", more.join(","));
};
export const plain = task(() => about("plain"));
export const there = task({ cwd: "sub", env: { COLOR: "red" } }, () => about("there"));
export const greet = task((name: string, times = 1, ...more: string[]) =>
  about(name.repeat(times), more)
);
`,
  });
  const outputs = [];
  for (const words of [["plain"], ["there"], ["greet", "ab", "--times=2", "x", "y z"]]) {
    const { code, stdout } = await project.run(words, { cwd: "sub" });
    outputs.push([code, stdout]);
  }
  assertEquals(outputs, [
    [0, "plain .\nplain none \n"],
    [0, "there sub\nthere red \n"],
    [0, "abab .\ngreet none x,y z\n"],
  ]);
});

cliTest("process.exit in a function ends the task with that status", async () => {
  await using project = await createProject({
    "tasks.ts": `import { task } from "ntask";

export const six = task(() => {
  console.log("before");
  process.exit(6);
});
export const zero = task(() => process.exit(0));
export const after = task({ deps: [zero] }, () => console.log("after"));
export const never = task({ deps: [six] }, () => console.log("never"));
`,
  });
  const six = await project.run(["never"]);
  assertEquals([six.code, six.stdout], [6, "before\n"]);
  const zero = await project.run(["after"]);
  assertEquals([zero.code, zero.stdout], [0, "after\n"]);
});

cliTest("a throw is status 1, with the message and the user's line", async () => {
  await using project = await createProject({
    "tasks.ts": `import { task } from "ntask";

function connect(): never {
  throw new RangeError("no database");
}
export const a = task(async () => {
  await Promise.resolve();
  connect();
});
export const text = task(() => {
  throw "just text";
});
export const late = task(() => {
  setTimeout(() => connect(), 0);
  return new Promise(() => {});
});
`,
  });
  const a = await project.run(["a"]);
  assertEquals([a.code, a.stdout], [1, ""]);
  assertMatch(
    a.stderr,
    /^error\[R_THROWN\]: a: RangeError: no database\n {2}--> tasks\.ts:4:\d+\n/m,
  );
  assertMatch(a.stderr, /^ {2}at connect \(tasks\.ts:4:\d+\)\n {2}at .*\(tasks\.ts:8:\d+\)$/m);
  const inside = a.stderr.split("\n").filter((line) => /^ {2}at /.test(line));
  assert(inside.every((line) => line.includes("tasks.ts")), inside.join("\n"));
  assertMatch(a.stderr, /^ {2}failed {2}a {2}exit 1, \S+$/m);

  const text = await project.run(["text"]);
  assertEquals(text.code, 1);
  assertStringIncludes(text.stderr, "error[R_THROWN]: text: it threw just text\n");

  const late = await project.run(["late"]);
  assertEquals(late.code, 1);
  assertMatch(late.stderr, /^error\[R_THROWN\]: late: RangeError: no database$/m);
});

cliTest("what led to an error is said, also when several errors did", async () => {
  await using project = await createProject({
    "tasks.ts": `import { task } from "ntask";

export const a = task(() => {
  throw new Error("no build", { cause: new TypeError("no disk", { cause: "dust" }) });
});
export const b = task(() => {
  throw new AggregateError([new Error("one"), new Error("two")], "both");
});
`,
  });
  const told = async (name: string) => {
    const { stderr } = await project.run([name]);
    return stderr.split("\n").filter((line) => /^error|^ {2}caused by/.test(line));
  };
  assertEquals(await told("a"), [
    "error[R_THROWN]: a: Error: no build",
    "  caused by TypeError: no disk",
    "  caused by dust",
  ]);
  assertEquals(await told("b"), [
    "error[R_THROWN]: b: AggregateError: both",
    "  caused by Error: one",
    "  caused by Error: two",
  ]);
});

cliTest("an error is shown behind what its function wrote before", async () => {
  await using project = await createProject({
    "tasks.ts": `import process from "node:process";
import { task } from "ntask";

export const a = task(() => {
  console.error("before");
  process.stderr.write("half a " + "line");
  throw new Error("no database");
});
export const b = task("p b");
export const all = task({ deps: [a, b] });
`,
  });
  for (const mode of ["grouped", "prefixed", "stream", "errors"]) {
    const { stderr } = await project.run(["-k", "-j2", `--output=${mode}`, "all"]);
    const places = ["before\n", "half a line", "\nerror[R_THROWN]: a: ", "\n  failed  a"]
      .map((text) => stderr.lastIndexOf(text));
    assert(!places.includes(-1), stderr);
    assertEquals(places, places.toSorted((a, b) => a - b), stderr);
  }
});

cliTest("a failing command in a function gives its status and names itself", async () => {
  await using project = await createProject({
    "tasks.ts": `import { shell, task } from "ntask";

export const a = task(async () => {
  await shell\`p before\`;
  await shell\`x 4\`;
  await shell\`p never\`;
});
export const kept = task(async () => {
  const result = await shell("x 4", { check: false });
  console.log(result.code, result.ok);
});
`,
  });
  const a = await project.run(["a"]);
  assertEquals([a.code, a.stdout], [4, "[before]\n"]);
  assertMatch(
    a.stderr,
    /^error\[R_THROWN\]: a: ShellError: x 4 ended with status 4\n {2}--> tasks\.ts:5:\d+$/m,
  );
  const kept = await project.run(["kept"]);
  assertEquals([kept.code, kept.stdout], [0, "4 false\n"]);
});

cliTest("what a function writes belongs to its task, also when others run beside it", async () => {
  await using project = await createProject({
    "tasks.ts": `import { shell, task } from "ntask";

const body = (own: string, other: string) => async () => {
  console.log(own + "1");
  await shell\`probe \${own} until=\${other} out=\${own}2\`;
  process.stdout.write(own + "3\\n");
  console.error(own + "4");
};
export const a = task(body("a", "b"));
export const b = task(body("b", "a"));
export const all = task({ deps: [a, b] });
`,
  });
  const prefixed = await project.run(["-j2", "--output=prefixed", "all"]);
  assertEquals(prefixed.code, 0);
  const of = (name: string) =>
    prefixed.stdout.split("\n").filter((line) => line.startsWith(`${name} | `));
  assertEquals(of("a"), ["a | a1", "a | a2", "a | a3"]);
  assertEquals(of("b"), ["b | b1", "b | b2", "b | b3"]);
  assertEquals(prefixed.stdout.split("\n").length, 7);
  assertMatch(prefixed.stderr, /^a \| a4$/m);
  assertMatch(prefixed.stderr, /^b \| b4$/m);
  project.probes.reset();
  const grouped = await project.run(["-j2", "all"]);
  const pieces = ["a1\na2\na3\n", "b1\nb2\nb3\n"];
  assert(
    [pieces.join(""), pieces.toReversed().join("")].includes(grouped.stdout),
    grouped.stdout,
  );
});

cliTest("tasks with one directory and environment share a process, others do not", async () => {
  await using project = await createProject({
    "sub/keep": "",
    "tasks.ts": `import { task } from "ntask";

let calls = 0;
const pid = () => console.log(process.env.NTASK_TASK, process.pid, ++calls);
export const one = task(pid);
export const two = task({ deps: [one] }, pid);
export const three = task({ deps: [two], cwd: "sub" }, pid);
export const four = task({ deps: [three], env: { MORE: "1" } }, pid);
export const five = task({ deps: [four] }, pid);
`,
  });
  for (const mode of [["-j1"], ["-j2", "--output=grouped"]]) {
    const { code, stdout } = await project.run([...mode, "five"]);
    assertEquals(code, 0);
    const lines = stdout.trimEnd().split("\n").map((line) => line.split(" "));
    assertEquals(lines.map(([name]) => name), ["one", "two", "three", "four", "five"]);
    const [one, two, three, four, five] = lines.map(([, pid]) => pid);
    assertEquals([two, five], [one, one]);
    assertEquals(new Set([one, three, four]).size, 3);
  }
});

cliTest("a body that failed leaves its process to nobody", async () => {
  await using project = await createProject({
    "tasks.ts": `import { task } from "ntask";

export const bad = task(() => {
  console.log(process.pid);
  throw new Error("x");
});
export const good = task(() => console.log(process.pid));
export const all = task({ deps: [bad, good] });
`,
  });
  const { code, stdout } = await project.run(["-j1", "-k", "all"]);
  assertEquals(code, 1);
  const pids = stdout.trimEnd().split("\n");
  assertEquals(new Set(pids).size, 2, stdout);
});

cliTest(
  "a function that writes half a line, binary data or nothing is taken at its word",
  async () => {
    await using project = await createProject({
      "tasks.ts": `import { task } from "ntask";

export const half = task(() => void process.stdout.write("half"));
export const bytes = task(() => void process.stdout.write(Uint8Array.of(0, 255, 13, 10, 0x6e)));
export const none = task(() => {});
`,
    });
    for (const mode of [[], ["--output=grouped"]]) {
      assertEquals((await project.run([...mode, "half"])).stdout, "half");
      const { bytes } = await project.run([...mode, "bytes"]);
      assertEquals([...bytes.stdout], [0, 255, 13, 10, 0x6e]);
      assertEquals((await project.run([...mode, "none"])).stdout, "");
    }
  },
);

cliTest(
  "tasks.ts may import its neighbours, JSON and node: modules, and await at the top",
  async () => {
    await using project = await createProject({
      "package.json": '{ "name": "neighbour", "version": "1.2.3" }',
      "tools/name.ts": "export const name: string = await Promise.resolve('tool');\n",
      "node_modules/dependency/package.json": '{ "name": "dependency", "main": "index.js" }',
      "node_modules/dependency/index.js": "module.exports = { answer: 42 };\n",
      "tasks.ts": `import { EOL } from "node:os";
import { task } from "ntask";
import about from "./package.json" with { type: "json" };
import { name } from "./tools/name.ts";

const later = await Promise.resolve("later");
export const a = task(() => console.log(name, about.version, later, EOL.length > 0));
`,
    });
    const { code, stdout, stderr } = await project.run(["a"]);
    assertEquals([code, stdout], [0, "tool 1.2.3 later true\n"], stderr);
  },
);

cliTest("tasks.ts may import a package that is installed in the project", {
  compiledOnly: "Deno does not look into node_modules beside another project's configuration",
}, async () => {
  await using project = await createProject({
    "node_modules/dependency/package.json": '{ "name": "dependency", "main": "index.js" }',
    "node_modules/dependency/index.js": "module.exports = { answer: 42 };\n",
    "tasks.ts": `import { task } from "ntask";
import { answer } from "dependency";

export const a = task(() => console.log(answer));
`,
  });
  const { code, stdout } = await project.run(["a"]);
  assertEquals([code, stdout], [0, "42\n"]);
});

cliTest("the report of a function names it with its arguments", async () => {
  await using project = await createProject({
    "tasks.ts":
      'import { task } from "ntask";\n\nexport const greet = task((name: string, loud = false) => console.log(name, loud));\n',
  });
  const ran = await project.run(["greet", "a b", "--loud"]);
  assertEquals([ran.code, ran.stdout], [0, "a b true\n"]);
  assertEquals(
    normalise(ran.stderr, project),
    "     run  greet  greet(name='a b', loud=true)\n      ok  greet  <time>\n",
  );
});

cliTest(
  "a rejection that nobody waits for is its body's, also of one that ends at once",
  async () => {
    await using project = await createProject({
      "tasks.ts": `import { task } from "ntask";
export const lost = task(() => {
  Promise.reject(new Error("lost"));
});
export const caught = task(() => {
  Promise.reject(new Error("caught")).catch(() => console.log("caught"));
});
export const both = task({ deps: [caught, lost] }, () => console.log("both"));
`,
    });
    const lost = await project.run(["lost"]);
    assertEquals([lost.code, lost.stdout], [1, ""]);
    assertStringIncludes(lost.stderr, "error[R_THROWN]: lost: Error: lost\n  --> tasks.ts:3:");
    const caught = await project.run(["caught"]);
    assertEquals([caught.code, caught.stdout], [0, "caught\n"]);
    const both = await project.run(["-j1", "both"]);
    assertEquals([both.code, both.stdout], [1, "caught\n"]);
  },
);
