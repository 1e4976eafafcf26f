/**
 * Patterns: what they mean, and that what looks the same is the same.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { compilePatterns, couldOverlap, type PatternSet } from "../../../src/cache/glob.ts";

function set(patterns: readonly string[], cwd = ""): PatternSet {
  const compiled = compilePatterns(patterns, { cwd });
  assert(compiled.ok, JSON.stringify(compiled));
  return compiled.set;
}

function why(pattern: string, cwd = ""): string | undefined {
  const compiled = compilePatterns([pattern], { cwd });
  return compiled.ok ? undefined : compiled.faults[0]?.why;
}

Deno.test("lesson 15: ways to write one path are one set", () => {
  for (const same of ["src/x", "./src/x", "src//x", "src/./x", "src/x/", "a/../src/x", "/src/x"]) {
    assertEquals(set([same]).normalised, ["/src/x"], same);
    assertEquals(set([same]).prefixes, ["src/x"], same);
    assert(set([same]).matches("src/x/deep/y"), same);
  }
  assertEquals(set(["{a,b}/**"]).normalised, ["/a/**", "/b/**"]);
  assertEquals(set(["./src/**"]).normalised, set(["src/**"]).normalised);
});

Deno.test("a pattern is anchored at its directory, with a slash before it at the root", () => {
  const inner = set(["*.ts", "/top.ts", "../b/x"], "packages/a");
  assert(inner.matches("packages/a/x.ts") && inner.matches("top.ts"));
  assert(inner.matches("packages/b/x") && !inner.matches("packages/a/deep/x.ts"));
  assertEquals(inner.prefixes, ["packages/a", "packages/b/x", "top.ts"]);
});

Deno.test("one star stays in its directory, two go to any depth, dots are no exception", () => {
  assert(set(["*.ts"]).matches(".x.ts") && !set(["*.ts"]).matches("a/x.ts"));
  assert(set(["**/*.ts"]).matches("x.ts") && set(["**/*.ts"]).matches("a/.b/x.ts"));
  assert(set(["**"]).matches(".env") && !set(["src/**"]).matches("src"));
  assert(!set(["*.ts"]).matches("X.TS"), "case counts");
  assert(
    set(["packages/*/"]).matches("packages/a/x") && !set(["packages/*/"]).matches("packages/a"),
  );
});

Deno.test("the last pattern that matches decides", () => {
  const three = set(["**", "!gen/**", "gen/kept.ts"]);
  assertEquals(["a", "gen/x", "gen/kept.ts"].map(three.matches), [true, false, true]);
  assert(!set(["gen/kept.ts", "!gen"]).matches("gen/kept.ts"));
});

Deno.test("a backslash takes away a meaning, and brackets of a name in parentheses have none", () => {
  assert(set(["\\!x"]).matches("!x") && set(["a\\*b"]).matches("a*b"));
  assert(!set(["a\\*b"]).matches("axb"));
  assert(set(["a\\**"]).matches("a*bc") && !set(["a\\**"]).matches("abc"));
  assert(set(["app/(x)/+y.ts"]).matches("app/(x)/+y.ts"));
  assert(set(["[!a]b"]).matches("cb") && !set(["[!a]b"]).matches("ab"));
  assert(set(["f{1..3}"]).matches("f2") && set(["{x}"]).matches("{x}"));
});

Deno.test("what leads out of the project or cannot be read is a fault with its reason", () => {
  assertEquals(
    ["../x", "", "!", "C:\\x", "//host/x", "[a", "{a", "a\\"].map((each) => why(each)),
    ["outside", "empty", "empty", "drive", "absolute", "malformed", "malformed", "malformed"],
  );
  assertEquals(why("../x", "a"), undefined);
});

Deno.test("a directory where nothing can match is known without looking into it", () => {
  const some = set(["src/*/lib/**", "!src/old/**"]);
  assertEquals(
    ["", "src", "src/a", "src/a/b", "src/a/lib/x", "src/old", "dist"].map(some.below),
    [true, true, true, false, true, false, false],
  );
});

Deno.test("an input meets an output where a path is both, not where a later exclusion forbids", () => {
  assert(couldOverlap(set(["**/*.js"]), "dist/app.js"));
  assert(couldOverlap(set(["dist/sub/*.js"]), "dist"));
  assert(!couldOverlap(set(["src/*.ts"]), "dist/x.ts"));
  assert(couldOverlap(set(["**/*.js"]), set(["dist/**"])));
  assert(!couldOverlap(set(["**/*.ts"]), set(["dist/*.js"])));
  assert(!couldOverlap(set(["**", "!dist/**"]), set(["dist/**"])));
  assert(couldOverlap(set(["!dist/**", "**"]), set(["dist/**"])));
  assert(!couldOverlap(set(["a/*.ts"]), set(["b/*.ts"])));
});
