/**
 * What patterns meant before is believed only where the long way would find the same.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fs from "node:fs";
import { readInputs } from "../../../src/cache/inputs.ts";
import { openFindings } from "../../../src/cache/findings.ts";
import { openStatCacheAt } from "../../../src/cache/stat_cache.ts";
import { createTree } from "../../../src/cache/tree.ts";
import { counting } from "../../rig/counting.ts";
import { patterns, project } from "./_rig.ts";

const windows = Deno.build.os === "windows";

/** Old enough for everything to be remembered. */
const LATER = Date.now() + 60 * 60 * 1000;

const OPTIONS = { gitignore: true, text: false };
const HEEDS = { heeds: true };

/** What the long way finds, as a text; remembered. */
async function read(root: string, list: readonly string[], now = LATER): Promise<string> {
  const statCache = openStatCacheAt(`${root}/.ntask/stat`, now);
  const findings = openFindings(root, `${root}/.ntask/findings`, now);
  const tree = createTree(root);
  const { entries, plain } = await readInputs(root, patterns(...list), tree, statCache, OPTIONS);
  const answer = JSON.stringify(entries.map(({ path, value }) => [path, value]));
  if (plain !== undefined) findings.remember("files", answer, plain, tree, HEEDS);
  statCache.save();
  findings.save();
  return answer;
}

/** What the next run is told. */
async function glance(root: string, now = LATER): Promise<string | undefined> {
  const findings = openFindings(root, `${root}/.ntask/findings`, now);
  return (await findings.confirm("files", createTree(root), HEEDS))?.answer;
}

/**
 * What is written from here on has another time: the clock of a file system goes in steps, and that
 * of changes in whole seconds as Deno shows it.
 */
function clockGoesOn(root: string, time: "mtimeMs" | "ctimeMs"): void {
  const tick = () => {
    fs.writeFileSync(`${root}/.ntask/tick`, "");
    return fs.lstatSync(`${root}/.ntask/tick`)[time];
  };
  for (const first = tick(); tick() === first;);
}

const FILES = {
  ".git/info/exclude": "",
  ".gitignore": "*.log\nbuild/\n",
  ".ntask/x": "",
  "src/a.ts": "a",
  "src/b.ts": "b",
  "src/notes": "n",
  "src/deep/c.ts": "c",
  "src/deep/old.log": "l",
  "src/build/made.ts": "m",
  "outside/deep/c.ts": "c",
};

const LIST = ["src/**/*.ts", "package.json", "!src/b.ts"];

/** Whether the set of {@linkcode LIST} is another one then. */
const EDITS: readonly (readonly [string, boolean, (root: string) => unknown])[] = [
  ["nothing is done", false, () => {}],
  ["a file has another content", true, (root) => Deno.writeTextFile(`${root}/src/a.ts`, "x")],
  ["a file has another content and its old time", true, async (root) => {
    const { mtime } = await Deno.stat(`${root}/src/a.ts`);
    clockGoesOn(root, "ctimeMs");
    await Deno.writeTextFile(`${root}/src/a.ts`, "x");
    await Deno.utime(`${root}/src/a.ts`, mtime!, mtime!);
  }],
  ["a file is put in place of another one", true, async (root) => {
    await Deno.writeTextFile(`${root}/outside/a.ts`, "x");
    await Deno.rename(`${root}/outside/a.ts`, `${root}/src/a.ts`);
  }],
  ["a file is executable", !windows, (root) => {
    if (!windows) return Deno.chmod(`${root}/src/a.ts`, 0o755);
  }],
  ["a file has come", true, (root) => Deno.writeTextFile(`${root}/src/deep/d.ts`, "d")],
  ["a file is gone", true, (root) => Deno.remove(`${root}/src/deep/c.ts`)],
  ["a file has another name", true, (root) => Deno.rename(`${root}/src/a.ts`, `${root}/src/z.ts`)],
  ["two files change places", true, async (root) => {
    await Deno.rename(`${root}/src/a.ts`, `${root}/src/t.ts`);
    await Deno.rename(`${root}/src/deep/c.ts`, `${root}/src/a.ts`);
    await Deno.rename(`${root}/src/t.ts`, `${root}/src/deep/c.ts`);
  }],
  [
    "an excluded file has another content",
    false,
    (root) => Deno.writeTextFile(`${root}/src/b.ts`, "x"),
  ],
  [
    "what no pattern names has another content",
    false,
    (root) => Deno.writeTextFile(`${root}/src/notes`, "x"),
  ],
  ["a name that was a file is a directory", true, async (root) => {
    await Deno.remove(`${root}/src/notes`);
    await Deno.mkdir(`${root}/src/notes`);
    await Deno.writeTextFile(`${root}/src/notes/d.ts`, "d");
  }],
  ["a file that is named has come", true, (root) => Deno.writeTextFile(`${root}/package.json`, "")],
  [
    "an ignored file has come",
    false,
    (root) => Deno.writeTextFile(`${root}/src/build/other.ts`, "x"),
  ],
  [
    "an ignore file says something else",
    true,
    (root) => Deno.writeTextFile(`${root}/.gitignore`, "*.log\n"),
  ],
  [
    "an ignore file has come on the way",
    true,
    (root) => Deno.writeTextFile(`${root}/src/.gitignore`, "a.ts\n"),
  ],
  [
    "an ignore file has come below",
    true,
    (root) => Deno.writeTextFile(`${root}/src/deep/.gitignore`, "c.ts\n"),
  ],
  [
    "git is told to ignore a file",
    true,
    (root) => Deno.writeTextFile(`${root}/.git/info/exclude`, "a.ts\n"),
  ],
  ["the root lies in a repository", true, async (root) => {
    await Deno.rename(`${root}/.git`, `${root}/../.git`);
    await Deno.writeTextFile(`${root}/../.gitignore`, "c.ts\n");
  }],
  ["a file is a link to what it was", true, async (root) => {
    if (windows) return await Deno.remove(`${root}/src/a.ts`);
    await Deno.rename(`${root}/src/a.ts`, `${root}/outside/a.ts`);
    await Deno.symlink("../outside/a.ts", `${root}/src/a.ts`);
  }],
  ["a directory is a link to what it was", true, async (root) => {
    if (windows) return await Deno.remove(`${root}/src/deep`, { recursive: true });
    await Deno.rename(`${root}/src/deep`, `${root}/outside/moved`);
    await Deno.symlink("../outside/moved", `${root}/src/deep`);
  }],
  ["the directory on the way is a link to what it was", true, async (root) => {
    if (windows) return await Deno.remove(`${root}/src`, { recursive: true });
    await Deno.rename(`${root}/src`, `${root}/moved`);
    await Deno.symlink("moved", `${root}/src`);
  }],
];

for (const [name, changes, edit] of EDITS) {
  Deno.test(`${changes ? "nothing is believed" : "what was seen still holds"} when ${name}`, async () => {
    await using made = await project(
      Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`project/${path}`, text])),
    );
    const root = `${made.root}/project`;
    const before = await read(root, LIST);
    assertEquals(await glance(root), before);
    clockGoesOn(root, "mtimeMs");
    await edit(root);
    const after = await glance(root);
    if (after === undefined) assert(changes);
    else assertEquals(after, await read(root, LIST));
    assertEquals(after !== undefined, !changes);
  });
}

Deno.test("nothing is believed when an ignore file above the root says something else", async () => {
  await using made = await project({
    ".git/HEAD": "",
    ".gitignore": "*.log\n",
    "inner/.ntask/": "",
    "inner/src/a.ts": "a",
  });
  const root = `${made.root}/inner`;
  const before = await read(root, LIST);
  assertEquals(await glance(root), before);
  await Deno.writeTextFile(`${made.root}/.gitignore`, "a.ts\n");
  assertEquals(await glance(root), undefined);
});

Deno.test("a file that was too young when it was read, or is of the future, is not believed", async () => {
  await using made = await project({ ".ntask/": "", "src/a": "a" });
  const { root } = made;
  const { mtime, ctime } = fs.lstatSync(`${root}/src/a`);
  const written = Math.max(mtime.getTime(), ctime.getTime());
  await read(root, ["src"], written + 5);
  assertEquals(await glance(root), undefined);
  const found = await read(root, ["src"]);
  assertEquals(await glance(root), found);
  assertEquals(await glance(root, written - 60_000), undefined);
});

Deno.test("a file of findings that was damaged is as good as none", async () => {
  await using made = await project({ ".ntask/": "", "src/a": "a" });
  const { root } = made;
  await read(root, ["src"]);
  const file = `${root}/.ntask/findings`;
  const bytes = await Deno.readFile(file);
  for (const at of [0, 20, 100, bytes.length - 1]) {
    const damaged = bytes.slice();
    damaged[at]! ^= 1;
    await Deno.writeFile(file, damaged);
    assertEquals(await glance(root), undefined, String(at));
  }
  await Deno.writeFile(file, bytes.slice(0, -1));
  assertEquals(await glance(root), undefined);
});

Deno.test("what is seen again takes a look at each file, one at each directory, and nothing is read", async () => {
  const names = Array.from({ length: 50 }, (_, index) => [`src/x/${index}.ts`, String(index)]);
  await using made = await project({ ".ntask/": "", ...Object.fromEntries(names) });
  const { root } = made;
  await read(root, ["src/**"]);
  const findings = openFindings(root, `${root}/.ntask/findings`, LATER);
  using counts = counting(["lstatSync", "readdirSync", "openSync", "readFileSync"]);
  openStatCacheAt(`${root}/.ntask/stat`, LATER);
  const tree = createTree(root);
  for (let times = 0; times < 3; times++) assert(await findings.confirm("files", tree, HEEDS));
  // Besides them `src`, `.gitignore` on the way and above, and where a repository could be.
  const above = root.split("/").length;
  assertEquals(counts.of("readdirSync"), 2);
  assertEquals(counts.of("openSync") + counts.of("readFileSync"), 0);
  const looks = counts.of("lstatSync");
  assert(looks >= 50 && looks <= 50 + 5 + above, String(looks));
});
