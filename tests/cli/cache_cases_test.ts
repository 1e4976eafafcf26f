/**
 * The caching rows of toml-spec §19 (CACHE-02 to CACHE-15): what a series of runs does.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { binary } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Files, type Project } from "../rig/project.ts";
import type { Ran } from "../rig/ran.ts";

/** Counts its runs in a file that is neither input nor output. */
function build(script: string, more = "") {
  // Where there is no `sh` the same text is a script for the portable shell.
  const action = binary.windows ? `shell = '''\n${script}'''` : 'cmd = "sh build.sh"';
  return {
    "build.sh": script,
    "src/a.txt": "a\n",
    "tasks.toml": `[tasks.build]
${action}
inputs = ["src/**/*.txt"]
outputs = ["dist/"]
${more}`,
  };
}

const SCRIPT = "echo x >> count\nmkdir -p dist\ncat src/*.txt > dist/all.txt\necho built $*\n";
const BUILD = build(SCRIPT);

interface Series {
  readonly project: Project;
  /** Run, and say whether the command was started. */
  run(...words: readonly string[]): Promise<Ran & { readonly started: boolean }>;
}

async function series(files: Files, body: (series: Series) => Promise<void>): Promise<void> {
  await using project = await createProject(files);
  const count = () => project.has("count") ? project.read("count").length : 0;
  await body({
    project,
    async run(...words) {
      const before = count();
      const ran = await project.run(words);
      return { ...ran, started: count() > before };
    },
  });
}

function remove(project: Project, path: string): void {
  Deno.removeSync(`${project.root}/${path}`, { recursive: true });
}

cliTest(
  "CACHE-02: nothing changed: restored, replayed, said so",
  () =>
    series(BUILD, async ({ run }) => {
      assert((await run("build")).started);
      const second = await run("build");
      assert(!second.started);
      assertEquals([second.code, second.stdout], [0, "built\n"]);
      assertMatch(second.stderr, /cached \([0-9a-f]{8}\)/);
    }),
);

cliTest(
  "CACHE-03: outputs that were deleted come back byte for byte",
  () =>
    series(BUILD, async ({ project, run }) => {
      await run("build");
      Deno.chmodSync(`${project.root}/dist/all.txt`, 0o755);
      remove(project, "dist");
      assert(!(await run("build")).started);
      assertEquals(project.read("dist/all.txt"), "a\n");
    }),
);

cliTest(
  "CACHE-04: an edited input is a miss, and --why names it",
  () =>
    series(BUILD, async ({ project, run }) => {
      await run("build");
      project.write({ "src/a.txt": "b\n" });
      assert((await run("build")).started);
      assertMatch((await run("--why", "build")).stdout, /src\/a\.txt.*changed/);
    }),
);

cliTest(
  "CACHE-05: a touched input with the same bytes is a hit",
  () =>
    series(BUILD, async ({ project, run }) => {
      await run("build");
      Deno.utimeSync(`${project.root}/src/a.txt`, new Date(0), new Date(0));
      assert(!(await run("build")).started);
    }),
);

cliTest(
  "CACHE-06: a new input is a miss; without it the first entry is a hit again",
  () =>
    series(BUILD, async ({ project, run }) => {
      await run("build");
      project.write({ "src/new.txt": "n\n" });
      assert((await run("build")).started);
      remove(project, "src/new.txt");
      assert(!(await run("build")).started);
      assertEquals(project.read("dist/all.txt"), "a\n");
    }),
);

cliTest(
  "CACHE-07: another command is a miss",
  () =>
    series(BUILD, async ({ project, run }) => {
      await run("build");
      const other = BUILD["tasks.toml"].replace("sh build.sh", "sh build.sh more");
      project.write({ "tasks.toml": other.replace("echo built", "echo built more") });
      assert((await run("build")).started);
    }),
);

cliTest("CACHE-08: arguments are part of the key", () =>
  series(BUILD, async ({ run }) => {
    const started = [];
    for (const word of ["x", "y", "x"]) started.push((await run("build", word)).started);
    assertEquals(started, [true, true, false]);
  }));

cliTest("CACHE-09: a variable that is used counts, another does not", () =>
  series(
    { ...BUILD, "tasks.toml": `${BUILD["tasks.toml"]}env = { MODE = "\${MODE:-dev}" }\n` },
    async ({ project, run }) => {
      const started = [];
      for (const [MODE, OTHER] of [["a", "1"], ["b", "1"], ["a", "2"]] as const) {
        const before = project.has("count") ? project.read("count").length : 0;
        await project.run(["build"], { env: { MODE, OTHER } });
        started.push(project.read("count").length > before);
      }
      assertEquals(started, [true, true, false]);
      assert((await run("build")).started);
    },
  ));

cliTest(
  "CACHE-10: a failure is not stored",
  () =>
    series(build("echo x >> count\nexit 1\n"), async ({ run }) => {
      for (let times = 0; times < 2; times++) {
        const ran = await run("build");
        assertEquals([ran.code, ran.started], [1, true]);
      }
    }),
);

cliTest(
  "CACHE-11: an output that was not made is an error, and nothing is stored",
  () =>
    series(build("echo x >> count\n"), async ({ run }) => {
      for (let times = 0; times < 2; times++) {
        const ran = await run("build");
        assertEquals([ran.code, ran.started], [1, true]);
        assertStringIncludes(ran.stderr, "error[R_CACHE_OUTPUT]");
      }
    }),
);

cliTest("CACHE-12: equal outputs of a dependency are a hit for what needs it", () => {
  const script = "echo x >> count\nmkdir -p dist\nhead -c 1 src/a.txt > dist/all.txt\n";
  const release = '[tasks.rel]\ncmd = "p rel"\ndeps = ["build"]\ninputs = ["tasks.toml"]\n';
  const files = build(script, release);
  return series(files, async ({ project, run }) => {
    const executed = async () => {
      const { stderr, started } = await run("rel");
      return [started, !/cached.*rel|rel.*cached/.test(stderr)];
    };
    assertEquals(await executed(), [true, true]);
    project.write({ "src/a.txt": "b\n" });
    assertEquals(await executed(), [true, true]);
    project.write({ "src/a.txt": "b# a comment\n" });
    assertEquals(await executed(), [true, false]);
  });
});

cliTest(
  "CACHE-13: --force executes and stores, --no-cache only executes",
  () =>
    series(BUILD, async ({ run }) => {
      await run("build");
      assert((await run("--force", "build")).started);
      assert((await run("--no-cache", "build")).started);
      assert(!(await run("build")).started);
    }),
);

cliTest(
  "CACHE-14: a pattern that matches nothing is a warning, and nothing is a hit",
  () =>
    series(
      {
        ...BUILD,
        "tasks.toml": BUILD["tasks.toml"].replace("tasks.build", "tasks.b")
          .replace(/inputs[^]*/, 'inputs = ["none/**"]\n'),
      },
      async ({ run }) => {
        for (let times = 0; times < 2; times++) {
          const ran = await run("b");
          assert(ran.started);
          assertStringIncludes(ran.stderr, "warning[W_CACHE_NO_INPUTS]");
        }
      },
    ),
);

cliTest("CACHE-15: pre runs on a hit too, and the key is computed behind it", () =>
  series(
    { ...BUILD, "tasks.toml": `${BUILD["tasks.toml"]}pre = { cmd = "p pre" }\n` },
    async ({ run }) => {
      for (const started of [true, false]) {
        const ran = await run("build");
        assertEquals([ran.started, ran.stdout], [started, "[pre]\nbuilt\n"]);
      }
    },
  ));
