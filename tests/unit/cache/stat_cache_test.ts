/**
 * When a file is not read again, and that it is read whenever it could have changed.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type Hand, workOn } from "../../../src/cache/file_work.ts";
import {
  type FileDigest,
  type FileFault,
  openStatCache,
  openStatCacheAt,
} from "../../../src/cache/stat_cache.ts";
import type { Digest } from "../../../src/model/digest.ts";
import { digestOf } from "../../../src/host/hash.ts";
import { stat } from "../../../src/host/disk.ts";
import { testimony, watch } from "../../../src/host/witness.ts";
import { project } from "./_rig.ts";

const windows = Deno.build.os === "windows";

/** A moment at which the file has been what it is for so many milliseconds. */
function after(path: string, ms: number): number {
  const { mtime, ctime } = stat(path)!;
  return Math.max(mtime, ctime) + ms;
}

/** Without what differs from file to file. */
function plain(found: FileDigest | FileFault): FileFault | Omit<FileDigest, "look" | "remembered"> {
  if ("fault" in found) return found;
  const { look: _, remembered: __, ...rest } = found;
  return rest;
}

/** Does a run at this moment remember the file? */
function remembers(root: string, now: number): boolean {
  const cache = openStatCacheAt(`${root}/stat`, now);
  cache.digest(`${root}/a`, "a");
  cache.save();
  return stat(`${root}/stat`) !== undefined;
}

Deno.test("a file that is old enough is remembered, a young one and one of the future are not", async () => {
  await using made = await project({ "a": "x" });
  const { root } = made;
  const at = (ms: number) => after(`${root}/a`, ms);
  assert(!remembers(root, at(10)));
  assert(!remembers(root, at(-5000)));
  assert(remembers(root, at(3000)));
});

Deno.test("whole seconds need the wider margin", async () => {
  await using made = await project({ "a": "x" });
  const { root } = made;
  await Deno.utime(`${root}/a`, 1_000_000, 1_000_000);
  assert(!remembers(root, after(`${root}/a`, 1900)));
});

/** Says that it is empty. */
const PROC = "/proc/version";

Deno.test({
  name: "a file that is not as long as it says is not remembered, and no run is kept that saw it",
  ignore: stat(PROC) === undefined,
  async fn() {
    await using made = await project({});
    for (const text of [false, true]) {
      const cache = openStatCacheAt(`${made.root}/stat`, after(PROC, 10_000));
      watch(0);
      const here = cache.digest(PROC, PROC, { text });
      assert("digest" in here && !here.remembered);
      assertEquals(testimony(), undefined);
      watch(0);
      const [later] = await cache.digests([{ absolute: PROC, name: PROC }], { text });
      assert("digest" in later! && !later.remembered);
      assertEquals(testimony(), undefined);
    }
  },
});

Deno.test("a change of content, size or identity is seen", async () => {
  await using made = await project({ "a": "x", "b": "y" });
  const { root } = made;
  const file = `${root}/stat`;
  const now = after(`${root}/b`, 10_000);
  const first = openStatCacheAt(file, now);
  assertEquals(plain(first.digest(`${root}/a`, "a")), { digest: digestOf("x"), executable: false });
  first.save();
  await Deno.rename(`${root}/b`, `${root}/a`);
  const second = openStatCacheAt(file, now);
  assertEquals(plain(second.digest(`${root}/a`, "a")), {
    digest: digestOf("y"),
    executable: false,
  });
});

Deno.test("a stat file that is cut, flipped or of another version says nothing", async () => {
  await using made = await project({ "a": "x" });
  const { root } = made;
  const file = `${root}/stat`;
  const now = after(`${root}/a`, 10_000);
  const cache = openStatCacheAt(file, now);
  cache.digest(`${root}/a`, "a");
  cache.save();
  const good = await Deno.readFile(file);
  const text = new TextDecoder("latin1").decode(good);
  const hash = text.indexOf(digestOf("x").slice(0, 64));
  assert(hash > 0);
  const changed = (at: number) => good.map((byte, index) => index === at ? byte ^ 1 : byte);
  for (const bytes of [good.subarray(0, good.length - 1), changed(hash), changed(3)]) {
    await Deno.writeFile(file, bytes);
    assertEquals(plain(openStatCacheAt(file, now).digest(`${root}/a`, "a")), {
      digest: digestOf("x"),
      executable: false,
    });
  }
});

Deno.test("what is remembered is used: the digest is the stored one", async () => {
  await using made = await project({ "a": "x" });
  const { root } = made;
  const now = after(`${root}/a`, 10_000);
  const cache = openStatCacheAt(`${root}/stat`, now);
  cache.digest(`${root}/a`, "a");
  cache.save();
  // The same file under a name that is remembered: no read is needed to know it.
  const { readStatFile, writeStatFile } = await import("../../../src/cache/_stat_file.ts");
  const { generation, entries } = readStatFile(`${root}/stat`);
  const known = entries.get("ba")!;
  entries.set("ba", { ...known, hash: "0".repeat(64) });
  writeStatFile(`${root}/stat`, { generation, entries });
  const answer = openStatCacheAt(`${root}/stat`, now).digest(`${root}/a`, "a");
  assertEquals(plain(answer), { digest: `${"0".repeat(64)}/1` as Digest, executable: false });
  const backwards = openStatCacheAt(`${root}/stat`, after(`${root}/a`, -1));
  assertEquals(plain(backwards.digest(`${root}/a`, "a")), {
    digest: digestOf("x"),
    executable: false,
  });
});

Deno.test({
  name: "where no probe can be written nothing is remembered",
  ignore: windows,
  async fn() {
    await using made = await project({ "a": "x", "blocked": "" });
    const { root } = made;
    const cache = openStatCache(`${root}/stat`, `${root}/blocked/probe`);
    assertEquals(plain(cache.digest(`${root}/a`, "a")), {
      digest: digestOf("x"),
      executable: false,
    });
    cache.save();
    assertEquals(stat(`${root}/stat`), undefined);
  },
});

Deno.test("many are digested in their order, small and large, missing ones as faults", async () => {
  const large = "l".repeat(5 << 20);
  await using made = await project({ "a": "x", "large": large, "crlf": "1\r\n2\r3\n" });
  const { root } = made;
  const cache = openStatCache(`${root}/.ntask/state/stat`, `${root}/.ntask/state/probe`);
  const files = ["large", "none", "a", "crlf"].map((name) => ({
    absolute: `${root}/${name}`,
    name,
  }));
  const executable = false;
  assertEquals((await cache.digests(files)).map(plain), [
    { digest: digestOf(large), executable },
    { fault: "missing" },
    { digest: digestOf("x"), executable },
    { digest: digestOf("1\r\n2\r3\n"), executable },
  ]);
  const text = await cache.digests(files, { text: true });
  assertEquals(plain(text[3]!), { digest: digestOf("1\n2\r3\n"), executable });
});

Deno.test("many files are hashed by others too; what one of them leaves is hashed here", async () => {
  const names = Array.from({ length: 4200 }, (_, index) => `f${index}`);
  await using here = await project(Object.fromEntries(names.map((name) => [name, name])));
  let asked = 0;
  const hand: Hand = async (work) => await workOn(work);
  // The second one is killed.
  const killed: Hand = () => Promise.resolve(undefined);
  const cache = openStatCacheAt(`${here.root}/stat`, Date.now() + 10_000, () => {
    asked++;
    return [hand, killed];
  });
  const files = names.map((name) => ({ absolute: `${here.root}/${name}`, name }));
  const digests = await cache.digests(files);
  assertEquals(asked, 1);
  for (const [index, found] of digests.entries()) {
    assertEquals(plain(found), { digest: digestOf(names[index]!), executable: false });
  }
  assertEquals((await cache.digests(files.slice(0, 10))).length, 10);
  assertEquals(asked, 1, "few files are hashed here");
});
