/**
 * What a body of `tasks.ts` can do: run other tasks, hand values on, start commands, be told to end.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

const HEAD = 'import { config, group, log, root, run, shell, signal, task } from "ntask";\n';

function project(text: string, more: Record<string, string | null> = {}) {
  return createProject({ "tasks.ts": HEAD + text, ...more });
}

cliTest(
  "run() in a body gives what the task returned, once for each set of arguments",
  async () => {
    await using here = await project(`
export const double = task((x = 1) => {
  console.log("double " + x);
  return x * 2;
});
export const a = task(async () => {
  const values = [await run(double.with({ x: 3 })), await run("double --x=3"), await run(double)];
  const both = await Promise.all([run(double.with({ x: 5 })), run(double.with({ x: 6 }))]);
  console.log(JSON.stringify([values, both]));
});
`);
    for (const jobs of ["-j1", "-j4"]) {
      const { code, stdout } = await here.run([jobs, "-q", "a"]);
      assertEquals(code, 0);
      const lines = stdout.trimEnd().split("\n");
      assertEquals(lines.toSorted(), [
        "[[6,6,2],[10,12]]",
        "double 1",
        "double 3",
        "double 5",
        "double 6",
      ]);
    }
  },
);

cliTest("a task that is a dependency and is run by a body is performed once", async () => {
  await using here = await project(`
export const base = task(() => { console.log("base"); return new Map([["k", 1n]]); });
export const a = task({ deps: [base] }, async () => {
  const map = await run(base);
  console.log(map instanceof Map, map.get("k"));
});
export const b = task({ deps: { map: base } }, ({ map }) => console.log(map.get("k")));
export const all = task({ deps: [a, b] });
`);
  const { code, stdout } = await here.run(["-j1", "-q", "all"]);
  assertEquals([code, stdout], [0, "base\ntrue 1n\n1n\n"]);
});

cliTest("a failure of run() can be caught, and then nothing has failed", async () => {
  await using here = await project(`
export const bad = task(async () => { await shell\`x 7\`; });
export const caught = task(async () => {
  await run(bad).catch((error) => console.log(error.message, error.code));
});
export const passed = task(async () => { await run(bad); });
`);
  const caught = await here.run(["caught"]);
  assertEquals([caught.code, caught.stdout], [0, "bad failed with status 7 7\n"]);
  const passed = await here.run(["passed"]);
  assertEquals(passed.code, 7);
  assertMatch(
    passed.stderr,
    /error\[R_THROWN\]: passed: RunError: bad failed with status 7\n {2}--> tasks\.ts:7:/,
  );
});

cliTest("bodies that run each other without end are told so", async () => {
  await using here = await project(`
export const a = task(async () => { await run("b"); });
export const b = task(async () => { await run("a"); });
export const self = task(async () => { await run("self"); });
export const unknown = task(async () => { await run("sefl"); });
export const down = task(async (n = 3): Promise<number> => n === 0 ? 0 : 1 + Number(await run(\`down \${n - 1}\`)));
export const top = task({ deps: { n: () => down } }, ({ n }) => console.log(n));
`);
  for (const name of ["a", "self"]) {
    const { code, stderr } = await here.run([name]);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "would wait for each other");
  }
  const unknown = await here.run(["unknown"]);
  assertEquals(unknown.code, 2);
  assertStringIncludes(unknown.stderr, '"sefl", which is not a task; did you mean "self"?');
  const top = await here.run(["-q", "top"]);
  assertEquals([top.code, top.stdout], [0, "3\n"]);
});

cliTest("a body that waits for others gives its slot away", async () => {
  await using here = await project(`
export const one = task(async () => { await shell\`probe one until=two out=1\`; });
export const two = task(async () => { await shell\`probe two until=one out=2\`; });
export const a = task(async () => { await Promise.all([run(one), run(two)]); });
`);
  const { code, stdout } = await here.run(["-q", "-j2", "a"]);
  assertEquals(code, 0);
  assertEquals(stdout.split("\n").toSorted(), ["", "1", "2"]);
});

cliTest("values of every kind reach a dependant as copies", async () => {
  await using here = await project(`
export const value = task(() => ({
  date: new Date(0), map: new Map([[1, new Set(["a"])]]), big: 10n ** 20n, bytes: new Uint8Array([1, 255]),
  error: new RangeError("no"), url: new URL("https://a.example/b?c"), none: null, deep: { z: [undefined, NaN, -0] },
}));
export const a = task({ deps: { value, again: value } }, ({ value, again }) => {
  console.log(value !== again, value.date.getTime(), value.map.get(1)?.has("a"), value.big, [...value.bytes],
    value.error instanceof Error, value.error.name, value.error.message, value.url.href, value.none,
    Object.is(value.deep.z[2], -0), Number.isNaN(value.deep.z[1]));
});
export const bad = task(() => ({ f: Function("return 1") }) as unknown);
`);
  const a = await here.run(["-q", "a"]);
  assertEquals(a.code, 0);
  assertMatch(
    a.stdout,
    /^true 0 true 100000000000000000000n \[ ?1, 255 ?\] true RangeError no https:\/\/a\.example\/b\?c null true true\n$/,
  );
  const bad = await here.run(["bad"]);
  assertEquals(bad.code, 1);
  assertStringIncludes(bad.stderr, "what the task returned cannot be stored");
});

cliTest("shell: options, chains, results and errors", async () => {
  await using here = await project(
    `
export const text = task(async () => {
  console.log([
    await shell\`p \${"a b"} \${["c d", "e"]} \${null} \${false} \${""}\`.text(),
    await shell("p one; p two").lines(),
    await shell\`cat\`.stdin('{"x": 1}').json(),
    (await shell(["p", "$HOME", "*"], { capture: true })).stdout,
    (await shell\`x 3\`.nothrow()).code,
    (await shell("x 3", { check: false })).ok,
    await shell\`p $COLOR\`.env({ COLOR: "red" }).text(),
    await shell("pwd").cwd("sub").text().then((path) => path.split(/[\\\\/]/).at(-1)),
  ].map((part) => JSON.stringify(part)).join("\\n"));
});
export const quiet = task(async () => { await shell\`p seen; p lost >&2; x 5\`.quiet(); });
export const late = task(async () => { await shell("sleep 20", { timeout: "200ms" }); });
export const none = task(async () => { await shell(["no-such-program"]); });
export const option = task(async () => { await shell("p a", { captrue: true } as never); });
`,
    { "sub/keep": "" },
  );
  const text = await here.run(["-q", "text"]);
  assertEquals(text.code, 0, text.stderr);
  assertEquals(text.stdout.trimEnd().split("\n"), [
    '"[a b][c d][e][]"',
    '["[one]","[two]"]',
    '{"x":1}',
    '"[$HOME][*]\\n"',
    "3",
    "false",
    '"[red]"',
    '"sub"',
  ]);
  const quiet = await here.run(["quiet"]);
  assertEquals([quiet.code, quiet.stdout], [5, ""]);
  assertStringIncludes(quiet.stderr, "ended with status 5\n    [lost]\n  --> tasks.ts:");
  const late = await here.run(["late"]);
  assertEquals(late.code, 124);
  assertStringIncludes(late.stderr, "sleep 20 took longer than 200ms");
  const none = await here.run(["none"]);
  assertEquals(none.code, 1);
  assertMatch(none.stderr, /no-such-program cannot be started.*\n {2}--> tasks\.ts:/);
  const option = await here.run(["option"]);
  assertStringIncludes(option.stderr, 'shell() has no option "captrue"');
});

cliTest("root, log and signal", { posixOnly: "any signal ends a process at once" }, async () => {
  await using here = await project(
    `
export const where = task({ cwd: "sub" }, () => {
  console.log(root === process.env.RIG + "/project", root === process.env.NTASK_ROOT);
  log("a line", 5);
});
export const polite = task({ timeout: "1s" }, () => new Promise<void>((done) => {
  const alive = setInterval(() => {}, 1000);
  signal.addEventListener("abort", () => { clearInterval(alive); console.log("bye"); done(); });
}));
export const deaf = task({ timeout: "1s" }, () => new Promise<void>(() => setInterval(() => {}, 1000)));
`,
    { "sub/keep": "" },
  );
  const where = await here.run(["-q", "where"]);
  assertEquals([where.code, where.stdout, where.stderr], [0, "true true\n", "a line 5\n"]);
  const polite = await here.run(["polite"]);
  assertEquals([polite.code, polite.stdout], [124, "bye\n"]);
  const deaf = await here.run(["deaf"]);
  assertEquals(deaf.code, 124);
  assertMatch(deaf.stderr, /failed {2}deaf {2}took longer than 1\.00s/);
});

cliTest("a condition may be a function; it has the task's environment", async () => {
  await using here = await project(`
export const no = task({ condition: () => false }, () => console.log("no"));
export const yes = task({ condition: async () => process.env.X === "1", env: { X: "1" } }, "p yes");
export const bad = task({ condition: () => { throw new Error("no weather"); } }, "p bad");
export const after = task({ deps: [no, yes] }, "p after");
`);
  const after = await here.run(["-j1", "after"]);
  assertEquals([after.code, after.stdout], [0, "[yes]\n[after]\n"]);
  assertMatch(after.stderr, /skipped {2}no {5}condition not met/);
  const bad = await here.run(["bad"]);
  assertEquals([bad.code, bad.stdout], [1, ""]);
  assertMatch(bad.stderr, /error\[R_THROWN\]: bad: Error: no weather\n {2}--> tasks\.ts:5:/);
});

cliTest("groups hand cwd, env and tags down, and their members can be named in code", async () => {
  await using here = await project(
    `
const show = () => console.log(process.env.NTASK_TASK, process.env.A, process.env.B, process.cwd().split(/[\\\\/]/).at(-1));
export const api = group({
  lint: task(show),
  inner: group({ deep: task({ env: { B: "own" } }, show) }, { env: { B: "inner" } }),
}, { cwd: "sub", env: { A: "1", B: "outer" }, tags: ["ci"] });
export const all = task({ deps: [api.lint, api.inner.deep] });
`,
    { "sub/keep": "" },
  );
  const all = await here.run(["-q", "-j1", "all"]);
  assertEquals([all.code, all.stdout], [0, "api.lint 1 outer sub\napi.inner.deep 1 own sub\n"]);
  const tagged = await here.run(["-q", "-j1", "run", "--tag", "ci"]);
  assertEquals([tagged.code, tagged.stdout], [0, all.stdout]);
});

cliTest("output of fifty functions at once belongs to the task that wrote it", async () => {
  await using here = await project(`
const body = (n: number) => async () => {
  console.log("a" + n);
  await Promise.all([shell\`p b\${n}\`, shell\`p c\${n}\`]);
  await new Promise((done) => setTimeout(done, n % 7));
  console.log("d" + n);
};
export const t = Array.from({ length: 50 }, (_, n) => task(body(n)));
export const all = task({ deps: t });
`);
  const { code, stdout } = await here.run(["-j50", "--output=prefixed", "all"]);
  assertEquals(code, 0);
  const lines = stdout.trimEnd().split("\n");
  assertEquals(lines.length, 200);
  for (let n = 0; n < 50; n++) {
    const own = lines.filter((line) => line.startsWith(`t[${n}]`)).map((line) =>
      line.split(" | ")[1]!
    );
    assertEquals([own[0], own[3]], [`a${n}`, `d${n}`]);
    // The two commands write at the same time, but to this task alone.
    const written = own.slice(1, 3).join("");
    assert(written.includes(`[b${n}]`) && written.includes(`[c${n}]`), own.join("\n"));
  }
});

cliTest("an error nobody waits for fails the task whose body it is from", async () => {
  await using here = await project(`
export const a = task(async () => {
  Promise.reject(new Error("forgotten"));
  await new Promise((done) => setTimeout(done, 2000));
});
`);
  const { code, stderr } = await here.run(["a"]);
  assertEquals(code, 1);
  assertMatch(stderr, /error\[R_THROWN\]: a: Error: forgotten\n {2}--> tasks\.ts:4:/);
});

cliTest("packages, JSON, relative modules and top-level await can be used", async () => {
  await using here = await createProject({
    "tasks.ts": `import { task } from "ntask";
import data from "./data.json" with { type: "json" };
import { help } from "./lib/help.ts";
import greet, { loud } from "greet";

const waited = await Promise.resolve("waited");
export const a = task(() => console.log(data.n, help(), greet("x"), loud, waited));
`,
    "data.json": '{ "n": 5 }\n',
    "lib/help.ts":
      'import { other } from "./other.ts";\nexport const help = (): string => other;\n',
    "lib/other.ts": 'export const other: string = "other";\n',
    "node_modules/greet/package.json":
      '{ "name": "greet", "version": "1.0.0", "type": "module", "main": "index.js" }\n',
    "node_modules/greet/index.js":
      'export default (name) => "hi " + name;\nexport const loud = true;\n',
    "package.json": '{ "dependencies": { "greet": "1.0.0" } }\n',
  });
  const { code, stdout, stderr } = await here.run(["-q", "a"]);
  assertEquals([code, stdout], [0, "5 other hi x true waited\n"], stderr);
});

cliTest("loading a task file changes neither directory nor environment of anything", async () => {
  await using here = await project(
    `
import process from "node:process";
process.chdir("sub");
process.env.LEAKED = "1";
(globalThis as Record<string, unknown>).leaked = 1;
export const a = task("pwd; p \${LEAKED:-none}");
`,
    { "sub/keep": "" },
  );
  const { code, stdout } = await here.run(["-q", "a"]);
  assertEquals(code, 0);
  const [where, leaked] = stdout.trimEnd().split("\n");
  assertEquals([where!.split(/[\\/]/).at(-1), leaked], ["project", "[none]"]);
});

cliTest(
  "what was read from a tasks.ts is kept, and read again when any of its modules changes",
  async () => {
    await using here = await createProject({
      "tasks.ts":
        'import { task } from "ntask";\nimport type { Mode } from "./mode.ts";\nexport const a = task((mode: Mode) => mode);\n',
      "mode.ts": 'export type Mode = "x" | "y";\n',
    });
    const help = async () => (await here.run(["help", "a"])).stdout;
    assertStringIncludes(await help(), "<x|y>");
    assert(here.has(".ntask/state/tasks_ts/list.json"));
    assertStringIncludes(await help(), "<x|y>");
    here.write({ "mode.ts": 'export type Mode = "x" | "z";\n' });
    assertStringIncludes(await help(), "<x|z>");
    here.write({ ".ntask/state/tasks_ts/list.json": "{ torn" });
    assertStringIncludes(await help(), "<x|z>");
  },
);

cliTest(
  "a path that a runtime takes for another one is refused: no other file is evaluated",
  { posixOnly: "names with a backslash or a question mark" },
  async () => {
    for (const odd of ["\\", "?"]) {
      const cwd = `x${odd}y`;
      await using here = await createProject({
        [`${cwd}/tasks.ts`]: `${HEAD}export const a = task("p a");\n`,
      });
      const { code, stderr } = await here.run(["a"], { cwd });
      assertEquals(code, 2);
      assertStringIncludes(stderr, `the path of this file has a "${odd}" in it`);
      assertMatch((await here.run(["--list"], { cwd })).stdout, /^a/);
    }
  },
);

cliTest("a task that is written among the hooks of another one has a name of its own", async () => {
  await using project = await createProject({
    "tasks.ts": `import { task } from "ntask";

export const v = task({ pre: [task("p one"), task("p two")], post: task("p three") }, "p v");
`,
  });
  const ran = await project.run(["-j1", "v"]);
  assertEquals([ran.code, ran.stdout], [0, "[one]\n[two]\n[v]\n[three]\n"], ran.stderr);
  for (const name of ["v.pre[0]", "v.pre[1]", "v.post"]) assertStringIncludes(ran.stderr, name);
});

cliTest("an option whose name begins with x- is a note", async () => {
  await using project = await createProject({
    "tasks.ts": `import { task } from "ntask";

export const v = task({ "x-why": 1 } as never, "p v");
`,
  });
  const ran = await project.run(["v"]);
  assertEquals([ran.code, ran.stdout], [0, "[v]\n"], ran.stderr);
});

cliTest("settings that are exported under another name too are written once", async () => {
  await using project = await createProject({
    "tasks.ts": `import { config, task } from "ntask";

export const settings = config({ jobs: 3 });
export const v = task("p v");
export default settings;
`,
  });
  const ran = await project.run(["v"]);
  assertEquals([ran.code, ran.stdout], [0, "[v]\n"], ran.stderr);
});
