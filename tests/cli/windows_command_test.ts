/**
 * Lesson 40: batch files are started through `cmd`, which reads a line with rules of its own.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";
import { randomFrom } from "../rig/random.ts";

/** What each is told apart by is the file that a command inside would leave. */
const HOSTILE = [
  "plain",
  "two words",
  "",
  "a&echo hacked>hacked.txt",
  'a"&echo hacked>hacked.txt&"',
  'a\\"&echo hacked>hacked.txt&\\"',
  '"&echo hacked>hacked.txt&',
  '""&echo hacked>hacked.txt',
  "a|echo hacked>hacked.txt",
  "a>hacked.txt",
  "^",
  "a^&echo hacked>hacked.txt",
  "%PATH%",
  "%NTASK_ROOT%",
  "100%",
  "%%NTASK_ROOT%%",
  '%NTASK_ROOT:~0,1%"&echo hacked>hacked.txt',
  "!NTASK_ROOT!",
  "a!b",
  "trailing\\",
  "trailing with blank\\",
  "two\\\\",
  "(a)",
  "a=b",
  "a,b;c",
  "*",
  "?",
  "-x",
  "/c",
  "ü",
];

cliTest(
  "lesson 40: no argument of a batch file is read as a command",
  { windowsOnly: true },
  async () => {
    const words = HOSTILE.map((word) => JSON.stringify(word)).join(", ");
    await using project = await createProject({
      "tool.cmd": "@p %*\r\n",
      "node_modules/.bin/shim.cmd": '@SETLOCAL\r\n@"p" %*\r\n',
      "nested.cmd": '@"%~dp0tool.cmd" %*\r\n',
      "tasks.toml": `[tasks]
direct.cmd = ["p", ${words}]
batch.cmd = ["./tool.cmd", ${words}]
shim.cmd = ["shim", ${words}]
nested.cmd = ["./nested.cmd", ${words}]
one.cmd = "./tool.cmd"
`,
    });
    const direct = await project.run(["direct"]);
    assertEquals(direct.stdout, HOSTILE.map((word) => `[${word}]`).join("") + "\n");
    for (const name of ["shim", "batch", "nested"]) {
      const ran = await project.run([name]);
      assert(!project.has("hacked.txt"), `${name} ran a command of an argument`);
      assertEquals([ran.code, ran.stdout], [0, direct.stdout], name);
    }
  },
);

cliTest(
  "lesson 40: arguments made by chance come through batch files as they are",
  { windowsOnly: true },
  async () => {
    const random = randomFrom(40);
    const parts = ['"', '"', "%", "%PATH%", "&", "&echo hacked>hacked.txt&", "\\", "^", "!", "|"];
    parts.push("<", ">", "(", ")", " ", "a", "=", ",", ";", "'", "`", "*", "~", "@", "#", "$", "-");
    const args = Array.from(
      { length: 80 },
      () => Array.from({ length: 1 + random.below(6) }, () => random.of(parts)).join(""),
    );
    const words = args.map((word) => JSON.stringify(word)).join(", ");
    await using project = await createProject({
      "tool.bat": "@p %*\r\n",
      "one.cmd": "@p %1 %2 %3\r\n",
      "node_modules/.bin/shim.cmd": '@SETLOCAL\r\n@"p" %*\r\n',
      "tasks.toml": `[tasks]
batch.cmd = ["./tool.bat", ${words}]
one.cmd = ["./one.cmd", ${words}]
shim.cmd = ["shim", ${words}]
`,
    });
    const shown = (some: readonly string[]) => some.map((word) => `[${word}]`).join("") + "\n";
    for (
      const [name, expected] of [
        ["shim", shown(args)],
        ["batch", shown(args)],
        ["one", shown(args.slice(0, 3))],
      ]
    ) {
      const ran = await project.run([name!]);
      assert(!project.has("hacked.txt"), `${name} ran a command of an argument`);
      assertEquals([ran.code, ran.stdout], [0, expected], name);
    }
  },
);

cliTest("a word of cmd is no program, and the message says so", { windowsOnly: true }, async () => {
  await using project = await createProject({ "tasks.toml": '[tasks]\na = "mklink a b"\n' });
  const { code, stderr } = await project.run(["a"]);
  assertEquals(code, 127);
  assertStringIncludes(stderr, 'there is no program "mklink": it is a word of cmd');
});
