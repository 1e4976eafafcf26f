import { assert, assertEquals } from "@std/assert";
import { distance, nearest } from "../../../src/model/near.ts";

Deno.test("each insertion, deletion, substitution and swap counts one", () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ["", "", 0],
    ["build", "build", 0],
    ["", "abc", 3],
    ["abc", "", 3],
    ["build", "buld", 1],
    ["buld", "build", 1],
    ["build", "guild", 1],
    ["biuld", "build", 1],
    ["ab", "ba", 1],
    ["kitten", "sitting", 3],
    // A swap whose letters are edited again is counted as three edits: the restricted distance.
    ["ca", "abc", 3],
    ["abcd", "badc", 2],
  ];
  for (const [a, b, expected] of cases) assertEquals(distance(a, b), expected, `${a} ${b}`);
});

Deno.test("a distance is the same both ways, and never above the longer word", () => {
  const words = ["", "a", "test", "tset", "tests", "build", "rebuild", "deploy", "delpoy"];
  for (const a of words) {
    for (const b of words) {
      const between = distance(a, b);
      assertEquals(between, distance(b, a), `${a} ${b}`);
      assertEquals(between === 0, a === b, `${a} ${b}`);
      assert(between >= Math.abs(a.length - b.length), `${a} ${b}`);
      assert(between <= Math.max(a.length, b.length), `${a} ${b}`);
    }
  }
});

Deno.test("lesson 29: a typo finds the name that was meant", () => {
  const names = ["build", "test", "lint", "deploy", "test-watch"];
  const cases: readonly (readonly [word: string, expected: readonly string[]])[] = [
    ["biuld", ["build"]],
    ["TEST", ["test", "test-watch"]],
    ["tset", ["test"]],
    ["delpoy", ["deploy"]],
    ["zzz", []],
    ["", []],
  ];
  for (const [word, expected] of cases) assertEquals(nearest(word, names), expected, word);
});

Deno.test("a word of one or two letters forgives one mistake", () => {
  assertEquals(nearest("a", ["b", "ab", "abc"]), ["ab", "b"]);
});

Deno.test("a longer word forgives a third of its letters", () => {
  assertEquals(nearest("deploy", ["depl", "dep"]), ["depl"]);
});

Deno.test("names that begin with the word come after the near ones", () => {
  assertEquals(nearest("test", ["test-unit", "tests"]), ["tests", "test-unit"]);
  assertEquals(nearest("t", ["testing"]), [], "one letter begins too many names");
});

Deno.test("at most three names, the nearest first, equals by name, none twice", () => {
  assertEquals(nearest("abcdef", ["abcdeY", "abcdeX", "abcdef", "abcdXY", "abcdeX"]), [
    "abcdef",
    "abcdeX",
    "abcdeY",
  ]);
});

Deno.test("the order of the candidates does not matter", () => {
  const names = ["tests", "text", "rest", "best", "test-a", "test-b"];
  assertEquals(nearest("test", names), nearest("test", names.toReversed()));
});
