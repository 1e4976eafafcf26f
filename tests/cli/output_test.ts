/**
 * How the output of tasks is shown: the modes, the bytes, the colours.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { normalise } from "../rig/golden.ts";
import { createProject } from "../rig/project.ts";

/** What terminals, decoders and markup make trouble with; no line end at the end. */
const DIFFICULT = Uint8Array.of(
  ...new TextEncoder().encode("10%\r20%\r\n\x1b[31mred\x1b[0m [remote] [bold]x[/bold] 100%s\n\0"),
  ...Array.from({ length: 256 }, (_, byte) => byte),
  ...[0xc3, 0x28, 0xff, 0xfe, 0x0a, 0xe2, 0x82],
);

const TWO = {
  "tasks.toml": `[tasks]
a = "probe a out=a1 err=a2 out=a3"
bb = { cmd = "probe bb out=b1", deps = ["a"] }
`,
};

cliTest("stdout carries the tasks' stdout only; a task that runs alone streams", async () => {
  await using project = await createProject(TWO);
  const ran = await project.run(["-j1", "bb"]);
  assertEquals(ran.stdout, "a1\na3\nb1\n");
  assertEquals(
    normalise(ran.stderr, project),
    `     run  a   probe a out=a1 err=a2 out=a3
a2
      ok  a   <time>
     run  bb  probe bb out=b1
      ok  bb  <time>
ntask: 2 ok in <time>
`,
  );
  assertEquals(ran.code, 0);
});

cliTest(
  "each mode shows what it says of the tasks' output, and all say how each task ended",
  async () => {
    await using project = await createProject(TWO);
    const expected: Readonly<Record<string, readonly [string, readonly string[]]>> = {
      prefixed: ["a  | a1\na  | a3\nbb | b1\n", ["a  | a2"]],
      grouped: ["a1\na3\nb1\n", ["a2"]],
      stream: ["a1\na3\nb1\n", ["a2"]],
      errors: ["", []],
      quiet: ["", []],
    };
    for (const [mode, [stdout, more]] of Object.entries(expected)) {
      const ran = await project.run(["--output", mode, "bb"]);
      assertEquals([mode, ran.code, ran.stdout], [mode, 0, stdout]);
      const own = ["run  a", "ok  a", "run  bb", "ok  bb", "ntask: 2 ok"];
      for (const words of [...own, ...more]) assertStringIncludes(ran.stderr, words);
      assertEquals(ran.stderr.includes("a2"), true, "the command line mentions it");
      assertEquals(/^(a {2}\| )?a2$/m.test(ran.stderr), more.length > 0, mode);
    }
  },
);

cliTest(
  "in a pipe, the output of tasks that overlap is held back and shown in one piece",
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks]
a = "probe a out=a1 until=b wait out=a2"
b = "probe b out=b1 until=a out=b2"
all.deps = ["a", "b"]
`,
    });
    const running = project.start(["-j2", "all"]);
    await running.says("ok  b");
    project.probes.go("a");
    const { code, stdout } = await running.ended;
    assertEquals([code, stdout], [0, "b1\nb2\na1\na2\n"]);
  },
);

cliTest("the items of a parallel composite stream by lines", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = "probe a out=a1 until=b2 out=a2"
b = "probe b until=a out=b1 child=b2 wait out=b2"
all = { tasks = ["a", "b"], parallel = true }
`,
  });
  const running = project.start(["all"]);
  await running.says("ok  a");
  project.probes.go("b", "b2");
  const { code, stdout } = await running.ended;
  assertEquals(code, 0);
  assertEquals(stdout.split("\n").filter((line) => line.startsWith("a")), ["a1", "a2"]);
  assertEquals(stdout.split("\n").filter((line) => line.startsWith("b")), ["b1", "b2"]);
  assert(stdout.indexOf("b2") > stdout.indexOf("a2"), "b writes when a is long done");
});

cliTest("what a failing task wrote comes last", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
bad = "probe bad out=why err=because exit=3"
good = "probe good wait out=fine"
all.deps = ["bad", "good"]
`,
  });
  for (const mode of [[], ["--output", "grouped"], ["--output", "errors"]]) {
    project.probes.reset();
    const running = project.start([...mode, "-j2", "-k", "all"]);
    await running.says("failed  bad");
    project.probes.go("good");
    const ran = await running.ended;
    assertEquals([ran.code, ran.stdout], [3, mode[1] === "errors" ? "why\n" : "fine\nwhy\n"]);
    const tail = ran.stderr.slice(ran.stderr.lastIndexOf("because\n"));
    assertEquals(
      normalise(tail, project),
      `because
  failed  bad   exit 3, <time>
ntask: 1 ok, 1 failed in <time>
`,
    );
  }
});

cliTest("behind names, a failing task's output is repeated at the end, on stderr", async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
bad = "probe bad out=why err=because exit=3"
good = "probe good wait out=fine"
all.deps = ["bad", "good"]
`,
  });
  const running = project.start(["--output=prefixed", "-j2", "-k", "all"]);
  await running.says("failed  bad");
  project.probes.go("good");
  const ran = await running.ended;
  assertEquals(ran.stdout, "bad  | why\ngood | fine\n");
  const tail = ran.stderr.slice(ran.stderr.indexOf("  output  bad"));
  assertEquals(
    normalise(tail, project).replace("because\nwhy\n", "why\nbecause\n"),
    `  output  bad
why
because
  failed  bad   exit 3, <time>
ntask: 1 ok, 1 failed in <time>
`,
  );
});

cliTest("no byte is lost or added, streamed, grouped or as JSON (lessons 18, 24)", async () => {
  await using project = await createProject({
    "difficult.bin": DIFFICULT,
    "tasks.toml": `[tasks]
a = "out difficult.bin"
e = "err difficult.bin"
all = { deps = ["a", "other"] }
other = "p"
`,
  });
  const alone = await project.run(["a"]);
  assertEquals(alone.bytes.stdout, DIFFICULT);
  const grouped = await project.run(["--output=grouped", "a"]);
  assertEquals(grouped.bytes.stdout, DIFFICULT);
  const stderr = await project.run(["-q", "--output=grouped", "e"]);
  assertEquals([stderr.bytes.stdout.length, stderr.bytes.stderr], [0, DIFFICULT]);

  const json = await project.run(["--output=json", "a"]);
  const bytes: number[] = [];
  for (const { type, chunk } of eventsOf(json.stdout)) {
    if (type !== "output") continue;
    if (chunk.text !== undefined) bytes.push(...new TextEncoder().encode(chunk.text));
    else bytes.push(...Uint8Array.from(atob(chunk.base64!), (char) => char.charCodeAt(0)));
  }
  assertEquals(Uint8Array.from(bytes), DIFFICULT);
});

cliTest(
  "behind a name, a line keeps its bytes, and one that was not ended gets an end",
  async () => {
    await using project = await createProject({
      "difficult.bin": DIFFICULT,
      "tasks.toml": '[tasks]\na = "out difficult.bin"\n',
    });
    const { bytes: { stdout } } = await project.run(["--output=prefixed", "a"]);
    const binary = (bytes: Uint8Array) =>
      Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    assertEquals(
      binary(stdout),
      binary(DIFFICULT).split("\n").map((line) => `a | ${line}\n`).join(""),
    );
  },
);

cliTest("a last line without an end stays without one, alone and grouped", async () => {
  await using project = await createProject({
    "half": "half",
    "tasks.toml": `[tasks]
a = "out half"
b = { cmd = "out half", deps = ["a"] }
`,
  });
  for (const words of [["-j1", "b"], ["--output=grouped", "b"], ["--output=stream", "-j1", "b"]]) {
    const { code, stdout } = await project.run(words);
    assertEquals([code, stdout], [0, "halfhalf"]);
  }
});

cliTest("a megabyte passes through every mode whole", async () => {
  const line = "0123456789abcde\n";
  await using project = await createProject({
    "big": line.repeat(65_536),
    "tasks.toml": '[tasks]\na = "out big"\nb = "out big"\nall.deps = ["a", "b"]\n',
  });
  const grouped = await project.run(["-j2", "all"]);
  assertEquals([grouped.code, grouped.stdout.length], [0, 2 * 16 * 65_536]);
  const prefixed = await project.run(["--output=prefixed", "a"]);
  assertEquals(prefixed.stdout, `a | ${line}`.repeat(65_536));
});

cliTest("--output=json writes one event a line, from run-start to run-end", async () => {
  await using project = await createProject(TWO);
  const ran = await project.run(["--output=json", "bb"]);
  const events = eventsOf(ran.stdout);
  assertEquals(events[0]!.type, "run-start");
  assertEquals(events[0]!.steps!.map((step) => step.label).toSorted(), ["a", "bb"]);
  const { type, code, counts } = events.at(-1)!;
  assertEquals([type, code], ["run-end", 0]);
  assertEquals(counts, { ran: 2, cached: 0, failed: 0, skipped: 0, cancelled: 0 });
  const ends = events.filter(({ type }) => type === "step-end").map(({ state }) => state);
  assertEquals(ends, ["ran", "ran"]);
  assertEquals([ran.code, ran.stderr], [0, ""]);
});

cliTest("a pipe is plain; FORCE_COLOR colours it, NO_COLOR and --no-color win", async () => {
  await using project = await createProject({ "tasks.toml": '[tasks]\na = "p a"\nb = "x 1"\n' });
  const colored = async (words: readonly string[], env = {}) => {
    const { stdout, stderr } = await project.run(words, { env });
    return [stdout, stderr].map((text) => text.includes("\x1b["));
  };
  assertEquals(await colored(["a"]), [false, false]);
  assertEquals(await colored(["a"], { TERM: "xterm-256color" }), [false, false]);
  assertEquals(await colored(["a"], { FORCE_COLOR: "1" }), [false, true]);
  assertEquals(await colored(["b"], { FORCE_COLOR: "1" }), [false, true]);
  assertEquals(await colored(["a"], { FORCE_COLOR: "0" }), [false, false]);
  assertEquals(await colored(["a"], { FORCE_COLOR: "1", NO_COLOR: "1" }), [false, false]);
  assertEquals(await colored(["a"], { FORCE_COLOR: "1", NO_COLOR: "" }), [false, true]);
  assertEquals(await colored(["--no-color", "a"], { FORCE_COLOR: "1" }), [false, false]);
  assertEquals(await colored(["--list"], { FORCE_COLOR: "1" }), [true, false]);
  assertEquals(await colored(["nope"], { FORCE_COLOR: "1" }), [false, true]);
  assertEquals(await colored(["nope"]), [false, false]);
});

cliTest("with colour the words are the same", async () => {
  await using project = await createProject(TWO);
  const plain = await project.run(["-j1", "--output=prefixed", "bb"]);
  const color = await project.run(["-j1", "--output=prefixed", "bb"], {
    env: { FORCE_COLOR: "1" },
  });
  // deno-lint-ignore no-control-regex -- the very thing
  const stripped = (text: string) => normalise(text.replace(/\x1b\[\d+m/g, ""), project);
  assertEquals(stripped(color.stdout), stripped(plain.stdout));
  assertEquals(stripped(color.stderr), stripped(plain.stderr));
});

cliTest("-q leaves the tasks' output and errors, nothing else", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = "p a"\nb = { cmd = "x 4", deps = ["a"] }\n',
  });
  const good = await project.run(["-q", "a"]);
  assertEquals([good.code, good.stdout, good.stderr], [0, "[a]\n", ""]);
  const bad = await project.run(["-q", "b"]);
  assertEquals([bad.code, bad.stdout], [4, "[a]\n"]);
  assertMatch(bad.stderr, /^ {2}failed {2}b {2}exit 4, \S+\n$/);
  const refused = await project.run(["-q", "c"]);
  assertEquals([refused.code, refused.stdout], [2, ""]);
  assertStringIncludes(refused.stderr, 'error[R_TASK_UNKNOWN]: there is no task "c"');
});

cliTest("-v also names what was stopped before it began", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\nbad = "x 1"\nlater = "p later"\nall.deps = ["bad", "later"]\n',
  });
  const plain = await project.run(["-j1", "all"]);
  assertEquals([plain.code, plain.stdout], [1, ""]);
  assertEquals(plain.stderr.includes("stopped  later"), false);
  assertStringIncludes(plain.stderr, "ntask: 1 failed, 1 stopped");
  const more = await project.run(["-v", "-j1", "all"]);
  assertMatch(more.stderr, /^ stopped {2}later {2}bad failed$/m);
});

interface AnyEvent {
  readonly type: string;
  readonly state?: string;
  readonly code?: number;
  readonly counts?: Readonly<Record<string, number>>;
  readonly steps?: readonly { readonly label: string }[];
  readonly chunk: { readonly text?: string; readonly base64?: string };
}

function eventsOf(stdout: string): readonly AnyEvent[] {
  assert(stdout.endsWith("\n"), "the last event has no line end");
  return stdout.slice(0, -1).split("\n").map((line) => JSON.parse(line) as AnyEvent);
}

cliTest(
  "what cannot be written for want of room is a failure, whatever the tasks say",
  { needs: "/dev/full", compiledOnly: "the program is one word" },
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks]
a = "p a"
both = { tasks = ["a", "a"], parallel = true }
run.shell = "{ntask.exe} -q both > /dev/full"
list.shell = "{ntask.exe} --list > /dev/full"
nobody.shell = "{ntask.exe} -q both >&-"
`,
    });
    for (const name of ["run", "list"]) {
      const ran = await project.run(["-q", name]);
      assertEquals(ran.code, 1, name);
      assertMatch(ran.stderr, /ntask: stdout cannot be written, output is lost: ENOSPC/);
    }
    const nobody = await project.run(["-q", "nobody"]);
    assertEquals([nobody.code, nobody.stderr], [0, ""]);
  },
);
