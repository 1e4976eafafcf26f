import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { blobPath, manifestPath, openLocalStore } from "../../../src/cache/local_store.ts";
import { announce, prune, pruneIfLarge, usageOf, verify } from "../../../src/cache/prune.ts";
import type { Digest } from "../../../src/model/digest.ts";
import { project } from "./_rig.ts";

const HOUR = 3_600_000;
const NOW = Date.now();
const clock = { after: () => () => {}, date: () => NOW };

interface Entry {
  /** Hours ago. */
  readonly used: number;
  readonly blobs: readonly string[];
}

function keyOf(name: string): string {
  return name.repeat(64).slice(0, 64);
}

function age(path: string, hours: number): void {
  Deno.utimeSync(path, (NOW - hours * HOUR) / 1000, (NOW - hours * HOUR) / 1000);
}

async function storeWith(directory: string, entries: Readonly<Record<string, Entry>>) {
  const store = openLocalStore(directory, () => NOW);
  const digests = new Map<string, Digest>();
  for (const [name, { used, blobs }] of Object.entries(entries)) {
    const outputs = [];
    for (const [index, blob] of blobs.entries()) {
      const put = await store.putBytes(new TextEncoder().encode(blob));
      assert(put.kind === "stored");
      digests.set(blob, put.digest);
      const path = `dist/${index}`;
      outputs.push({ kind: "file", path, digest: put.digest, executable: false } as const);
    }
    const result = { key: keyOf(name), task: name, outputs, duration: 1, at: "2026" };
    await store.put({ result, parts: [] });
    age(manifestPath(directory, keyOf(name)), used);
  }
  for (const digest of digests.values()) age(blobPath(directory, digest), 1000);
  const kept = () => ({
    results: Object.keys(entries).filter((name) => isThere(manifestPath(directory, keyOf(name)))),
    blobs: [...digests].filter(([, digest]) => isThere(blobPath(directory, digest)))
      .map(([blob]) => blob),
  });
  return { store, kept, digest: (blob: string) => digests.get(blob)! };
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

const BIG = "b".repeat(100_000);

Deno.test("what was used least recently goes, with the blobs that nothing else needs", async () => {
  await using place = await project({});
  const { kept } = await storeWith(place.root, {
    a: { used: 50, blobs: ["shared", `a${BIG}`] },
    b: { used: 40, blobs: ["shared", `b${BIG}`] },
    c: { used: 60, blobs: [`c${BIG}`] },
    d: { used: 30, blobs: [`d${BIG}`] },
  });
  const { before, after } = await prune(place.root, 250_000, clock);
  assertEquals(kept(), { results: ["b", "d"], blobs: ["shared", `b${BIG}`, `d${BIG}`] });
  assertEquals([before.results, before.blobs, after.results, after.blobs], [4, 5, 2, 3]);
  assert(before.bytes > 400_000 && after.bytes < 250_000);
  assertEquals(after, usageOf(place.root));
});

Deno.test("a shared blob counts once", async () => {
  await using place = await project({});
  const { kept } = await storeWith(place.root, {
    a: { used: 30, blobs: [BIG] },
    b: { used: 40, blobs: [BIG] },
    c: { used: 50, blobs: [BIG] },
  });
  await prune(place.root, 110_000, clock);
  assertEquals(kept().results, ["a", "b", "c"]);
});

Deno.test("while a process runs, what was used lately stays, however large the store is", async () => {
  await using place = await project({});
  const { kept } = await storeWith(place.root, {
    a: { used: 1, blobs: [`a${BIG}`] },
    b: { used: 23, blobs: [`b${BIG}`] },
    c: { used: 25, blobs: [`c${BIG}`] },
  });
  const running = announce(place.root, clock);
  await prune(place.root, 0, clock);
  assertEquals(kept().results, ["a", "b"]);
  running.release();
  await prune(place.root, 0, clock);
  assertEquals(kept(), { results: [], blobs: [] });
});

Deno.test("a new blob without a manifest waits for it, an old one goes, and so do half-written files", async () => {
  await using place = await project({});
  const { store, digest, kept } = await storeWith(place.root, { a: { used: 1, blobs: ["a"] } });
  const [fresh, old] = [new Uint8Array(1), new Uint8Array(2)];
  const stored = [await store.putBytes(fresh), await store.putBytes(old)].map((each) => {
    assert(each.kind === "stored");
    return blobPath(place.root, each.digest);
  });
  age(stored[0]!, 1.5);
  age(stored[1]!, 3);
  const half = [
    `${blobPath(place.root, digest("a"))}.1-a.0.tmp`,
    `${manifestPath(place.root, keyOf("a"))}.1-a.0.tmp`,
    join(place.root, "format.1-a.0.tmp"),
  ];
  for (const path of half) {
    Deno.writeTextFileSync(path, "half");
    Deno.writeTextFileSync(path.replace("1-a", "2-b"), "half");
    age(path, 3);
  }
  await prune(place.root, 1e9, clock);
  assertEquals(stored.map(isThere), [true, false]);
  assertEquals(half.map(isThere), [false, false, false]);
  assertEquals(half.map((path) => isThere(path.replace("1-a", "2-b"))), [true, true, true]);
  assertEquals(kept(), { results: ["a"], blobs: ["a"] });
});

Deno.test("a damaged manifest goes, and its blobs with it", async () => {
  await using place = await project({});
  const { kept } = await storeWith(place.root, {
    a: { used: 30, blobs: ["a"] },
    b: { used: 30, blobs: ["b"] },
  });
  Deno.truncateSync(manifestPath(place.root, keyOf("a")), 10);
  await prune(place.root, 1e9, clock);
  assertEquals(kept(), { results: ["b"], blobs: ["b"] });
});

Deno.test("nothing else in the directory is touched (lesson 26)", async () => {
  const files = {
    "mine": "1",
    "actions/notes.json": "2",
    "actions/sub/x": "3",
    "blobs/README": "4",
  };
  await using place = await project(files);
  await storeWith(place.root, { a: { used: 30, blobs: ["a"] } });
  for (const path of Object.keys(files).slice(0, 3)) age(join(place.root, path), 1000);
  await prune(place.root, 0, clock);
  for (const [path, text] of Object.entries(files)) {
    assertEquals(Deno.readTextFileSync(join(place.root, path)), text);
  }
});

Deno.test("a store is looked through when enough has been written since", async () => {
  await using place = await project({});
  const { kept } = await storeWith(place.root, {
    a: { used: 30, blobs: [`a${BIG}`] },
    b: { used: 40, blobs: [`b${BIG}`] },
  });
  const limit = 150_000;
  Deno.writeTextFileSync(join(place.root, "grown"), "0");
  await pruneIfLarge(place.root, limit, 1000, clock);
  assertEquals(kept().results, ["a", "b"]);
  await pruneIfLarge(place.root, limit, 7000, clock);
  assertEquals(kept().results, ["a"]);
  assertEquals(Deno.readTextFileSync(join(place.root, "grown")), "0");
  Deno.writeTextFileSync(join(place.root, "grown"), "what?");
  await pruneIfLarge(place.root, 10, 1, clock);
  assertEquals(kept().results, []);
});

Deno.test("a store in which all is as it should be has nothing removed", async () => {
  await using place = await project({});
  const { kept } = await storeWith(place.root, {
    a: { used: 1, blobs: ["a", "shared"] },
    b: { used: 1, blobs: ["shared"] },
  });
  Deno.writeTextFileSync(join(place.root, "blobs", "half.1-a.0.tmp"), "of a process at work");
  assertEquals(verify(place.root), { results: 2, blobs: 2, removed: [] });
  assertEquals(kept().results, ["a", "b"]);
});

Deno.test("verifying removes damaged blobs and all results that need them", async () => {
  await using place = await project({});
  const { kept, digest } = await storeWith(place.root, {
    a: { used: 1, blobs: ["a", "shared"] },
    b: { used: 1, blobs: ["shared"] },
    c: { used: 1, blobs: ["c"] },
    d: { used: 1, blobs: ["d"] },
    e: { used: 1, blobs: ["e"] },
  });
  Deno.writeTextFileSync(blobPath(place.root, digest("shared")), "shareD");
  Deno.removeSync(blobPath(place.root, digest("c")));
  const path = manifestPath(place.root, keyOf("d"));
  Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace(/\[\]\n$/, "[ ]\n"));
  const { results, blobs, removed } = verify(place.root);
  assertEquals({ results, blobs, removed: removed.length }, { results: 5, blobs: 4, removed: 5 });
  assertEquals(kept(), { results: ["e"], blobs: ["a", "d", "e"] });
  assertEquals(verify(place.root).removed, []);
});
