import { assertEquals } from "@std/assert";
import { formatText } from "../../../../../src/run/shell/builtins/printf.ts";
import { unescapeEcho, unescapeFormat } from "../../../../../src/run/shell/builtins/_escapes.ts";

const table: readonly (readonly [string, readonly string[], string])[] = [
  ["%s-%s\n", ["a", "b", "c"], "a-b\nc-\n"],
  ["none\n", ["a"], "none\n"],
  ["%5s|%-5s|%.2s", ["a", "b", "cde"], "    a|b    |cd"],
  ["%d %i %u", ["-3", "0x10", "010"], "-3 16 8"],
  ["%05d|%+d|% d|%.3d", ["-42", "5", "5", "7"], "-0042|+5| 5|007"],
  ["%x %X %#x %o %#o", ["255", "255", "255", "8", "8"], "ff FF 0xff 10 010"],
  ["%c%c", ["abc", ""], "a"],
  ["%d", ["'A"], "65"],
  ["%f %.0f %.0f %e", ["1.5", "0.5", "1.5", "12345.678"], "1.500000 0 2 1.234568e+04"],
  ["%g %g %g", ["0.0001", "1234567", "100"], "0.0001 1.23457e+06 100"],
  ["%*d|%-*d|", ["4", "7", "4", "7"], "   7|7   |"],
  ["%b", ["a\\tb\\0101"], "a\tbA"],
  ["a%%b\\n\\101", [], "a%b\nA"],
  ["%s", ["\\n"], "\\n"],
];

for (const [format, args, expected] of table) {
  Deno.test(`printf ${JSON.stringify(format)} of ${JSON.stringify(args)}`, () => {
    assertEquals(formatText(format, args), { text: expected, problems: [] });
  });
}

Deno.test("printf goes on after a bad number and tells of it", () => {
  assertEquals(formatText("%d %d\n", ["x", "3y"]), {
    text: "0 3\n",
    problems: ["x: expected numeric value", "3y: not completely converted"],
  });
});

Deno.test("\\c ends the output of %b and of the whole format", () => {
  assertEquals(formatText("%b-%s|", ["a\\cb", "c", "d"]).text, "a");
});

Deno.test("an octal sequence is one byte", () => {
  assertEquals(unescapeFormat("\\1011\\0x"), "A1\0x");
  assertEquals(unescapeEcho("\\01011"), { text: "A1", stopped: false });
});
