/**
 * The portable shell among the programs, paths and variables of Windows, and what of the system it
 * leaves as it is. What it does everywhere is
 * in `tests/contract` and `tests/stages/shell_check.ts`.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Files } from "../rig/project.ts";
import { binary } from "../rig/binary.ts";

const WINDOWS = { windowsOnly: true } as const;

/** What a script prints as the only task of a project. */
async function outputOf(script: string, files: Files = {}): Promise<string> {
  await using project = await createProject({
    "tasks.toml": `[tasks]\na.shell = ${JSON.stringify(script)}\n`,
    ...files,
  });
  const { stdout, stderr } = await project.run(["-q", "a"]);
  assertEquals(stderr, "");
  return stdout.replaceAll("\r\n", "\n")
    .replaceAll(binary.seen(project.root).replaceAll("\\", "/"), "<project>");
}

cliTest("on Windows programs and the shell read and write each other", WINDOWS, async () => {
  const script = `x 7; echo $?
cat lines | while read l; do p "$l"; done
{ read a; p "$a"; read b; p "$b"; } < lines
p "$(p a 'b c')" | cat > f; cat f
p bg & wait $!; x 5 & wait $!; echo $?
seq 100000 | p end; while :; do echo y; done | x 0; echo over
x 3 | cat; echo $?; p a > f 2>&1; out f; err f 2> g; cat g`;
  assertEquals(
    await outputOf(script, { lines: "1\n2 3\n" }),
    "7\n[1]\n[2 3]\n[1]\n[2 3]\n[[a][b c]]\n[bg]\n5\n[end]\nover\n0\n[a]\n[a]\n",
  );
});

cliTest(
  "on Windows a script may join PATH with colons, and programs see semicolons",
  WINDOWS,
  () =>
    expectLines(
      'PATH="$PWD/none:$PATH"; p found; e PATH; PATH="$PWD/no:$PATH" p too',
      ["[found]", /^PATH=<project>\/none;[A-Z]:\\/, "[too]"],
    ),
);

cliTest(
  "on Windows a program is started by a path with backslashes",
  WINDOWS,
  () => expectLines("cmd /c echo hi; C:/windows/system32/cmd.exe /d /c echo ho", ["hi", "ho"]),
);

cliTest("on Windows a script is run by what its first line names", WINDOWS, async () => {
  const files = {
    "build.sh": '#!/bin/sh -e\necho "$1 $#"\nfalse\necho no\n',
    "tool": "#!/usr/bin/env p\n",
    "nothing": "echo no\n",
  };
  assertEquals(
    await outputOf("./build.sh 'a b'; echo $?; ./tool c; (./nothing) 2> f; echo $?", files),
    "a b 1\n1\n[./tool][c]\n126\n",
  );
});

cliTest("on Windows a script may have the line ends of Windows", WINDOWS, async () => {
  const text = '#!/bin/sh\r\nif true; then\r\n  x=1\r\nfi\r\necho "<$x>"\r\n';
  assertEquals(await outputOf(". ./s.sh; sh s.sh; ./s.sh", { "s.sh": text }), "<1>\n<1>\n<1>\n");
});

cliTest("on Windows patterns and directories may begin with a drive", WINDOWS, async () => {
  const script = `for f in "$PWD"/d/*; do printf '%s\\n' "$f"; done
cd "$(dirname "\${PWD%%/*}/x")"; pwd | tr a-z A-Z; cd "\${PWD%/}"; pwd | tr a-z A-Z`;
  const drive = binary.seen("/")[0]!.toUpperCase();
  assertEquals(
    await outputOf(script, { "d/a": "", "d/b": "" }),
    `<project>/d/a\n<project>/d/b\n${drive}:/\n${drive}:/\n`,
  );
});

cliTest("on Windows a script that kills itself ends as by that signal", WINDOWS, async () => {
  await using project = await createProject({
    "tasks.toml": "[tasks]\na.shell = 'echo a; kill -TERM $$; echo no'\n",
  });
  const { code, stdout } = await project.run(["-q", "a"]);
  assertEquals([code, stdout], [143, "a\n"]);
});

cliTest("on Windows HOME is there for the script, and the name of a variable in any case", {
  ...WINDOWS,
}, async () => {
  const stdout = await outputOf(
    '[ -d "$HOME" ] && [ "$HOME" = ~ ] && echo "$HOME"; p "$ntask_Task"',
  );
  assertMatch(stdout, /^[A-Z]:\/[^\\]*\n/);
  assertStringIncludes(stdout, "[a]\n");
});

async function expectLines(script: string, lines: readonly (string | RegExp)[]): Promise<void> {
  const found = (await outputOf(script)).trimEnd().split("\n");
  assertEquals(found.length, lines.length, found.join("\n"));
  lines.forEach((line, at) => {
    if (typeof line === "string") assertEquals(found[at], line);
    else assertMatch(found[at]!, line);
  });
}

cliTest("cp leaves what is there its mode, a device too", { posixOnly: "modes" }, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
copy = { shell = "cp a b && cp a c && cp a /dev/null && cp b d", interpreter = "portable" }
`,
    a: "longer than what was there\n",
    b: "b\n",
  });
  const at = (name: string) => `${project.root}/${name}`;
  const modes = (...names: string[]) => names.map((name) => Deno.statSync(name).mode! & 0o7777);
  Deno.chmodSync(at("a"), 0o640);
  Deno.chmodSync(at("b"), 0o606);
  // Only root could change it, and does.
  const before = modes("/dev/null");
  const ran = await project.run(["copy"]);
  assertEquals(ran.code, 0, ran.stderr);
  assertEquals(modes(at("b"), at("c"), at("d"), "/dev/null"), [0o606, 0o640, 0o606, ...before]);
  for (const name of ["b", "c", "d"]) assertEquals(project.read(name), project.read("a"));
});
