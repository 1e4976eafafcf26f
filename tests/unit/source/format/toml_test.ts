/**
 * TOML task files: spellings, groups, and everything that can be wrong, at its place.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Draft } from "../../../../src/model/task.ts";
import { createLocator } from "../../../../src/source/locate.ts";
import { PROPERTIES, RESERVED } from "../../../../src/source/spec/property.ts";
import { project } from "../../../rig/planning.ts";
import { fakeHost } from "../../../rig/fake_host.ts";

/** Every problem as `CODE task line:column`. */
async function problems(text: string): Promise<string[]> {
  const made = await project(text);
  const { files } = fakeHost({ files: { "tasks.toml": text } });
  return await Promise.all(made.problems.map(async ({ code, task, place }) => {
    const located = place && await createLocator(files)(place);
    return [code, task, located && `${located.line}:${located.column}`].filter((part) => part)
      .join(" ");
  }));
}

/** A task without its place, which spellings may change. */
async function tasks(text: string): Promise<readonly unknown[]> {
  const made = await project(text);
  assertEquals(made.problems, [], text);
  const bare = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(bare);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(([key]) => key !== "place");
    return Object.fromEntries(entries.map(([key, inner]) => [key, bare(inner)]));
  };
  return [...made.workspace.tasks.values()].map(bare);
}

Deno.test("table, inline and dotted spellings cannot be told apart", async () => {
  const spellings = [
    '[tasks.a]\ncmd = "p a"\nhelp = "h"\n[tasks.a.env]\nA = "1"\n',
    '[tasks]\na = { cmd = "p a", help = "h", env = { A = "1" } }\n',
    '[tasks]\na.cmd = "p a"\na.help = "h"\na.env.A = "1"\n',
    'tasks.a.cmd = "p a"\ntasks.a.help = "h"\ntasks.a.env = { A = "1" }\n',
    'tasks = { a = { cmd = "p a", help = "h", env.A = "1" } }\n',
    '["tasks".\'a\']\n"cmd" = """p a"""\nhelp = \'h\'\nenv = { "A" = "1" }\n',
  ];
  const [first, ...others] = await Promise.all(spellings.map(tasks));
  assertEquals((first as Draft[]).length, 1);
  for (const other of others) assertEquals(other, first);
});

Deno.test("a string is its command", async () => {
  assertEquals(await tasks('[tasks]\na = "p a"\n'), await tasks('[tasks]\na = { cmd = "p a" }\n'));
});

Deno.test("what a value is: a task, a group, or an error that says so (§2.2)", async () => {
  for (
    const [value, found] of [
      ['"p a"', []],
      ['{ cmd = "p a" }', []],
      ["{ deps = [] }", []],
      ['{ x = "p x" }', []],
      ['{ x = { cmd = "p x" } }', []],
      ['{ help = "h", x = "p x" }', []],
      ["{}", ["E_KIND_NONE a 2:1"]],
      ['{ help = "h" }', ["E_KIND_NONE a 2:1"]],
      ['{ cmd = "p", shell = "p" }', ["E_KIND_MULTI a 2:1"]],
      ['["p a"]', ["E_TASK_TYPE a 2:5"]],
      ["5", ["E_TASK_TYPE a 2:5"]],
      ["true", ["E_TASK_TYPE a 2:5"]],
      ["1979-05-27", ["E_TASK_TYPE a 2:5"]],
      ['{ cmd = "p", x = { cmd = "p x" } }', ["E_GROUP_EXEC a 2:18"]],
      ['{ cmd = "p", x = "p x" }', ["E_PROP_UNKNOWN a 2:18"]],
      ['{ x = "p x", y = 5 }', ["E_PROP_UNKNOWN a 2:18"]],
      ['{ x = "p x", y = ["p"] }', ["E_TASK_TYPE a.y 2:22"]],
      ['{ comand = "p x" }', ["W_LOOKS_LIKE_PROPERTY a 2:7"]],
      ['{ use = "x" }', ["E_PROP_SCOPE a 2:7"]],
    ] as const
  ) assertEquals(await problems(`[tasks]\na = ${value}\n`), [...found], value);
});

Deno.test("names (§2.3)", async () => {
  for (const name of ["a", "_a", "A1", "1a", '"ä"', '"日本"', '"a:b"', '"a.b"', '"a/b@1+c-d"']) {
    assertEquals(await problems(`[tasks]\n${name} = "p"\n`), [], name);
  }
  for (const name of ["1", '""', '"a b"', '"-a"', '"a=b"', '"a*"', '"a\\"b"', '"a\\tb"']) {
    const found = await problems(`[tasks]\n${name} = "p"\n`);
    assertEquals(found.map((line) => line.split(" ")[0]), ["E_NAME"], name);
    assert(found[0]!.endsWith("2:1"), found[0]);
  }
});

Deno.test("the fifteen reserved words are no names at the root; settings are read as such", async () => {
  assertEquals(RESERVED.size, 15);
  for (const word of RESERVED) {
    const settings = ["env", "envfile", "cwd"].includes(word);
    const value = word === "env" ? "{}" : '"p"';
    assertEquals(
      await problems(`[tasks]\n${word} = ${value}\nx = "p"\n`),
      settings ? [] : [`E_NAME_RESERVED ${word} 2:1`],
      word,
    );
  }
});

/** For each type of property: a value that is right, and ones that are not. */
const VALUES: Readonly<
  Record<string, { readonly right: string; readonly wrong: readonly string[] }>
> = {
  command: { right: '"p"', wrong: ["5", "true", "{}", "[1]"] },
  shell: { right: '"p"', wrong: ["5", "true", '["p"]', "{}"] },
  string: { right: '"x"', wrong: ["5", "true", '["x"]', "{}"] },
  boolean: { right: "true", wrong: ['"true"', "1", "[]", "{}"] },
  number: { right: "2", wrong: ['"2"', "true", "[]"] },
  strings: { right: '["x"]', wrong: ["5", "true", "[1]", "{}"] },
  "string-array": { right: '["x"]', wrong: ["5", "true", "[1]", "{}"] },
  items: { right: "[]", wrong: ["5", "true", "[1]"] },
  references: { right: "[]", wrong: ["5", "true", "[1]"] },
  env: { right: '{ A = "1" }', wrong: ['"A=1"', "5", "[]", "{ A = [] }"] },
  envfile: { right: '"x.env"', wrong: ["5", "true", "[1]"] },
  args: { right: '["x"]', wrong: ["5", "true", "[1]"] },
  options: { right: '{ x = "y" }', wrong: ['"x"', "5", "{ x = 1 }"] },
  duration: { right: '"5s"', wrong: ['"soon"', "true", "[]", "0", "-1"] },
  retries: { right: "2", wrong: ['"2"', "true", "-1", "{ max = -1 }"] },
  limits: { right: "{ cpu = 1 }", wrong: ['"cpu"', "5", "{ cpu = 0 }", '{ cpu = "1" }'] },
  result: { right: '"print"', wrong: ['"show"', "5"] },
  platform: { right: '"any"', wrong: ['"linux"', "5", "true"] },
  interpreter: { right: '"bash"', wrong: ['"fish"', "5", "[]", '[""]', '["sh", "-e"]'] },
};

Deno.test("every property refuses values of another type, where they stand (§3)", async () => {
  for (const { name, type, levels } of PROPERTIES) {
    const { right, wrong } = VALUES[type]!;
    const task = levels.includes("task") || levels.includes("composite");
    if (!task || name === "use") continue;
    const kind = levels.includes("task") ? 'cmd = "p"' : "tasks = []";
    const own = ["cmd", "shell", "call", "tasks"].includes(name);
    // Keeping results needs inputs; here it is only about types.
    const more = ["outputs", "cached"].includes(name) ? "inputs = []\n" : "";
    const text = (value: string) => `[tasks.a]\n${own ? "" : kind}\n${more}${name} = ${value}\n`;
    const line = more === "" ? 3 : 4;
    const errors = async (value: string) =>
      (await problems(text(value))).filter((problem) => !problem.startsWith("W_"));
    const sound = name === "condition" ? "\"os_name == 'nt'\"" : right;
    if (name !== "call") assertEquals(await errors(sound), [], `${name} = ${sound}`);
    for (const value of wrong) {
      const found = await errors(value);
      assert(found.length > 0, `${name} = ${value} is accepted`);
      for (const problem of found) {
        assert(/^E_PROP_TYPE a \d+:\d+$/.test(problem), `${name} = ${value}: ${problem}`);
        assertEquals(problem.split(" ")[2]!.split(":")[0], String(line), `${name} = ${value}`);
      }
    }
  }
});

Deno.test("every property is refused at a level it does not belong to (§3)", async () => {
  for (const { name, type, levels, core } of PROPERTIES) {
    const { right } = VALUES[type]!;
    if (["cmd", "shell", "call", "tasks"].includes(name)) continue;
    for (
      const [level, text] of [
        ["task", `[tasks.a]\ncmd = "p"\n${name} = ${right}\n`],
        ["composite", `[tasks.a]\ntasks = []\n${name} = ${right}\n`],
        ["group", `[tasks.a]\nb = "p"\n${name} = ${right}\n`],
      ] as const
    ) {
      const found = (await problems(text)).filter((problem) => /^E_PROP_SCOPE/.test(problem));
      // `deps` turns a table into a task, and switches may name members.
      if (level === "group" && (name === "deps" || !core && type === "boolean")) continue;
      const expected = levels.includes(level) ? [] : ["E_PROP_SCOPE a 3:1"];
      assertEquals(found, expected, `${name} at a ${level}`);
    }
    const item = (await problems(`[tasks.a]\ntasks = [{ cmd = "p", ${name} = ${right} }]\n`))
      .filter((problem) => /^E_PROP_SCOPE/.test(problem));
    assertEquals(
      item.length,
      levels.includes("item") || name === "use" ? 0 : 1,
      `${name} in an item`,
    );
  }
});

Deno.test("everything that is wrong is reported at once, in the order of the file", async () => {
  const text = `[tasks]
a = 5
b = { cmd = "p 'x" }
c = { cmd = "p", hlep = "x", cwd = 5 }
d = { cmd = "p", deps = ["nope"] }
e = { shell = "p", condition = "python_version" }
"f g" = "p"
`;
  assertEquals(await problems(text), [
    "E_TASK_TYPE a 2:5",
    "E_PROP_UNKNOWN c 4:18",
    "E_PROP_TYPE c 4:36",
    "E_NAME f g 7:1",
    "E_CMD_PARSE b 3:16",
    "E_COND_SYNTAX e 6:47",
    "E_REF_UNKNOWN d 5:26",
  ]);
});

Deno.test("keys that begin with x- are nobody's business, at every level", async () => {
  const text = `x-top = 1
[tasks]
x-root = [1]
[tasks.a]
cmd = "p"
x-task = { any = true }
[tasks.g]
x-group = 5
m = "p"
`;
  assertEquals(await problems(text), []);
  assertEquals((await tasks(text)).map((task) => (task as Draft).id as string), ["a", "g", "g.m"]);
});

Deno.test("numbers of env keep their spelling", async () => {
  const made = await project(
    "[tasks.a]\ncmd = 'p'\nenv = { A = 1, B = 1.50, C = 0x1F, D = 1_000, E = +5, F = true, G = 1e3 }\n",
  );
  assertEquals(made.problems, []);
  const [, scope] = made.workspace.tasks.get("a" as never)!.scopes;
  assertEquals(scope!.env.map(({ value }) => "text" in value ? value.text : ""), [
    "1",
    "1.50",
    "0x1F",
    "1_000",
    "+5",
    "true",
    "1e3",
  ]);
});
