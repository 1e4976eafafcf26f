/**
 * References and cycles.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { codes, drawn, project, sound } from "../../rig/planning.ts";

Deno.test("an unknown name is reported at its place with the nearest ones (lesson 29)", async () => {
  const { problems } = await project(`[tasks]
build = "p b"
_build2 = "p h"
a = { cmd = "p a", deps = ["biuld"] }
b.tasks = [{ use = "nope", env = { A = "1" } }]
c = { cmd = "p c", pre = "build x", post = ["bild --fast"] }
`);
  const found = problems.map((problem) =>
    problem.code === "E_REF_UNKNOWN" ? [problem.task, problem.name, problem.near] : problem
  );
  assertEquals(found, [
    ["a", "biuld", ["build"]],
    ["b", "nope", []],
    ["c", "bild", ["build"]],
  ]);
  const [first] = problems;
  assert(first?.place && "path" in first.place);
  assertEquals(first.place.path.slice(0, 3), ["tasks", "a", "deps"]);
});

Deno.test("a cycle is reported once, as the path along it, whatever its edges are", async () => {
  for (
    const [text, path] of [
      ['[tasks]\na = { cmd = "p", deps = ["a"] }\n', ["a", "a"]],
      [
        '[tasks]\na = { cmd = "p", deps = "b" }\nb = { cmd = "p", pre = "c" }\nc.tasks = ["a"]\n',
        ["a", "b", "c", "a"],
      ],
      ['[tasks]\na = { cmd = "p", post = "b" }\nb.tasks = ["a"]\n', ["a", "b", "a"]],
      ['[tasks.g]\nx = { cmd = "p", deps = "g" }\n', ["g", "g.x", "g"]],
      [
        '[tasks]\ns = "p"\na = { cmd = "p", deps = ["s", "b"] }\nb = { cmd = "p", deps = ["s", "a"] }\n',
        ["a", "b", "a"],
      ],
      // A condition does not exempt it.
      [
        `[tasks]\na = { cmd = "p", deps = "b", condition = "os_name == 'nt'" }\nb.tasks = ["a"]\n`,
        ["a", "b", "a"],
      ],
    ] as const
  ) {
    const { problems } = await project(text);
    assertEquals(codes(problems).map((code) => code.split(" ")[0]), ["E_CYCLE"], text);
    const [problem] = problems;
    assert(problem?.code === "E_CYCLE");
    assertEquals(problem.path, [...path], text);
  }
});

Deno.test("a hidden member does not close a cycle through its group: the group does not run it", async () => {
  const { problems } = await project('[tasks.g]\n_x = { cmd = "p", deps = "g" }\ny = "p y"\n');
  assertEquals(problems, []);
});

Deno.test("a cycle across the two languages is found", async () => {
  const { problems } = await project({
    "tasks.toml": '[tasks]\na = { cmd = "p", deps = ["b"] }\n',
    "tasks.ts": 'import { task } from "ntask";\nexport const b = task({ deps: ["a"] }, "p b");\n',
  });
  assertEquals(codes(problems), ["E_CYCLE b"]);
});

Deno.test("edges stand in the order written: deps, pre, items, post", async () => {
  const { graph } = await sound(`[tasks]
d = "p d"
p = "p p"
i = "p i"
q = "p q"
[tasks.all]
post = ["q"]
tasks = ["i", { cmd = "p inline" }, "i"]
pre = ["p"]
deps = ["d"]
`);
  assertEquals(drawn(graph, "all").edges, [
    "all -deps-> d",
    "all -pre-> p",
    "all -item-> i",
    "all -post-> q",
  ]);
});

Deno.test("a picture of one task holds what it leads to, hidden tasks too; of all, what is visible", async () => {
  const { graph } = await sound(`[tasks]
_h = "p h"
_lost = "p l"
a = { cmd = "p a", deps = ["_h"] }
b = "p b"
[tasks.g]
x = { cmd = "p x", deps = ["a"] }
`);
  assertEquals(drawn(graph, "g"), {
    nodes: ["_h", "a", "g (group)", "g.x"],
    edges: ["g -member-> g.x", "g.x -deps-> a", "a -deps-> _h"],
  });
  assertEquals(drawn(graph).nodes, ["_h", "a", "b", "g (group)", "g.x"]);
});
