/**
 * Paths by name, and the directory around one.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { dirname, join, relative, SEPARATOR } from "@std/path";
import { above, below, wayBelow } from "../../../src/host/below.ts";

const ROOT = Deno.build.os === "windows" ? "C:\\" : "/";

Deno.test("what lies below a directory is what join gives", () => {
  for (const directory of [ROOT, join(ROOT, "a"), join(ROOT, "a", "b c")]) {
    assertEquals(below(directory, "x"), join(directory, "x"));
    assertEquals(below(directory, "x", ".y"), join(directory, "x", ".y"));
  }
});

Deno.test("what is above a directory is what dirname gives; the root is above itself", () => {
  for (const names of [[], ["a"], ["a", "b"], ["a b", "ü", ".c"]]) {
    const path = [ROOT.slice(0, -1), ...names].join(SEPARATOR) || ROOT;
    const directory = names.length === 0 ? ROOT : path;
    assertEquals(above(directory), dirname(directory));
  }
});

Deno.test("the way below a directory is what relative gives, or is not told", () => {
  const root = join(ROOT, "a", "b");
  for (
    const way of ["", "c", "c/d", ".c", "c/.d", "c/..d", "c d/ü", "c/", "/c", "../c", "c/../d"]
  ) {
    const path = root + (way === "" ? "" : SEPARATOR + way.replaceAll("/", SEPARATOR));
    const told = wayBelow(root, path);
    if (told !== undefined) assertEquals(told, relative(root, path));
  }
  assertEquals(wayBelow(root, join(root, "c", "d.ts")), join("c", "d.ts"));
  for (const other of [`${root}c`, ROOT, join(ROOT, "a"), `${root}${SEPARATOR}c${SEPARATOR}..`]) {
    assertEquals(wayBelow(root, other), undefined);
  }
});
