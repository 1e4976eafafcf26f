import { assert, assertEquals } from "@std/assert";
import { byName, FILE, nameOf, outcomeOf, read } from "./_reading.ts";

/** The name of every export, with the kind of its body, or `group`. */
async function listed(text: string, others?: Readonly<Record<string, string>>): Promise<string[]> {
  const module = await read(text, others);
  return module.exports.map((entry) =>
    `${nameOf(entry)}: ${entry.kind === "group" ? "group" : entry.body}`
  );
}

Deno.test("exported tasks are found in the order of the text, with docs, options and body", async () => {
  const module = await read(`
    import { shell, task } from "ntask";
    /** Check the style. */
    export const lint = task({ inputs: ["src/**/*.ts"] }, "deno lint src");
    /** Run the tests.
     * @param pattern only some */
    export const test = task((pattern = "") => shell\`deno test \${pattern}\`);
    const inner = task("used, but not exported");
    export const all = task({ deps: [lint, test, inner], exclusive: true, cwd: undefined });
  `);
  const { lint, test, all } = byName(module);
  assertEquals(module.exports.map(nameOf), ["lint", "test", "all"]);
  assertEquals(lint!.doc?.text, "Check the style.");
  assertEquals([lint!.body, lint!.script], ["string", "deno lint src"]);
  assertEquals(lint!.options, { inputs: ["src/**/*.ts"] });
  assertEquals(lint!.signature, undefined);
  assertEquals([test!.body, test!.signature?.params[0]?.help], ["function", "only some"]);
  assertEquals([all!.body, all!.options, all!.dynamic], ["none", { exclusive: true }, undefined]);
  assertEquals(module.complete, true);
  assertEquals(module.hasTasks, true);
});

Deno.test("a place is the declared name", async () => {
  const text = `import { task } from "ntask";
    const a = task("x");
    export { a as b };
    export const list = { inner: task("y") };`;
  const { b, "list.inner": inner } = byName(await read(text));
  assertEquals(b!.place, { file: FILE, offset: text.indexOf("a = task"), length: 1 });
  assertEquals(inner!.place, { file: FILE, offset: text.indexOf("inner:"), length: 5 });
});

Deno.test("task is recognised under another name and through a namespace", async () => {
  assertEquals(
    await listed(
      `
      import { task as make } from "ntask";
      import * as n from "ntask";
      import { job } from "./kit.ts";
      const alias = make;
      export const a = make("x"), b = n.task("y"), c = n["task"]("z"), d = alias("v"), e = job("w");
    `,
      { "kit.ts": `export { task as job } from "ntask";` },
    ),
    ["a: string", "b: string", "c: string", "d: string", "e: string"],
  );
});

Deno.test("a function called task that is not ntask's makes no task", async () => {
  const module = await read(`
    import { task } from "elsewhere";
    function config() {}
    export const a = task("x");
    export default config();
  `);
  assertEquals(module.exports, []);
  assertEquals(module.settings, undefined);
  // It might be a wrapper around ntask's own.
  assertEquals(module.complete, false);
  assertEquals(module.hasTasks, true);
});

Deno.test("groups nest, with inline members, references, shorthand and spread", async () => {
  const text = `
    import { group, task } from "ntask";
    /** Build it. */
    const build = task("b");
    const more = { clean: task("c") };
    /** The API. */
    export const api = group({
      /** Lint it. */
      lint: task("l"),
      build,
      other: build,
      deep: group({ "in-quotes": task("q") }, { hidden: true }),
      ...more,
    }, { cwd: "packages/api", env: { A: "1" } });
  `;
  assertEquals(await listed(text), [
    "api: group",
    "api.lint: string",
    "api.build: string",
    "api.other: string",
    "api.deep: group",
    "api.deep.in-quotes: string",
    "api.clean: string",
  ]);
  const found = byName(await read(text));
  assertEquals(found["api"]!.doc?.text, "The API.");
  assertEquals(found["api"]!.options, { cwd: "packages/api", env: { A: "1" } });
  assertEquals(found["api.lint"]!.doc?.text, "Lint it.");
  assertEquals(found["api.build"]!.doc?.text, "Build it.");
});

Deno.test("arrays and records of tasks have indexed and dotted names", async () => {
  assertEquals(
    await listed(`
      import { task } from "ntask";
      export const fit = [task("a"), task(() => {})] as const;
      export const byModel = { ols: task("o"), gam: [task("g")], note: "no task" } satisfies Any;
    `),
    [
      "fit[0]: string",
      "fit[1]: function",
      "byModel.ols: string",
      "byModel.gam[0]: string",
    ],
  );
});

Deno.test("a member that overrides a spread one counts once", async () => {
  const module = await read(`
    import { group, task } from "ntask";
    const base = { lint: task("old"), test: task("t") };
    export const api = group({ ...base, lint: task("new") });
  `);
  const { "api.lint": lint } = byName(module);
  assertEquals(module.exports.length, 3);
  assertEquals(lint!.script, "new");
});

Deno.test("exports of other modules are followed: namespaces, names and stars", async () => {
  const others = {
    "web.ts": `
      import { task } from "ntask";
      /** Serve it. */
      export const serve = task((port = 80) => {});
      const own = task("o");
      export { own as renamed };
      export const shared = task("web");
    `,
    "more.ts": `
      import { task } from "ntask";
      export const shared = task("more");
      export const only = task("m");
      export default task("never by star");
      export const lint = task("hidden by the local one");
    `,
  };
  const text = `
    import { task } from "ntask";
    import * as all from "./web.ts";
    import { only as imported } from "./more.ts";
    export * as web from "./web.ts";
    export * from "./web.ts";
    export * from "./more.ts";
    export { serve as start } from "./web.ts";
    export const lint = task("l");
    export { imported };
    export const again = all.serve;
    export type { Nothing } from "./more.ts";
  `;
  assertEquals(await listed(text, others), [
    "web.serve: function",
    "web.renamed: string",
    "web.shared: string",
    "serve: function",
    "renamed: string",
    // `shared` is ambiguous, so no module exports it.
    "only: string",
    "start: function",
    "lint: string",
    "imported: string",
    "again: function",
  ]);
  const module = await read(text, others);
  const { start } = byName(module);
  assertEquals(start!.doc?.text, "Serve it.");
  assertEquals(start!.place.file, "/project/web.ts");
  assertEquals<readonly string[]>(module.files, [FILE, "/project/web.ts", "/project/more.ts"]);
});

Deno.test("modules that import each other come to an end", async () => {
  const others = {
    "b.ts": `
      import { task } from "ntask";
      export * from "./tasks.ts";
      export * as back from "./b.ts";
      export const b = task("b");
    `,
    "tasks.ts": `
      import { task } from "ntask";
      export * from "./b.ts";
      export const a = task("a");
      const x = y; const y = x;
      export { x };
    `,
  };
  assertEquals(await listed(others["tasks.ts"], others), [
    // A namespace that holds itself is entered once.
    "back.a: string",
    "back.b: string",
    "b: string",
    "a: string",
  ]);
});

Deno.test("a body may be declared elsewhere: function, constant, method, static method, import", async () => {
  const text = `
    import { task } from "ntask";
    import { deploy, type Target } from "./kit.ts";
    /** Build it.
     * @param mode how */
    async function build(mode: string) {}
    const pack = function (level = 3) {};
    const tools = { run(name: string) {}, later: (when: number) => {} };
    class Tools { static go(far: boolean) {} }
    export const a = task(build);
    export const b = task({ inputs: [] }, pack);
    export const c = task(tools.run);
    export const d = task(tools.later);
    export const e = task(Tools.go);
    export const f = task(deploy);
    export const g = task((async (x: string) => {}) as Body);
    function over(x: string): void;
    function over(x: number): void;
    function over(x: string) {}
    export const h = task(over);
  `;
  const others = {
    "kit.ts": `export type Target = "eu" | "us"; export function deploy(target: Target) {}`,
  };
  const found = byName(await read(text, others));
  const params = Object.entries(found).map(([name, { signature }]) =>
    `${name}(${signature?.params.map((param) => `${param.name}: ${param.type.kind}`)})`
  );
  assertEquals(params, [
    "a(mode: string)",
    "b(level: number)",
    "c(name: string)",
    "d(when: number)",
    "e(far: boolean)",
    "f(target: choice)",
    "g(x: string)",
    "h(x: string)",
  ]);
  assertEquals(found["a"]!.doc?.text, "Build it.");
  assertEquals(found["a"]!.signature!.params[0]!.help, "how");
});

Deno.test("the docs of an export come before those of the function it runs", async () => {
  const { a } = byName(
    await read(`
    import { task } from "ntask";
    /** Inner. @param x no */
    function build(x: string, y: string) {}
    /** Outer.
     * @param x from outside
     */
    export const a = task(build);
  `),
  );
  assertEquals(a!.doc?.text, "Outer.");
  assertEquals(a!.signature!.params.map((param) => param.help), ["from outside", undefined]);
});

Deno.test("a comment about the file, or about something else, is no doc of a task", async () => {
  const { a, b, c } = byName(
    await read(`
    /** All our tasks.
     * @module */
    export const a = task("a");
    import { task } from "ntask";
    /** About helper. */
    const helper = 1;
    export const b = task("b");
    /** About c. */
    // deno-lint-ignore no-unused
    /* and more */
    export const c = task("c");
  `),
  );
  assertEquals([a!.doc, b!.doc, c!.doc?.text], [undefined, undefined, "About c."]);
});

Deno.test("dependencies are names or values, in lists, thunks and records", async () => {
  const { t, record, one } = byName(
    await read(`
    import { task } from "ntask";
    const lint = task("l");
    const hidden = task("h");
    export { lint as check };
    export const api = { test: task("t") };
    export const fit = [task("f")];
    const shared = [lint, "shared.name"];
    const NAME = "by.constant";
    export const t = task({
      deps: [lint, api.test, fit[0], hidden, "api.test", \`x.y\`, () => later, () => { return "z"; },
        lint.with({ mode: "prod" }), ...shared, NAME],
    });
    export const later = task("later");
    export const record = task({ deps: { raw: lint, conf: () => api.test, lint } },
      ({ raw, conf }, version: string) => {});
    const options = { deps: [lint], cwd: "x" } as const;
    export const one = task({ ...options, help: "h" }, "x");
  `),
  );
  assertEquals(
    t!.deps.map(({ text, kind, path }) => [text, kind, path && nameOf({ path })]),
    [
      ["lint", "value", "check"],
      ["api.test", "value", "api.test"],
      ["fit[0]", "value", "fit[0]"],
      ["hidden", "value", undefined],
      ["api.test", "name", undefined],
      ["x.y", "name", undefined],
      ["later", "value", "later"],
      ["z", "name", undefined],
      ["lint", "value", "check"],
      ["lint", "value", "check"],
      ["shared.name", "name", undefined],
      ["by.constant", "name", undefined],
    ],
  );
  // The arguments of `.with` are not read.
  assertEquals(t!.dynamic, true);
  assertEquals(record!.deps.map(({ text, takes }) => [text, takes]), [
    ["lint", "raw"],
    ["api.test", "conf"],
    ["lint", "lint"],
  ]);
  assertEquals(record!.signature!.params.map((param) => param.name), ["version"]);
  assertEquals(record!.signature!.shape, [{ kind: "single", name: "version" }]);
  assertEquals(one!.deps.map((dep) => dep.text), ["lint"]);
  assertEquals(one!.options, { cwd: "x", help: "h" });
});

Deno.test("options are read through constants, spreads, templates and wrappers", async () => {
  const { a } = byName(
    await read(
      `
    import { task } from "ntask";
    import { OUT } from "./paths.ts";
    const SOURCES = ["src/**"] as const;
    const common = { tags: ["ci"], hidden: true };
    let changing = "x";
    export const a = task({
      ...common, hidden: false, inputs: [...SOURCES, "deno.json"], outputs: [\`\${OUT}/\`],
      retries: { max: -1 + 0 ? 1 : 2 }, weight: +2, help: "a" + "b", cwd: changing, condition: () => true,
    } satisfies Options, "x");
  `,
      { "paths.ts": `export const OUT = "dist";` },
    ),
  );
  assertEquals(a!.options, {
    tags: ["ci"],
    hidden: false,
    inputs: ["src/**", "deno.json"],
    outputs: ["dist/"],
    weight: 2,
    help: "ab",
  });
  assertEquals(a!.dynamic, true);
});

Deno.test("what is computed is marked, not guessed", async () => {
  const module = await read(`
    import { task } from "ntask";
    export const a = task(process.env.X ? "x" : "y");
    export const b = task(\`deno \${process.argv[2]}\`);
    export const c = models.map((model) => task(model));
    export const { d, e } = make();
    export const f = cond ? task("x") : task("y");
    export const g = task({ deps: computed() }, "g");
    export const h = [task("0"), ...others, task("?")];
  `);
  const { a, b, g } = byName(module);
  assertEquals(module.exports.map(nameOf), ["a", "b", "g", "h[0]"]);
  assertEquals([a!.body, a!.dynamic], ["unknown", true]);
  assertEquals([b!.body, b!.script, b!.dynamic], ["string", undefined, true]);
  assertEquals([g!.deps, g!.dynamic], [[], true]);
  assertEquals(module.complete, false);
});

Deno.test("a module of helpers has no tasks and hides none", async () => {
  const module = await read(`
    export const version = "1.0";
    export const settings = { a: [1, { b: 2 }] };
    export function help() {}
    export class A {}
    export enum B { C }
    export type D = string;
    export default { jobs: 4 };
  `);
  assertEquals([module.exports, module.hasTasks, module.complete], [[], false, true]);
});

Deno.test("the default export has a place, and its settings where they are written out", async () => {
  const text = `import { config } from "ntask";
    const jobs = 4;
    export default config({ jobs, remoteCache: { type: "s3" }, token: process.env.T });`;
  const module = await read(text);
  assertEquals((module.default as { offset: number }).offset, text.indexOf("config({"));
  assertEquals(module.settings, {
    values: { jobs: 4, remoteCache: { type: "s3" } },
    dynamic: true,
  });
});

Deno.test("one parameter that cannot be read spoils no other task", async () => {
  const { bad, good } = byName(
    await read(`
    import { task } from "ntask";
    export const bad = task((when: Date) => {});
    export const good = task((name: string) => {});
  `),
  );
  assertEquals([bad!.signature, bad!.problems?.length], [undefined, 1]);
  assertEquals([good!.signature?.params.length, good!.problems], [1, undefined]);
});

Deno.test("a syntax error is E_TS_SYNTAX at its offset, also in a module that is re-exported", async () => {
  const text = `import { task } from "ntask";\nexport const a = task(;\n`;
  const outcome = await outcomeOf(text);
  assert(!outcome.ok);
  const [problem] = outcome.problems;
  assertEquals(problem, {
    code: "E_TS_SYNTAX",
    place: { file: FILE, offset: text.indexOf(";\n", 40) },
    detail: "Unexpected token",
  });
  const other = await outcomeOf(`export * from "./bad.ts";`, { "bad.ts": "export const = 1;" });
  assert(!other.ok);
  assertEquals(other.problems.map(({ place }) => place), [{
    file: "/project/bad.ts" as typeof FILE,
    offset: 13,
  }]);
});

Deno.test("a module that cannot be found leaves the others readable", async () => {
  const module = await read(`
    import { task } from "ntask";
    import data from "./data.json" with { type: "json" };
    import { helper } from "./missing.ts";
    export * from "./gone.ts";
    export const a = task({ cwd: data.cwd }, helper);
  `);
  const { a } = byName(module);
  assertEquals([a!.body, a!.dynamic, module.complete], ["unknown", true, false]);
});

Deno.test("all of today's syntax is read", async () => {
  const others = { "decorated.ts": "" };
  const text = `#!/usr/bin/env -S ntask --file
    import { task } from "ntask";
    import defer * as lazy from "./decorated.ts";
    import type { A } from "./decorated.ts" with { "resolution-mode": "import" };
    import json from "./x.json" with { type: "json" };
    using handle = open();
    await using other = open();
    enum Color { Red }
    const enum Fast { A }
    namespace Space { export const a = 1; }
    declare global { interface Window { x: string } }
    declare module "x" { export const y: number; }
    abstract class C<in out T> { @dec accessor x = 1; declare y: string; static { } #z?: T; }
    function isA(x: unknown): asserts x is string {}
    const typed = <const T extends readonly string[]>(x: T) => x;
    const old = <string> json!;
    type Name<T> = T extends \`a\${infer R}\` ? R : never;
    type Getters<T> = { readonly [K in keyof T as \`get\${K & string}\`]-?: () => T[K] };
    const regexp = /[\\p{L}--[a-z]]/v;
    const big = 1_000n ** 2n, or = (a ??= b?.c ?? d);
    for await (const x of y) label: { break label; }
    export const a = task({ inputs: [] } satisfies object, (x: string) => {});
    await top;
    export type { A };
    export type * from "./decorated.ts";
    export import Alias = Space.a;
  `;
  assertEquals(await listed(text, others), ["a: function"]);
});

Deno.test("decorators of either dialect are read, and so is JSX in a .tsx module", async () => {
  const others = {
    "old.ts": `
      import { task } from "ntask";
      @sealed export class A { constructor(@inject() x: string) {} }
      export const old = task("o");
    `,
    "view.tsx": `
      import { task } from "ntask";
      const view = <p>hello</p>;
      export const seen = task("s");
    `,
  };
  assertEquals(
    await listed(`export * from "./old.ts"; export * from "./view.tsx";`, others),
    ["old: string", "seen: string"],
  );
});

Deno.test("what is read is plain JSON", async () => {
  const module = await read(`
    import { config, group, task } from "ntask";
    /** A. @deprecated */
    export const a = task({ weight: 1e999, retries: -0, cwd: undefined, cacheEnv: [1n] },
      (x = 1n, y = -0, z = 1e999, w = undefined as string | undefined, v: string[] = [undefined]) => {});
    export const g = group({ a, bad: task((d: Date) => {}) });
    export default config({ jobs: 1n });
  `);
  assertEquals(JSON.parse(JSON.stringify(module)), module);
  assertEquals(module.exports.length, 4);
});

Deno.test("CRLF and a byte order mark do not move places", async () => {
  const text =
    `\uFEFFimport { task } from "ntask";\r\n/** Doc. */\r\nexport const ünï = task("a");\r\n`;
  const module = await read(text);
  assertEquals(module.exports[0]!.doc?.text, "Doc.");
  assertEquals((module.exports[0]!.place as { offset: number }).offset, text.indexOf("ünï"));
});

Deno.test("typeof speaks of values that are imported as types", async () => {
  const module = await read(
    `
    import { task } from "ntask";
    import type { MODES } from "./modes.ts";
    import { type LEVELS } from "./modes.ts";
    import type * as all from "./modes.ts";
    export const a = task((mode: (typeof MODES)[number]) => mode);
    export const b = task((level: (typeof LEVELS)[number]) => level);
    export const c = task((level: (typeof all.LEVELS)[number]) => level);
  `,
    {
      "modes.ts": `export const MODES = ["dev", "prod"] as const;
      export const LEVELS = ["info", "warn"] as const;`,
    },
  );
  const types = module.exports.map(({ signature }) => JSON.stringify(signature?.params[0]?.type));
  assert(
    types[0]?.includes("prod") && types[1]?.includes("warn") && types[2] === types[1],
    types[0],
  );
});

Deno.test("a module may export more than a name may have steps", async () => {
  const names = Array.from({ length: 10_050 }, (_, at) => `t${at}`);
  const tasks = names.map((name) => `export const ${name} = task("x");`);
  const module = await read(`import { task } from "ntask";\n${tasks.join("\n")}`);
  assertEquals([module.exports.length, module.complete], [names.length, true]);
});

/** Layers of two modules, each of which exports all of both below. */
function layers(count: number): Record<string, string> {
  const modules: Record<string, string> = { "a0.ts": "", "b0.ts": "" };
  for (let at = 1; at <= count; at++) {
    for (const name of ["a", "b"]) {
      modules[`${name}${at}.ts`] = ["a", "b"].map((below) =>
        `export * from "./${below}${at - 1}.ts";`
      ).join("\n");
    }
  }
  return modules;
}

Deno.test("modules that export each other come to an end, also for a type that is nowhere", async () => {
  const text = `import { task } from "ntask";
    export * from "./a40.ts";
    export const t = task((x: Nowhere | "x") => x);`;
  const module = await read(text, layers(40));
  assertEquals(module.exports.map(nameOf), ["t"]);
});

Deno.test("objects that are written twice in each other come to an end", async () => {
  const spread = Array.from(
    { length: 40 },
    (_, at) => `const f${at} = { ...f${at + 1}, ...f${at + 1} };`,
  );
  const module = await read(`import { task } from "ntask";
    const f40 = { t: task("x") };
    ${spread.toReversed().join("\n")}
    export const r = f0;`);
  assertEquals(module.complete, false);
});

Deno.test("what is nested too deep is a problem of the text", async () => {
  const outcome = await outcomeOf(`export const x = ${"[".repeat(20_000)}${"]".repeat(20_000)};`);
  assertEquals(outcome.ok ? [] : outcome.problems.map(({ code }) => code), ["E_TS_SYNTAX"]);
});
