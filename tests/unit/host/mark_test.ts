/**
 * No two tasks carry the same mark.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { createMarks } from "../../../src/host/mark.ts";

Deno.test("no two marks of a process are the same, whoever makes them", () => {
  const [one, other, inner] = [createMarks(undefined), createMarks(undefined), createMarks("a-1")];
  const marks = [one(), other(), one(), inner(), other(), inner()];
  assertEquals(new Set(marks).size, marks.length, marks.join());
});

Deno.test("a mark says within which other one it was made", () => {
  assertMatch(createMarks("a-1")(), /^a-1\.[^.]+$/);
});

Deno.test("a mark is one word", () => {
  assert(!/[\s.=]/.test(createMarks(undefined)()));
});
