/**
 * Cached tasks as their users see them: what is a hit, what is a miss and why, what is put back, and
 * what is never kept. Numbers are those of the lessons that others have taught.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { binary } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Files, type Project, type RunOptions } from "../rig/project.ts";
import type { Ran } from "../rig/ran.ts";

interface Here {
  readonly project: Project;
  /** Run, and say of each task that was decided about what became of it: `run` or `cached`. */
  run(words: string, options?: RunOptions): Promise<Ran & { readonly did: string }>;
}

async function here(files: Files, body: (here: Here) => Promise<void>): Promise<void> {
  await using project = await createProject(files);
  await body({
    project,
    async run(words, options) {
      const ran = await project.run(words.split(" "), options);
      const lines = ran.stderr.split("\n").flatMap((line) => {
        const run = /^ +run {2}(\S+)/.exec(line);
        const hit = /^ +ok {2}(\S+) +cached \([0-9a-f]{8}\)/.exec(line);
        return run ? [`${run[1]} run`] : hit ? [`${hit[1]} cached`] : [];
      });
      return { ...ran, did: lines.sort().join(", ") };
    },
  });
}

const BUILD = {
  "src/a.txt": "a\n",
  "tasks.toml": `[tasks.build]
shell = "mkdir -p dist && cat src/*.txt > dist/all.txt && echo built"
inputs = ["src/**"]
outputs = ["dist/"]
`,
};

function remove(project: Project, path: string): void {
  Deno.removeSync(`${project.root}/${path}`, { recursive: true });
}

cliTest("lesson 1: arguments are part of the key, of declared and of undeclared ones", () =>
  here({
    "tasks.toml": `[tasks.test]
cmd = "p test {args.pattern:}"
inputs = []
[tasks.typed]
cmd = "p typed {args.pattern}"
inputs = []
options.pattern = { default = "all" }
[tasks.plain]
shell = 'p "$@"'
inputs = []
`,
  }, async ({ run }) => {
    await run("plain");
    for (const task of ["test", "typed"]) {
      assertEquals((await run(`${task} --pattern=auth`)).did, `${task} run`);
      assertEquals((await run(task)).did, `${task} run`, "without arguments it is another call");
      assertEquals((await run(`${task} --pattern=auth`)).did, `${task} cached`);
      assertEquals((await run(task)).did, `${task} cached`);
    }
    const { stderr } = await run("test --pattern=other");
    assertMatch(stderr, /\(argument pattern: (?:"auth"|unset) -> "other"\)/);
    assertStringIncludes((await run("--why test --pattern=x")).stdout, "compared with test");
    const why = (await run("--why plain extra")).stdout;
    assertEquals(why.match(/arguments: unset -> \["extra"\]/g)?.length, 1, why);
  }));

cliTest("lesson 2: a change goes through an uncached task in the middle", () =>
  here({
    "a.txt": "1",
    "tasks.toml": `[tasks]
a = { shell = "cat a.txt > a.out", inputs = ["a.txt"], outputs = ["a.out"] }
b = { shell = "p b", deps = ["a"] }
c = { shell = "p c", deps = ["b"], inputs = [] }
`,
  }, async ({ project, run }) => {
    assertEquals((await run("c")).did, "a run, b run, c run");
    assertEquals((await run("c")).did, "a cached, b run, c cached");
    project.write({ "a.txt": "2" });
    assertEquals((await run("c")).did, "a run, b run, c run");
    project.write({ "a.txt": "1" });
    assertEquals((await run("c")).did, "a cached, b run, c cached");
  }));

cliTest(
  "lesson 3: what depends on a failure is not performed, and nothing of it is kept",
  () =>
    here({
      "tasks.toml": `[tasks]
a = { shell = "exit 3", inputs = [] }
b = { shell = "p b", deps = ["a"], inputs = [] }
`,
    }, async ({ run }) => {
      for (let times = 0; times < 2; times++) {
        const ran = await run("-k b");
        assertEquals([ran.code, ran.did, ran.stdout], [3, "a run", ""]);
      }
    }),
);

cliTest(
  "lesson 4: a file written to in place does not change what is stored",
  () =>
    here(BUILD, async ({ project, run }) => {
      await run("build");
      Deno.writeTextFileSync(`${project.root}/dist/all.txt`, "damaged\n");
      assertEquals((await run("build")).did, "build cached");
      assertEquals(project.read("dist/all.txt"), "a\n");
      // And again, in the file that was put back.
      Deno.writeTextFileSync(`${project.root}/dist/all.txt`, "worse\n", { append: true });
      assertEquals((await run("build")).did, "build cached");
      assertEquals(project.read("dist/all.txt"), "a\n");
    }),
);

cliTest("lesson 5: the store is neither an input nor an output", () =>
  here({
    "tasks.toml": `[tasks.a]
shell = "mkdir -p out && cat x.txt > out/y"
inputs = ["**/*"]
outputs = ["out/"]
`,
    "x.txt": "x",
  }, async ({ run }) => {
    assertEquals((await run("a")).did, "a run");
    assertEquals((await run("a")).did, "a cached");
    assertEquals((await run("a")).did, "a cached");
  }));

cliTest("lesson 7: files of an earlier result are gone when another one is put back", () =>
  here({
    "list.txt": "one\n",
    "tasks.toml": `[tasks.gen]
shell = '''
mkdir -p gen
while read -r name; do echo "$name" > "gen/$name.txt"; done < list.txt
'''
inputs = ["list.txt"]
outputs = ["gen/**"]
`,
  }, async ({ project, run }) => {
    const files = () => [...Deno.readDirSync(`${project.root}/gen`)].map(({ name }) => name).sort();
    await run("gen");
    project.write({ "list.txt": "two\n" });
    await run("gen");
    assertEquals(files(), ["two.txt"], "the action starts without what was made before");
    project.write({ "list.txt": "one\n" });
    assertEquals((await run("gen")).did, "gen cached");
    assertEquals(files(), ["one.txt"]);
    remove(project, "gen");
    assertEquals((await run("gen")).did, "gen cached");
    assertEquals(files(), ["one.txt"], "a hit puts everything back");
  }));

cliTest(
  "a file that nobody knows stays, before and behind an action, and is not stored",
  () =>
    here({ ...BUILD, "dist/mine.txt": "mine" }, async ({ project, run }) => {
      await run("build");
      assertEquals(project.read("dist/mine.txt"), "mine");
      project.write({ "src/a.txt": "b\n" });
      await run("build");
      await run("build --force");
      assertEquals(project.read("dist/mine.txt"), "mine");
      remove(project, "dist");
      assertEquals((await run("build")).did, "build run", "it may have had a part in the result");
      remove(project, "dist");
      assertEquals((await run("build")).did, "build cached");
      assert(!project.has("dist/mine.txt"), "it was no output");
    }),
);

cliTest(
  "lesson 8: an input that changes while the task runs keeps the result from being stored",
  () =>
    here({
      "a.txt": "1",
      "tasks.toml": `[tasks.a]
shell = "echo 2 > a.txt && p a"
inputs = ["a.txt"]
[tasks.b]
cmd = "p b"
deps = ["a"]
inputs = []
`,
    }, async ({ project, run }) => {
      const first = await run("b");
      assertEquals([first.code, first.did], [0, "a run, b run"]);
      assertStringIncludes(first.stderr, 'warning[W_CACHE_CHANGED]: a: "a.txt" changed');
      project.write({ "a.txt": "1" });
      const again = await run("b");
      assertEquals(again.did, "a run, b run", "what depends on it was not stored either");
      assertStringIncludes(again.stderr, "upstream: the result of a could not be kept");
    }),
);

cliTest(
  "lesson 9: helpers, constants and imported modules of a body count, comments do not",
  () => {
    const tasks = (helper: string, comment = "") =>
      `import { task } from "ntask";\nimport { extra } from "./lib.ts";\n${comment}\n` +
      `const name = "n";\nfunction helper() { return ${helper}; }\n` +
      `export const a = task({ inputs: [] }, () => { console.log(name, helper(), extra); });\n` +
      `export const other = task({ inputs: [] }, () => { console.log("other"); });\n`;
    return here({
      "tasks.ts": tasks("1"),
      "lib.ts": "export const extra: number = 5;\n",
    }, async ({ project, run }) => {
      assertEquals((await run("a")).did, "a run");
      assertEquals((await run("a")).did, "a cached");
      project.write({ "tasks.ts": tasks("1", "// a comment\n") });
      assertEquals((await run("a")).did, "a cached");
      project.write({ "tasks.ts": tasks("2") });
      const changed = await run("a");
      assertEquals(changed.did, "a run");
      assertStringIncludes(changed.stderr, "code changed: helper helper() in tasks.ts");
      project.write({ "lib.ts": "export const extra: number = 6;\n" });
      const imported = await run("a");
      assertEquals([imported.did, imported.stdout], ["a run", "n 2 6\n"]);
      assertStringIncludes(imported.stderr, "lib.ts");
    });
  },
);

cliTest("lesson 10: generated inputs that git ignores count when they are named", () =>
  here({
    ".gitignore": "gen/\n",
    "gen/x.txt": "1",
    "tasks.toml": '[tasks]\na = { cmd = "p a", inputs = ["gen/**"] }\n',
  }, async ({ project, run }) => {
    await run("a");
    assertEquals((await run("a")).did, "a cached");
    project.write({ "gen/x.txt": "2" });
    assertEquals((await run("a")).did, "a run");
  }));

cliTest("lesson 11: a variable cannot imitate another one, and unset is not empty", () =>
  here({
    "tasks.toml": '[tasks]\na = { shell = "p $A $B", inputs = [] }\n',
  }, async ({ run }) => {
    const seen = new Set<string>();
    for (const env of [{}, { A: "" }, { A: "1\nB=2" }, { A: "1", B: "2" }, { B: "" }]) {
      const { stderr } = await run("a", { env });
      assertStringIncludes(stderr, "run  a", JSON.stringify(env));
      const { stderr: again } = await run("a", { env });
      seen.add(/cached \((\w+)\)/.exec(again)![1]!);
    }
    assertEquals(seen.size, 5);
  }));

cliTest(
  "lesson 12: where the project lies, who runs it and where from is not part of the key",
  async () => {
    const files = {
      ...BUILD,
      "tasks.toml": `${BUILD["tasks.toml"]}env = { OUT = "{ntask.root}/dist", P = "\${HOME}/x" }\n`,
    };
    const keys = new Set<string>();
    for (const home of ["/home/a", "/home/b"]) {
      await here(files, async ({ run }) => {
        const env = { HOME: home, USER: home, PWD: home, SHLVL: "7" };
        await run("build", { env });
        const { stderr } = await run("build", { env, cwd: "src" });
        keys.add(/cached \((\w+)\)/.exec(stderr)![1]!);
      });
    }
    assertEquals(keys.size, 1);
  },
);

cliTest(
  "lesson 13: a task that was killed is not done",
  { posixOnly: "it kills itself" },
  () =>
    here({
      "tasks.toml": "[tasks]\na = { cmd = \"sh -c 'mkdir -p d; echo x > d/x; kill -9 $$'\", " +
        'inputs = [], outputs = ["d/"] }\n',
    }, async ({ run }) => {
      for (let times = 0; times < 2; times++) {
        const ran = await run("a");
        assertEquals([ran.code, ran.did], [137, "a run"]);
      }
    }),
);

cliTest("lesson 14: names of inputs count, not only their contents", () =>
  here({
    "src/a.txt": "1",
    "src/b.txt": "2",
    "tasks.toml": '[tasks]\na = { cmd = "p a", inputs = ["src/**"] }\n',
  }, async ({ project, run }) => {
    await run("a");
    project.write({ "src/a.txt": "2", "src/b.txt": "1" });
    assertEquals((await run("a")).did, "a run", "swapped");
    Deno.renameSync(`${project.root}/src/a.txt`, `${project.root}/src/c.txt`);
    assertEquals((await run("a")).did, "a run", "moved");
  }));

cliTest(
  "lesson 15: patterns that mean the same select the same",
  () =>
    here({ "src/a.txt": "1", "src/d/b.txt": "2" }, async ({ project, run }) => {
      const patterns = ["src/**", "./src/**", "src//**", "src/./**", "src/", "src", "{src,x}/**"];
      for (const pattern of patterns) {
        project.write({
          "src/d/b.txt": `old ${pattern}`,
          "tasks.toml": `[tasks]\na = { cmd = "p a", inputs = ["${pattern}"] }\n`,
        });
        assertEquals((await run("a")).did, "a run", pattern);
        assertEquals((await run("a")).did, "a cached", pattern);
        project.write({ "src/d/b.txt": `new ${pattern}` });
        assertEquals((await run("a")).did, "a run", pattern);
      }
    }),
);

cliTest("lesson 16: --why and --dry-run say what the run then does", () =>
  here({
    ...BUILD,
    "tasks.toml": `${BUILD["tasks.toml"]}
[tasks.rel]
cmd = "p rel"
deps = ["build"]
inputs = ["tasks.toml"]
`,
  }, async ({ project, run }) => {
    const predicted = async () => {
      const { stdout, stderr } = await run("-n rel");
      assertEquals(stderr, "");
      return stdout.trimEnd().split("\n").map((line) => line.split(/ {2,}/)[1]);
    };
    assertEquals(await predicted(), ["miss (first run)", "depends on build"]);
    assert(!project.has(".ntask"), "a dry run writes nothing");
    await run("rel");
    for (const word of await predicted()) assertMatch(word!, /^hit \([0-9a-f]{8}\)$/);
    project.write({ "src/a.txt": "b\n" });
    assertEquals((await predicted())[0], "miss (input changed: src/a.txt:1)");
    const why = await run("--why rel");
    assertStringIncludes(why.stdout, "a run now  depends on build");
    assertStringIncludes(why.stdout, "input src/a.txt changed");
    const ran = await run("rel");
    assertEquals(ran.did, "build run, rel run");
    assertStringIncludes(ran.stderr, "(input changed: src/a.txt:1)");
    assertStringIncludes(ran.stderr, "upstream: build produced a different dist/all.txt");
    const after = await run("--why rel");
    assertStringIncludes(after.stdout, "upstream: build produced a different dist/all.txt");
    assertStringIncludes(after.stdout, "input src/a.txt changed");
  }));

cliTest("lesson 17: only the executable bit changes: it is kept and put back", {
  posixOnly: "Windows has no such bit",
}, () =>
  here({
    "mode.txt": "+x",
    "tasks.toml":
      "[tasks]\na = { cmd = \"sh -c 'mkdir -p d; echo same > d/x; chmod $(cat mode.txt) d/x'\", " +
      'inputs = ["mode.txt"], outputs = ["d/"] }\n',
  }, async ({ project, run }) => {
    const executable = () => (Deno.statSync(`${project.root}/d/x`).mode! & 0o100) !== 0;
    await run("a");
    project.write({ "mode.txt": "-x" });
    await run("a");
    assert(!executable());
    project.write({ "mode.txt": "+x" });
    assertEquals((await run("a")).did, "a cached");
    assert(executable());
    Deno.chmodSync(`${project.root}/d/x`, 0o644);
    assertEquals((await run("a")).did, "a cached");
    assert(executable());
  }));

cliTest("lesson 18: what was written is shown again byte for byte", () =>
  here({
    "tasks.ts": `import { task } from "ntask";
export const a = task({ inputs: [] }, () => {
  process.stdout.write(new Uint8Array([0x31, 0x0d, 0x00, 0xff, 0xfe, 0x1b, 0x5b, 0x33, 0x31, 0x6d]));
  process.stderr.write("[remote] <b>\\r\\n");
  process.stdout.write("no end");
});
`,
  }, async ({ run }) => {
    const first = await run("-q a");
    const second = await run("-q a");
    assertEquals(second.stdout, first.stdout);
    assertEquals(second.stderr, first.stderr);
    assertStringIncludes(first.stdout, "no end");
    assertStringIncludes(first.stderr, "[remote] <b>\r\n");
  }));

cliTest("lesson 19: A, B, B, A across a task that rewrites what another one reads", () =>
  here({
    "src/a.txt": "  one\n",
    "tasks.toml": `[tasks]
format = { shell = "tr -d ' ' < src/a.txt > src/b && mv src/b src/a.txt" }
test = { shell = "cat src/a.txt", deps = ["format"], inputs = ["src/**"] }
`,
  }, async ({ project, run }) => {
    for (
      const [text, did] of [["  one", "run"], ["  two", "run"], ["two", "cached"], [
        "one",
        "cached",
      ]]
    ) {
      project.write({ "src/a.txt": `${text}\n` });
      const ran = await run("test");
      assertEquals(ran.did, `format run, test ${did}`, text);
      assertEquals(ran.stdout, `${text!.trim()}\n`);
    }
  }));

cliTest("lesson 20: the order of names does not depend on where it runs", () =>
  here({
    "src/a.txt": "1",
    "src/B.txt": "2",
    "src/ä.txt": "3",
    "tasks.toml": '[tasks]\na = { cmd = "p a", inputs = ["src/**"] }\n',
  }, async ({ run }) => {
    await run("a", { env: { LC_ALL: "C" } });
    assertEquals((await run("a", { env: { LC_ALL: "de_DE.UTF-8", LANG: "sv" } })).did, "a cached");
  }));

cliTest("lesson 32: secrets stand neither in the store nor in the log of the run", () =>
  here({
    "tasks.toml": `[tasks.a]
shell = "echo \\"the value is $API_TOKEN\\""
inputs = []
[tasks.b]
shell = "echo $PLAIN"
inputs = []
env.PLAIN = { value = "sesame-open", secret = true }
`,
  }, async ({ project, run }) => {
    const env = { API_TOKEN: "hunter2-hunter2" };
    const first = await run("run a b", { env });
    assertEquals(first.code, 0, first.stderr);
    const second = await run("-j1 run a b", { env });
    assertEquals([second.did, second.stdout], ["a cached, b cached", "the value is ***\n***\n"]);
    assertStringIncludes(second.stderr, "a secret is masked in its output");
    for (const file of filesBelow(`${project.root}/.ntask`)) {
      const text = new TextDecoder("latin1").decode(Deno.readFileSync(file));
      assert(!/hunter2|sesame/.test(text), file);
    }
    const other = await run("a", { env: { API_TOKEN: "another-value" } });
    assertEquals(other.did, "a run");
    assertStringIncludes(other.stderr, "(API_TOKEN changed)");
  }));

cliTest("what a function returned is stored, and what depends on it gets a copy", () =>
  here({
    "tasks.ts": `import { task } from "ntask";
export const data = task({ inputs: ["n.txt"] }, async () => {
  console.log("made");
  return { when: new Date(5), big: 10n, map: new Map([["k", new Set([1])]]) };
});
export const use = task({ deps: { data } }, ({ data }) => {
  console.log(data.when.getTime(), typeof data.big, data.map.get("k")?.has(1));
});
export const cachedUse = task({ deps: { data }, inputs: [] }, ({ data }) => {
  console.log("used", data.when.getTime());
});
`,
    "n.txt": "1",
  }, async ({ project, run }) => {
    assertEquals((await run("-j1 use")).stdout, "made\n5 bigint true\n");
    const second = await run("-j1 use");
    assertEquals([second.did, second.stdout], ["data cached, use run", "made\n5 bigint true\n"]);
    await run("cachedUse");
    project.write({ "n.txt": "2" });
    const third = await run("cachedUse");
    assertEquals(third.did, "cachedUse cached, data run", "the same value reaches no further");
  }));

cliTest(
  "a cached task reads nothing and writes to no terminal, whether it runs or not",
  () =>
    here({
      "tasks.ts": `import { task } from "ntask";
export const a = task({ inputs: [] }, async () => {
  let read = "";
  for await (const piece of process.stdin) read += piece;
  console.log(JSON.stringify(read), process.stdout.isTTY === true, process.env.INIT_CWD);
});
`,
      "sub/x": "",
    }, async ({ run }) => {
      for (const cwd of [".", "sub"]) {
        const { stdout, code } = await run("-q a", { stdin: "typed\n", cwd });
        assertEquals([code, stdout], [0, '"" false undefined\n']);
      }
    }),
);

cliTest(
  "run() inside a cached body is refused, for its result would not say what it did",
  () =>
    here({
      "tasks.ts": `import { run, task } from "ntask";
export const other = task(() => {});
export const a = task({ inputs: [] }, async () => { await run(other); });
`,
    }, async ({ run }) => {
      const { code, stderr } = await run("a");
      assertEquals(code, 1);
      assertStringIncludes(stderr, "list it in deps");
    }),
);

cliTest("a task that a body runs by run() is cached as usual", () =>
  here({
    "tasks.ts": `import { run, task } from "ntask";
export const made = task({ inputs: [] }, () => { console.log("made"); return 7; });
export const a = task(async () => { console.log(await run(made)); });
`,
  }, async ({ run }) => {
    assertEquals((await run("a")).did, "a run, made run");
    const second = await run("a");
    assertEquals([second.did, second.stdout], ["a run, made cached", "made\n7\n"]);
  }));

cliTest(
  "a function whose value cannot be told before it runs is an error of a cached task only",
  () => {
    const tasks = (options: string) =>
      `import { task } from "ntask";
function make(model: string) {
  return task(${options}, () => { console.log(model); });
}
export const fit = make("ols");
`;
    return here({ "tasks.ts": tasks("{ inputs: [] }") }, async ({ project, run }) => {
      const { code, stderr } = await run("fit");
      assertEquals(code, 2);
      assertStringIncludes(
        stderr,
        'error[E_CACHE_CAPTURE]: fit: the body of a cached task uses "model"',
      );
      assertStringIncludes(stderr, "pass it as an argument");
      project.write({ "tasks.ts": tasks("{}") });
      assertEquals((await run("fit")).stdout, "ols\n");
    });
  },
);

cliTest("the output of declared tools counts, and is asked once a run", () =>
  here({
    "version.txt": "1.0",
    "tasks.toml": `[tasks]
a = { cmd = "p a", inputs = [], tools = ["show-version"] }
b = { cmd = "p b", inputs = [], tools = ["show-version"] }
c = { cmd = "p c", inputs = [], tools = ["no-such-tool --version"] }
all = { deps = ["a", "b"] }
`,
    ...(binary.windows
      ? { "node_modules/.bin/show-version.cmd": "@type version.txt & @echo x>> asked.txt\r\n" }
      : { "node_modules/.bin/show-version": "#!/bin/sh\ncat version.txt; echo x >> asked.txt\n" }),
  }, async ({ project, run }) => {
    if (!binary.windows) Deno.chmodSync(`${project.root}/node_modules/.bin/show-version`, 0o755);
    assertEquals((await run("all")).did, "a run, b run");
    assertEquals(project.read("asked.txt").match(/x/g)!.length, 1);
    assertEquals((await run("all")).did, "a cached, b cached");
    project.write({ "version.txt": "2.0" });
    const { did, stderr } = await run("a");
    assertEquals(did, "a run");
    assertMatch(stderr, /tool show-version: .*1\.0.* -> .*2\.0/);
    const failed = await run("c");
    assertEquals(failed.code, 1);
    assertStringIncludes(failed.stderr, "error[R_CACHE_TOOL]: c: cannot ask the tool");
  }));

cliTest(
  "--no-deps, --no-pre and --skip leave nothing behind that a whole run would take",
  () =>
    here({
      "a.txt": "1",
      "tasks.toml": `[tasks]
a = { shell = "cat a.txt > a.out", inputs = ["a.txt"], outputs = ["a.out"] }
b = { shell = "cat a.out", deps = ["a"], inputs = [] }
`,
    }, async ({ project, run }) => {
      await run("a");
      project.write({ "a.txt": "2" });
      for (const option of ["--no-deps", "--skip a"]) {
        for (let times = 0; times < 2; times++) {
          const ran = await run(`${option} b`);
          assertEquals([ran.did, ran.stdout.trim()], ["b run", "1"], option);
        }
      }
      const whole = await run("b");
      assertEquals([whole.did, whole.stdout.trim()], ["a run, b run", "2"]);
    }),
);

cliTest("outputs of a task without a cache are cleaned and never taken from others", () =>
  here({
    "name.txt": "one",
    "dist/mine": "mine",
    "tasks.toml": `[tasks.a]
shell = 'mkdir -p dist && p x > "dist/$(cat name.txt)"'
outputs = ["dist/"]
cached = false
`,
  }, async ({ project, run }) => {
    await run("a");
    project.write({ "name.txt": "two" });
    await run("a");
    const names = [...Deno.readDirSync(`${project.root}/dist`)].map(({ name }) => name).sort();
    assertEquals(names, ["mine", "two"]);
    assert(!project.has(".ntask/cache"), "nothing is stored");
  }));

cliTest(
  "an output that lies there already and is not written is told, and nothing is kept",
  () =>
    here({
      "out.txt": "old",
      "tasks.toml": '[tasks]\na = { cmd = "p a", inputs = [], outputs = ["out.txt"] }\n',
    }, async ({ run }) => {
      for (let times = 0; times < 2; times++) {
        const ran = await run("a");
        assertEquals([ran.code, ran.did], [0, "a run"]);
        assertStringIncludes(ran.stderr, 'warning[W_CACHE_OUTPUT]: a: "out.txt" was there before');
      }
    }),
);

cliTest("arguments in patterns stand for themselves and stay below the root", () =>
  here({
    "tasks.toml": `[tasks.a]
shell = "mkdir -p out && p x > out/{args.name}"
inputs = []
outputs = ["out/{args.name}"]
`,
  }, async ({ project, run }) => {
    assertEquals((await run("a --name=x")).code, 0);
    assertEquals((await run("a --name=y")).code, 0);
    assert(project.has("out/x") && project.has("out/y"), "what another call made stays");
    remove(project, "out");
    assertEquals((await run("a --name=x")).did, "a cached");
    assert(project.has("out/x") && !project.has("out/y"));
    const outside = await run("a --name=../../x");
    assertEquals(outside.code, 2);
    assertStringIncludes(outside.stderr, "error[E_CACHE_PATTERN]: a: the pattern");
    assertStringIncludes(outside.stderr, "leads out of the project");
  }));

cliTest(
  "the log of a run tells everything that the run has told",
  () =>
    here(BUILD, async ({ project, run }) => {
      const { stdout } = await run("--output=json build");
      const [name] = [...Deno.readDirSync(`${project.root}/.ntask/state/runs`)];
      const kept = project.read(`.ntask/state/runs/${name!.name}`);
      assertEquals(kept, stdout);
      for (let times = 0; times < 22; times++) await run("build");
      assertEquals([...Deno.readDirSync(`${project.root}/.ntask/state/runs`)].length, 20);
    }),
);

cliTest(
  "ntask cache and ntask clean tell what they did, and files of the project stay",
  () =>
    here(BUILD, async ({ project, run }) => {
      await run("build");
      assertMatch(
        (await run("cache")).stdout,
        /^directory {2}.*cache\nresults {4}1\nblobs {6}\d\nsize/,
      );
      assertMatch(
        (await run("cache verify")).stdout,
        /^1 result and \d blobs? looked at, all whole\n$/,
      );
      assertEquals((await run("clean")).stdout, "1 result forgotten\n");
      assertEquals((await run("build")).did, "build run");
      // What a restore was making ready that was killed goes; that of one under way stays.
      const dead = new Deno.Command(Deno.execPath(), { args: ["--version"], stdout: "null" })
        .spawn();
      await dead.status;
      const [gone, alive] = [dead.pid, Deno.pid].map((pid) =>
        `.ntask/state/restore.${pid}-abc.0.tmp`
      );
      project.write({ [`${gone}/0/a`]: "a", [`${alive}/0/a`]: "a" });
      assertMatch((await run("clean --all")).stdout, /^1 result forgotten, .*cache removed\n$/);
      assertEquals([project.has(gone!), project.has(alive!)], [false, !binary.wine]);
      assert(!project.has(".ntask/cache") && project.has("dist/all.txt"));
      assertEquals(
        (await run("cache verify")).stdout,
        "0 results and 0 blobs looked at, all whole\n",
      );
      assertStringIncludes((await run("cache nix")).stderr, "takes one of info, prune, verify");
    }),
);

cliTest("two projects share a store, and each takes what the other has made", async () => {
  await using store = await createProject({});
  const env = { NTASK_CACHE_DIR: binary.seen(`${store.root}/shared`) };
  await here(BUILD, async ({ run }) => {
    assertEquals((await run("build", { env })).did, "build run");
  });
  await here(BUILD, async ({ project, run }) => {
    assertEquals((await run("build", { env })).did, "build cached");
    assertEquals(project.read("dist/all.txt"), "a\n");
    assertEquals((await run("clean", { env })).stdout, "1 result forgotten\n");
  });
});

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

cliTest(
  "a key does not depend on the system, the runtime or the place, with platform any",
  () =>
    here({
      "src/a.txt": "one\r\ntwo\r\n",
      "src/d/ä b.txt": "x",
      "src/list.json": '{ "n": 1 }\n',
      "tasks.toml": `[tasks.gen]
shell = "mkdir -p out && cat src/a.txt > out/x"
inputs = ["src/**"]
outputs = ["out/"]
platform = "any"
text = true
env = { MODE = "\${MODE:-dev}" }
[tasks.after]
cmd = "p {args.name:you}"
deps = ["gen"]
inputs = []
platform = "any"
`,
      "tasks.ts": `import { task } from "ntask";
import list from "./src/list.json" with { type: "json" };
import { helper } from "./lib.ts";
export const body = task({ inputs: ["src/**"], platform: "any" }, (n = 1) => {
  console.log(helper(n), list.n);
});
`,
      "lib.ts": "export const helper = (n: number): number => n + 1;\n",
    }, async ({ run }) => {
      for (const words of ["after --name=x", "body --n=2"]) {
        assertEquals((await run(words)).code, 0);
      }
      const keys: string[] = [];
      for (const words of ["after --name=x", "body --n=2"]) {
        const { stderr } = await run(words);
        keys.push(...[...stderr.matchAll(/cached \((\w+)\)/g)].map(([, key]) => key!));
      }
      // Whoever changes one of these changes every key: then the format in cache/key.ts changes too.
      assertEquals(keys, ["fecaf9ab", "2fb9a746", "015989d9"]);
    }),
);

cliTest("env_mode strict hands a cached task what is declared, and nothing else", () =>
  here({
    "tasks.toml": `[tasks]
a = { shell = "echo [$GIVEN] [$HIDDEN] [$LISTED]", inputs = [], env = { GIVEN = "g" }, cache_env = ["LIST*"] }
b = "echo [$HIDDEN]"
c.shell = "echo [$HIDDEN]"
[ntask]
env_mode = "strict"
`,
  }, async ({ run }) => {
    const env = { HIDDEN: "h", LISTED: "l" };
    assertEquals((await run("-q a", { env })).stdout, "[g] [] [l]\n");
    assertEquals((await run("-q c", { env })).stdout, "[h]\n", "others see everything");
    assertEquals((await run("a", { env: { ...env, LISTED: "m" } })).did, "a run");
  }));

cliTest("the version of a package counts, and of a linked one what is in it", () => {
  const manifest = (version: string) =>
    JSON.stringify({ name: "lib", version, type: "module", exports: "./index.js" });
  return here({
    "tasks.ts": `import { task } from "ntask";
import { text } from "lib";
import { linked } from "linked";
export const a = task({ inputs: [] }, () => console.log(text, linked));
`,
    "node_modules/lib/package.json": manifest("1.0.0"),
    "node_modules/lib/index.js": "export const text = 'one';\n",
    "packages/linked/package.json": JSON.stringify({
      name: "linked",
      version: "1.0.0",
      type: "module",
      exports: "./index.js",
    }),
    "packages/linked/index.js": "export const linked = 1;\n",
  }, async ({ project, run }) => {
    Deno.symlinkSync("../packages/linked", `${project.root}/node_modules/linked`, { type: "dir" });
    assertEquals((await run("a")).stdout, "one 1\n");
    assertEquals((await run("a")).did, "a cached");
    project.write({ "node_modules/lib/package.json": manifest("1.0.1") });
    assertEquals((await run("a")).did, "a run");
    project.write({ "packages/linked/index.js": "export const linked = 2;\n" });
    const changed = await run("a");
    assertEquals([changed.did, changed.stdout], ["a run", "one 2\n"]);
    assertEquals((await run("a")).did, "a cached");
  });
});

cliTest("what is no file is left out, what cannot be proven is not kept", {
  posixOnly: "Windows has neither pipes nor bytes in names",
}, () =>
  here({
    "src/a.txt": "1",
    "tasks.toml":
      '[tasks]\na = { cmd = "p a", inputs = ["src/**"] }\nb = { cmd = "p b", deps = ["a"], inputs = [] }\n',
  }, async ({ project, run }) => {
    const src = `${project.root}/src`;
    new Deno.Command("mkfifo", { args: [`${src}/pipe`] }).outputSync();
    Deno.symlinkSync("loop2", `${src}/loop1`);
    Deno.symlinkSync("loop1", `${src}/loop2`);
    Deno.symlinkSync(".", `${src}/self`);
    const first = await run("a");
    assertStringIncludes(first.stderr, 'warning[W_CACHE_INPUT]: a: "src/pipe" is no file');
    assertEquals((await run("a")).did, "a cached");
    Deno.symlinkSync("elsewhere", `${src}/dangling`);
    assertEquals((await run("a")).did, "a run", "a dangling link counts");
    new Deno.Command("sh", { args: ["-c", `printf x > "$(printf '${src}/\\377')"`] }).outputSync();
    for (let times = 0; times < 2; times++) {
      const ran = await run("b");
      assertEquals(ran.did, "a run, b run", "a name that is no Unicode proves nothing");
      assertStringIncludes(ran.stderr, "not valid Unicode");
    }
  }));

cliTest(
  "who has said a value does not count, only what it came to and what it was made of",
  () =>
    here({
      "tasks.toml": `[tasks]
t = { shell = "echo $OV $W", inputs = [], env = { OV = "own", W = "\${OV}!" } }
c.tasks = [{ use = "t", env = { OV = "o3" } }]
d.tasks = [{ use = "t", env = { OV = "o3" } }, { use = "t", env = { OV = "own" } }]
`,
    }, async ({ run }) => {
      assertEquals((await run("c")).stdout, "o3 own!\n");
      assertEquals((await run("--env OV=o3 t")).did, "t cached");
      assertEquals((await run("--env OV=o3 c")).did, "t cached");
      const third = await run("d");
      assertEquals([third.did, third.stdout], ["t cached, t run", "o3 own!\nown own!\n"]);
    }),
);

cliTest(
  "who reads what another task writes is told when nothing says which comes first",
  () =>
    here({
      "src/x": "x",
      "tasks.toml": `[tasks]
write = { shell = "mkdir -p d && p x > d/x", inputs = ["src/**"], outputs = ["d/"] }
read = { cmd = "p read", inputs = ["d/**", "src/**"] }
other = { cmd = "p other", inputs = ["src/**", "e/**"] }
ordered = { cmd = "p ordered", deps = ["write"], inputs = ["d/x"] }
behind = { cmd = "p behind", inputs = ["d/x"], pre = ["write"] }
far = { cmd = "p far", deps = ["middle"], inputs = ["d/x"] }
middle = { cmd = "p middle", deps = ["write"] }
sequence = { tasks = ["write", "read"] }
wrong = { tasks = ["read", "write"] }
together = { tasks = ["write", "read"], parallel = true }
beside = { deps = ["write", "read"] }
apart = { deps = ["write", "other"] }
`,
    }, async ({ run }) => {
      const warned = async (task: string) =>
        (await run(`-n ${task}`)).stderr.match(/warning\[W_CACHE_ORDER\][^\n]*/g) ?? [];
      for (const task of ["sequence", "ordered", "behind", "far", "apart"]) {
        assertEquals(await warned(task), [], task);
      }
      for (const task of ["wrong", "together", "beside"]) {
        const [warning = ""] = await warned(task);
        assertStringIncludes(warning, "read: it reads d, which write writes, in no order");
      }
    }),
);

cliTest(
  "of a text that has changed before, the line is told; of a dependency's at once",
  () =>
    here({
      "src/a.txt": "1\n2\n3\n",
      "tasks.toml": `[tasks]
made = { shell = "cat src/a.txt > made.txt; echo end >> made.txt", inputs = ["src/**"], outputs = ["made.txt"] }
read = { cmd = "p read", deps = ["made"], inputs = ["made.txt"] }
`,
    }, async ({ project, run }) => {
      await run("read");
      project.write({ "src/a.txt": "1\nzwei\n3\n" });
      const first = await run("read");
      assertStringIncludes(first.stderr, "(input changed: src/a.txt)");
      assertStringIncludes(first.stderr, "(input changed: made.txt:2 (+1 more))");
      project.write({ "src/a.txt": "1\nzwei\ndrei\n" });
      const second = await run("read");
      assertStringIncludes(second.stderr, "(input changed: src/a.txt:3)");
    }),
);
