/**
 * Names of a project, and what groups hand down.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { codes, project, sound } from "../../rig/planning.ts";

Deno.test("a name in two files is reported with both places", async () => {
  const { problems, workspace } = await project({
    "tasks.toml": '[tasks]\nbuild = "p toml"\n',
    "tasks.ts": 'import { task } from "ntask";\nexport const build = task("p ts");\n',
  });
  const [problem] = problems;
  assert(problem?.code === "E_NAME_DUP" && problems.length === 1, JSON.stringify(problems));
  assert(problem.place?.file.endsWith("tasks.ts"), JSON.stringify(problem.place));
  assert(problem.otherPlace.file.endsWith("tasks.toml"), JSON.stringify(problem.otherPlace));
  assertEquals(workspace.tasks.get("build" as never)?.source, "toml", "the first one stays");
});

Deno.test("names that differ only by case are refused (lesson 31)", async () => {
  for (
    const text of [
      '[tasks]\nbuild = "p 1"\nBuild = "p 2"\n',
      '[tasks]\nbuild = "p 1"\nother = { cmd = "p 2", aliases = ["BUILD"] }\n',
      '[tasks]\na = { cmd = "p 1", aliases = ["x"] }\nb = { cmd = "p 2", aliases = ["X"] }\n',
      '[tasks.g]\nx = "p 1"\n[tasks.G]\nx = "p 2"\n',
      '[tasks]\n"g.a" = "p 1"\n[tasks.g]\na = "p 2"\n',
    ]
  ) {
    const { problems } = await project(text);
    assert(problems.length > 0, text);
    assert(problems.every(({ code }) => code === "E_NAME_DUP"), JSON.stringify(problems));
  }
});

Deno.test("an alias that repeats the name, or is given twice, is no duplicate", async () => {
  const { workspace } = await sound(
    '[tasks]\nbuild = { cmd = "p 1", aliases = ["build", "b", "b"] }\n',
  );
  assertEquals([...workspace.names.keys()], ["build", "b"]);
});

Deno.test("names of tasks.ts answer to kebab-case; those of TOML stay as they are", async () => {
  const { workspace } = await sound({
    "tasks.toml": '[tasks]\ncamelCase = "p 1"\n',
    "tasks.ts": `import { group, task } from "ntask";
export const typeCheck = task("p 2");
export const snake_case = task("p 4");
export const _hidden = task("p 5");
export const webApp = group({ runHTTPServer: task("p 3") });
`,
  });
  for (
    const [name, id] of [
      ["type-check", "typeCheck"],
      ["snake-case", "snake_case"],
      ["hidden", undefined],
      ["web-app.run-http-server", "webApp.runHTTPServer"],
      ["camel-case", undefined],
    ] as const
  ) assertEquals(workspace.names.get(name) as string | undefined, id, name);
});

Deno.test("tasks keep the order of their definition, members that of their group", async () => {
  const { workspace } = await sound(`[tasks]
z = "p z"
a = "p a"
[tasks.g]
y = "p y"
b = "p b"
[tasks.g.inner]
x = "p x"
[tasks.m]
cmd = "p m"
`);
  assertEquals([...workspace.tasks.keys()], [
    "z",
    "a",
    "g",
    "g.y",
    "g.b",
    "g.inner",
    "g.inner.x",
    "m",
  ]);
  const members = (id: string): readonly string[] => workspace.tasks.get(id as never)!.members;
  assertEquals(members("g"), ["g.y", "g.b", "g.inner"]);
  assertEquals(members("g.inner"), ["g.inner.x"]);
});

Deno.test("groups hand down scopes, conditions and the innermost directory", async () => {
  const { workspace } = await sound(`[tasks]
cwd = "root"
env = { A = "root" }
plain = "p 1"
[tasks.g]
cwd = "g"
env = { A = "g" }
condition = "os_name == 'posix'"
[tasks.g.h]
condition = "'x' in files"
[tasks.g.h.t]
cmd = "p t"
env = { A = "t" }
condition = "'y' in files"
`);
  const t = workspace.tasks.get("g.h.t" as never)!;
  assertEquals(
    t.scopes.map((scope) => scope.env.map(({ value }) => "text" in value && value.text)),
    [
      ["root"],
      ["g"],
      [],
      ["t"],
    ],
  );
  assertEquals(t.conditions.map(({ text }) => text), [
    "os_name == 'posix'",
    "'x' in files",
    "'y' in files",
  ]);
  assertEquals(t.cwd?.text, "g");
  const plain = workspace.tasks.get("plain" as never)!;
  assertEquals([plain.cwd, plain.scopes[0]?.cwd?.text], [undefined, "root"]);
});

Deno.test("what is hidden: names with an underscore at any level, and what says so", async () => {
  const { workspace, problems } = await sound(`[tasks]
_a = "p a"
b = { cmd = "p b", hidden = true }
c = "p c"
[tasks._g]
d = "p d"
[tasks.g]
_e = "p e"
f = "p f"
`);
  assertEquals(codes(problems), []);
  const hidden = [...workspace.tasks.values()].filter((task) => task.hidden).map(({ id }) => id);
  assertEquals(hidden as string[], ["_a", "b", "_g", "_g.d", "g._e"]);
});
