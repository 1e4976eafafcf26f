/**
 * What a key says of the inputs.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { type Inputs, readInputs } from "../../../src/cache/inputs.ts";
import { openStatCacheAt } from "../../../src/cache/stat_cache.ts";
import { createTree } from "../../../src/cache/tree.ts";
import { digestOf } from "../../../src/host/hash.ts";
import { patterns, project } from "./_rig.ts";

const windows = Deno.build.os === "windows";

/** Without times, which differ from file to file. */
async function inputs(root: string, list: readonly string[], text = false): Promise<Inputs> {
  const cache = openStatCacheAt(`${root}/stat`, undefined);
  const options = { gitignore: true, text };
  const found = await readInputs(root, patterns(...list), createTree(root), cache, options);
  return { ...found, entries: found.entries.map(({ path, value }) => ({ path, value })) };
}

Deno.test("lesson 14: contents that change places are other inputs", async () => {
  await using one = await project({ "a/x": "1", "b/x": "2" });
  await using two = await project({ "a/x": "2", "b/x": "1" });
  const first = (await inputs(one.root, ["**"])).entries;
  assertEquals(first, [
    { path: "a/x", value: digestOf("1") },
    { path: "b/x", value: digestOf("2") },
  ]);
  assertNotEquals(first, (await inputs(two.root, ["**"])).entries);
});

Deno.test("lesson 12: CRLF is LF for text alone, and the order is that of code units", async () => {
  await using unix = await project({ "b": "1\n2\n", "B": "", "a-b": "", "a/b": "" });
  await using dos = await project({ "a/b": "", "a-b": "", "B": "", "b": "1\r\n2\r\n" });
  const text = (await inputs(unix.root, ["**"], true)).entries;
  assertEquals(text, (await inputs(dos.root, ["**"], true)).entries);
  assertEquals(text.map((each) => each.path), ["B", "a-b", "a/b", "b"]);
  assertNotEquals(text, (await inputs(dos.root, ["**"])).entries);
});

Deno.test({
  name: "a directory that cannot be listed is a reason not to cache, never an empty one",
  ignore: windows,
  async fn() {
    await using made = await project({ "in/x": "1" });
    // Nobody, not even root, can list what lies below a path that is too long.
    const segment = "d".repeat(200);
    const script = 'cd in; for i in $(seq 25); do mkdir "$1"; cd -P "$1"; done; : > deep';
    const sh = new Deno.Command("sh", { args: ["-c", script, "sh", segment], cwd: made.root });
    assert((await sh.output()).success);
    const { entries, uncached } = await inputs(made.root, ["in/**"]);
    assertEquals(entries.map(({ path }) => path), ["in/x"]);
    assertEquals(uncached?.why, "unreadable");
    assertMatch(uncached!.path, /^in(?:\/d{200})+$/);
  },
});

Deno.test({
  name: "a file that can be listed and not be looked at is unreadable, not being written to",
  ignore: windows,
  async fn() {
    await using made = await project({ "in/x": "1" });
    // Its directory's path just fits, and its own does not.
    const room = 4090 - Deno.realPathSync(made.root).length - "/in".length;
    const segments = Array.from({ length: Math.floor(room / 201) - 1 }, () => "d".repeat(200));
    const rest = room - segments.length * 201;
    const names = [...segments, "e".repeat(200), "f".repeat(rest - 202)];
    const script = 'cd in; for name; do mkdir "$name"; cd -P "$name"; done; : > a-file';
    const sh = new Deno.Command("sh", { args: ["-c", script, "sh", ...names], cwd: made.root });
    assert((await sh.output()).success);
    const { uncached } = await inputs(Deno.realPathSync(made.root), ["in/**"]);
    assertEquals(uncached?.why, "unreadable");
    assertMatch(uncached!.path, /a-file$/);
  },
});

Deno.test({
  name: "lesson 17: the executable bit alone is a change",
  ignore: windows,
  async fn() {
    await using made = await project({ "a": "1" });
    await Deno.chmod(`${made.root}/a`, 0o755);
    assertEquals((await inputs(made.root, ["a"])).entries[0]?.value, `${digestOf("1")} x`);
  },
});

Deno.test({
  name:
    "a link counts with its text and with what is at its end, also outside, in circles and nowhere",
  ignore: windows,
  async fn() {
    await using outside = await project({ "d/f": "1" });
    await using made = await project({ "in/x": "2" });
    const { root } = made;
    await Deno.symlink(`${outside.root}/d`, `${root}/out`);
    await Deno.symlink("..", `${outside.root}/d/up`);
    await Deno.symlink("in/x", `${root}/file`);
    await Deno.symlink("none", `${root}/dangling`);
    const { entries, uncached } = await inputs(root, ["out", "file", "dangling"]);
    assertEquals(uncached, undefined);
    assertEquals(entries, [
      { path: "dangling", value: 'link "none" -> dangling' },
      { path: "file", value: `link "in/x" -> ${digestOf("2")}` },
      { path: "out", value: `link "${outside.root}/d" -> directory` },
      { path: "out/f", value: digestOf("1") },
      { path: "out/up", value: 'link ".." -> directory' },
      { path: "out/up/d/f", value: digestOf("1") },
      { path: "out/up/d/up", value: 'link ".." -> directory as "out/up"' },
    ]);
  },
});

Deno.test({
  name: "a FIFO is not opened, a name that is no Unicode makes the task uncached",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using made = await project({ "a": "1" });
    const { root } = made;
    await new Deno.Command("mkfifo", { args: [`${root}/pipe`] }).output();
    const first = await inputs(root, ["**"]);
    assertEquals([first.skipped, first.uncached], [["pipe"], undefined]);
    await new Deno.Command("sh", { args: ["-c", `: > "$(printf 'b\\377')"`], cwd: root }).output();
    const second = await inputs(root, ["**"]);
    assertEquals(second.uncached, { path: "b\ufffd", why: "not unicode" });
    assertEquals((await inputs(root, ["a"])).uncached, undefined);
  },
});
