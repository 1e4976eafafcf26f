/**
 * The words of the command line on their way to a task: nothing is lost, split, expanded or run.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { binary } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { createProject } from "../rig/project.ts";

const HOSTILE = [
  "$(touch pwned)",
  "`touch pwned`",
  "; touch pwned",
  "| touch pwned",
  "&& touch pwned",
  "> pwned",
  "a'b",
  'a"b',
  "a\\",
  "\\n",
  "two  words ",
  "",
  "*",
  "~",
  "$HOME",
  "%PATH%",
  "!x!",
  "^&",
  "{args}",
  "${env.HOME}",
  "#x",
  "-n",
  "--",
  "ü—😀",
  "line1\nline2\n",
  "\ttab",
];

const printed = HOSTILE.map((word) => `[${word}]`).join("") + "\n";

cliTest("hostile arguments stay what they are, in every kind of task (lesson 35)", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
command = "p"
argv.cmd = ["p"]
script.shell = "p"
placed.shell = "p {args}"
`,
    "tasks.ts": `import { shell, task } from "ntask";

export const typed = task((...words: string[]) => shell\`p \${words}\`);
export const typedArgv = task((...words: string[]) => shell(["p", ...words]));
export const text = task("p");
`,
  });
  for (const name of ["command", "argv", "script", "placed", "text", "typed", "typedArgv"]) {
    const { code, stdout } = await project.run(["-q", name, "--", ...HOSTILE]);
    assertEquals([name, code, stdout], [name, 0, printed]);
  }
  assertEquals(project.has("pwned"), false);
});

cliTest("an option behind a command's name is the command's, whatever it looks like", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = "p"\nall.deps = ["a"]\n',
  });
  const { code, stdout } = await project.run(["a", "-k", "--list", "-j4", "--unknown", "x", "--"]);
  assertEquals([code, stdout], [0, "[-k][--list][-j4][--unknown][x]\n"]);
  const all = await project.run(["all", "-j1", "-q"]);
  assertEquals([all.code, all.stdout, all.stderr], [0, "\n", ""]);
});

cliTest("an unknown option is never dropped (lesson 28)", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = "probe a"\nall.deps = ["a"]\n',
    "tasks.ts": `import { task } from "ntask";
export const f = task((pattern = "") => console.log(pattern));
`,
  });
  const cases = [
    [["--nope", "a"], "there is no option --nope"],
    [["-Z", "a"], "there is no option -Z"],
    [["all", "--nope"], "--nope"],
    [["all", "word"], "word"],
    [["f", "--nope"], "--nope"],
    [["f", "x", "y"], '"y"'],
    [["run", "a", "--nope"], "there is no option --nope"],
    [["--list", "--nope"], "there is no option --nope"],
  ] as const;
  for (const [words, part] of cases) {
    const { code, stdout, stderr } = await project.run(words);
    assertEquals([words, code, stdout], [words, 2, ""]);
    assertStringIncludes(stderr, part);
  }
  assertEquals(project.probes.log(), []);
});

cliTest("--env sets a variable for the run, as it is written", async () => {
  await using project = await createProject({
    "tasks.toml":
      '[tasks]\na = "e A B"\nb = { cmd = "e A B", deps = ["a"], env = { B = "task" } }\n',
  });
  const { code, stdout } = await project.run([
    "-j1",
    "--env",
    "A=x ${HOME} {y} \\{args}",
    "--env=B=",
    "b",
  ]);
  assertEquals([code, stdout], [0, "A=x ${HOME} {y} \\{args}\nB=\nA=x ${HOME} {y} \\{args}\nB=\n"]);
});

cliTest("a task's environment is ours and what the project says", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
env = { LEVEL = "file", BOTH = "file" }

[tasks.a]
cmd = "e OURS LEVEL BOTH EMPTY GONE"
env = { BOTH = "task", EMPTY = "" }
`,
  });
  const { code, stdout, stderr } = await project.run(["a"], { env: { OURS: "here" } });
  const rest = "BOTH=task\nEMPTY=\nGONE-unset\n";
  assertEquals([code, stdout], [0, `OURS=here\nLEVEL=file\n${rest}`], stderr);
});

cliTest("a long command line passes", async () => {
  await using project = await createProject({ "tasks.toml": '[tasks]\na = "p"\n' });
  const word = "x".repeat(1000);
  const words = Array.from({ length: binary.windows ? 20 : 100 }, () => word);
  const { code, stdout } = await project.run(["-q", "a", ...words]);
  assertEquals([code, stdout], [0, words.map((each) => `[${each}]`).join("") + "\n"]);
});

cliTest("-C and --file behind a task's name count as those before it", async () => {
  const tasks = (said: string) => `[tasks]\na = "p ${said}"\nall.deps = ["a"]\n`;
  const typed = (said: string) =>
    `import { task } from "ntask";
export const f = task((word = "") => console.log("${said}", word));
`;
  await using project = await createProject({
    "tasks.toml": `[ntask]\nquiet = true\n${tasks("here")}`,
    "tasks.ts": typed("here"),
    "other/tasks.toml": tasks("there"),
    "other/tasks.ts": typed("there"),
    "third/tasks.toml": '[tasks]\nall = "p all"\nf = "p f"\n',
  });
  for (
    const [words, said] of [
      [["all"], "[here]\n"],
      [["all", "-C", "other"], "[there]\n"],
      [["all", "-qCother"], "[there]\n"],
      [["all", "--file=other/tasks.toml"], "[there]\n"],
      [["-C", "other", "all", "-C", "."], "[here]\n"],
      [["f", "x", "-C", "other"], "there x\n"],
      // There all of it would be the command's: what was ntask's is not among it.
      [["all", "-C", "third", "--env", "X=1"], "[all]\n"],
      [["f", "x", "-qCthird"], "[f][x]\n"],
      [["f", "-C", "other", "--", "-C"], "there -C\n"],
    ] as const
  ) {
    const { code, stdout } = await project.run(words);
    assertEquals([words, code, stdout], [words, 0, said]);
  }
  // What the first project's file says of itself holds no longer.
  assertStringIncludes((await project.run(["all", "-C", "other"])).stderr, "ok  a");
  for (const words of [["all", "-C", "nowhere"], ["all", "--file", "nowhere.toml"]]) {
    const { code, stdout, stderr } = await project.run(words);
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, '"nowhere');
  }
});

cliTest("an option or a word that a command does not heed is an error (lesson 28)", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = "probe a"\nall.deps = ["a"]\n',
  });
  for (
    const [words, said] of [
      ["all --format dot", "--format does nothing here; it goes with graph"],
      ["all --json", "--json does nothing here; it goes with list, validate, config or cache"],
      ["--all a", "--all does nothing here; it goes with list or clean"],
      ["all --tag x", "--tag does nothing here; it goes with run or list"],
      ["why all --dry-run", "--dry-run does nothing here; it goes with a task or run"],
      ["--graph --json", "--json does nothing here; it goes with list, validate, config or cache"],
      ["--init --dry-run", "--dry-run does nothing here; it goes with a task or run"],
      ["--list --graph", "--list and --graph are two commands"],
      ["run a --list", "run and --list are two commands"],
      ["run --clean a", "run and --clean are two commands"],
      ["--list nope", 'list takes no words, not "nope"'],
      ["validate a b", 'validate takes no words, not "a b"'],
      ["config jobs skip", 'config takes one word, not "jobs skip"'],
      ["--force= a", "--force= needs a value: TASK"],
      ["--file= a", "--file= needs a value: FILE"],
    ] as const
  ) {
    const { code, stdout, stderr } = await project.run(words.split(" "));
    assertEquals([words, code, stdout], [words, 2, ""]);
    assertStringIncludes(stderr, `error[R_OPTION]: ${said}\n`);
  }
  const empty = await project.run(["-C", "", "a"]);
  assertStringIncludes(empty.stderr, "-C needs a value: DIR");
  assertEquals(project.probes.log(), []);
  assertEquals([project.has("tasks.ts"), project.has(".ntask")], [false, false]);
});

cliTest("--version and --help behind a task or a command are answered", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = "probe a"\nall.deps = ["a"]\n',
  });
  for (const words of [["all", "--version"], ["run", "a", "--version"], ["--list", "--version"]]) {
    const { code, stdout } = await project.run(words);
    assertEquals([code, /^ntask \d/.test(stdout)], [0, true]);
  }
  assertEquals((await project.run(["all", "--help"])).code, 0);
  // Whatever the variables say, who asks for help is helped.
  for (const words of [["--list", "--json", "--help"], ["--help"]]) {
    assertEquals((await project.run(words, { env: { NTASK_JOBS: "x" } })).code, 0);
  }
  assertEquals(project.probes.log(), []);
});
