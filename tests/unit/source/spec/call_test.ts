/**
 * The addresses of functions.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { readCall, readLiterals } from "../../../../src/source/spec/call.ts";

Deno.test("the ending of a path tells a script from a Python module", () => {
  for (
    const [text, expected] of [
      ["mod:f", { language: "python", module: "mod", name: "f" }],
      ["mod", { language: "python", module: "mod" }],
      ["a.b.c:D.run", { language: "python", module: "a.b.c", name: "D.run" }],
      ["m:f(')', x=(1, 2))", {
        language: "python",
        module: "m",
        name: "f",
        args: "')', x=(1, 2)",
      }],
      ["m:f()", { language: "python", module: "m", name: "f", args: "" }],
      ["modül:funktion", { language: "python", module: "modül", name: "funktion" }],
      ["./a.ts", { language: "script", path: "./a.ts" }],
      ["a.mjs:run", { language: "script", path: "a.mjs", name: "run" }],
      ["tools/a.b.tsx:x.y('q:r.js:z')", {
        language: "script",
        path: "tools/a.b.tsx",
        name: "x.y",
        args: "'q:r.js:z'",
      }],
      ["a.js.ts:f", { language: "script", path: "a.js.ts", name: "f" }],
      [" ./a b.cjs:$f ", { language: "script", path: "./a b.cjs", name: "$f" }],
      ["C:\\x\\a.js:f", { language: "script", path: "C:\\x\\a.js", name: "f" }],
    ] as const
  ) assertEquals(readCall(text), expected, text);
});

Deno.test("what is no address says why", () => {
  for (
    const [text, why] of [
      ["", "it is empty"],
      ["./script.py:f", "a path ends in"],
      ["mod:f(1", "the parenthesis is not closed"],
      ["mod(1)", "a colon stands between"],
      ["mod:f g", "dotted names"],
      ["1mod:f", "dotted names"],
      ["a..b:f", "dotted names"],
      ["mod:", "dotted names"],
      ["mod:f(1) + 2", "not closed"],
    ] as const
  ) {
    const call = readCall(text);
    assert("why" in call && call.why.includes(why), `${text}: ${JSON.stringify(call)}`);
  }
});

Deno.test("the arguments of a script's call are literals", async () => {
  for (
    const [text, values] of [
      ["", []],
      ["  ", []],
      ["'x', \"y\", 2, -1.5, +3, 0x10", ["x", "y", 2, -1.5, 3, 16]],
      ["true, false, null, undefined", [true, false, null, undefined]],
      ["[1, ['a']], { a: 1, 'b c': { d: [] }, 3: null }", [
        [1, ["a"]],
        { a: 1, "b c": { d: [] }, 3: null },
      ]],
      ["1, // a comment\n 2,", [1, 2]],
      ["{ __proto__: 1 }", [Object.fromEntries([["__proto__", 1]])]],
      ["')'", [")"]],
    ] as const
  ) assertEquals(await readLiterals(text), { values: [...values] }, text);
});

Deno.test("code is no literal, whatever it looks like, and is never run", async () => {
  for (
    const [text, why] of [
      ["process.exit(1)", "process.exit(1) is not a literal"],
      ["1, x", "x is not a literal"],
      ["`a${1}`", "`a${1}` is not a literal"],
      ["1 + 1", "1 + 1 is not a literal"],
      ["...[1]", "...[1] is not a literal"],
      ["{ ...{} }", "{ ...{} } is not a literal"],
      ["{ [x]: 1 }", "{ [x]: 1 } is not a literal"],
      ["{ get a() { return 1 } }", "is not a literal"],
      ["() => 1", "() => 1 is not a literal"],
      ["1,,2", "an element of a list is missing"],
      ["1) + f(2", "not a list of literals"],
      ["1], [2", "not a list of literals"],
      ["'a", "not a list of literals"],
    ] as const
  ) {
    const read = await readLiterals(text);
    assert("why" in read && read.why.includes(why), `${text}: ${JSON.stringify(read)}`);
  }
});
