import { assertEquals } from "@std/assert";
import type { AbsolutePath } from "../../../src/model/id.ts";
import { exportProblem, importerIn, importProblem } from "../../../src/source/import_problem.ts";

const FILE = "/p/tasks.ts" as AbsolutePath;

/** The local modules, by specifier. */
const MODULES: Readonly<Record<string, string>> = {
  "./has.ts": "export const one = 1;\nexport { x as two };\nexport default 3;\n",
  "./lacks.ts": "export function onne() {}\nexport enum Kind { A }\n",
  "./open.ts": 'export * from "./more.ts";\n',
  "./data.json": "{}",
};

function look(_: AbsolutePath, specifier: string) {
  const text = MODULES[specifier];
  return text === undefined
    ? undefined
    : { file: `/p/${specifier.slice(2)}` as AbsolutePath, text };
}

/** What is said of an import: the module, the name, what is near, and the text that is meant. */
function said(message: string, text: string) {
  const problem = exportProblem(new SyntaxError(message), [{ file: FILE, text }], ["task"], look);
  if (problem?.code !== "E_TS_IMPORT") return undefined;
  const { place, specifier, name, near } = problem;
  const at = place as { offset: number; length: number };
  return [specifier, name, near?.join(), text.slice(at.offset, at.offset + at.length), at.offset];
}

const NAMED = (name: string) => `Export named '${name}' not found in module '/p/lacks.ts'.`;

Deno.test("a name that a module does not export is found in every runtime's words", () => {
  const text = 'import { tsk } from "ntask";\n';
  for (
    const message of [
      "Export named 'tsk' not found in module 'ntask'.",
      "export 'tsk' not found in 'ntask'",
      "The requested module 'ntask' does not provide an export named 'tsk'",
    ]
  ) {
    assertEquals(said(message, text), ["ntask", "tsk", "task", "tsk", 9]);
  }
  const missing = "Missing 'default' export in module 'ntask'.";
  const whole = 'import task from "ntask";\n';
  assertEquals(said(missing, whole), ["ntask", "default", "task", "task", 7]);
});

Deno.test("the import is blamed whose module lacks the name, not one that only looks like it", () => {
  const wrong = 'import { one } from "./lacks.ts";\n';
  for (
    const before of [
      'import { one as first } from "./has.ts";\n',
      'import { two as one } from "./has.ts";\n',
      'import { one as first } from "./open.ts";\n',
      '// import { one } from "./lacks.ts"\n',
      '/* import { one }\n from "./lacks.ts" */\n',
      'import type { one as T } from "./lacks.ts";\n',
    ]
  ) {
    const found = said(NAMED("one"), before + wrong);
    assertEquals(found, ["./lacks.ts", "one", "onne", "one", before.length + 9], before);
  }
  const defaults = 'import good from "./has.ts";\nimport data from "./data.json";\n';
  const last = 'import bad from "./lacks.ts";\n';
  const at = defaults.length + 7;
  assertEquals(said("Missing 'default' export in module", defaults + last)?.slice(3), ["bad", at]);
});

Deno.test("where no import can be blamed for certain nothing is said", () => {
  for (
    const text of [
      'import { one } from "./open.ts";\n',
      'import { one } from "a-package";\n',
      'import * as all from "./lacks.ts";\n',
      'import { Kind } from "./lacks.ts";\n',
      "export const one = 1;\n",
    ]
  ) {
    assertEquals(said(NAMED(text.includes("Kind") ? "Kind" : "one"), text), undefined, text);
  }
  assertEquals(said("something else", 'import { one } from "./lacks.ts";\n'), undefined);
});

Deno.test("the module whose import leads nowhere is read out of every runtime's words", () => {
  for (
    const message of [
      "Cannot find module './none.mjs' imported from /p/a.mjs",
      "Cannot find module './none.mjs'\nRequire stack:\n- /p/a.mjs\n- /p/b.mjs",
      'Module not found "file:///p/none.mjs".\n    at \x1b[36mfile:///p/a.mjs\x1b[0m:\x1b[33m1\x1b[0m:\x1b[33m8\x1b[0m',
    ]
  ) {
    assertEquals(importerIn(new Error(message)), "/p/a.mjs");
  }
  assertEquals(importerIn(new Error("no")), undefined);
  const texts = [{ file: FILE, text: 'import "./has.ts";\nimport "./none.ts";\n' }];
  const error = new Error("Cannot find module './none.ts'");
  const problem = importProblem(error, texts, (from, name) => look(from, name) !== undefined);
  assertEquals(problem, {
    code: "E_TS_IMPORT",
    place: { file: FILE, offset: 27, length: 9 },
    specifier: "./none.ts",
  });
});
