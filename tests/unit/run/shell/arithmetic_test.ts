import { assertEquals } from "@std/assert";
import { evaluateArithmetic, parseNumber } from "../../../../src/run/shell/arithmetic.ts";

function evaluate(text: string, table: Record<string, string> = {}) {
  const value = evaluateArithmetic(text, {
    get: (name) => table[name],
    set: (name, value) => table[name] = value,
  });
  return typeof value === "bigint" ? Number(value) : "problem";
}

const values: readonly (readonly [string, number | "problem"])[] = [
  ["1+2*3", 7],
  ["(1+2)*3", 9],
  ["10-4-3", 3],
  ["-7/2", -3],
  ["-7%3", -1],
  ["1|2^3&2", 1 | (2 ^ (3 & 2))],
  ["1<<2+1", 8],
  ["!0+~0", 0],
  ["0?1:0?2:3", 3],
  ["1&&0||1", 1],
  ["2>1==1", 1],
  ["0x1f+010", 39],
  ["x", 5],
  ["y", 0],
  ["x=3", 3],
  ["x<<=2", 20],
  ["", "problem"],
  ["1+", "problem"],
  ["08", "problem"],
  ["(1", "problem"],
  ["1 2", "problem"],
  ["1/0", "problem"],
  ["x++", "problem"],
  ["2**3", "problem"],
  ["1,2", "problem"],
  ["1=2", "problem"],
  ["word", "problem"],
  ["é", "problem"],
];

for (const [text, expected] of values) {
  Deno.test(`$((${text})) is ${expected}`, () => {
    assertEquals(evaluate(text, { x: "5", word: "one" }), expected);
  });
}

Deno.test("numbers wrap at 64 bits", () => {
  const none = { get: () => undefined, set() {} };
  assertEquals(evaluateArithmetic("9223372036854775807+1", none), -(2n ** 63n));
  assertEquals(evaluateArithmetic("1<<63", none), -(2n ** 63n));
});

Deno.test("what is not evaluated assigns nothing and divides nothing", () => {
  const table = {};
  assertEquals(evaluate("0 && (x = 1)", table), 0);
  assertEquals(evaluate("1 || (x = 1/0)", table), 1);
  assertEquals(evaluate("1 ? 2 : (x = 3)", table), 2);
  assertEquals(table, {});
});

Deno.test("a number is decimal, octal or hexadecimal, and nothing else is one", () => {
  assertEquals(["7", " -010 ", "0xF", "+1", "08", "1x", "", "1 2"].map(parseNumber), [
    7n,
    -8n,
    15n,
    1n,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
