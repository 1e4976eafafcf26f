/**
 * Every problem in words. The table below is typed by all codes there are: one without a sentence,
 * or without an example here, does not compile.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { AbsolutePath } from "../../../src/model/id.ts";
import type { Located } from "../../../src/model/place.ts";
import type { Problem, ProblemCode, ProblemData } from "../../../src/model/problem.ts";
import { COLOR, PLAIN } from "../../../src/report/palette.ts";
import { problemText, sentence } from "../../../src/report/problem.ts";

const FILE = "/p/tasks.toml" as AbsolutePath;
const PLACE = { file: FILE, whole: true } as const;

/** An example of each code, and words that its sentence or hint must hold. */
const EXAMPLES: { readonly [C in ProblemCode]: readonly [ProblemData[C], ...string[]] } = {
  E_TOML: [{ detail: "invalid value" }, "invalid value"],
  E_SOURCE_CONFLICT: [{ tables: ["[tasks]", "[tool.ntask.tasks]"] }, "[tool.ntask.tasks]"],
  E_NO_TASKS: [{ start: "/p" as AbsolutePath, empty: [FILE] }, "tasks.toml"],
  E_FILE: [{ file: "x.toml", why: "missing" }, "x.toml"],
  E_DIRECTORY: [{ directory: "nope", why: "missing", given: true }, "nope", "after -C"],
  E_NAME: [{ name: "a b", why: "it contains a blank" }, "a b", "blank"],
  E_NAME_RESERVED: [{ name: "shell" }, "shell"],
  E_NAME_DUP: [{ name: "Build", other: "build", otherPlace: PLACE }, "Build", "build"],
  E_TASK_TYPE: [{ name: "a", found: "an array" }, "an array", "a.cmd", "a.tasks"],
  E_KIND_MULTI: [{ kinds: ["cmd", "shell"] }, "cmd", "shell"],
  E_KIND_NONE: [{ name: "a" }, "a", "cmd"],
  E_GROUP_EXEC: [{ member: "b", kind: "cmd" }, "b", "cmd"],
  E_PROP_UNKNOWN: [{ property: "hlep", near: ["help"] }, "hlep", 'did you mean "help"?'],
  E_PROP_TYPE: [
    { property: "cwd", expected: "a string", found: "a number" },
    "cwd",
    "a string",
    "a number",
  ],
  E_PROP_SCOPE: [
    { property: "use", where: "a task", instead: "tasks = …" },
    "use",
    "a task",
    "tasks = …",
  ],
  E_CACHE_INPUTS: [{ property: "cached" }, "cached", "inputs"],
  E_CACHE_INTERACTIVE: [{ property: "interactive" }, "cached = false"],
  E_CACHE_CAPTURE: [{ name: "model" }, "model", "argument", "cached = false"],
  E_CACHE_PATTERN: [
    { property: "inputs", pattern: "../x", why: "outside" },
    "inputs",
    "../x",
    "project root",
  ],
  E_CACHE_OVERLAP: [{ output: "src/", input: "src/a.ts" }, "src/", "src/a.ts"],
  R_CACHE_OUTPUT: [{ patterns: ["dist/"] }, "dist/", "outputs_optional"],
  R_CACHE_TOOL: [{ command: "nod -v", detail: "nod is not found" }, "nod -v", "not found"],
  W_CACHE_NO_INPUTS: [{ patterns: ["none/**"] }, "none/**", "inputs = []"],
  W_CACHE_ORDER: [{ path: "dist/app.js", writer: "build" }, "dist/app.js", "build", "deps"],
  W_CACHE_INPUT: [{ path: "a.sock", why: "special" }, "a.sock"],
  W_CACHE_CHANGED: [{ path: "src/a.ts" }, "src/a.ts", "out of inputs"],
  W_CACHE_OUTPUT: [{ path: "dist/x", why: "untouched" }, "dist/x", "delete it once"],
  W_CACHE_ASIDE: [
    { path: "dist/x", more: 2, directory: ".ntask/state/replaced/now" },
    '"dist/x" and 2 more',
    "are moved",
    ".ntask/state/replaced/now",
  ],
  W_CACHE_STORE: [{ detail: "the disk is full" }, "the disk is full", "without a cache"],
  W_CACHE_SECRET: [{}, "secret", "cached = false"],
  W_CACHE_CODE: [{}, "not written out", "inputs"],
  W_CACHE_ENV: [{}, "cache_env"],
  W_CACHE_MANY: [
    { count: 100000, directory: "node_modules", below: 99000 },
    "100000",
    "!node_modules/**",
  ],
  E_ENV_NAME: [{ name: "A-B" }, "A-B"],
  E_ENV_VALUE: [{ name: "TOKEN" }, "TOKEN", "NUL"],
  E_ARG_PLACE: [
    { text: "{args.0}", interpreter: "pwsh", why: "it is a part of a word", instead: "quote it" },
    "{args.0}",
    "pwsh",
    "a part of a word",
    "quote it",
  ],
  E_CMD_EMPTY: [{ property: "cmd" }, "cmd"],
  E_CMD_PARSE: [{ detail: "a quote is not closed" }, "a quote is not closed"],
  E_CALL: [{ text: "x y", why: "it has a blank" }, "x y", "it has a blank"],
  E_REF_EMPTY: [{}, "reference"],
  E_REF_UNKNOWN: [{ name: "biuld", near: ["build"] }, "biuld", 'did you mean "build"?'],
  E_REF_DYNAMIC: [{ text: "${X}" }, "${X}"],
  E_CYCLE: [{ path: ["a", "b", "a"] }, "a -> b -> a"],
  E_LIMIT_UNKNOWN: [{ limit: "bd", near: ["db"] }, '"bd"', '"db"'],
  E_LIMIT_SIZE: [{ limit: "db", count: 2, size: 1 }, "takes 2", "is only 1"],
  E_LIMIT_HELD: [{ limit: "db", item: "seed", count: 1, held: 0 }, "seed", "takes none"],
  E_EXCLUSIVE: [{ item: "migrate" }, "migrate is exclusive"],
  E_PLACEHOLDER: [{ text: "{task.nam}", near: ["task.name"] }, "{task.nam}", "task.name"],
  E_COND_SYNTAX: [{ detail: "an operand is missing" }, "an operand is missing"],
  E_COND_VAR: [{ name: "os", near: ["os_name"] }, "os", "os_name"],
  E_COND_OP: [{ operator: "~=", marker: "sys_platform" }, "~=", "sys_platform"],
  E_COND_FILES: [{}, "files"],
  E_JSON: [{ detail: "unexpected token" }, "unexpected token"],
  E_SETTING_UNKNOWN: [{ key: "job", near: ["jobs"] }, "job", 'did you mean "jobs"?'],
  E_SETTING_TYPE: [
    { key: "jobs", expected: "a whole number above 0", found: '"many"' },
    "jobs",
    "a whole number above 0",
    '"many"',
  ],
  E_SETTING_CONFLICT: [{ key: "jobs", otherPlace: PLACE }, "jobs"],
  E_TS_SYNTAX: [{ detail: "unexpected token" }, "unexpected token"],
  E_TS_LOAD: [{ name: "RangeError", detail: "no database" }, "RangeError: no database"],
  E_TS_PARAM: [
    { param: "when", type: "Date", why: "it is a class", allowed: ["string", "number"] },
    "when",
    "Date",
    "it is a class",
    "string, number",
  ],
  E_TS_IMPORT: [{ specifier: "./help.ts" }, "./help.ts", "path"],
  E_TS_OPTION: [{ detail: "deps is a number" }, "deps is a number"],
  R_TASK_UNKNOWN: [{ name: "biuld", near: ["build"] }, "biuld", 'did you mean "build"?'],
  R_OPTION: [{ detail: "there is no option --jbos", near: ["--jobs"] }, "--jbos", "--jobs"],
  R_ARG_MISSING: [{ task: "t", name: "<name>", usage: "ntask t <name>" }, "<name>", "ntask t"],
  R_ARG_VALUE: [
    { task: "t", name: "<n>", detail: '"x" is not a number', usage: "ntask t <n>" },
    "<n>",
    '"x" is not a number',
    "ntask t <n>",
  ],
  R_ARG_UNEXPECTED: [
    { task: "t", word: "--dry", why: "unknown option", usage: "ntask t", near: ["--dry-run"] },
    "--dry",
    "unknown option",
    "--dry-run",
  ],
  R_INIT: [{ file: "tasks.ts" }, "tasks.ts"],
  R_WRITE: [{ file: "tasks.ts", detail: "no space left" }, "no space left"],
  R_CONFIRM: [{ question: "Sure?" }, "Sure?", "--yes"],
  R_ARG_HEREDOC: [{ delimiter: "END" }, "END"],
  R_ENV_UNSET: [{ name: "TOKEN" }, "TOKEN"],
  R_CWD: [{ directory: "/p/nope", why: "missing" }, "nope"],
  R_COMMAND: [
    { program: "tsx", why: "missing", searched: ["/p/node_modules/.bin"] },
    "tsx",
    "node_modules/.bin",
  ],
  R_SHELL: [{ construct: "select", detail: "it asks a person" }, "select", "it asks a person"],
  R_THROWN: [
    { name: "RangeError", detail: "no database", stack: [], causes: ["the cable"] },
    "RangeError: no database",
  ],
  R_HOST: [{ detail: "exit 0" }, "exit 0"],
  R_PYTHON: [{ searched: ["python3", "python"] }, "python3, python", "NTASK_PYTHON"],
  R_INTERPRETER: [{ interpreter: "zsh", program: "zsh" }, "zsh", "install it"],
  R_NUL: [{ where: "variable", name: "TOKEN" }, "TOKEN", "NUL"],
  R_CALL: [{ target: "a.ts:f", detail: "there is no f" }, "a.ts:f", "there is no f"],
  W_SHADOWED: [{ file: FILE, by: "/p/ntask.toml" as AbsolutePath }, "tasks.toml", "ntask.toml"],
  W_SHELL_SYNTAX: [{ word: "&&" }, "&&", "shell"],
  W_LOOKS_LIKE_PROPERTY: [{ name: "comand", property: "cmd" }, "comand", "cmd"],
  W_INTERPRETER: [{}, "interpreter", "shell = …"],
  W_PORTABLE: [{ construct: "[[ … ]]", detail: "use [ … ]" }, "[[ … ]]", "use [ … ]"],
  W_INTERACTIVE: [{}, "not a terminal", "docker run -it"],
  W_ENVFILE: [{ file: ".env", line: 3, detail: "no = in it" }, ".env", "3", "no = in it"],
};

const show = (path: string) => path.replace(/^\/p\//, "");

for (const [code, [data, ...words]] of Object.entries(EXAMPLES)) {
  Deno.test(`${code} is said in one sentence that names what it is about`, () => {
    const problem = { code, task: "t", place: PLACE, ...data } as Problem;
    const { message, hint = "", more = [] } = sentence(problem, show);
    const all = [message, hint, ...more].join("\n");
    for (const word of words) assertStringIncludes(all, word);
    assert(message.trim() !== "" && !message.includes("\n"), message);
    assert(!/undefined|\[object|NaN|null/.test(all), all);
    assert(!/[.!]$/.test(message), `no full stop behind a message: ${message}`);
    assert(!/^(?:error|warning|oops|sorry)/i.test(message), message);
    const text = problemText({ problem }, PLAIN, show);
    const level = code.startsWith("W_") ? "warning" : "error";
    assert(text.startsWith(`${level}[${code}]: `), text);
    assert(text.endsWith("\n") && !text.endsWith("\n\n"), JSON.stringify(text));
    // deno-lint-ignore no-control-regex -- the codes of colours begin with one
    const bare = problemText({ problem }, COLOR, show).replace(/\x1b\[\d+m/g, "");
    assertEquals(bare, text, "colour adds nothing to the words");
  });
}

Deno.test("a frame shows the lines around, and points below what is meant", () => {
  const located: Located = {
    file: FILE,
    line: 10,
    column: 5,
    length: 3,
    frame: [
      { number: 9, text: "[tasks]" },
      { number: 10, text: "a = bad" },
      { number: 11, text: "b = 1" },
    ],
  };
  const problem: Problem = { code: "E_TOML", place: PLACE, detail: "invalid value" };
  assertEquals(
    problemText({ problem, located }, PLAIN, show).split("\n").slice(1, 6),
    ["  --> tasks.toml:10:5", "  9 | [tasks]", " 10 | a = bad", "    |     ^^^", " 11 | b = 1"],
  );
});

Deno.test("a tab in the line keeps the mark below what it means", () => {
  const located: Located = {
    file: FILE,
    line: 1,
    column: 3,
    length: 1,
    frame: [{ number: 1, text: "\t\tx = ]" }],
  };
  const problem: Problem = { code: "E_TOML", place: PLACE, detail: "d" };
  const [, , line, mark] = problemText({ problem, located }, PLAIN, show).split("\n");
  assertEquals(line!.indexOf("x") - line!.indexOf("|"), mark!.indexOf("^") - mark!.indexOf("|"));
});
