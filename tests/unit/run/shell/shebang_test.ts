import { assertEquals } from "@std/assert";
import { shebangWords } from "../../../../src/run/shell/shebang.ts";

Deno.test("the first line of a script names its program, wherever that is", () => {
  assertEquals(shebangWords("#!/bin/sh\necho"), ["sh"]);
  assertEquals(shebangWords("#! /usr/bin/env python3 \r\nprint(1)"), ["python3"]);
  assertEquals(shebangWords("#!C:\\tools\\perl.exe"), ["perl.exe"]);
});

Deno.test("an option behind it is one word, but env cuts", () => {
  assertEquals(shebangWords("#!/bin/sh -e -u\n"), ["sh", "-e -u"]);
  assertEquals(shebangWords("#!/usr/bin/env -S deno run -A\n"), ["deno", "run", "-A"]);
});

Deno.test("a text without such a line says nothing", () => {
  assertEquals(["", "echo", "# !/bin/sh", "#!", "#!/usr/bin/env\n"].map(shebangWords), [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
