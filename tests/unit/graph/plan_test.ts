/**
 * Calls become steps.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { heightsOf } from "../../../src/graph/rank.ts";
import {
  codes,
  given,
  outcomeOf,
  outline,
  planOf,
  sound,
  stepOf,
  stepsOf,
  variable,
} from "../../rig/planning.ts";

Deno.test("steps are numbered depth first as written: deps, pre, items, the step, post", async () => {
  const project = await sound(`[tasks]
d1 = { cmd = "p d1", deps = ["d2"] }
d2 = "p d2"
p = "p p"
i = { cmd = "p i", deps = ["d2"] }
q = "p q"
[tasks.all]
deps = ["d1", "d2"]
pre = ["p", { cmd = "p inline" }]
tasks = ["i", "i"]
post = "q"
`);
  assertEquals(outline(planOf(project, "all")), [
    "0 d2",
    "1 d1 <- deps 0",
    "2 p",
    "3 all.pre[1]",
    "4 i <- deps 0",
    "5 i <- deps 0",
    "6 all <- deps 1 0, pre 2 3, items 4 5, post 7",
    "7 q",
  ]);
});

Deno.test("a dependency is one step for each identity: arguments and overrides tell them apart", async () => {
  const project = await sound(`[tasks]
dep = "p {args}"
a = { cmd = "p a", deps = ["dep x", "dep x", "dep y", "dep"] }
b = { cmd = "p b", deps = ["dep x", { use = "dep x", env = { M = "1" } }] }
c = { cmd = "p c", deps = [{ use = "dep x", env = { M = "1" } }, { use = "dep x", env = { M = "2" } }] }
`);
  const plan = planOf(project, ["a", "b", "c"]);
  const deps = (label: string) => stepOf(plan, label).deps;
  assertEquals(stepsOf(plan, "dep").length, 5);
  assertEquals(deps("a").length, 3);
  assertEquals(deps("b")[0], deps("a")[0]);
  assertEquals(deps("c")[0], deps("b")[1]);
  assert(deps("c")[0] !== deps("c")[1]);
});

Deno.test("items and hooks are a step for each mention", async () => {
  const project = await sound(`[tasks]
a = "p a"
all = { tasks = ["a", "a"], pre = "a", post = ["a"] }
`);
  assertEquals(stepsOf(planOf(project, "all"), "a").length, 4);
});

Deno.test("a group runs its visible members in order, whole groups inside too", async () => {
  const project = await sound(`[tasks.g]
pre = { cmd = "p before" }
a = "p a"
_h = "p h"
[tasks.g.inner]
b = "p b"
[tasks.g.z]
cmd = "p z"
`);
  assertEquals(outline(planOf(project, "g")), [
    "0 g.pre[0]",
    "1 g.a",
    "2 g.inner.b",
    "3 g.inner <- items 2",
    "4 g.z",
    "5 g <- pre 0, items 1 3 4",
  ]);
  assertEquals(outline(planOf(project, "g a")), ["0 g.a"], "hooks of a group wrap the whole group");
});

Deno.test("parts of a plan can be left out", async () => {
  const project = await sound(`[tasks]
d = "p d"
h = "p h"
a = { cmd = "p a", deps = "d", pre = "h", post = "h" }
all.tasks = ["a", "d"]
`);
  const labels = (settings: Parameters<typeof planOf>[2]) =>
    planOf(project, "all", settings).steps.map(({ label }) => label).join(" ");
  assertEquals(labels({}), "d h a h d all");
  assertEquals(labels({ deps: false }), "h a h d all");
  assertEquals(labels({ pre: false }), "d a h d all");
  assertEquals(labels({ post: false }), "d h a d all");
  const skipped = planOf(project, "all", { skip: new Set(["a" as never]) });
  assertEquals(skipped.steps.map(({ label, skip }) => [label, skip]), [
    ["a", true],
    ["d", false],
    ["all", false],
  ]);
});

Deno.test("arguments nobody can take are an error before anything starts", async () => {
  const project = await sound(`[tasks]
a = "p {args.0}"
none.deps = ["b"]
b = "p b"
two.tasks = ["b", "b"]
uses.tasks = ["a"]
`);
  const problems = (line: string) => {
    const outcome = outcomeOf(project, line);
    return outcome.ok ? [] : codes(outcome.problems);
  };
  assertEquals(problems("a"), ["R_ARG_MISSING a"]);
  assertEquals(problems("a x"), []);
  assertEquals(problems("none x"), ["R_ARG_UNEXPECTED none"]);
  assertEquals(problems("two x"), ["R_ARG_UNEXPECTED two"]);
  assertEquals(problems("uses x"), [], "a composite of one item hands them on");
  assertEquals(problems("uses"), ["R_ARG_MISSING a"]);
});

Deno.test("caller overrides win over what the callee says, the outermost most; deps do not get them", async () => {
  const project = await sound(`[tasks]
leaf = { cmd = "p", env = { A = "own", B = "own", C = "own" }, deps = ["dep"] }
dep = { cmd = "p", env = { A = "dep" } }
mid = { tasks = [{ use = "leaf", env = { A = "item", B = "item" } }], env = { A = "mid" } }
top = { tasks = ["mid"], env = { B = "top" } }
`);
  const plan = planOf(project, "top");
  const value = (label: string, name: string) => variable(project, stepOf(plan, label), name);
  assertEquals([value("leaf", "A"), value("leaf", "B"), value("leaf", "C")], ["mid", "top", "own"]);
  assertEquals(value("dep", "A"), "dep");
  const told = planOf(project, "top", { env: given({ B: "cli" }) });
  assertEquals(variable(project, stepOf(told, "leaf"), "B"), "cli");
});

Deno.test("keep_going shelters everything below, also what was asked for by name", async () => {
  const project = await sound(`[tasks]
d = "p d"
a = { cmd = "p a", deps = ["d"], pre = { cmd = "p h" } }
all = { tasks = ["a", { cmd = "p i" }], keep_going = true }
plain.tasks = ["a"]
`);
  const sheltered = (line: string) =>
    planOf(project, line).steps.filter((step) => step.sheltered).map(({ label }) => label).join(
      " ",
    );
  assertEquals(sheltered("all"), "d a.pre[0] a all[1]");
  assertEquals(sheltered("plain"), "");
});

Deno.test("a plan is plain data, and the same whenever it is made", async () => {
  const project = await sound(`[tasks]
d = "p d"
a = { cmd = "p {args}", deps = "d" }
all = { tasks = ["a 1", "a 2"], parallel = true }
`);
  const [first, second] = [planOf(project, "all"), planOf(project, "all")];
  assertEquals(first, second);
  assertEquals(JSON.parse(JSON.stringify(first)), JSON.parse(JSON.stringify(second)));
});

Deno.test("the longest way through what waits for a step is its height", async () => {
  const project = await sound(`[tasks]
base = "p base"
mid = { cmd = "p mid", deps = ["base"] }
lone = "p lone"
top = { cmd = "p top", deps = ["lone", "mid"] }
`);
  const plan = planOf(project, "top");
  const heights = heightsOf(plan.steps, plan.roots, () => 1);
  const height = (label: string) => heights[stepOf(plan, label).id]!;
  assert(height("base") > height("mid") && height("mid") > height("top"));
  assertEquals(height("lone"), height("mid"));
});
