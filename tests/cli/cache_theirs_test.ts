/**
 * Files that people have put where tasks write: nothing of theirs is lost, nothing of theirs gets
 * into what is stored, and what has to make way is told.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { createProject, type Project } from "../rig/project.ts";

const POSIX = { posixOnly: "it needs sh" };

const BUILD = `[tasks]
build = { shell = "mkdir -p dist && cat src > dist/all && cp src dist/$(cat src)", inputs = ["src"], outputs = ["dist/"] }
`;

/** What was moved out of the way, in all runs. */
function aside(project: Project): readonly string[] {
  const all = `${project.root}/.ntask/state/replaced`;
  try {
    return [...Deno.readDirSync(all)].map(({ name }) => name).sort().flatMap((run) =>
      filesBelow(`${all}/${run}`).map((file) =>
        `${file.slice(all.length + run.length + 2)}: ${Deno.readTextFileSync(file)}`
      )
    );
  } catch {
    return [];
  }
}

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

function listed(project: Project, folder: string): string {
  return [...Deno.readDirSync(`${project.root}/${folder}`)].map(({ name }) => name).sort().join();
}

cliTest("an output edited by hand makes way for a hit, and is told and kept", POSIX, async () => {
  await using project = await createProject({ src: "one", "tasks.toml": BUILD });
  await project.run(["build"]);
  project.write({ "dist/all": "my own" });
  const hit = await project.run(["build"]);
  assertMatch(hit.stderr, /ok {2}build {2}cached/);
  assertStringIncludes(
    hit.stderr,
    'warning[W_CACHE_ASIDE]: build: "dist/all" is not what ntask had put there, and is moved out ' +
      "of the way",
  );
  assertMatch(hit.stderr, /help: what it was lies in \.ntask\/state\/replaced\/2\d{3}-/);
  assertEquals([project.read("dist/all"), aside(project)], ["one", ["dist/all: my own"]]);
  assert(!(await project.run(["build"])).stderr.includes("W_CACHE_ASIDE"));
});

cliTest("a file taken over by hand makes way for a run, and put back it stays", POSIX, async () => {
  await using project = await createProject({ src: "one", "tasks.toml": BUILD });
  await project.run(["build"]);
  project.write({ "dist/one": "written by hand", src: "two" });
  const miss = await project.run(["build"]);
  assertStringIncludes(miss.stderr, 'build: "dist/one" is not what ntask had put there');
  assertEquals(listed(project, "dist"), "all,two");
  assertEquals(aside(project), ["dist/one: written by hand"]);
  project.write({ "dist/one": "written by hand", src: "three" });
  assert(!(await project.run(["build"])).stderr.includes("warning"));
  assertEquals(project.read("dist/one"), "written by hand");
});

cliTest("outputs of an earlier state that come back by git are nobody's loss", POSIX, async () => {
  await using project = await createProject({ src: "one", "tasks.toml": BUILD });
  await project.run(["build"]);
  project.write({ src: "two" });
  await project.run(["build"]);
  // A branch on which they are committed.
  project.write({ src: "three", "dist/all": "one" });
  const ran = await project.run(["build"]);
  assert(!ran.stderr.includes("warning"), ran.stderr);
  assertEquals([listed(project, "dist"), aside(project)], ["all,three", []]);
});

cliTest(
  "a stored result comes over a file that nobody knows: it is told and kept",
  POSIX,
  async () => {
    await using project = await createProject({ src: "one", "tasks.toml": BUILD });
    await project.run(["build"]);
    Deno.removeSync(`${project.root}/dist`, { recursive: true });
    Deno.removeSync(`${project.root}/.ntask/state`, { recursive: true });
    project.write({ "dist/all": "of another tool", "dist/mine": "mine" });
    const hit = await project.run(["build"]);
    assertStringIncludes(hit.stderr, "warning[W_CACHE_ASIDE]");
    assertEquals([project.read("dist/all"), project.read("dist/mine")], ["one", "mine"]);
    assertEquals(aside(project), ["dist/all: of another tool"]);
  },
);

cliTest(
  "what a task makes of a file that was there is not stored, and is not lost",
  POSIX,
  async () => {
    await using project = await createProject({
      src: "one\n",
      "notes": "mine\n",
      "tasks.toml": `[tasks]
add = { shell = "cat src >> notes", inputs = ["src"], outputs = ["notes"] }
`,
    });
    const first = await project.run(["add"]);
    assertStringIncludes(
      first.stderr,
      'warning[W_CACHE_OUTPUT]: add: "notes" was there before and may be part of what the task made ' +
        "of it, so the result is not kept",
    );
    assertEquals(project.read("notes"), "mine\none\n");
    Deno.removeSync(`${project.root}/notes`);
    await project.run(["add"]);
    assertEquals(project.read("notes"), "one\n", "a hit would have brought the other one back");
    // And without removing it.
    await using other = await createProject({
      src: "one\n",
      "notes": "mine\n",
      "tasks.toml": project.read("tasks.toml"),
    });
    await other.run(["add"]);
    const second = await other.run(["add"]);
    assertStringIncludes(second.stderr, "warning[W_CACHE_ASIDE]");
    assertEquals([other.read("notes"), aside(other)], ["one\n", ["notes: mine\none\n"]]);
    assertMatch((await other.run(["add"])).stderr, /cached/);
  },
);

cliTest("committed outputs that come out as they were are stored at once", POSIX, async () => {
  await using project = await createProject({
    src: "one",
    "gen": "one",
    "tasks.toml": `[tasks]
gen = { shell = "cat src > gen", inputs = ["src"], outputs = ["gen"] }
`,
  });
  assert(!(await project.run(["gen"])).stderr.includes("warning"));
  assertMatch((await project.run(["gen"])).stderr, /cached/);
});

cliTest(
  "what another task of ours has changed is ours, where that is among its outputs",
  POSIX,
  async () => {
    await using project = await createProject({
      src: "one",
      "tasks.toml": BUILD + `
sign = { shell = "echo signed >> dist/all", deps = ["build"], outputs = ["dist/all"], cached = false }
stamp = { shell = "echo stamped >> dist/all", deps = ["build"] }
`,
    });
    for (const text of ["one", "two", "two"]) {
      project.write({ src: text });
      const ran = await project.run(["sign"]);
      assert(!ran.stderr.includes("warning"), ran.stderr);
      assertEquals(project.read("dist/all"), `${text}signed\n`);
    }
    await project.run(["stamp"]);
    const again = await project.run(["build"]);
    assertStringIncludes(again.stderr, "a task that changes it has it in its outputs");
    assertEquals(aside(project), ["dist/all: twostamped\n"]);
  },
);

cliTest(
  "a result made beside what other tools had left is none where that is gone",
  POSIX,
  async () => {
    await using project = await createProject({
      src: "one",
      "build/lib.o": "of make",
      "build/README": "mine",
      "tasks.toml": `[tasks]
build = { shell = "mkdir -p build; [ -e build/lib.o ] || cp src build/lib.o; cp src build/app", inputs = ["src"], outputs = ["build/"] }
`,
    });
    await project.run(["build"]);
    assertMatch((await project.run(["build"])).stderr, /cached/);
    Deno.removeSync(`${project.root}/build/app`);
    assertMatch((await project.run(["build"])).stderr, /cached/);
    Deno.removeSync(`${project.root}/build/lib.o`);
    const why = "(the stored result was made beside build/lib.o, which is not what it was)";
    assertStringIncludes((await project.run(["-n", "build"])).stdout, `miss ${why}`);
    assertStringIncludes((await project.run(["build"])).stderr, why);
    assertEquals(listed(project, "build"), "README,app,lib.o");
    project.write({ "build/README": "changed" });
    await project.run(["build"]);
    Deno.removeSync(`${project.root}/build`, { recursive: true });
    project.write({ "build/README": "changed" });
    assertMatch((await project.run(["build"])).stderr, /cached/);
    assertEquals(listed(project, "build"), "README,app,lib.o");
  },
);

cliTest(
  "a directory of somebody's in the way of an output does not get into a result",
  POSIX,
  async () => {
    await using project = await createProject({
      src: "one",
      "tasks.toml": `[tasks]
build = { shell = "mkdir -p dist; cat src > dist/all; echo x > dist/x", inputs = ["src"], outputs = ["dist/"] }
`,
    });
    await project.run(["build"]);
    Deno.removeSync(`${project.root}/dist/all`);
    project.write({ "dist/all/mine": "mine" });
    await project.run(["build"]);
    assertEquals(project.read("dist/all/mine"), "mine");
    Deno.removeSync(`${project.root}/dist/all`, { recursive: true });
    await project.run(["build"]);
    assertEquals(project.read("dist/all"), "one");
  },
);
