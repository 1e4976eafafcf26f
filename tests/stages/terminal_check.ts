/**
 * The compiled program on a real terminal: colour, keys, the width of the window, and that it leaves
 * a terminal as it found it. Needs Python and a system with pseudo-terminals, so it is no part of
 * `deno task test`.
 *
 * Run: NTASK_TEST_BIN=dist/ntask deno test -A --no-check tests/stages/terminal_check.ts
 *
 * A test waits for what is on the screen, for a probe or for an end, never for a time.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  AssertionError,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { dirname, fromFileUrl, join, resolve } from "@std/path";
import { binary } from "../rig/binary.ts";
import { childrenOf, gone, isAlive, until } from "../rig/probes.ts";
import { createProject, type Files, type Project } from "../rig/project.ts";
import { inTime } from "../rig/ran.ts";

const BRIDGE = join(dirname(fromFileUrl(import.meta.url)), "terminal.py");

/** What a key sends that the terminal itself understands. */
const CTRL_C = "\x03";
const CTRL_D = "\x04";

interface Options {
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Words before the program's, of one that starts it. */
  readonly through?: readonly string[];
}

/** What `terminal.py` says of a program that has ended. */
interface Told {
  readonly code: number;
  readonly stopped?: string;
  readonly changed: readonly string[];
  readonly foreground: boolean;
}

interface Terminal extends AsyncDisposable {
  type(keys: string): Promise<void>;
  /** Resolves when this is on the screen. */
  shows(text: string): Promise<void>;
  /** The end of the program, and all that was on the screen, its lines ended by `\n`. */
  readonly ended: Promise<{ readonly code: number; readonly screen: string }>;
  /** Close the window. */
  close(): Promise<void>;
}

const OVERLAPPING = `[tasks]
one = "p first"
three = "err text"
all.deps = ["one", "three"]
`;

const TEXT = "second\n";

const STOPPED = /^ntask: \d stopped in \S+$/;

// ── what is written ──────────────────────────────────────────────────────────────────────────────

Deno.test("tasks that overlap are told apart by their names, in colour", async () => {
  await using project = await createProject({ "tasks.toml": OVERLAPPING, text: TEXT });
  await using terminal = open(project, ["-j2", "all"]);
  const { code, screen } = await terminal.ended;
  assertEquals(code, 0);
  const lines = screen.split("\n");
  assert(lines.includes("\x1b[36mone  \x1b[39m \x1b[2m|\x1b[22m [first]"), screen);
  assert(lines.includes("\x1b[35mthree\x1b[39m \x1b[2m|\x1b[22m second"), screen);
  assertStringIncludes(screen, "\x1b[32m      ok\x1b[39m  ");
});

for (
  const [how, words, env] of [
    ["NO_COLOR", [], { NO_COLOR: "1" }],
    ["--no-color", ["--no-color"], {}],
    ["a terminal without colour", [], { TERM: "dumb" }],
  ] as const
) {
  Deno.test(`with ${how} a terminal is sent the same words without colour`, async () => {
    await using project = await createProject({ "tasks.toml": OVERLAPPING, text: TEXT });
    await using terminal = open(project, [...words, "-j2", "all"], { env });
    const { code, screen } = await terminal.ended;
    assertEquals(code, 0);
    assert(!screen.includes("\x1b"), screen);
    const lines = screen.split("\n");
    assert(lines.includes("one   | [first]") && lines.includes("three | second"), screen);
  });
}

Deno.test("in a pipe there are no names and no colour, though stdin is a terminal", async () => {
  await using project = await createProject({ "tasks.toml": OVERLAPPING, text: TEXT });
  const through = ["sh", "-c", '"$@" 2>&1 | cat', "sh"];
  await using terminal = open(project, ["-j2", "all"], { through });
  const { screen } = await terminal.ended;
  assert(!screen.includes("\x1b") && !screen.includes(" | "), screen);
  const lines = screen.split("\n");
  assert(lines.includes("[first]") && lines.includes("second"), screen);
});

Deno.test("colour is judged for each stream: stderr may be a terminal when stdout is a file", async () => {
  await using project = await createProject({ "tasks.toml": OVERLAPPING, text: TEXT });
  const through = ["sh", "-c", '"$@" >out', "sh"];
  await using terminal = open(project, ["-j2", "all"], { through });
  const { code, screen } = await terminal.ended;
  assertEquals([code, project.read("out")], [0, "[first]\n"]);
  assertStringIncludes(screen, "\x1b[32m      ok\x1b[39m  ");
});

for (const [what, words] of [["list", ["--list"]], ["help", ["--help"]], ["graph", ["graph"]]]) {
  Deno.test(`the words of ${what} are the same on a terminal as in a pipe`, async () => {
    await using project = await createProject({ "tasks.toml": OVERLAPPING });
    const plain = await project.run(words as string[]);
    assertEquals(plain.code, 0, plain.stderr);
    await using terminal = open(project, words as string[], { columns: 20 });
    const { code, screen } = await terminal.ended;
    assertEquals([code, uncoloured(screen)], [0, plain.stdout]);
  });
}

Deno.test("a task that is started again without a plan is told of the same way", async () => {
  await using project = await createProject({ "tasks.toml": '[tasks]\na.shell = "echo said"\n' });
  const screens = new Set<string>();
  // The same environment for both.
  const by = (script: string) => ({ through: ["sh", "-c", script, "sh"] });
  // What is kept of the first run, or of the second, serves the next.
  for (let times = 0; times < 4; times++) {
    await using terminal = open(project, ["a"], by('"$@"; exit $?'));
    const { code, screen } = await terminal.ended;
    assertEquals(code, 0);
    screens.add(withoutTimes(screen));
  }
  const [screen] = screens;
  assertEquals(screens.size, 1, [...screens].join());
  assertStringIncludes(screen!, "\x1b[32m      ok\x1b[39m  ");
  assert(project.has(".ntask/state/starts"));
  for (let times = 0; times < 4; times++) {
    await using terminal = open(project, ["a"], by('"$@" 2>&1 | cat'));
    assertEquals(withoutTimes((await terminal.ended).screen), withoutTimes(uncoloured(screen!)));
  }
});

Deno.test("a window of 20 columns loses nothing of what tasks write, nor of a problem", async () => {
  const long = "a line that is longer than the window is wide";
  await using project = await createProject({
    "tasks.toml": `[tasks]
a_task_with_a_long_name = "p '${long}'"
one = "p first"
all.deps = ["a_task_with_a_long_name", "one"]
wrong = "does-not-exist --with a-long-option"
`,
  });
  await using terminal = open(project, ["-j2", "all"], { columns: 20 });
  const ended = await terminal.ended;
  assertEquals(ended.code, 0);
  const lines = uncoloured(ended.screen).split("\n");
  assert(lines.includes(`a_task_with_a_long_name | [${long}]`), ended.screen);
  assert(lines.includes("one                     | [first]"), ended.screen);

  await using second = open(project, ["wrong"], { columns: 20 });
  const { code, screen } = await second.ended;
  assertEquals(code, 127);
  const plain = await project.run(["wrong"]);
  assertEquals(withoutTimes(uncoloured(screen)), withoutTimes(plain.stderr));
});

// ── colour of tasks ──────────────────────────────────────────────────────────────────────────────

const TELLS_COLOUR = `[tasks]
a = "e FORCE_COLOR CLICOLOR_FORCE"
b = "p b"
kept = { cmd = "e FORCE_COLOR", inputs = [] }
both.deps = ["a", "b"]
stored.deps = ["kept", "b"]
said = { cmd = "e FORCE_COLOR CLICOLOR_FORCE", env = { FORCE_COLOR = "0" } }
mixed.deps = ["said", "b"]
`;

/** What a task was told that is shown with its name before it. */
function toldBy(screen: string, name: string): readonly string[] {
  const begin = new RegExp(`^${name} *\\| `);
  return uncoloured(screen).split("\n").filter((line) => begin.test(line))
    .map((line) => line.replace(begin, "")).sort();
}

Deno.test("a task that writes to a pipe is told that a terminal with colour is at its end", async () => {
  await using project = await createProject({ "tasks.toml": TELLS_COLOUR });
  await using terminal = open(project, ["-j2", "both"]);
  const { screen } = await terminal.ended;
  assertEquals(toldBy(screen, "a"), ["CLICOLOR_FORCE=1", "FORCE_COLOR=1"]);
});

Deno.test("one that has the terminal itself needs not be told", async () => {
  await using project = await createProject({ "tasks.toml": TELLS_COLOUR });
  await using terminal = open(project, ["a"]);
  const { screen } = await terminal.ended;
  assertStringIncludes(screen, "FORCE_COLOR-unset\nCLICOLOR_FORCE-unset\n");
});

for (
  const [what, words, env] of [
    ["NO_COLOR", [], { NO_COLOR: "1" }],
    ["--no-color", ["--no-color"], {}],
    ["a terminal without colour", [], { TERM: "dumb" }],
    ["CLICOLOR", [], { CLICOLOR: "0" }],
  ] as const
) {
  Deno.test(`with ${what} no task is told of colour`, async () => {
    await using project = await createProject({ "tasks.toml": TELLS_COLOUR });
    await using terminal = open(project, [...words, "-j2", "both"], { env });
    const { screen } = await terminal.ended;
    assertEquals(toldBy(screen, "a"), ["CLICOLOR_FORCE-unset", "FORCE_COLOR-unset"]);
  });
}

Deno.test("who has said something about colour is left alone, also in the task's own variables", async () => {
  await using project = await createProject({ "tasks.toml": TELLS_COLOUR });
  await using terminal = open(project, ["-j2", "mixed"]);
  const { screen } = await terminal.ended;
  assertEquals(toldBy(screen, "said"), ["CLICOLOR_FORCE-unset", "FORCE_COLOR=0"]);
});

Deno.test("when one stream is a file no task is told of colour, for it has one answer for both", async () => {
  await using project = await createProject({ "tasks.toml": TELLS_COLOUR });
  const through = ["sh", "-c", '"$@" >out', "sh"];
  await using terminal = open(project, ["-j2", "both"], { through });
  assertEquals((await terminal.ended).code, 0);
  assertStringIncludes(project.read("out"), "FORCE_COLOR-unset\nCLICOLOR_FORCE-unset\n");
});

Deno.test("a cached task is told nothing: what is stored is the same wherever it was made", async () => {
  await using project = await createProject({ "tasks.toml": TELLS_COLOUR });
  await using terminal = open(project, ["-j2", "stored"]);
  const { screen } = await terminal.ended;
  assertEquals(toldBy(screen, "kept"), ["FORCE_COLOR-unset"]);
  const piped = await project.run(["-j2", "stored"]);
  assertStringIncludes(piped.stderr, "ok  kept  cached (");
});

// ── a task that runs alone ───────────────────────────────────────────────────────────────────────

Deno.test("a task that runs alone has the terminal, all three streams of it", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "sh -c 'test -t 0 && test -t 1 && test -t 2 && echo it is'"
`,
  });
  await using terminal = open(project, ["a"]);
  const { code, screen } = await terminal.ended;
  assertEquals(code, 0, screen);
  assert(screen.split("\n").includes("it is"), screen);
});

const ASKING = {
  "a command": {
    "tasks.toml":
      `[tasks]\nask = '''sh -c 'printf "%s? " name; read -r name; echo "[$name]"' '''\n`,
  },
  "a script": {
    "tasks.toml": `[tasks]\nask.shell = 'printf "%s? " name; read -r name; echo "[$name]"'\n`,
  },
  "the function of a tasks.ts": {
    "tasks.ts": `import { createInterface } from "node:readline/promises";
import process from "node:process";
import { task } from "ntask";

export const ask = task(async () => {
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
  console.log(\`[\${await lines.question("name? ")}]\`);
  lines.close();
});
`,
  },
} satisfies Record<string, Files>;

for (const [what, files] of Object.entries(ASKING)) {
  Deno.test(`${what} that runs alone can ask a person`, async () => {
    await using project = await createProject(files);
    await using terminal = open(project, ["ask"]);
    await terminal.shows("name? ");
    await terminal.type("Ada Lovelace\r");
    const { code, screen } = await terminal.ended;
    assertEquals(code, 0, screen);
    assert(screen.split("\n").includes("[Ada Lovelace]"), screen);
  });
}

Deno.test("a question is asked before anything starts; only yes is yes", async () => {
  const files = {
    "tasks.toml": `[tasks]
before = "p before"
drop = { shell = "read -r line; p $line", confirm = "Drop everything?", deps = ["before"] }
`,
  };
  for (
    const [answer, code] of [["y\rnext\r", 0], ["Yes\rnext\r", 0], ["n\r", 1], ["\r", 1]] as const
  ) {
    await using project = await createProject(files);
    await using terminal = open(project, ["drop"]);
    await terminal.shows("Drop everything? [y/N] ");
    await terminal.type(answer);
    const ended = await terminal.ended;
    assertEquals(ended.code, code, ended.screen);
    const lines = ended.screen.split("\n");
    // What is typed behind the answer belongs to the task.
    assertEquals(lines.includes("[before]") && lines.includes("[next]"), code === 0, ended.screen);
    if (code === 1) {
      assertStringIncludes(ended.screen, "drop is not confirmed; nothing was started");
    }
  }
});

Deno.test("Ctrl+C at a question ends ntask, and nothing was started", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = { cmd = "p a", confirm = "Sure?" }\n',
  });
  await using terminal = open(project, ["a"]);
  await terminal.shows("Sure? [y/N] ");
  await terminal.type(CTRL_C);
  const { code, screen } = await terminal.ended;
  assertEquals(code, 130, screen);
  assert(!screen.includes("[a]"), screen);
});

Deno.test("Ctrl+D ends what a task that runs alone reads", async () => {
  await using project = await createProject({ "tasks.toml": '[tasks]\ncopy = "cat"\n' });
  await using terminal = open(project, ["copy"]);
  await terminal.shows("cat");
  await terminal.type("typed\r");
  await terminal.shows("typed\ntyped\n");
  await terminal.type(CTRL_D);
  assertEquals((await terminal.ended).code, 0);
});

Deno.test("tasks that overlap do not take each other's keys: there is nothing to read", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a.shell = "cat; p a"
b = { cmd = "cat" }
all.deps = ["a", "b"]
`,
  });
  await using terminal = open(project, ["-j2", "all"]);
  const { code, screen } = await terminal.ended;
  assertEquals(code, 0, screen);
  assertStringIncludes(uncoloured(screen), "a | [a]\n");
});

// ── keys and the window ──────────────────────────────────────────────────────────────────────────

const DEEP = {
  "commands and scripts": {
    "tasks.toml": `[tasks]
a = "probe a child=a2 wait"
b = { shell = "probe b child=b2 wait; probe unreachable" }
after = { cmd = "probe after", deps = ["a"] }
all.deps = ["a", "b", "after"]
`,
  },
  "functions of a tasks.ts": {
    "tasks.ts": `import { shell, task } from "ntask";

export const a = task(async () => {
  await shell\`probe a child=a2 wait; probe unreachable\`;
});
export const b = task(() => shell\`probe b child=b2 wait\`);
export const all = task({ deps: [a, b] });
`,
  },
} satisfies Record<string, Files>;

for (const [what, files] of Object.entries(DEEP)) {
  Deno.test(`Ctrl+C ends ${what} that overlap, and all they started`, async () => {
    await using project = await createProject(files);
    await using terminal = open(project, ["-j2", "all"]);
    const pids = await pidsOf(project, "a", "a2", "b", "b2");
    assert(pids.every(isAlive));
    await terminal.type(CTRL_C);
    const { code, screen } = await terminal.ended;
    assertEquals(code, 130);
    await Promise.all(pids.map(gone));
    assert(!project.probes.has("after"), screen);
    assertStringIncludes(screen, "^C\nntask: SIGINT, stopping\n");
    assert(!project.probes.has("unreachable"), screen);
  });
}

for (
  const [what, files] of Object.entries({
    "a command": { "tasks.toml": '[tasks]\na = "probe a child=a2 wait"\n' },
    "a script": { "tasks.toml": '[tasks]\na.shell = "probe a child=a2 wait; probe unreachable"\n' },
    "a function": {
      "tasks.ts":
        'import { shell, task } from "ntask";\n\nexport const a = task(() => shell`probe a child=a2 wait`);\n',
    },
  })
) {
  Deno.test(`Ctrl+C ends ${what} that runs alone, and all it started`, async () => {
    await using project = await createProject(files as Files);
    await using terminal = open(project, ["a"]);
    const pids = await pidsOf(project, "a", "a2");
    await terminal.type(CTRL_C);
    const { code, screen } = await terminal.ended;
    assertEquals(code, 130);
    await Promise.all(pids.map(gone));
    assert(!project.probes.has("unreachable"), screen);
  });
}

Deno.test("what does not listen to the first Ctrl+C is ended by the second", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "probe a deaf=SIGINT child=a2 wait"
b = "probe b wait"
all.deps = ["a", "b"]
`,
  });
  await using terminal = open(project, ["-j2", "all"]);
  const pids = await pidsOf(project, "a", "a2", "b");
  await terminal.type(CTRL_C);
  await terminal.shows("SIGINT, stopping");
  await gone(pids[2]!);
  assert(isAlive(pids[0]!), "it does not listen");
  await terminal.type(CTRL_C);
  assertEquals((await terminal.ended).code, 130);
  await Promise.all(pids.map(gone));
});

Deno.test("a program that takes Ctrl+C for itself is asked once, and may end well", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = '''sh -c 'trap "echo caught; exit 0" INT; probe a wait' '''
`,
  });
  await using terminal = open(project, ["a"]);
  await pidsOf(project, "a");
  await terminal.type(CTRL_C);
  const { code, screen } = await terminal.ended;
  assertEquals([code, screen.match(/caught$/gm)?.length], [130, 1], screen);
});

Deno.test("closing the window leaves no process behind", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "probe a child=a2 wait"
b = { shell = "probe b child=b2 wait" }
all.deps = ["a", "b"]
`,
  });
  await using terminal = open(project, ["-j2", "all"]);
  const pids = await pidsOf(project, "a", "a2", "b", "b2");
  await terminal.close();
  await Promise.all(pids.map(gone));
});

const ALIVE = `import fs from "node:fs";
import process from "node:process";
import { task } from "ntask";

export const a = task(() => {
  const draft = \`\${process.env.RIG}/probes/draft-a\`;
  fs.writeFileSync(draft, JSON.stringify({ pid: process.pid, cwd: "" }));
  fs.renameSync(draft, \`\${process.env.RIG}/probes/started-a\`);
  while (true) { /* for ever */ }
});
`;

const DEAF = "deaf=SIGINT deaf=SIGTERM deaf=SIGHUP";
const GRACE = '[ntask]\nkill_grace = "500ms"\n';

/** What the kill matrix of `tests/cli` ends by signals, and here by the terminal. */
const KINDS: Readonly<
  Record<string, { readonly files: Files; readonly probes: readonly string[] }>
> = {
  "a plain child": {
    files: { "tasks.toml": `${GRACE}[tasks]\na = "probe a wait"\n` },
    probes: ["a"],
  },
  "a shell with grandchildren": {
    files: { "tasks.toml": `${GRACE}[tasks]\na.shell = "probe a child=a2 wait; p unreachable"\n` },
    probes: ["a", "a2"],
  },
  "a child that ignores TERM": {
    files: { "tasks.toml": `${GRACE}[tasks]\na = "probe a ${DEAF} wait"\n` },
    probes: ["a"],
  },
  "a child that holds the pipe": {
    files: {
      "tasks.toml": `${GRACE}[tasks]\na.shell = "probe a2 ${DEAF} wait & probe a until=a2 wait"\n`,
    },
    probes: ["a", "a2"],
  },
  "a grandchild in a session of its own": {
    files: {
      "tasks.toml": `${GRACE}[tasks]\na.shell = "setsid probe a2 wait & probe a until=a2 wait"\n`,
    },
    probes: ["a", "a2"],
  },
  "a function in a loop": {
    files: { "tasks.toml": `${GRACE}[tasks]\nc = "p c"\n`, "tasks.ts": ALIVE },
    probes: ["a"],
  },
};

for (const [kind, { files, probes }] of Object.entries(KINDS)) {
  Deno.test(`Ctrl+C, and again if need be, leaves nothing of ${kind} (lesson 21)`, async () => {
    await using project = await createProject(files);
    await using terminal = open(project, ["a"]);
    const pids = await pidsOf(project, ...probes);
    await terminal.type(CTRL_C);
    await terminal.shows("SIGINT, stopping");
    // Whoever has the terminal may do with a Ctrl+C what it likes; not so with the second.
    if (kind.includes("ignores") || kind.includes("loop")) await terminal.type(CTRL_C);
    const { code, screen } = await terminal.ended;
    assertEquals(code, 130);
    assertMatch(uncoloured(screen).trimEnd().split("\n").at(-1)!, STOPPED);
    await Promise.all(pids.map(gone));
    await project.deserted();
  });

  Deno.test(`closing the window leaves nothing of ${kind} (lesson 21)`, async () => {
    await using project = await createProject(files);
    await using terminal = open(project, ["a"]);
    const pids = await pidsOf(project, ...probes);
    await terminal.close();
    await Promise.all(pids.map(gone));
    await project.deserted();
  });
}

const BESIDE = {
  "tasks.toml": `[tasks]
ask = { shell = '''printf "name? "; read -r name; echo "[$name]"; p "$(p late)"''', interactive = true }
noisy.shell = "p early; probe noisy until=asked; p between; probe noisy2"
asked.shell = "probe asked wait"
all.deps = ["ask", "noisy", "asked"]
`,
};

Deno.test("an interactive task has the terminal for itself while others run beside it", async () => {
  await using project = await createProject(BESIDE);
  await using terminal = open(project, ["-j3", "all"]);
  await terminal.shows("name? ");
  // The other one goes on, and is not seen.
  await project.probes.started("noisy2");
  project.probes.go("asked");
  await terminal.type("Ada\r");
  const { code, screen } = await terminal.ended;
  assertEquals(code, 0, screen);
  const lines = uncoloured(screen).split("\n");
  const answered = lines.indexOf("[Ada]");
  assert(answered !== -1, screen);
  assert(lines.indexOf("noisy | [between]") > answered, screen);
  assertEquals(lines.filter((line) => line.includes("ask   |")), []);
});

Deno.test("of two interactive tasks one waits for the other", async () => {
  const ask = (name: string) =>
    `${name} = { shell = '''printf "${name}? "; read -r x; echo "${name} has $x"''', interactive = true }`;
  await using project = await createProject({
    "tasks.toml": `[tasks]\n${ask("one")}\n${ask("two")}\nall.deps = ["one", "two"]\n`,
  });
  await using terminal = open(project, ["-j2", "all"]);
  await terminal.shows("one? ");
  await terminal.type("1\r");
  await terminal.shows("two? ");
  await terminal.type("2\r");
  const { code, screen } = await terminal.ended;
  assertEquals(code, 0, screen);
  assert(screen.includes("one has 1") && screen.includes("two has 2"), screen);
});

Deno.test("Ctrl+C reaches an interactive task once, and those beside it through ntask", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = { cmd = '''sh -c 'trap "echo caught" INT; probe a wait; probe a wait; exit 0' ''', interactive = true }
b = "probe b child=b2 wait"
all.deps = ["a", "b"]
`,
  });
  await using terminal = open(project, ["-j2", "all"]);
  const pids = await pidsOf(project, "b", "b2");
  await project.probes.started("a");
  await terminal.type(CTRL_C);
  await Promise.all(pids.map(gone));
  await terminal.shows("caught");
  project.probes.go("a");
  const { code, screen } = await terminal.ended;
  assertEquals([code, screen.match(/caught$/gm)?.length], [130, 1], screen);
  await project.deserted();
});

Deno.test("kill -9 of ntask leaves nothing of a task that has the terminal", async () => {
  await using project = await createProject({
    "tasks.toml": `${GRACE}[tasks]\na = "probe a ${DEAF} child=a2 wait"\n`,
  });
  await using terminal = open(project, ["a"]);
  const pids = await pidsOf(project, "a", "a2");
  const ntask = parentOf(pids[0]!);
  await until(() => childrenOf(ntask, "__guard").length > 0, "there is no guard");
  Deno.kill(ntask, "SIGKILL");
  assertEquals((await terminal.ended).code, 137);
  await Promise.all(pids.map(gone));
  await project.deserted();
});

Deno.test("TERM ends a task that has the terminal, and what it started", async () => {
  await using project = await createProject({
    "tasks.toml":
      `${GRACE}[tasks]\na.shell = "probe a2 ${DEAF} wait & setsid probe a3 wait & probe a until=a2 until=a3 wait"\n`,
  });
  await using terminal = open(project, ["a"]);
  const [a, ...pids] = await pidsOf(project, "a", "a2", "a3");
  // Of the shell that started it: ntask.
  Deno.kill(parentOf(parentOf(a!)), "SIGTERM");
  const { code, screen } = await terminal.ended;
  assertEquals(code, 143, screen);
  await Promise.all([a!, ...pids].map(gone));
  await project.deserted();
});

Deno.test("what a task that was stopped did to the terminal is undone", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = '''sh -c 'stty -echo -icanon; probe a wait' '''
`,
  });
  await using terminal = open(project, ["a"]);
  const pids = await pidsOf(project, "a");
  await terminal.type(CTRL_C);
  assertEquals((await terminal.ended).code, 130);
  await Promise.all(pids.map(gone));
});

for (
  const [what, script, complaint] of [
    ["settings of a terminal that are changed", "stty -echo", "it left changed: local"],
    ["a hidden cursor", "printf '\\033[?25l'", "it is no colour"],
    ["a colour that goes on", "printf '\\033[31mred'", "a colour is left on: 39"],
    ["a program that was stopped", "kill -STOP $$", "it was stopped by SIGSTOP"],
  ] as const
) {
  Deno.test(`the tests notice ${what}`, async () => {
    await using project = await createProject({});
    await using terminal = open(project, [], { through: ["sh", "-c", script] });
    const error = await assertRejects(() => terminal.ended) as Error;
    assertStringIncludes(error.message, complaint);
  });
}

// ── the terminal ─────────────────────────────────────────────────────────────────────────────────

/** Start the program under test on a terminal. Every end is looked at: the terminal is as it was. */
function open(project: Project, words: readonly string[], options: Options = {}): Terminal {
  const command = [...options.through ?? [], ...binary.command.map(absolute), ...words];
  const request = {
    command,
    cwd: project.root,
    env: { ...project.env, TERM: "xterm-256color", ...options.env },
    columns: options.columns ?? 80,
  };
  const child = new Deno.Command("python3", {
    args: [BRIDGE, JSON.stringify(request)],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const keys = child.stdin.getWriter();
  let screen = "";
  let closed = false;
  let changed = Promise.withResolvers<void>();
  const looking = read(child.stdout, (text) => {
    screen += text;
    changed.resolve();
    changed = Promise.withResolvers();
  });
  let told = "";
  const telling = read(child.stderr, (text) => told += text);

  const fail = (complaint: string): AssertionError =>
    new AssertionError(
      `${complaint}\n$ ${command.join(" ")}\n${JSON.stringify(screen)}\n${told}`,
    );
  const shown = () => screen.replaceAll("\r\n", "\n");

  async function end() {
    await Promise.all([looking, telling, child.status]);
    closed = true;
    changed.resolve();
    let end: Told;
    try {
      end = JSON.parse(told);
    } catch {
      throw fail("the end of the program is not known");
    }
    if (end.stopped !== undefined) throw fail(`it was stopped by ${end.stopped}`);
    if (end.changed.length > 0) throw fail(`it left changed: ${end.changed.join(", ")}`);
    if (!end.foreground) throw fail("the terminal talks to another program");
    const fault = lastingCode(screen);
    if (fault !== undefined) throw fail(fault);
    return { code: end.code, screen: shown() };
  }

  async function close() {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await Promise.all([looking, telling, child.status]);
    await keys.close().catch(() => {});
  }

  const ended = inTime(end(), () => child.kill("SIGKILL"));
  return {
    ended,
    type: (text) => keys.write(new TextEncoder().encode(text)),
    async shows(text) {
      await inTime((async () => {
        while (!shown().includes(text)) {
          if (closed) throw fail(`it has ended without showing ${JSON.stringify(text)}`);
          await changed.promise;
        }
      })());
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A code that goes on when the program has ended, or is not about colour: a hidden cursor, say. */
function lastingCode(screen: string): string | undefined {
  const on = new Set<string>();
  // deno-lint-ignore no-control-regex -- the codes begin with one
  for (const [code] of screen.matchAll(/\x1b(?:\[[0-?]*[ -/]*[@-~]|.)?/g)) {
    // deno-lint-ignore no-control-regex -- the same
    const number = /^\x1b\[(\d+)m$/.exec(code)?.[1];
    if (number === undefined) return `it is no colour: ${JSON.stringify(code)}`;
    const off = { "1": "22", "2": "22" }[number] ?? (/^[39]\d$/.test(number) ? "39" : number);
    if (number === "0") on.clear();
    else if (number === off) on.delete(off);
    else on.add(off);
  }
  return on.size > 0 ? `a colour is left on: ${[...on].join(", ")}` : undefined;
}

async function read(
  stream: ReadableStream<Uint8Array>,
  take: (text: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of stream) take(decoder.decode(bytes, { stream: true }));
}

function uncoloured(screen: string): string {
  // deno-lint-ignore no-control-regex -- the codes begin with one
  return screen.replace(/\x1b\[\d+m/g, "");
}

function withoutTimes(text: string): string {
  return text.replace(/\b\d+ms\b|\b\d+\.\d+s\b/g, "<time>");
}

async function pidsOf(project: Project, ...names: readonly string[]): Promise<readonly number[]> {
  return await Promise.all(names.map(async (name) => (await project.probes.started(name)).pid));
}

function parentOf(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

/** The program itself may be named relative to where the tests are started. */
function absolute(word: string, index: number): string {
  return index === 0 && word.includes("/") ? resolve(word) : word;
}
