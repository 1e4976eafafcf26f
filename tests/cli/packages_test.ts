/**
 * What a `tasks.ts` may import, and packages that use ntask themselves.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { basename, dirname, join } from "@std/path";
import { cpSync } from "node:fs";
import { binary, ROOT } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Files } from "../rig/project.ts";

function installed(name: string, main: string, text: string, more: Files = {}): Files {
  const folder = `node_modules/${name}`;
  const type = main === "index.cjs" ? "commonjs" : "module";
  const manifest = JSON.stringify({ name, version: "1.0.0", type, main });
  const files = { "package.json": manifest, [main]: text, ...more };
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]),
  );
}

/** One `tasks.ts` for each way to write or import something, and what its task prints. */
const FORMS: readonly (readonly [name: string, head: string, value: string, printed: string])[] = [
  ["an enum", "enum E { A = 2, B }", "E.B", "3"],
  ["a namespace", "namespace N { export const x = 3; }", "N.x", "3"],
  [
    "a parameter property",
    "class P { constructor(readonly x: number) {} }",
    "new P(4).x",
    "4",
  ],
  ["a relative module with its extension", 'import { n } from "./lib/a.ts";', "n", "1"],
  ["a relative module without extension", 'import { n } from "./lib/a";', "n", "1"],
  ["the name a relative module would be built to", 'import { n } from "./lib/a.js";', "n", "1"],
  ["a folder", 'import { n } from "./lib";', "n", "2"],
  ["a type without saying so", 'import { T, n } from "./lib/a.ts";', "(n as T)", "1"],
  ["JSON", 'import data from "./data.json";', "data.n", "5"],
  ["JSON that says so", 'import data from "./data.json" with { type: "json" };', "data.n", "5"],
  ["a package", 'import value, { n } from "modern";', "value + n", "7"],
  ["a package of CommonJS", 'import whole, { n } from "common";', "whole.n + n", "16"],
  ["a package in TypeScript", 'import { n } from "typed";', "n", "9"],
  ["a module later", 'const { n } = await import("./lib/a.ts");', "n", "1"],
];

cliTest(
  "whatever TypeScript and packages allow can be written",
  { releasedOnly: true },
  async () => {
    await using here = await createProject({
      ...installed("modern", "index.js", "export default 3;\nexport const n = 4;\n"),
      ...installed("common", "index.cjs", "exports.n = 8;\n"),
      ...installed("typed", "index.ts", "export const n: number = 9;\n"),
      "lib/a.ts": "export type T = number;\nexport const n: T = 1;\n",
      "lib/index.ts": "export const n: number = 2;\n",
      "data.json": '{ "n": 5 }\n',
    });
    for (const [name, head, value, printed] of FORMS) {
      here.write({
        "tasks.ts":
          `import { task } from "ntask";\n${head}\nexport const a = task(() => console.log(${value}));\n`,
      });
      const { code, stdout, stderr } = await here.run(["-q", "a"]);
      assertEquals([name, code, stdout.trim()], [name, 0, printed], stderr);
    }
  },
);

/** Knows of no task that runs, as an installation of ntask that was not started does. */
const ANOTHER_COPY = `const none = () => { throw new Error("another copy"); };
export { none as log, none as run, none as task };
export const root = "";
`;

cliTest(
  "a package that imports ntask is given this program's library, not a copy beside it",
  { releasedOnly: true },
  async () => {
    await using here = await createProject({
      // One that cannot be loaded would not do: a loader may then look elsewhere.
      ...installed("ntask", "index.js", ANOTHER_COPY),
      ...installed(
        "kit",
        "index.js",
        `import { log, root, run, task } from "ntask";
export const twice = (inner) => task(async () => {
  log(root.split(/[\\\\/]/).at(-1));
  console.log(await run(inner) * 2);
});
`,
      ),
      "tasks.ts": `import { task } from "ntask";
import { twice } from "kit";
export const one = task(() => 21);
export const a = twice(one);
`,
    });
    const { code, stdout, stderr } = await here.run(["-q", "a"]);
    assertEquals([code, stdout, stderr], [0, "42\n", "project\n"]);
  },
);

/** Begins with types, so what is made of it has its columns elsewhere. */
const LINE =
  "  if ((n as number as unknown as number) === 0) throw new Error(`${Level[n]} is bad`);\n  throw n;";

cliTest("an error is told where it was written, not in what was made of it", {
  releasedOnly: true,
}, async () => {
  await using here = await createProject({
    "tasks.ts": `import { task } from "ntask";
import { boom } from "./lib/boom.ts";

interface Shape {
  readonly size: number;
}

type Shapes = readonly Shape[];

export const a = task(() => {
  const n = boom(([] as Shapes).length);
  console.log(n); // A call in the last place leaves no trace on some runtimes.
});
`,
    "lib/boom.ts": `enum Level { Low, High }

export function boom(n: number): never {
${LINE}
}
`,
  });
  const { code, stderr } = await here.run(["-q", "a"]);
  assertEquals(code, 1);
  const place = /R_THROWN\]: a: Error: Low is bad\n {2}--> lib[\\/]boom\.ts:4:(\d+)\n/;
  assertMatch(stderr, place);
  // Runtimes differ in which part of the call they mean; without the types it would be far left.
  assert(Number(place.exec(stderr)![1]) > LINE.indexOf("throw"));
  assertMatch(stderr, /tasks\.ts:11:\d+/);
});

cliTest("installed in a project, an error's stack keeps the calls of packages", {
  nodeOnly: true,
}, async () => {
  await using here = await createProject({
    ...installed("kit", "index.js", 'export function boom() {\n  throw new Error("kit");\n}\n'),
    "tasks.ts":
      'import { task } from "ntask";\nimport { boom } from "kit";\nexport const a = task(() => boom());\n',
  });
  const [node, main] = binary.command;
  const from = dirname(dirname(main!));
  const modules = basename(dirname(from)) === "node_modules"
    ? dirname(from)
    : `${ROOT}/node_modules`;
  cpSync(from, join(here.root, "node_modules", "ntask"), { recursive: true });
  cpSync(join(modules, "jiti"), join(here.root, "node_modules", "jiti"), {
    recursive: true,
    dereference: true,
  });
  const program = join(here.root, "node_modules", "ntask", "lib", "main.js");
  const { code, stderr } = await new Deno.Command(node!, {
    args: [program, "-q", "a"],
    cwd: here.root,
    env: here.env,
    clearEnv: true,
  }).output();
  assertEquals(code, 1);
  const text = new TextDecoder().decode(stderr);
  assertMatch(text, /Error: kit\n {2}--> tasks\.ts:3:/);
  assertStringIncludes(text, join("node_modules", "kit", "index.js") + ":2:");
});
