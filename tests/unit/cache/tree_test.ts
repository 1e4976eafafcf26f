/**
 * What patterns find in a tree, and what hides from them.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { createTree } from "../../../src/cache/tree.ts";
import { patterns, project } from "./_rig.ts";

const windows = Deno.build.os === "windows";

function select(root: string, list: readonly string[], gitignore = true): string[] {
  return createTree(root).select(patterns(...list), { gitignore }).entries.map((each) => each.path);
}

Deno.test("lesson 10: an ignored file is found by a pattern that begins there, not by one above", async () => {
  await using made = await project({
    ".gitignore": "gen/\n*.log\n",
    "gen/x.ts": "",
    "gen/deep/y.log": "",
    "src/a.ts": "",
    "src/a.log": "",
    "node_modules/p/i.ts": "",
    "node_modules/p/node_modules/q/i.ts": "",
  });
  const { root } = made;
  assertEquals(select(root, ["**/*.ts"]), ["src/a.ts"]);
  assertEquals(select(root, ["gen/**"]), ["gen/deep/y.log", "gen/x.ts"]);
  assertEquals(select(root, ["gen/deep"]), ["gen/deep/y.log"]);
  assertEquals(select(root, ["src"]), ["src/a.ts"]);
  assertEquals(select(root, ["src/a.log"]), ["src/a.log"]);
  assertEquals(select(root, ["node_modules/p/**"]), [
    "node_modules/p/i.ts",
    "node_modules/p/node_modules/q/i.ts",
  ]);
  assertEquals(select(root, ["**/*.ts", "gen/**", "!gen/deep/**"]), ["gen/x.ts", "src/a.ts"]);
  assertEquals(select(root, ["**/*.log"], false), ["gen/deep/y.log", "src/a.log"]);
});

Deno.test("the ignore file nearest to a path decides, and what is below an ignored directory is lost", async () => {
  await using made = await project({
    ".gitignore": "*.gen\n/build\nb/\n",
    "x.gen": "",
    "a/.gitignore": "!kept.gen\n!b/\nonly/here\n",
    "a/kept.gen": "",
    "a/other.gen": "",
    "a/b/c": "",
    "a/only/here": "",
    "only/here": "",
    "build/x": "",
    "a/build/x": "",
    ".git/info/exclude": "secret\n",
    "secret": "",
  });
  assertEquals(select(made.root, ["**"]), [
    ".gitignore",
    "a/.gitignore",
    "a/b/c",
    "a/build/x",
    "a/kept.gen",
    "only/here",
  ]);
});

Deno.test("git's and the store's own files are seen only by who names them", async () => {
  await using made = await project({ ".git/HEAD": "", ".ntask/state/stat": "", "a": "" });
  assertEquals(select(made.root, ["**"], false), ["a"]);
  assertEquals(select(made.root, [".git/HEAD"]), [".git/HEAD"]);
  const outputs = createTree(made.root).selectOutputs(patterns("**", ".git/**"));
  assertEquals(outputs.entries.map((each) => each.path), ["a"]);
});

Deno.test("lesson 20: paths are in the order of their code units", async () => {
  await using made = await project({ "a/x": "", "a-b": "", "a.b": "", "B": "", "é": "", "a0": "" });
  assertEquals(select(made.root, ["**"]), ["B", "a-b", "a.b", "a/x", "a0", "é"]);
});

Deno.test("a snapshot stays what it was until it is forgotten", async () => {
  await using made = await project({ "a": "" });
  const tree = createTree(made.root);
  const paths = () =>
    tree.select(patterns("**"), { gitignore: true }).entries.map((each) => each.path);
  assertEquals(paths(), ["a"]);
  await Deno.writeTextFile(`${made.root}/b`, "");
  assertEquals(paths(), ["a"]);
  tree.forget();
  assertEquals(paths(), ["a", "b"]);
});

Deno.test("outputs are found where ignore files hide them, with empty directories", async () => {
  await using made = await project({ ".gitignore": "dist\n", "dist/a": "", "dist/none/": "" });
  const { entries } = createTree(made.root).selectOutputs(patterns("dist"));
  assertEquals(entries, [
    { path: "dist/a", kind: "file" },
    { path: "dist/none", kind: "directory" },
  ]);
});

Deno.test({
  name:
    "a link is an entry, is not walked through, and is found by a pattern that leads through it",
  ignore: windows,
  async fn() {
    await using made = await project({ "real/src/x.ts": "" });
    await Deno.symlink("real", `${made.root}/link`);
    assertEquals(select(made.root, ["**"]), ["link", "real/src/x.ts"]);
    assertEquals(select(made.root, ["**/*.ts"]), ["real/src/x.ts"]);
    assertEquals(select(made.root, ["link/src/*.ts"]), ["link"]);
    assertEquals(select(made.root, ["*/src/*.ts"]), ["link", "real/src/x.ts"]);
  },
});

Deno.test("a root inside a repository heeds the ignore files above it, one without none", async () => {
  const files = {
    ".gitignore": "dist/\n/apps/web/*.log\n",
    "apps/.gitignore": "*.tmp\n!keep.tmp\n",
    "apps/web/a.txt": "",
    "apps/web/a.log": "",
    "apps/web/sub/b.log": "",
    "apps/web/x.tmp": "",
    "apps/web/keep.tmp": "",
    "apps/web/dist/c.txt": "",
  };
  const found = (root: string) =>
    createTree(`${root}/apps/web`).select(patterns("**"), { gitignore: true }).entries
      .map(({ path }) => path);
  await using repository = await project({ ...files, ".git/HEAD": "" });
  assertEquals(found(repository.root), ["a.txt", "keep.tmp", "sub/b.log"]);
  await using folder = await project(files);
  assertEquals(found(folder.root).length, 6, "these files belong to nobody's repository");
});
