import { assert, assertEquals } from "@std/assert";
import {
  carriedByCmd,
  isBatch,
  refusedByWindows,
  windowsCommand,
} from "../../../src/host/windows_command.ts";
import { randomFrom } from "../../rig/random.ts";

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
  assertEquals(command.args.slice(0, -1), ["/d", "/e:on", "/v:off", "/s", "/c"]);
  assertEquals(command.args.at(-1), '"C:\\my^ tools\\x.cmd a"');
  assertEquals(command.verbatim, true);
});

const escaped: readonly (readonly [string, string, string])[] = [
  ["a plain word", "a-b.c/d:e", "a-b.c/d:e"],
  ["an ampersand", "a&calc", '"a&calc"'],
  ["a blank", "a b", '"a b"'],
  ["an equals sign, at which batch files split,", "a=b", '"a=b"'],
  ["a quote", 'a"b', '"a""b"'],
  ["a quote that would end the quoting", 'a"&calc&"', '"a""&calc&"""'],
  ["backslashes before a quote", 'a\\\\"', '"a\\\\\\\\"""'],
  ["backslashes at the end", "C:\\a b\\", '"C:\\a b\\\\"'],
  ["backslashes elsewhere", "a\\b c", '"a\\b c"'],
  ["a variable", "%PATH%", '"%%cd:~,%PATH%%cd:~,%"'],
  ["pipes and redirections", "a|b<c>d^e", '"a|b<c>d^e"'],
  ["nothing", "", '""'],
];

for (const [name, arg, expected] of escaped) {
  Deno.test(`lesson 40: ${name} in an argument of a batch file stays an argument`, () => {
    assertEquals(windowsCommand("x.bat", [arg]).args.at(-1), `"x.bat ${expected}"`);
  });
}

Deno.test("lesson 40: a shim of node_modules/.bin reads its words twice and gets two carets", () => {
  const { args } = windowsCommand("C:/p/node_modules/.bin/tsc.cmd", ["a&b"]);
  assertEquals(args.at(-1), '"C:\\p\\node_modules\\.bin\\tsc.cmd ^^^"a^^^&b^^^""');
});

Deno.test("lesson 40: no character that cmd acts on stands outside of quotes, however often it is read", () => {
  const parts = ['"', "&", "\\", "^", "!", "|", "a", " ", "(", ")", "<", ">", "=", ","];
  const random = randomFrom(40);
  for (let round = 0; round < 2_000; round++) {
    const arg = Array.from({ length: 1 + random.below(8) }, () => random.of(parts)).join("");
    const line = windowsCommand("x.cmd", [arg]).args.at(-1)!.slice(1, -1).replace(/^x\.cmd /, "");
    const outside = line.replace(/"[^"]*"/g, "");
    assert(/^[\w\\/:.@#$+'~{}-]*$/.test(outside), `${arg} -> ${line} -> ${outside}`);
  }
});

Deno.test("lesson 40: what is longer than a process or cmd can be given is refused before", () => {
  const long = "x".repeat(9_000);
  assertEquals(refusedByWindows("C:\\x.exe", [long]), undefined);
  assertEquals(refusedByWindows("C:\\x.cmd", [long])?.why, "too-long");
  assertEquals(refusedByWindows("C:\\x.exe", [long, long, long, long])?.why, "too-long");
  // Quotes count too.
  assertEquals(refusedByWindows("C:\\x.exe", ['"'.repeat(17_000)])?.why, "too-long");
  assertEquals(refusedByWindows("C:\\x.exe", ["a\nb"]), undefined);
  assertEquals(refusedByWindows("C:\\x.cmd", ["a\nb"])?.why, "line-end");
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
