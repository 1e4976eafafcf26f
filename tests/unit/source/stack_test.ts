import { assertEquals } from "@std/assert";
import { pathOf, stackOf } from "../../../src/source/stack.ts";

/** An error as a runtime makes it. */
function thrown(message: string, ...lines: readonly string[]): Error {
  const error = new Error(message);
  error.stack = [`Error: ${message}`, ...lines.map((line) => `    ${line}`)].join("\n");
  return error;
}

function calls(...lines: readonly string[]): readonly string[] {
  return stackOf(thrown("no", ...lines)).map(({ name, file, line, column }) =>
    `${name} ${file} ${line} ${column}`
  );
}

Deno.test("a call has its name, its file, its line and its column, whatever the runtime", () => {
  assertEquals(
    calls(
      "at check (/p/lib/check.ts:3:15)",
      "at Object.body (file:///p/tasks.ts:14:3)",
      "at async body (file:///p/tasks.ts:15:4)",
      "at new Thing (/p/tasks.ts:16:5)",
      "at file:///p/tasks.ts:17:6",
      "at async /p/tasks.ts:18:7",
    ),
    [
      "check /p/lib/check.ts 3 15",
      "Object.body /p/tasks.ts 14 3",
      "body /p/tasks.ts 15 4",
      "new Thing /p/tasks.ts 16 5",
      "<anonymous> /p/tasks.ts 17 6",
      "<anonymous> /p/tasks.ts 18 7",
    ],
  );
});

Deno.test("a path may have blanks, parentheses and letters that a URL escapes", () => {
  assertEquals(
    calls(
      "at f (/a (b) ü/tasks.ts:1:2)",
      "at f (file:///a%20(b)%20%C3%BC/tasks.ts:1:2)",
      "at /a (b)/tasks.ts:1:2",
      "at f (/p/tasks.ts?run=2:1:2)",
    ),
    [
      "f /a (b) ü/tasks.ts 1 2",
      "f /a (b) ü/tasks.ts 1 2",
      "<anonymous> /a (b)/tasks.ts 1 2",
      "f /p/tasks.ts 1 2",
    ],
  );
});

Deno.test("Windows has drives and shares", () => {
  assertEquals(
    calls(
      "at f (C:\\p\\tasks.ts:1:2)",
      "at f (file:///C:/p/tasks.ts:1:2)",
      "at f (\\\\server\\share\\tasks.ts:1:2)",
    ),
    ["f C:\\p\\tasks.ts 1 2", "f C:\\p\\tasks.ts 1 2", "f \\\\server\\share\\tasks.ts 1 2"],
  );
  assertEquals(pathOf("file:///D:/p/"), "D:\\p\\");
});

Deno.test("calls inside the runtime and of a program's own modules have no file of the user's", () => {
  assertEquals(
    calls(
      "at readFileSync (unknown)",
      "at node:fs:441:20",
      "at processTicksAndRejections (native:7:39)",
      "at u (src/run/shell_tag.ts:103:55)",
      "at async Promise.all (index 0)",
      "at ext:core/01_core.js:1:2",
    ),
    [],
  );
});

Deno.test("a message that looks like a stack is none", () => {
  assertEquals(
    stackOf(thrown("two lines\n    at f (/p/wrong.ts:1:2)", "at g (/p/right.ts:3:4)")).map(
      ({ file }) => file,
    ),
    ["/p/right.ts"],
  );
  assertEquals(stackOf("at f (/p/wrong.ts:1:2)"), []);
});
