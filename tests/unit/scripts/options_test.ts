import { assert, assertEquals, assertThrows } from "@std/assert";
import { Fault } from "../../../scripts/command.ts";
import { readOptions } from "../../../scripts/options.ts";

const read = (...args: string[]) =>
  readOptions(
    args,
    { all: { type: "boolean" }, with: { type: "string", default: "x" } },
    "usage: it",
  );

Deno.test("options and other words are told apart, and a default holds", () => {
  const found = read("a", "--all", "b");
  assertEquals("values" in found && [found.values.all, found.values.with, ...found.positionals], [
    true,
    "x",
    "a",
    "b",
  ]);
});

Deno.test("who asks for help gets the usage", () => {
  for (const word of ["--help", "-h"]) assertEquals(read(word), { usage: "usage: it" });
});

Deno.test("an unknown option and one without its value are one sentence and the usage", () => {
  for (const [word, said] of [["--foo", "'--foo'"], ["--with", "argument missing"]] as const) {
    const fault = assertThrows(() => read(word)) as Fault;
    assert(fault instanceof Fault && fault.message.includes(said), fault.message);
    assertEquals(fault.message.split("\n").length, 2);
  }
});
