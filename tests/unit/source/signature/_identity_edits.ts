/**
 * Edits of one project, each with what it means for the identity of its task `lint`.
 *
 * @module
 */

import type { InstalledPackage } from "../../../../src/source/signature/identity.ts";
import type { Project } from "./_identifying.ts";

export const PROJECT: Project = {
  "tasks.ts": String.raw`
import { config, group, run, shell, task } from "ntask";
import { readFileSync } from "node:fs";
import { z } from "zod";
import left from "left-pad";
import { render, type Options } from "./lib/render.ts";
import * as unused from "./lib/unused.ts";
import data from "./data.json" with { type: "json" };
import type { Shape } from "./lib/shape.ts";
import "./lib/patch.ts";

interface Settings { depth: number }
type Mode = "fast" | "slow";

/** Where to look. */
const SOURCES = ["src", "tests"];
const LIMIT = 3;
const PATTERN = /a+b/i;
const OTHER = 5;
const registry: Record<string, number> = {};
let count = 0;

function helper(name: string, depth: number = LIMIT): string {
  // Deep enough.
  if (depth > 2) return deeper(name);
  return name;
}

function deeper(name: string) {
  return name + "\n" + PATTERN.source;
}

function lonely(x: number) {
  return x * OTHER;
}

class Walker {
  #steps = 0;
  private label?: string;
  walk(this: Walker, by: number) { this.#steps += by; return this; }
}

registry.first = 1;
count += LIMIT;
lonely(1);

/** Check the style. */
export const lint = task(
  { inputs: ["src/**"], description: "style", env: { MODE: "x" } },
  async (pattern = "", mode: Mode = "fast") => {
    const shape = { "quoted": 1, plain: 'two', list: [1, , 3] } as Settings & Shape;
    const text = ${"`a${pattern}\\t`"};
    for (const source of SOURCES) if (mode) helper(source);
    await run(test);
    new Walker().walk(1);
    z.string();
    render(data, process.env.LEVEL!);
    count++;
    return shell${"`lint ${text} ${shape}`"};
  },
);

/** Run the tests. */
export const test = task({ inputs: ["tests/**"], deps: [lint.with({ mode: "slow" })] }, (n = 1) => {
  return lonely(n) + left(String(unused), 1) + readFileSync("x", "utf8");
});

export const api = group({ build: task({ deps: [test] }, "make build") }, { cwd: "api" });
export default config({ jobs: 4 });
`,
  "lib/render.ts": `
import { escape } from "./escape.ts";
import type { Shape } from "./shape.ts";
export interface Options { wide: boolean }
/** Make text of data. */
export function render(data: unknown, level: string): string {
  return escape(JSON.stringify(data)) + level;
}
export const width = 80;
`,
  "lib/escape.ts": "export const escape = (text: string): string => text.replace(/</g, '&lt;');\n",
  "lib/shape.ts": "export interface Shape { round: boolean }\n",
  "lib/unused.ts": "export const nothing = 0;\n",
  "lib/patch.ts": "Array.prototype.at;\nglobalThis.patched = 1;\n",
  "data.json": '{ "a": 1 }\n',
};

export const PACKAGES: Readonly<Record<string, InstalledPackage>> = {
  zod: { name: "zod", version: "3.1.0", lock: "integrity one" },
  "left-pad": { name: "left-pad", version: "1.0.0" },
};

/** `from` stands in the file once and becomes `to`. */
export interface Edit {
  readonly name: string;
  readonly file?: string;
  readonly from: string;
  readonly to: string;
}

const tasks = (name: string, from: string, to: string): Edit => ({ name, from, to });
const other = (name: string, file: string, from: string, to: string): Edit => ({
  name,
  file,
  from,
  to,
});

export const CHANGES: readonly Edit[] = [
  tasks("a literal of the body", "walk(1)", "walk(2)"),
  tasks("a string of the body", "'two'", "'three'"),
  tasks("the text of a template", "`a${pattern}", "`b${pattern}"),
  tasks("a hole of a template", "`a${pattern}", "`a${mode}"),
  tasks("a default of a parameter of the body", 'mode: Mode = "fast"', 'mode: Mode = "slow"'),
  tasks("a parameter of the body more", 'pattern = "",', 'pattern = "", more = 1,'),
  tasks("async of a helper", "function deeper", "async function deeper"),
  tasks("a member that is called", "z.string()", "z.number()"),
  tasks("a call that may be absent", "z.string()", "z?.string()"),
  tasks("a hole in an array", "[1, , 3]", "[1, 3]"),
  tasks("a key of an object", "plain: 'two'", "plane: 'two'"),
  tasks("the order of keys", "\"quoted\": 1, plain: 'two'", "plain: 'two', \"quoted\": 1"),
  tasks("a return before the end of a line", "return shell`lint", "return\n shell`lint"),
  tasks("an operator of the body", "count++", "count--"),
  tasks("an operator before or behind", "count++", "++count"),
  tasks("a statement of the body less", "count++;", ""),
  tasks(
    "the order of statements",
    "await run(test);\n    new Walker().walk(1);",
    [
      "new Walker().walk(1);",
      "await run(test);",
    ].join("\n"),
  ),
  tasks("await", "await run(test)", "run(test)"),
  tasks("the task that is run", "run(test)", "run(api)"),
  tasks("the name of a variable of the environment", "env.LEVEL", "env.LEVELS"),
  tasks("a helper", "return name;", "return name + 1;"),
  tasks("a default in a helper", "depth: number = LIMIT", "depth: number = 4"),
  tasks("a helper of a helper", "name + ", "name + name + "),
  tasks("an escape in a string", '"\\n"', '"\\r"'),
  tasks("a comparison in a helper", "depth > 2", "depth >= 2"),
  tasks("a constant of the body", '"src", "tests"', '"src"'),
  tasks("a constant of a helper", "LIMIT = 3", "LIMIT = 4"),
  tasks("a regular expression", "/a+b/i", "/a+c/i"),
  tasks("a flag of a regular expression", "/a+b/i", "/a+b/"),
  tasks("how a variable begins", "let count = 0", "let count = 1"),
  tasks("a method of a class", "+= by", "-= by"),
  tasks("a field of a class", "#steps = 0", "#steps = 1"),
  tasks("the kind of a method", "walk(this", "async walk(this"),
  tasks("an assignment at the top level", "registry.first = 1", "registry.first = 2"),
  tasks("an assignment to a variable", "count += LIMIT", "count -= LIMIT"),
  tasks("a call at the top level", "lonely(1);\n\n", "lonely(2);\n\n"),
  tasks("a call at the top level less", "lonely(1);\n\n", ""),
  tasks("a statement at the top level more", "lonely(1);\n\n", "lonely(1); Object.freeze(Array);"),
  tasks("what a call at the top level calls", "x * OTHER", "x / OTHER"),
  tasks("a constant behind a call at the top level", "OTHER = 5", "OTHER = 6"),
  tasks(
    "the order of the top level",
    "registry.first = 1;\ncount += LIMIT;",
    [
      "count += LIMIT;",
      "registry.first = 1;",
    ].join("\n"),
  ),
  tasks("another name of an imported module", "{ render,", "{ width as render,"),
  tasks("another module under a name", "./lib/render.ts", "./lib/escape.ts"),
  tasks("an import for what it does less", 'import "./lib/patch.ts";', ""),
  tasks(
    "a declaration that changes what the body uses",
    "const LIMIT = 3;",
    "const LIMIT = 3;\nconst pushed = SOURCES.push('more');",
  ),
  tasks("a loop at the top level", "lonely(1);\n\n", "lonely(1); while (count < 9) count++;"),
  other("an imported module", "lib/render.ts", "+ level", "+ level + 1"),
  other("something else of an imported module", "lib/render.ts", "width = 80", "width = 81"),
  other("a module of a module", "lib/escape.ts", "&lt;", "&LT;"),
  other("a module that is imported for what it does", "lib/patch.ts", "= 1", "= 2"),
  other("the content of a JSON import", "data.json", "1", "2"),
];

export const CHANGES_NOT: readonly Edit[] = [
  tasks("a line comment", "// Deep enough.", "// Not deep."),
  tasks("a comment less", "// Deep enough.", ""),
  tasks("a comment within the body", "z.string();", "/* why */ z./* not */string();"),
  tasks("the doc comment of the task", "Check the style.", "Look at the style."),
  tasks("the doc comment of a constant", "Where to look.", "What to read."),
  tasks("blank lines and indentation", "count++;", "\n\n\n          count ++ ;\n"),
  tasks("line ends of another system", "{\n    const shape", "{\r\n    const shape"),
  tasks("semicolons", "new Walker().walk(1);", "new Walker().walk(1)"),
  tasks("an empty statement", "count++;", "count++;;"),
  tasks("quotes", "'two'", '"two"'),
  tasks("quotes of a key", '"quoted": 1', "quoted: 1"),
  tasks("a comma at the end", "'two', list: [1, , 3] }", "'two', list: [1, , 3,], }"),
  tasks(
    "braces around one statement",
    "if (mode) helper(source);",
    "if (mode) { helper(source); }",
  ),
  tasks("parentheses", "depth > 2", "(depth > (2))"),
  tasks("how a number is written", "depth > 2", "depth > 0x2"),
  tasks("the type of a parameter", "mode: Mode =", "mode: string ="),
  tasks("the type of a parameter of a helper", "name: string, depth", "name: unknown, depth"),
  tasks("the type of a result", "): string {\n  // Deep", ") {\n  // Deep"),
  tasks("an `as`", " as Settings & Shape", ""),
  tasks("a `satisfies`", " as Settings & Shape", " satisfies Settings"),
  tasks("a `!`", "LEVEL!", "LEVEL"),
  tasks("type arguments of a call", "new Walker()", "new Walker<string>()"),
  tasks("type parameters of a function", "function deeper(", "function deeper<T extends string>("),
  tasks("the type of a variable", "const LIMIT = 3", "const LIMIT: number = 3"),
  tasks("an interface", "depth: number }", "depth: string; more: 1 }"),
  tasks("a type alias", '"fast" | "slow"', '"fast"'),
  tasks("a type less", 'type Mode = "fast" | "slow";', ""),
  tasks("a declared variable", "let count = 0;", "let count = 0;\ndeclare const VERSION: string;"),
  tasks("who may see a member", "private label", "protected label"),
  tasks("the type of `this`", "this: Walker, ", ""),
  tasks("what a class implements", "class Walker {", "class Walker<T = 1> implements Settings {"),
  tasks("an imported type", ", type Options }", " }"),
  tasks("an import of types", 'import type { Shape } from "./lib/shape.ts";', ""),
  tasks("the body of another task", "return lonely(n)", "return 1"),
  tasks("the options of another task", '"tests/**"', '"spec/**"'),
  tasks("the dependencies of another task", '{ mode: "slow" }', '{ mode: "fast" }'),
  tasks("a member of a group", '"make build"', '"make all"'),
  tasks("a task more", "export const api", 'export const more = task("x");\nexport const api'),
  tasks("the settings", "jobs: 4", "jobs: 8"),
  tasks("the options of the task itself", '"src/**"', '"lib/**"'),
  tasks("the description of the task itself", '"style"', '"form"'),
  tasks("a call of task that leads nowhere", "lonely(1);\n\n", 'lonely(1); task("x");\n'),
  tasks("a package that the body does not use", 'import left from "left-pad";', ""),
  tasks("a helper more", "class Walker", "function more() { return count; }\nclass Walker"),
  tasks("a constant more", "const OTHER = 5", "const ELSE = 5, OTHER = 5"),
  tasks("a constant made by a call", "const OTHER = 5", "const ELSE = String(7), OTHER = 5"),
  tasks(
    "the order of declarations",
    "const LIMIT = 3;\nconst PATTERN = /a+b/i;",
    [
      "const PATTERN = /a+b/i;",
      "const LIMIT = 3;",
    ].join("\n"),
  ),
  tasks("the order of imported names", "{ render, type Options }", "{ type Options, render }"),
  tasks("an imported name that is not used", "{ config, group,", "{ log, config, group,"),
  tasks("`export` of a helper", "function helper", "export function helper"),
  other("a comment in a module", "lib/render.ts", "Make text of data.", "Data as text."),
  other("a type in a module", "lib/render.ts", "wide: boolean", "wide: number"),
  other("an annotation in a module", "lib/render.ts", "data: unknown", "data: object"),
  other("an import of types in a module", "lib/render.ts", "import type", "// import type"),
  other("quotes in a module of a module", "lib/escape.ts", "'&lt;'", '"&lt;"'),
  other("a module that only types are from", "lib/shape.ts", "boolean", "number"),
  other("a module that only another task uses", "lib/unused.ts", "0", "1"),
];
