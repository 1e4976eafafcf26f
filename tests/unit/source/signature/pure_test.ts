/**
 * Which modules come to nothing but what their texts say.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { dirname, resolve } from "@std/path";
import { readModule } from "../../../../src/source/signature/read.ts";
import type { AbsolutePath } from "../../../../src/model/id.ts";

const IMPORT = `import { config, group, root, shell, task } from "ntask";\n`;

async function isPure(
  text: string,
  modules: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const read = await readModule({
    file: "/p/tasks.ts" as AbsolutePath,
    text: IMPORT + text,
    readModuleText(from, specifier) {
      for (const ending of ["", ".ts"]) {
        const file = new URL(specifier, `file://${from}`).pathname + ending;
        const found = modules[file];
        if (found !== undefined) return { file: file as AbsolutePath, text: found };
      }
      return undefined;
    },
  });
  return read.ok && read.value.pure === true;
}

const PURE: Readonly<Record<string, string>> = {
  "tasks with functions and texts": `
    /** Builds. */
    export const build = task({ inputs: ["src/**"], outputs: ["dist/"] }, async (mode = "dev") => {
      await shell\`build \${mode} \${process.env.HOME}\`;
    });
    export const lint = task("lint");
    export const all = task({ deps: [build, "lint"] });`,
  "functions of its own": `
    function helper() { return Date.now(); }
    const other = () => helper();
    export const t = task(() => console.log(helper(), other()));
    export const u = task(helper);`,
  "names for texts, lists and options": `
    const NAME = "src";
    const INPUTS = [\`\${NAME}/**\`, NAME + "/x", ...["a", "b"]] as const;
    const common = { inputs: INPUTS, env: { A: String.raw === undefined ? "1" : "2" } };
    export const t = task({ inputs: INPUTS }, "t");`.replace(
    `const common = { inputs: INPUTS, env: { A: String.raw === undefined ? "1" : "2" } };`,
    `const common = { inputs: INPUTS, env: { A: NAME === "src" ? "1" : "2" } } satisfies object;
     export const u = task({ ...common, outputs: [-1 > 0 ? "a" : "b"] }, "u");`,
  ),
  "a group, its members and settings": `
    export const api = group({ lint: task("l"), test: task("t") }, { parallel: true });
    export const all = task({ deps: [api.lint, api.test] });
    export default config({ cacheSize: "1 GB" });`,
  "a task called with values": `
    const build = task((mode: "dev" | "prod") => console.log(mode));
    export const release = task({ deps: { done: build.with({ mode: "prod" }) } });`,
  "thunks of tasks that follow, also in a circle": `
    export const first = task({ deps: [() => second] });
    export const second = task({ deps: [() => first] });`,
  "a condition": `export const t = task({ condition: () => process.env.CI === "1" }, "t");`,
  "modules of the system, used in bodies": `
    import { readFileSync } from "node:fs";
    import * as path from "node:path";
    export const t = task(() => console.log(readFileSync(path.join("a"))));`,
  "types": `
    import type { X } from "package";
    export type Y = X; interface Z { y: Y } declare const w: Z;
    export const t = task((m: Y) => m);`,
};

for (const [name, text] of Object.entries(PURE)) {
  Deno.test(`nothing but its text counts with ${name}`, async () => {
    assertEquals(await isPure(text), true);
  });
}

const IMPURE: Readonly<Record<string, string>> = {
  "a variable of the environment":
    `export const t = task({ inputs: [process.env.X ?? "a"] }, "t");`,
  "a call": `function f() { return "a"; }\nexport const t = task({ inputs: [f()] }, "t");`,
  "a statement": `console.log("x");\nexport const t = task("t");`,
  "an assignment": `let a = "1";\na = "2";\nexport const t = task(a);`,
  "a method of a list": `export const t = task({ inputs: ["a"].map((x) => x) }, "t");`,
  "an instance": `const d = new Date();\nexport const t = task("t");`,
  "a class": `class A { static x = Date.now(); }\nexport const t = task("t");`,
  "an enum": `enum A { B }\nexport const t = task("t");`,
  "the wait for something": `const x = await null;\nexport const t = task("t");`,
  "a tagged template": `export const t = task(shell\`x\`);`,
  "a loop": `for (const x of ["a"]) { }\nexport const t = task("t");`,
  "a getter": `const o = { get inputs() { return [process.env.X]; } };
    export const t = task({ ...o }, "t");`,
  "a name that is computed": `const o = { [Symbol.iterator]: function* () { yield Date.now(); } };
    export const t = task("t");`,
  "a method that a template would call": `const o = { toString() { return process.env.X; } };
    export const t = task(\`\${o}\`);`,
  "a list in a template": `const o = ["a"];\nexport const t = task(\`\${o}\`);`,
  "something destructured": `const { a } = { a: "1" };\nexport const t = task(a);`,
  "a global as a value": `export const t = task({ env: { A: process } }, "t");`,
  "a global through a name": `const e = process;\nexport const t = task(e.env.X);`,
  "a member of a system's module":
    `import * as os from "node:os";\nexport const t = task({ env: { A: os.EOL } }, "t");`,
  "the place of the project": `export const t = task({ env: { A: root } }, "t");`,
  "a thunk that calls": `export const t = task({ deps: [() => process.env.X] });`,
  "a thunk with statements": `export const t = task({ deps: [() => { return "a"; }] });`,
  "a thunk that stands elsewhere": `const f = () => process.env.X;
    export const t = task({ deps: [f] });`,
  "a thunk by the name of a condition": `
    export const t = task({ deps: { condition: () => process.env.X } });`,
  "a thunk in deps that stand elsewhere": `const deps = { condition: () => process.env.X };
    export const t = task({ deps });\nexport const u = task({ deps: { ...deps } });`,
  "a function of the module in deps": `function f() { return process.env.X; }
    export const t = task({ deps: [f] });`,
  "a package": `import x from "package";\nexport const t = task("t");`,
  "a package for its effects": `import "package";\nexport const t = task("t");`,
  "a file that is no module": `import x from "./x.json" with { type: "json" };
    export const t = task("t");`,
  "an export that is awaited": `export function then() {}\nexport const t = task("t");`,
  "a shadow of ntask's own": `const task2 = { task: (x: string) => x };
    export const t = task2.task("t");`,
  "with() of something else": `const o = { with: (x: object) => Date.now() };
    export const t = task({ deps: [o.with({})] });`,
  "a name declared twice": `var s: any = () => process.env.X;
    export const t = task({ deps: [s] });\nvar s: any = "x";`,
  "a value under the name of a type": `const s: any = () => process.env.X;
    export const t = task({ deps: [s] });\nimport type { s } from "./types.ts";`,
  "a maker under the name of a type": `import { task as t0 } from "ntask";
    function make(o: object, b: string) { return t0({ ...o, env: { A: process.env.X } }, b); }
    export const t = make({}, "t");\nimport { type task as make } from "ntask";`,
  "a global under the name of a type": `import type { performance } from "./types.ts";
    export const t = task({ env: { A: \`\${performance.timeOrigin}\` } }, "t");`,
  "more steps than are followed": chain(61),
  "two names that lead in a circle": `const a: string = b + "x", b: string = a + "y";
    export const t = task(a);`,
};

const TYPES = {
  "/p/types.ts": `export const s = "x", performance = { timeOrigin: 1 };`,
};

for (const [name, text] of Object.entries(IMPURE)) {
  Deno.test(`evaluation is needed for ${name}`, async () => {
    assertEquals(await isPure(text, TYPES), false);
  });
}

/** A condition at the end of so many names, spread over another one. */
function chain(length: number): string {
  const names = Array.from({ length }, (_, at) => `const c${at}: any = c${at + 1};`).toReversed();
  return `const c${length} = { condition: () => process.env.X };\n${names.join("\n")}
    const o = { condition: "x", ...c0 };\nexport const t = task({ deps: [o.condition] });`;
}

/** Each is written twice in the next one. */
function doubled(count: number, of: (inner: string) => string): string {
  return Array.from({ length: count }, (_, at) => `const f${at} = ${of(`f${at + 1}`)};`)
    .toReversed().join("\n");
}

const LONG: Readonly<Record<string, string>> = {
  "a thunk of itself": `const a: any = () => a;\nexport const t = task({ deps: [a] });`,
  "a thunk in its own member": `const a: any = { x: () => a.x };\nexport const t = task("t");`,
  "thunks of each other": `const a: any = () => [b];\nconst b: any = () => [a];
    export const t = task({ deps: { x: "y" }, env: a }, "t");`,
  "thunks that double": `const f40 = "x";\n${doubled(40, (inner) => `() => [${inner}, ${inner}]`)}
    export const t = task({ deps: [() => f0] });`,
  "spreads that double": `const f40 = {};\n${doubled(40, (inner) => `{ ...${inner}, ...${inner} }`)}
    const z = [(f0 as any).q];\nexport const t = task("t");`,
  "texts that double": `const f40 = "x";\n${doubled(40, (inner) => `${inner} + ${inner}`)}
    export const t = task("t");`,
  "very many names": `const f9999 = "x";\n${doubled(9999, (inner) => `${inner} + "y"`)}
    export const t = task(f0);`,
};

for (const [name, text] of Object.entries(LONG)) {
  Deno.test(`reading comes to an end with ${name}`, async () => {
    const read = await readModule({
      file: "/p/tasks.ts" as AbsolutePath,
      text: IMPORT + text,
      readModuleText: () => undefined,
    });
    assertEquals(read.ok && read.value.exports.map(({ path }) => path), [["t"]]);
  });
}

Deno.test("a text may have as many names as it has letters for", async () => {
  const names = "A, ".repeat(210_000);
  assertEquals(
    await isPure(`const A = "a";\nexport const t = task({ inputs: [${names}] });`),
    true,
  );
});

Deno.test("a default export that is a type is none", async () => {
  const text = `import d from "./a.ts";\nexport const t = task({ deps: [d as any] });`;
  const other = `const s = "x";\nexport default (() => process.env.X);`;
  for (const more of ["export type { s as default };", "export { type s as default };"]) {
    assertEquals(await isPure(text, { "/p/a.ts": `${other}\n${more}` }), false);
  }
});

Deno.test("a name that a runtime may take for another file needs evaluation", async () => {
  for (const name of ["./a.ts?x.ts", "./b\\\\c.ts", "./a%2e.ts", "./a.ts#b.ts"]) {
    const read = await readModule({
      file: "/p/tasks.ts" as AbsolutePath,
      text: `${IMPORT}import { A } from "${name}";\nexport const t = task(A);`,
      readModuleText: (from, specifier) => ({
        file: resolve(dirname(from), specifier) as AbsolutePath,
        text: `export const A = "a";`,
      }),
    });
    assertEquals(read.ok && read.value.pure, undefined, name);
  }
});

Deno.test("a local module counts if it is as plain, and is the very file that is named", async () => {
  const text =
    `import { INPUTS } from "./lib/a.ts";\nexport const t = task({ inputs: INPUTS }, "t");`;
  const plain = `import { B } from "./b.ts";\nexport const INPUTS = [B];`;
  const modules = { "/p/lib/a.ts": plain, "/p/lib/b.ts": `export const B = "b";` };
  assertEquals(await isPure(text, modules), true);
  assertEquals(await isPure(text, { ...modules, "/p/lib/b.ts": `export const B = f();` }), false);
  assertEquals(await isPure(text, { "/p/lib/a.ts": plain }), false);
  assertEquals(await isPure(text.replace("a.ts", "a"), modules), false);
  const effects = `import "./lib/a.ts";\nexport const t = task("t");`;
  assertEquals(await isPure(effects, modules), true);
  assertEquals(await isPure(effects, { "/p/lib/a.ts": "console.log(1);" }), false);
  assertEquals(await isPure(`export * from "./lib/a.ts";`, { "/p/lib/a.ts": "f();" }), false);
});

Deno.test("modules that import each other are looked at once", async () => {
  const modules = {
    "/p/a.ts": `import { t } from "./tasks.ts";\nexport const A = "a";`,
  };
  assertEquals(
    await isPure(`import { A } from "./a.ts";\nexport const t = task(A);`, modules),
    false,
  );
  const loop = {
    "/p/a.ts": `import "./b.ts";\nexport const A = "a";`,
    "/p/b.ts": `import "./a.ts";`,
  };
  assertEquals(await isPure(`import { A } from "./a.ts";\nexport const t = task(A);`, loop), true);
});

Deno.test("what is wrong with a module that nothing leads to is for evaluation to tell", async () => {
  const text = `import "./a.ts";\nexport const t = task("t");`;
  const read = await readModule({
    file: "/p/tasks.ts" as AbsolutePath,
    text: IMPORT + text,
    readModuleText: () => ({ file: "/p/a.ts" as AbsolutePath, text: "const const" }),
  });
  assertEquals(read.ok && read.value.pure, undefined);
  assertEquals(read.ok, true);
});
