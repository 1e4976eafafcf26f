import { assertEquals, assertThrows } from "@std/assert";
import { Variables } from "../../../../src/run/shell/variables.ts";

Deno.test("inherited variables are exported, new ones only when asked", () => {
  const variables = Variables.from({ A: "1" }, false);
  variables.set("B", "2");
  variables.set("C", "3");
  variables.export("C");
  assertEquals(variables.environment(new Map([["D", "4"]])), { A: "1", C: "3", D: "4" });
});

Deno.test("names no script can use are handed on untouched", () => {
  const variables = Variables.from({ "ProgramFiles(x86)": "x" }, true);
  assertEquals(variables.get("ProgramFiles(x86)"), undefined);
  assertEquals(variables.environment(new Map()), { "ProgramFiles(x86)": "x" });
});

Deno.test("lesson 40: on Windows an inherited variable answers to its name in any case", () => {
  const variables = Variables.from({ Path: "a" }, true);
  assertEquals(variables.get("PATH"), "a");
  variables.set("PATH", "b");
  assertEquals(variables.environment(new Map()), { Path: "b" });
  variables.set("x", "1");
  variables.set("X", "2");
  assertEquals([variables.get("x"), variables.get("X")], ["1", "2"]);
});

Deno.test("elsewhere case tells variables apart", () => {
  assertEquals(Variables.from({ Path: "a" }, false).get("PATH"), undefined);
});

Deno.test("a local variable begins with the outer value and ends with its scope", () => {
  const variables = Variables.from({}, false);
  variables.set("x", "outer");
  variables.enterScope();
  variables.makeLocal("x");
  variables.makeLocal("y");
  assertEquals(variables.get("x"), "outer");
  variables.set("x", "inner");
  variables.set("y", "new");
  variables.leaveScope();
  assertEquals([variables.get("x"), variables.get("y")], ["outer", undefined]);
});

Deno.test("a readonly variable is neither changed nor removed", () => {
  const variables = Variables.from({ x: "1" }, false);
  variables.markReadonly("x");
  assertThrows(() => variables.set("x", "2"));
  assertThrows(() => variables.unset("x"));
  assertEquals(variables.get("x"), "1");
});

Deno.test("a clone is apart from its origin", () => {
  const variables = Variables.from({ x: "1" }, false);
  const clone = variables.clone();
  clone.set("x", "2");
  assertEquals(variables.get("x"), "1");
});
