/**
 * What counts for the identity of a function, and what does not.
 *
 * @module
 */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { AbsolutePath } from "../../../../src/model/id.ts";
import { openIdentities, sourceIdentity } from "../../../../src/source/signature/identity.ts";
import { type Asked, identify, identifyText, outcomeOf, partNames } from "./_identifying.ts";
import { CHANGES, CHANGES_NOT, type Edit, PACKAGES, PROJECT } from "./_identity_edits.ts";

const ASKED: Asked = { packages: PACKAGES };
const BASE = await identify(PROJECT, ASKED);

function edited({ file = "tasks.ts", from, to, name }: Edit) {
  const text = PROJECT[file]!;
  assert(text.split(from).length === 2, `${name}: ${from} must stand once in ${file}`);
  return { ...PROJECT, [file]: text.replace(from, () => to) };
}

for (const edit of CHANGES) {
  Deno.test(`lesson 9: ${edit.name} changes the identity`, async () => {
    const changed = await identify(edited(edit), ASKED);
    assertNotEquals(changed.parts, BASE.parts);
  });
}

for (const edit of CHANGES_NOT) {
  Deno.test(`${edit.name} does not change the identity`, async () => {
    assertEquals(await identify(edited(edit), ASKED), BASE);
  });
}

Deno.test("lesson 9: the parts say in words what they are", () => {
  assertEquals(
    partNames(BASE),
    [
      "body",
      "class Walker in tasks.ts",
      "constant LIMIT in tasks.ts",
      "constant OTHER in tasks.ts",
      "constant PATTERN in tasks.ts",
      "constant SOURCES in tasks.ts",
      "constant registry in tasks.ts",
      "constant test in tasks.ts",
      "helper deeper in tasks.ts",
      "helper helper in tasks.ts",
      "helper lonely in tasks.ts",
      "import data in tasks.ts",
      "import render in tasks.ts",
      "import run in tasks.ts",
      "import shell in tasks.ts",
      "import z in tasks.ts",
      "module data.json",
      "module lib/escape.ts",
      "module lib/patch.ts",
      "module lib/render.ts",
      "package zod@3.1.0",
      "statements of tasks.ts",
      "variable count in tasks.ts",
    ],
  );
});

Deno.test("a package counts by its version and its entry in the lock file", async () => {
  const { zod } = PACKAGES;
  for (const changed of [{ ...zod!, version: "3.1.1" }, { ...zod!, lock: "integrity two" }]) {
    const packages = { ...PACKAGES, zod: changed };
    assertNotEquals((await identify(PROJECT, { packages })).parts, BASE.parts);
  }
  const packages = { ...PACKAGES, "left-pad": { name: "left-pad", version: "2.0.0" } };
  assertEquals(await identify(PROJECT, { packages }), BASE);
});

Deno.test("a package of the project's own counts as a module", async () => {
  const text =
    'import { a } from "own"; import { task } from "ntask"; export const lint = task(a);';
  const file = "/project/packages/own/mod.ts" as never;
  const asked = { packages: { own: { name: "own", local: file } } };
  const one = { "tasks.ts": text, "packages/own/mod.ts": "export const a = () => 1;" };
  const two = { ...one, "packages/own/mod.ts": "export const a = () => 2;" };
  const found = await identify(one, asked);
  assertEquals(partNames(found), ["body", "module packages/own/mod.ts"]);
  assertNotEquals(found, await identify(two, asked));
});

Deno.test("an import that leads nowhere is a problem where the body uses it, and only there", async () => {
  const text = (body: string) =>
    'import { task } from "ntask"; import { a, b } from "./gone.ts"; import c from "gone";\n' +
    `export const lint = task(() => ${body}); export const test = task(() => a + b + c);`;
  assert((await outcomeOf({ "tasks.ts": text("1") })).ok);
  const outcome = await outcomeOf({ "tasks.ts": text("[a, c]") });
  assert(!outcome.ok);
  assertEquals(
    outcome.problems.map((problem) => [
      problem.code,
      "specifier" in problem &&
      problem.specifier,
    ]),
    [["E_TS_IMPORT", "./gone.ts"], ["E_TS_IMPORT", "gone"]],
  );
});

Deno.test("what the runtime and ntask bring along counts by name", async () => {
  const text =
    'import fs from "fs"; import { x } from "bun:test"; import { shell, task } from "ntask";\n' +
    'import { join } from "node:path/posix"; export const lint = task(() => [fs, x, shell, join]);';
  assertEquals((await identifyText(text)).parts.length, 5);
});

Deno.test("`./x.js` may mean `./x.ts`", async () => {
  const project = {
    "tasks.ts":
      'import { task } from "ntask"; import { a } from "./x.js"; export const lint = task(a);',
    "x.ts": "export const a = () => 1;",
  };
  assertEquals(partNames(await identify(project)), ["body", "module x.ts"]);
});

for (
  const body of [
    "() => ({ helper })",
    "({ a = helper } = {}) => a",
    "(a = helper) => { var helper = 1; return a; }",
    "(a) => { switch (helper) { case 1: let helper; } }",
    "(a) => { { const helper = 1; } return helper; }",
    "(a) => { a[helper] = 1; }",
    "() => { const f = ({ helper: b }) => b; return f({ [helper]: 1 }); }",
    "() => class extends Object { [helper] = 1; }",
    "() => class { x = helper; }",
    "() => class { static { helper(); } }",
    "() => `${helper}`",
    "() => shell`${helper}`",
    "() => { for (const x of helper) x; }",
    "() => { try { } catch (helper) { } helper(); }",
    "function named() { return helper; }",
    "make(helper)",
    "object.method",
    "helper",
  ]
) {
  Deno.test(`lesson 9: the helper in ${body} counts`, async () => {
    const text = (n: number) =>
      `import { shell, task } from "ntask"; function helper() { return ${n}; }
       const make = (f) => () => f; const object = { method() { return helper; } };
       export const lint = task({}, ${body});`;
    assertNotEquals((await identifyText(text(1))).parts, (await identifyText(text(2))).parts);
  });
}

for (
  const body of [
    "(helper) => helper",
    "() => { const helper = 1; return helper; }",
    "() => { if (1) { var helper = 1; } return helper; }",
    "() => ({ helper: 1 })",
    "(a) => a.helper",
    "() => { helper: for (;;) break helper; }",
    "() => { try { } catch (helper) { helper; } }",
    "() => class { helper() {} #helper = 1; get() { return this.#helper; } }",
    "() => { const f = function helper() { return helper; }; }",
  ]
) {
  Deno.test(`a name that is only like the helper's, ${body}, leads nowhere`, async () => {
    const found = await identifyText(
      `import { task } from "ntask"; function helper() {} export const lint = task(${body});`,
    );
    assertEquals(partNames(found), ["body"]);
  });
}

Deno.test("one opened module gives for every export what it gives alone", async () => {
  const text = PROJECT["tasks.ts"]!;
  const options = {
    file: "/project/tasks.ts" as AbsolutePath,
    text,
    root: "/project" as AbsolutePath,
    readModuleText: (_: AbsolutePath, specifier: string) => {
      const name = specifier.replace("./lib/", "lib/").replace(/^\.\/(?!lib)/, "");
      const found = PROJECT[name] ?? PROJECT[`lib/${name}`];
      return { file: `/project/${name}` as AbsolutePath, text: found! };
    },
    packageOf: (_: AbsolutePath, specifier: string) => PACKAGES[specifier],
  };
  const identityOf = await openIdentities(options);
  const paths = [["lint"], ["test"], ["lint"], ["api", "build"], ["test"]];
  for (const path of paths) {
    assertEquals(identityOf(path), await sourceIdentity({ ...options, export: path }));
  }
});

// ── the environment ──────────────────────────────────────────────────────────────────────────────

const ENV: readonly (readonly [body: string, env: readonly string[], computed: boolean])[] = [
  ["process.env.A", ["A"], false],
  ['process.env["A-B"]', ["A-B"], false],
  ["process.env[`A`]", ["A"], false],
  ["process.env?.A", ["A"], false],
  ["(process.env as Env).A!", ["A"], false],
  ['Deno.env.get("A")', ["A"], false],
  ['Deno.env.has("A")', ["A"], false],
  ["Bun.env.A ?? import.meta.env.B", ["A", "B"], false],
  ["globalThis.process.env.A", ["A"], false],
  ["proc.env.A + env.B + all.env.C", ["A", "B", "C"], false],
  ['"A" in process.env', ["A"], false],
  ["{ const { A, B: b = 1 } = process.env; return A + b; }", ["A", "B"], false],
  ["{ process.env.A = '1'; }", ["A"], false],
  ["helper()", ["H"], false],
  ["process.cwd() + process.argv[0]", [], false],
  ['typeof Deno === "undefined"', [], false],
  ["((process: any) => process.env.A)(1)", [], false],
  ["process.env[x]", [], true],
  ["({ ...process.env })", [], true],
  ["Object.keys(process.env)", [], true],
  ["Deno.env.get(x)", [], true],
  ["Deno.env.toObject()", [], true],
  ["{ const { A, ...rest } = process.env; }", ["A"], true],
  ["{ const { env } = process; return env.A; }", [], true],
  ["x(process)", [], true],
  ["process[x]", [], true],
];

for (const [body, env, computed] of ENV) {
  Deno.test(`the environment in ${body}: ${env.join(", ")}${computed ? ", computed" : ""}`, async () => {
    const found = await identifyText(
      'import { task } from "ntask"; import proc, { env } from "node:process";\n' +
        'import * as all from "process"; const x = "X"; function helper() { return process.env.H; }\n' +
        `const other = () => process.env.OTHER; export const lint = task(() => ${body});`,
    );
    assertEquals(found.env, env);
    assertEquals(found.computedEnv, computed);
  });
}

Deno.test("variables that an imported module names are named", async () => {
  const project = {
    "tasks.ts":
      'import { task } from "ntask"; import { a } from "./x.ts"; export const lint = task(a);',
    "x.ts": 'import "./y.ts"; export const a = () => process.env.A;',
    "y.ts": "globalThis.y = process.env.Y;",
  };
  assertEquals((await identify(project)).env, ["A", "Y"]);
});

// ── code that is not written out ─────────────────────────────────────────────────────────────────

for (
  const body of [
    "eval(x)",
    "(0, eval)(x)",
    "globalThis.eval(x)",
    "import(x)",
    "import(`./${x}.ts`)",
    "require(x)",
    "new Function(x)()",
    "Function(x)()",
    "load(x)",
    "new Worker(x)",
    'createRequire("/")(x)',
  ]
) {
  Deno.test(`${body} makes everything within reach count, and says so`, async () => {
    const project = (a: string, b: string) => ({
      "tasks.ts": 'import { task } from "ntask"; import { createRequire } from "node:module";\n' +
        'import { a } from "./a.ts"; const x = "x"; const load = createRequire("/");\n' +
        `const b = ${b}; export const lint = task(() => ${body}); export const t = task(() => a);`,
      "a.ts": `export const a = ${a};`,
    });
    const found = await identify(project("1", "1"));
    assertEquals(found.whole, true);
    assertNotEquals(found.parts, (await identify(project("2", "1"))).parts);
    assertNotEquals(found.parts, (await identify(project("1", "2"))).parts);
  });
}

for (
  const [body, file] of [
    ['import("./a.ts")', "a.ts"],
    ["import(`./a.ts`)", "a.ts"],
    ['require("./a.ts")', "a.ts"],
    ['new Worker(new URL("./a.ts", import.meta.url))', "a.ts"],
    ["eval1(Function.name)", undefined],
    ["((Function) => Function(1))(String)", undefined],
  ] as const
) {
  Deno.test(`${body} is written out`, async () => {
    const found = await identify({
      "tasks.ts": `import { task } from "ntask"; export const lint = task(() => ${body});`,
      "a.ts": "export const a = 1;",
    });
    assertEquals(found.whole, false);
    assertEquals(partNames(found), ["body", ...file === undefined ? [] : [`module ${file}`]]);
  });
}

Deno.test("`const require = createRequire(…)` loads what is written out", async () => {
  const found = await identify({
    "tasks.ts": 'import { task } from "ntask"; import { createRequire } from "node:module";\n' +
      "const require = createRequire(import.meta.url);\n" +
      'export const lint = task(() => require("./a.cjs"));',
    "a.cjs": "module.exports = 1;",
  });
  assertEquals(found.whole, false);
  assert(partNames(found).includes("module a.cjs"));
});

// ── where bodies are ─────────────────────────────────────────────────────────────────────────────

const API = 'import { group, task } from "ntask";\n';

async function changes(before: string, after: string, asked: Asked, others = {}): Promise<boolean> {
  const [one, two] = await Promise.all(
    [before, after].map((text) => identify({ "tasks.ts": API + text, ...others }, asked)),
  );
  return JSON.stringify(one) !== JSON.stringify(two);
}

Deno.test("the body is found in groups, records, arrays and behind dependencies", async () => {
  const text = (a: number, b: number) =>
    `const inner = task(() => ${a}); const hidden = task({}, async () => ${a});
     export const api = group({ lint: inner, other: task(() => ${b}) });
     export const list = [task(() => ${b}), task(() => ${a})];
     export const record = { one: task(() => ${a}), two: task(() => ${b}) };
     export const all = task({ deps: [() => later, hidden.with({ x: 1 })] }, () => ${b});
     const later = task(() => ${a}), f = (x) => x;`;
  const paths = [["api", "lint"], ["list", 1], ["record", "one"], ["all", 0], ["all", 1]];
  for (const path of paths) {
    assert(await changes(text(1, 1), text(2, 1), { export: path }), `${path}: its body`);
    assert(!await changes(text(1, 1), text(1, 2), { export: path }), `${path}: another body`);
  }
});

Deno.test("the body of a task of another module reaches what is there", async () => {
  const web = (a: number, b: number) => ({
    "web.ts": `${API}const a = ${a}; const b = ${b};
      export const lint = task(() => a); export const test = task(() => b);`,
  });
  for (
    const [text, path] of [
      ['export * as web from "./web.ts";', ["web", "lint"]],
      ['export * from "./web.ts";', ["lint"]],
      ['export { lint as check } from "./web.ts";', ["check"]],
      ['import { lint } from "./web.ts"; export const api = group({ lint });', ["api", "lint"]],
    ] as const
  ) {
    const found = async (others: Record<string, string>, more = "") =>
      (await identify({ "tasks.ts": API + text + more, ...others }, { export: path })).parts;
    const base = await found(web(1, 1));
    assertNotEquals(await found(web(2, 1)), base);
    assertEquals(await found(web(1, 2)), base);
    // Loading the file of tasks comes first, whatever it does.
    assertNotEquals(await found(web(1, 1), "globalThis.x = 1;"), base);
  }
});

Deno.test("a task that can be assigned to again counts with all of its module", async () => {
  const text = (n: number) => `export let lint = task(() => 1); lint = task(() => ${n});`;
  assert(await changes(text(1), text(2), {}));
  const member = (n: number) =>
    `export const api = { lint: task(() => 1) }; api.lint = task(() => ${n});`;
  assert(await changes(member(1), member(2), { export: ["api", "lint"] }));
  const hidden = (n: number) =>
    `const set = (o) => { o.lint = task(() => ${n}); };
     export const api = { lint: task(() => 1) }; const done = set(api);`;
  assert(await changes(hidden(1), hidden(2), { export: ["api", "lint"] }));
});

Deno.test("lesson 9: a task made by a function counts with that function", async () => {
  const text = (a: number, b: number) =>
    `const make = (name, body) => task({ inputs: [] }, body);
     export const lint = make("x", () => ${a}); export const test = make("y", () => ${b});`;
  assert(await changes(text(1, 1), text(2, 1), {}));
  assert(!await changes(text(1, 1), text(1, 2), {}));
  assert(await changes(text(1, 1), text(1, 1).replace("inputs: []", "inputs: ['a']"), {}));
});

Deno.test("lesson 9: a declaration counts that may have changed something imported", async () => {
  const others = {
    "state.ts": "export const state = {}; export const make = (x) => x; export const set = 1;",
  };
  const text = (declaration: string, n: number) =>
    `import { make, set, state } from "./state.ts";
     const other = ${declaration.replace("N", String(n))};
     export const lint = task(() => [state, make]);`;
  for (
    const declaration of [
      "make(state, N)",
      "make({ state, n: N })",
      "[1].map(() => state.x = N)",
      "(state.x++, N)",
      "delete state.x + N",
      "(globalThis.x = N)",
    ]
  ) assert(await changes(text(declaration, 1), text(declaration, 2), {}, others), declaration);
  for (const declaration of ["make(N)", "state.object({ a: N })", "make(() => state, N)", "set"]) {
    assert(!await changes(text(declaration, 1), text(declaration, 2), {}, others), declaration);
  }
});

Deno.test("a task made by an imported function is not changed by one made beside it", async () => {
  const others = { "make.ts": `${API}export const make = (o, body) => task(o, body);` };
  const text = (a: number, b: number) =>
    `import { make } from "./make.ts"; export const lint = make({ inputs: [] }, () => ${a});
     export const test = make({ inputs: [] }, () => ${b});`;
  assert(await changes(text(1, 1), text(2, 1), {}, others));
  assert(!await changes(text(1, 1), text(1, 2), {}, others));
});

Deno.test("the line ends of another system change nothing, in texts of several lines either", async () => {
  const lines = 'export const lint = task(() => [`a\nb ${1}\n`, String.raw`\n`, "x\\\ny"]);\n';
  assert(!await changes(lines, lines.replaceAll("\n", "\r\n"), {}));
});

Deno.test("an exported function for `call`: by name, as default, and a module that is run", async () => {
  const text = (a: number, b: number) =>
    `const a = ${a}; export function build() { return a; } export const other = () => ${b};
     export { build as again };`;
  for (const name of ["build", "again"]) {
    const asked: Asked = { export: { kind: "function-export", name } };
    assert(await changes(text(1, 1), text(2, 1), asked));
    assert(!await changes(text(1, 1), text(1, 2), asked));
  }
  const run: Asked = { export: { kind: "function-export" } };
  assert(await changes(text(1, 1), text(1, 2), run));
  const byDefault = (b: number) => `export default async function () {} export const b = ${b};`;
  assert(!await changes(byDefault(1), byDefault(2), run));
  const nested = (a: number) => `export const tools = { build() { return ${a}; } };`;
  assert(
    await changes(nested(1), nested(2), {
      export: { kind: "function-export", name: "tools.build" },
    }),
  );
});

Deno.test("a text that is no TypeScript is a problem, in any module within reach", async () => {
  const text = API + 'import { a } from "./a.ts"; export const lint = task(() => a);';
  for (const project of [{ "tasks.ts": "const" }, { "tasks.ts": text, "a.ts": "export const" }]) {
    const outcome = await outcomeOf(project);
    assert(!outcome.ok);
    assertEquals(outcome.problems[0]?.code, "E_TS_SYNTAX");
  }
});

Deno.test("modules that import each other are read once", async () => {
  const found = await identify({
    "tasks.ts": API + 'import { a } from "./a.ts"; export const lint = task(() => a);',
    "a.ts": 'import { b } from "./b.ts"; export const a = () => b;',
    "b.ts": 'import { a } from "./a.ts"; export const b = () => a;',
  });
  assertEquals(partNames(found).slice(-2), ["module a.ts", "module b.ts"]);
});

// ── names of the code around a body ──────────────────────────────────────────────────────────────

const CAPTURES: readonly (readonly [text: string, names: readonly string[]])[] = [
  ["export const lint = ['a'].map((m) => task({ inputs: [] }, () => m));", ["m"]],
  ["const make = (n) => task({}, () => n); export const lint = make(1);", ["n"]],
  ["function make() { let n = 1; n++; return task(() => n); } export const lint = make();", ["n"]],
  ["export const lint = {}; for (const m of ['a']) lint[m] = task(() => m);", ["m"]],
  ["const make = () => { const b = () => 1; return task(b); }; export const lint = make();", ["b"]],
  ["class M { n = 1; make() { return task(() => this.n); } } export const lint = new M().make();", [
    "this",
  ]],
  [
    "const mk = (b) => task(b); const all = (n) => mk(() => n); export const lint = all(1);",
    ["n"],
  ],
  ["const make = () => { const n = 1; return task(() => n); }; export const lint = make();", []],
  ["const make = () => { const n = -`1`; return task(() => n); }; export const lint = make();", []],
  ["const make = () => task((n) => { const m = n; return m; }); export const lint = make();", []],
  ["const make = (opts, b) => task(opts, b); export const lint = make({}, () => 1);", []],
  ["const n = 1; export const lint = [1].map((m) => task({ help: String(m) }, () => n));", []],
  ["const other = (n) => task(() => n); export const lint = task(() => 1);", []],
];

for (const [text, names] of CAPTURES) {
  Deno.test(`${text} captures ${names.join(", ") || "nothing"}`, async () => {
    const path = text.includes(".map(") ? ["lint", 0] : ["lint"];
    const outcome = await outcomeOf({ "tasks.ts": API + text }, { export: path });
    assertEquals(
      outcome.ok ? [] : outcome.problems.map((problem) => [
        problem.code,
        "name" in problem && problem.name,
      ]),
      names.map((name) => ["E_CACHE_CAPTURE", name]),
    );
  });
}

Deno.test("a literal constant around a body counts", async () => {
  const text = (n: number) =>
    `const make = () => { const n = ${n}; return task(() => n); }; export const lint = make();`;
  assert(await changes(text(1), text(2), {}));
});
