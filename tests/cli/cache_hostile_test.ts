/**
 * What a hostile user does to cached tasks: nothing stale is ever taken, and nothing is removed that
 * somebody else has put there.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { binary } from "../rig/binary.ts";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Project } from "../rig/project.ts";

const POSIX = { posixOnly: "it needs sh and links" };

function did(stderr: string): string {
  return stderr.split("\n").flatMap((line) => {
    const run = /^ +run {2}(\S+)/.exec(line);
    const hit = /^ +ok {2}(\S+) +cached \(/.exec(line);
    return run ? [`${run[1]} run`] : hit ? [`${hit[1]} cached`] : [];
  }).sort().join(", ");
}

function remove(project: Project, path: string): void {
  Deno.removeSync(`${project.root}/${path}`, { recursive: true });
}

cliTest(
  "a task that ends well when it is told to end is not stored: it was half way",
  POSIX,
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks.a]
shell = "trap 'exit 0' TERM INT; echo partial > out; echo up; sleep 5 & wait; echo full > out"
inputs = []
outputs = ["out"]
[tasks.f]
shell = "while [ ! -s out ]; do sleep 0.01; done; exit 1"
[tasks.all]
tasks = ["a", "f"]
parallel = true
`,
    });
    assertEquals((await project.run(["all"])).code, 1);
    const again = await project.run(["-n", "a"]);
    assertMatch(again.stdout, /^a +miss/);
  },
);

cliTest(
  "an input that is changed and put back while the task runs keeps it from being stored",
  POSIX,
  async () => {
    await using project = await createProject({
      "a.txt": "A",
      "tasks.toml": `[tasks.b]
shell = "printf B > a.txt; cat a.txt > out; printf A > a.txt"
inputs = ["a.txt"]
outputs = ["out"]
`,
    });
    assertStringIncludes((await project.run(["b"])).stderr, "warning[W_CACHE_CHANGED]");
    assertEquals(did((await project.run(["b"])).stderr), "b run");
  },
);

cliTest("a program is what its link leads to, and what its text comes to", POSIX, async () => {
  await using project = await createProject({
    "s/t.sh": "#!/bin/sh\necho one\n",
    "bin/x": "",
    "tasks.toml": `[tasks]
link = { cmd = "bin/t", inputs = [] }
placeholder = { cmd = "{ntask.root}/s/t.sh", inputs = [] }
variable = { cmd = "./\${T}", inputs = [], env = { T = "s/t.sh" } }
`,
  });
  Deno.symlinkSync("../s/t.sh", `${project.root}/bin/t`);
  for (const text of ["one", "two"]) {
    project.write({ "s/t.sh": `#!/bin/sh\necho ${text}\n` });
    Deno.chmodSync(`${project.root}/s/t.sh`, 0o755);
    for (const task of ["link", "placeholder", "variable"]) {
      const ran = await project.run([task]);
      assertEquals([ran.stdout, did(ran.stderr)], [`${text}\n`, `${task} run`]);
    }
  }
});

cliTest("what ran before anybody wanted to know what it was made of is in doubt", async () => {
  const tasks = (text: string) =>
    `import { run, task } from "ntask";
export const p = task("echo ${text} > p.txt");
export const c = task({ inputs: [], outputs: ["out"], deps: [p] }, "cat p.txt > out");
export const main = task({ deps: [p] }, async () => { await run(c); });
`;
  await using project = await createProject({ "tasks.ts": tasks("v1") });
  assertEquals((await project.run(["main"])).code, 0);
  project.write({ "tasks.ts": tasks("v2") });
  assertEquals((await project.run(["main"])).code, 0);
  assertEquals(project.read("out").trim(), "v2");
});

cliTest("what a module does when it is loaded counts, whoever imports it", async () => {
  await using project = await createProject({
    "tasks.ts": `import { task } from "ntask";
import { used } from "./b.ts";
export const a = task({ inputs: [] }, () => console.log((globalThis as any).setting));
export const other = task(() => console.log(used));
`,
    "b.ts": "(globalThis as any).setting = 1;\nexport const used = 1;\n",
  });
  assertEquals((await project.run(["a"])).stdout, "1\n");
  project.write({ "b.ts": "(globalThis as any).setting = 2;\nexport const used = 1;\n" });
  assertEquals((await project.run(["a"])).stdout, "2\n");
});

cliTest("an enum that a body uses counts", { releasedOnly: true }, async () => {
  const tasks = (value: string) =>
    `import { task } from "ntask";
enum E { A = "${value}", "b c" = "x" }
export const a = task({ inputs: [] }, () => { console.log(E.A); });
`;
  await using project = await createProject({ "tasks.ts": tasks("one") });
  for (const value of ["one", "two"]) {
    project.write({ "tasks.ts": tasks(value) });
    const ran = await project.run(["a"]);
    assertEquals([ran.code, ran.stdout], [0, `${value}\n`]);
  }
});

cliTest(
  "what lies where outputs go is its owner's: it is neither removed nor a reason to remove",
  async () => {
    await using project = await createProject({
      "i": "1",
      "src/a.ts": "a",
      "src/user.js": "mine",
      "tasks.toml": `[tasks]
keep = { shell = "mkdir -p out && cat i > out/o", inputs = ["i"], outputs = ["out/**"], clean = false }
js = { shell = "cat src/a.ts > src/a.js && cat i > src/user.js", inputs = ["src/*.ts", "i"], outputs = ["src/*.js"] }
`,
    });
    await project.run(["keep"]);
    project.write({ "out/NOTES": "notes", i: "2" });
    await project.run(["keep"]);
    project.write({ i: "1" });
    assertEquals(did((await project.run(["keep"])).stderr), "keep cached");
    assertEquals(project.read("out/NOTES"), "notes");
    await project.run(["js"]);
    project.write({ "src/user.js": "mine again", "src/a.ts": "b" });
    await project.run(["js"]);
    assert(project.has("src/user.js"), "it was there before the task first wrote over it");
  },
);

cliTest("an output that is a source as well is told, and the source stays", async () => {
  await using project = await createProject({
    "src/f": "abc\n",
    "tasks.toml": `[tasks.fmt]
shell = "tr a-z A-Z < src/f > t; cat t > src/f"
inputs = ["src/**"]
outputs = ["src/f"]
`,
  });
  for (const text of ["abc\n", "new work\n"]) {
    project.write({ "src/f": text });
    const ran = await project.run(["fmt"]);
    assertEquals([ran.code, did(ran.stderr)], [0, "fmt run"]);
    assertStringIncludes(ran.stderr, "take it out of outputs");
    assertEquals(project.read("src/f"), text.toUpperCase());
  }
});

cliTest(
  "a link that somebody puts in the place of a directory of outputs is not removed",
  POSIX,
  async () => {
    await using project = await createProject({
      "disk/big": "big",
      "i": "1",
      "tasks.toml":
        '[tasks]\na = { shell = "mkdir -p d && cat i > d/x", inputs = ["i"], outputs = ["d/"] }\n',
    });
    await project.run(["a"]);
    remove(project, "d");
    Deno.symlinkSync("disk", `${project.root}/d`);
    await project.run(["a"]);
    assert(Deno.lstatSync(`${project.root}/d`).isSymlink);
    assertEquals(project.read("disk/big"), "big");
  },
);

cliTest("a directory outside the project has no outputs", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks.b]\ncmd = "p b"\ncwd = "../other"\ninputs = []\noutputs = ["d/**"]\n',
    "../other/d/mine": "mine",
  });
  const ran = await project.run(["b"]);
  assertEquals(ran.code, 2);
  assertStringIncludes(ran.stderr, "error[E_CACHE_PATTERN]: b: the pattern");
  assertEquals(project.read("../other/d/mine"), "mine");
});

cliTest("two tasks of a run that share a directory leave each other's files alone", async () => {
  await using project = await createProject({
    "i": "1",
    "tasks.toml": `[tasks]
js = { shell = "mkdir -p dist && cat i > dist/a.js", inputs = ["i"], outputs = ["dist/**"] }
types = { shell = "mkdir -p dist && cat i > dist/a.d.ts", deps = ["js"], inputs = ["i"], outputs = ["dist/**"] }
pack = { shell = "cat dist/*", deps = ["js", "types"], inputs = [] }
`,
  });
  const packed = async () => {
    const { stdout, stderr } = await project.run(["pack"]);
    return [stdout, did(stderr)];
  };
  assertEquals(await packed(), ["11", "js run, pack run, types run"]);
  assertEquals(await packed(), ["11", "js cached, pack cached, types cached"]);
  remove(project, "dist");
  assertEquals(await packed(), ["11", "js cached, pack cached, types cached"]);
  project.write({ i: "2" });
  assertEquals(await packed(), ["22", "js run, pack run, types run"]);
});

cliTest("secrets among the arguments stand neither in the store nor in the log", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\ne = { shell = "echo {args.password}", inputs = [] }\n',
    "tasks.ts": `import { task } from "ntask";
export const f = task({ inputs: [] }, (token = "") => { console.log("the " + token); });
export const g = task({ inputs: [] }, (token = "") => ({ token }));
`,
  });
  for (const words of [["e", "--password", "EPASS14"], ["f", "--token=FTOKEN15"]]) {
    await project.run(words);
    assertStringIncludes((await project.run(words)).stdout, "***");
  }
  const returned = await project.run(["g", "--token=GTOKEN16"]);
  assertStringIncludes(returned.stderr, "warning[W_CACHE_SECRET]");
  for (const file of filesBelow(`${project.root}/.ntask`)) {
    const text = new TextDecoder("latin1").decode(Deno.readFileSync(file));
    assert(!/EPASS14|FTOKEN15|GTOKEN16/.test(text), file);
  }
});

cliTest("after a failure the reason is that it failed", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = { shell = "exit 3", inputs = [] }\n',
  });
  await project.run(["a"]);
  assertStringIncludes((await project.run(["a"])).stderr, "(it failed last time)");
});

cliTest("a store of another version is left alone by every command", async () => {
  await using project = await createProject({
    "tasks.toml": '[tasks]\na = { cmd = "p a", inputs = [] }\n',
    "store/format": "7\n",
    "store/actions/x.json": "of another version",
  });
  const env = { NTASK_CACHE_DIR: binary.seen(`${project.root}/store`) };
  assertStringIncludes((await project.run(["a"], { env })).stderr, "another version of ntask");
  for (const words of [["cache", "verify"], ["cache", "prune"], ["clean"], ["cache"]]) {
    const ran = await project.run(words, { env });
    assertEquals(ran.code, 1, words.join(" "));
    assertStringIncludes(ran.stderr, "another version of ntask");
  }
  assertEquals(project.read("store/actions/x.json"), "of another version");
});

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

cliTest(
  "own outputs are no inputs behind a link either, and outputs behind one are told",
  POSIX,
  async () => {
    await using project = await createProject({
      "a.txt": "a",
      "scratch/x": "x",
      "tasks.toml": `[tasks]
a = { shell = "mkdir -p dist && date +%N > dist/o", inputs = ["**", "!tasks.toml"], outputs = ["dist/"] }
b = { shell = "p x > build/o", inputs = [], outputs = ["build/**"] }
`,
    });
    Deno.symlinkSync(".", `${project.root}/loop`);
    await project.run(["a"]);
    assertEquals(did((await project.run(["a"])).stderr), "a cached");
    Deno.symlinkSync("scratch", `${project.root}/build`);
    const ran = await project.run(["b"]);
    assertEquals(ran.code, 1);
    assertStringIncludes(ran.stderr, "build is a link");
  },
);

cliTest("what only its owner may read comes back so, and lies so in the store", POSIX, async () => {
  await using project = await createProject({
    "tasks.toml": `[tasks]
a = { shell = "echo key > key.pem; chmod 600 key.pem; echo run > key.sh; chmod 700 key.sh; echo all > all.txt", inputs = [], outputs = ["key.pem", "key.sh", "all.txt"] }
`,
  });
  const mode = (path: string) => Deno.statSync(`${project.root}/${path}`).mode! & 0o777;
  await project.run(["a"]);
  const modes = ["key.pem", "key.sh", "all.txt"].map(mode);
  const blobs = filesBelow(`${project.root}/.ntask/cache/blobs`);
  const hidden = blobs.filter((file) => (Deno.statSync(file).mode! & 0o077) === 0);
  assertEquals(hidden.map((file) => Deno.readTextFileSync(file)).sort(), ["key\n", "run\n"]);
  for (
    const spoil of [
      () => remove(project, "key.pem"),
      () => Deno.chmodSync(`${project.root}/key.pem`, 0o644),
      () => remove(project, "key.sh"),
    ]
  ) {
    spoil();
    assertEquals(did((await project.run(["a"])).stderr), "a cached");
    assertEquals(["key.pem", "key.sh", "all.txt"].map(mode), modes);
  }
});

cliTest(
  "a result that cannot be put back says so, and the cache is not blamed",
  POSIX,
  async () => {
    await using project = await createProject({
      "tasks.toml": `[tasks.gen]
shell = "mkdir -p out/$N/$N; echo made > out/$N/$N/x"
inputs = []
env = { N = "${"n".repeat(200)}" }
outputs = ["out/**"]
`,
    });
    assertEquals(did((await project.run(["gen"])).stderr), "gen run");
    // Nobody, not even root, can make what lies in a path that is too long.
    const longest = Deno.build.os === "linux" ? 4096 : 1024;
    let root = project.base;
    while (root.length < longest - 400) root += `/${"d".repeat(100)}`;
    Deno.mkdirSync(root, { recursive: true });
    for (const name of ["tasks.toml", ".ntask"]) {
      Deno.renameSync(`${project.root}/${name}`, `${root}/${name}`);
    }
    const { stderr } = await project.run(["-C", root, "gen"]);
    const [first] = stderr.split("\n");
    assertMatch(first!, /^ +run {2}gen .*\(its result cannot be put back: .*ENAMETOOLONG/);
  },
);
