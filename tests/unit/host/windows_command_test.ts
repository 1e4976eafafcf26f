import { assert, assertEquals } from "@std/assert";
import { carriedByCmd, isBatch, windowsCommand } from "../../../src/host/windows_command.ts";

Deno.test("lesson 40: an executable is started as it is", () => {
  assertEquals(windowsCommand("C:\\x\\tool.exe", ["a b", '"', "%P%"]), {
    file: "C:\\x\\tool.exe",
    args: ["a b", '"', "%P%"],
    verbatim: false,
  });
});

Deno.test("lesson 40: a batch file goes through cmd.exe, which gets its words verbatim", () => {
  const command = windowsCommand("C:\\my tools\\x.cmd", ["a"], "C:\\Windows\\cmd.exe");
  assertEquals(command.file, "C:\\Windows\\cmd.exe");
  assertEquals(command.args.slice(0, 3), ["/d", "/s", "/c"]);
  assertEquals(command.args[3], '"C:\\my^ tools\\x.cmd ^"a^""');
  assertEquals(command.verbatim, true);
});

const escaped: readonly (readonly [string, string, string])[] = [
  ["an ampersand", "a&calc", '^"a^&calc^"'],
  ["a quote", 'a"b', '^"a\\^"b^"'],
  ["a quote that would end the quoting", 'a"&calc&"', '^"a\\^"^&calc^&\\^"^"'],
  ["backslashes before a quote", 'a\\\\"', '^"a\\\\\\\\\\^"^"'],
  ["backslashes at the end", "C:\\dir\\", '^"C:\\dir\\\\^"'],
  ["backslashes elsewhere", "a\\b", '^"a\\b^"'],
  ["a variable", "%PATH%", '^"^%PATH^%^"'],
  ["pipes and redirections", "a|b<c>d^e", '^"a^|b^<c^>d^^e^"'],
  ["nothing", "", '^"^"'],
];

for (const [name, arg, expected] of escaped) {
  Deno.test(`lesson 40: ${name} in an argument of a batch file stays an argument`, () => {
    assertEquals(windowsCommand("x.bat", [arg]).args[3], `"x.bat ${expected}"`);
  });
}

Deno.test("lesson 40: a shim of node_modules/.bin reads its words twice and gets two carets", () => {
  const { args } = windowsCommand("C:/p/node_modules/.bin/tsc.cmd", ["a&b"]);
  assertEquals(args[3], '"C:\\p\\node_modules\\.bin\\tsc.cmd ^^^"a^^^&b^^^""');
});

Deno.test("lesson 40: no character that cmd acts on is left without a caret", () => {
  const nasty = '()[]%!^"`<>&|;, *?';
  const line = windowsCommand("x.cmd", [nasty]).args[3]!.slice(1, -1).replace("x.cmd ", "");
  assert(!/(?<!\^)[()[\]%!"`<>&|;,*? ]/.test(line), line);
});

Deno.test("batch files are known by their ending, in any case and with trailing dots", () => {
  assertEquals(["a.cmd", "A.BAT", "a.cmd. ", "a.exe", "cmd", "a.cmdx"].map(isBatch), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("cmd cannot carry a line break or a NUL", () => {
  assertEquals([["a"], ["a\nb"], ["a\r"], ["a\0"], []].map(carriedByCmd), [
    true,
    false,
    false,
    false,
    true,
  ]);
});
