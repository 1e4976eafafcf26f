import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { blobPath, manifestPath, openLocalStore } from "../../../src/cache/local_store.ts";
import { digestOf } from "../../../src/host/hash.ts";
import type { Manifest } from "../../../src/model/output.ts";
import { project } from "./_rig.ts";

const POSIX = Deno.build.os !== "windows";
const KEY = "0123456789abcdef".repeat(4);

function manifestOf(key: string = KEY): Manifest {
  const result = { key, task: "build", outputs: [], duration: 1, at: "2026" };
  return { result, parts: [{ name: "action", value: "cmd x" }] };
}

/** Everything below a directory, sorted. */
function namesIn(directory: string): string[] {
  try {
    return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) =>
      isDirectory ? namesIn(join(directory, name)).map((each) => `${name}/${each}`) : [name]
    ).sort();
  } catch {
    return [];
  }
}

Deno.test("what is put is got, by this process and the next", async () => {
  await using place = await project({ a: "aaa", b: "bbb" });
  const directory = join(place.root, "store");
  const store = openLocalStore(directory, Date.now);
  assertEquals(await store.get(KEY), { kind: "miss" });
  assertEquals(namesIn(directory), [], "asking makes nothing");
  const files = ["a", "b"].map((name) => ({
    absolute: join(place.root, name),
    digest: digestOf(name.repeat(3)),
  }));
  assertEquals(await store.putFiles(files), { kind: "stored" });
  const bytes = new TextEncoder().encode("out");
  assertEquals(await store.putBytes(bytes), { kind: "stored", digest: digestOf("out") });
  assertEquals(await store.put(manifestOf()), { kind: "stored" });
  for (const each of [store, openLocalStore(directory, Date.now)]) {
    assertEquals(await each.get(KEY), { kind: "hit", value: manifestOf().result });
    assertEquals(await each.parts(KEY), { kind: "hit", value: manifestOf().parts });
    const blob = await each.readBlob(digestOf("out"));
    assertEquals(blob.kind === "hit" ? new Uint8Array(blob.value) : blob.kind, bytes);
    const copy = join(place.root, "copy");
    assertEquals(await each.copyBlobs([{ digest: digestOf("aaa"), to: copy, executable: POSIX }]), {
      kind: "hit",
      value: true,
    });
    assertEquals(Deno.readTextFileSync(copy), "aaa");
    if (POSIX) assert(((Deno.statSync(copy).mode ?? 0) & 0o111) !== 0);
    Deno.removeSync(copy);
  }
  assertEquals(namesIn(directory).filter((name) => name.endsWith(".tmp")), []);
});

Deno.test("a directory where a blob or a manifest must be is damage, and is mended", async () => {
  await using place = await project({ a: "aaa" });
  const store = openLocalStore(join(place.root, "store"), Date.now);
  const files = [{ absolute: join(place.root, "a"), digest: digestOf("aaa") }];
  const bytes = new TextEncoder().encode("out");
  const blobs = [digestOf("aaa"), digestOf("out")].map((digest) =>
    blobPath(store.directory, digest)
  );
  const spoil = () => {
    for (const path of [...blobs, manifestPath(store.directory, KEY)]) {
      Deno.removeSync(path, { recursive: true });
      Deno.mkdirSync(join(path, "deep"), { recursive: true });
    }
  };
  const put = async () => [
    (await store.putFiles(files)).kind,
    (await store.putBytes(bytes)).kind,
    (await store.put(manifestOf())).kind,
  ];
  const got = async () => [
    (await store.copyBlobs([{ digest: digestOf("aaa"), to: join(place.root, "copy") }])).kind,
    (await store.readBlob(digestOf("out"))).kind,
    (await store.get(KEY)).kind,
  ];
  assertEquals(await put(), ["stored", "stored", "stored"]);
  spoil();
  assertEquals(await got(), ["damaged", "damaged", "damaged"]);
  assertEquals(await got(), ["miss", "miss", "miss"]);
  assertEquals(await put(), ["stored", "stored", "stored"]);
  spoil();
  assertEquals(await put(), ["stored", "stored", "stored"], "without having been looked at");
  assertEquals(await got(), ["hit", "hit", "hit"]);
});

Deno.test("a file where the directory of a blob must be makes way for it", async () => {
  await using place = await project({});
  const store = openLocalStore(join(place.root, "store"), Date.now);
  const bytes = new TextEncoder().encode("out");
  const path = blobPath(store.directory, digestOf("out"));
  await store.putBytes(bytes);
  Deno.removeSync(join(path, ".."), { recursive: true });
  Deno.writeTextFileSync(join(path, ".."), "no directory");
  assertEquals((await store.readBlob(digestOf("out"))).kind, "miss");
  assertEquals((await store.putBytes(bytes)).kind, "stored");
  assertEquals((await store.readBlob(digestOf("out"))).kind, "hit");
});

Deno.test("a file of the project and its blob are two files: writing to one leaves the other (lesson 4)", async () => {
  await using place = await project({ a: "aaa" });
  const store = openLocalStore(join(place.root, "store"), Date.now);
  const digest = digestOf("aaa");
  await store.putFiles([{ absolute: join(place.root, "a"), digest }]);
  Deno.writeTextFileSync(join(place.root, "a"), "XXX");
  const copy = join(place.root, "copy");
  assertEquals((await store.copyBlobs([{ digest, to: copy }])).kind, "hit");
  Deno.writeTextFileSync(copy, "YYY");
  const blob = blobPath(store.directory, digest);
  assertEquals(Deno.readTextFileSync(blob), "aaa");
  if (POSIX) assertEquals([blob, copy].map((path) => Deno.statSync(path).nlink), [1, 1]);
});

Deno.test("a file that is not what its digest says is named, and nothing is stored of any", async () => {
  await using place = await project({ a: "aaa", b: "changed meanwhile" });
  const store = openLocalStore(join(place.root, "store"), Date.now);
  for (const other of ["b", "gone"]) {
    const files = [
      { absolute: join(place.root, "a"), digest: digestOf("aaa") },
      { absolute: join(place.root, other), digest: digestOf("bbb") },
    ];
    assertEquals(await store.putFiles(files), { kind: "changed", path: join(place.root, other) });
  }
  assertEquals(namesIn(join(store.directory, "blobs")), []);
});

/** How a file may be damaged. */
const DAMAGES: Readonly<Record<string, (path: string) => void>> = {
  truncated: (path) => Deno.truncateSync(path, Deno.statSync(path).size - 1),
  emptied: (path) => Deno.truncateSync(path, 0),
  longer: (path) => Deno.writeTextFileSync(path, "x", { append: true }),
  flipped(path) {
    const bytes = Deno.readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    Deno.writeFileSync(path, bytes);
  },
  deleted: (path) => Deno.removeSync(path),
};

for (const [name, damage] of Object.entries(DAMAGES)) {
  Deno.test(`a blob that is ${name} is a miss, and comes back when it is put again (lesson 6)`, async () => {
    await using place = await project({ a: "aaa" });
    const store = openLocalStore(join(place.root, "store"), Date.now);
    const digest = digestOf("aaa");
    const blob = blobPath(store.directory, digest);
    const copy = join(place.root, "copy");
    const put = () => store.putFiles([{ absolute: join(place.root, "a"), digest }]);
    const wanted = name === "deleted" ? "miss" : "damaged";

    await put();
    damage(blob);
    assertEquals((await store.readBlob(digest)).kind, wanted);
    assertEquals(namesIn(join(store.directory, "blobs")), []);
    await put();
    damage(blob);
    assertEquals((await store.copyBlobs([{ digest, to: copy }])).kind, wanted);
    assertEquals(namesIn(join(store.directory, "blobs")), []);
    assertEquals(namesIn(place.root).includes("copy"), false);
    await put();
    assertEquals((await store.copyBlobs([{ digest, to: copy }])).kind, "hit");
  });

  Deno.test(`a manifest that is ${name} is a miss, and comes back when it is put again (lesson 6)`, async () => {
    await using place = await project({});
    const store = openLocalStore(join(place.root, "store"), Date.now);
    const path = manifestPath(store.directory, KEY);
    await store.put(manifestOf());
    damage(path);
    // A damage of the parts alone is seen when they are read.
    const seen = [(await store.get(KEY)).kind, (await store.parts(KEY)).kind];
    assert(seen.some((kind) => kind !== "hit"), String(seen));
    assertEquals(namesIn(join(store.directory, "actions")), []);
    await store.put(manifestOf());
    assertEquals((await store.get(KEY)).kind, "hit");
  });
}

Deno.test("a manifest under another name is a miss", async () => {
  await using place = await project({});
  const store = openLocalStore(join(place.root, "store"), Date.now);
  await store.put(manifestOf());
  const other = "f".repeat(64);
  Deno.renameSync(manifestPath(store.directory, KEY), manifestPath(store.directory, other));
  assertEquals((await store.get(other)).kind, "damaged");
});

Deno.test("a store of a newer format is left alone", async () => {
  await using place = await project({ a: "aaa" });
  const directory = join(place.root, "store");
  await openLocalStore(directory, Date.now).put(manifestOf());
  Deno.writeTextFileSync(join(directory, "format"), "2\n");
  const before = namesIn(directory);
  const store = openLocalStore(directory, Date.now);
  const digest = digestOf("aaa");
  const answers = [
    await store.get(KEY),
    await store.parts(KEY),
    await store.put(manifestOf("e".repeat(64))),
    await store.putFiles([{ absolute: join(place.root, "a"), digest }]),
    await store.putBytes(new Uint8Array(1)),
  ];
  for (const answer of answers) {
    assertEquals(answer.kind === "unavailable" ? answer.why : answer.kind, "newer");
    assertStringIncludes(answer.kind === "unavailable" ? answer.detail : "", directory);
  }
  assertEquals(namesIn(directory), before);
});

for (const text of ["", "\0", "one", "-1", "1.5"]) {
  Deno.test(`a version ${JSON.stringify(text)} is damaged and is written anew`, async () => {
    await using place = await project({});
    const directory = join(place.root, "store");
    await openLocalStore(directory, Date.now).put(manifestOf());
    Deno.writeTextFileSync(join(directory, "format"), text);
    const store = openLocalStore(directory, Date.now);
    assertEquals((await store.get(KEY)).kind, "hit");
    assertEquals((await store.put(manifestOf())).kind, "stored");
    assertEquals(Deno.readTextFileSync(join(directory, "format")), "1\n");
  });
}

Deno.test("a store that cannot be made or written is unavailable, and nothing is thrown", async () => {
  await using place = await project({ a: "aaa", file: "" });
  const store = openLocalStore(join(place.root, "file", "store"), Date.now);
  const digest = digestOf("aaa");
  assertEquals((await store.get(KEY)).kind, "miss");
  assertEquals((await store.put(manifestOf())).kind, "unavailable");
  assertEquals((await store.putBytes(new Uint8Array(1))).kind, "unavailable");
  const files = [{ absolute: join(place.root, "a"), digest }];
  assertEquals((await store.putFiles(files)).kind, "unavailable");
});

Deno.test("a directory where a blob or a manifest should be is no crash", async () => {
  await using place = await project({ a: "aaa" });
  const store = openLocalStore(join(place.root, "store"), Date.now);
  const digest = digestOf("aaa");
  await store.put(manifestOf());
  Deno.removeSync(manifestPath(store.directory, KEY));
  for (const path of [manifestPath(store.directory, KEY), blobPath(store.directory, digest)]) {
    Deno.mkdirSync(path, { recursive: true });
  }
  const files = [{ absolute: join(place.root, "a"), digest }];
  const kinds = [
    await store.get(KEY),
    await store.parts(KEY),
    await store.readBlob(digest),
    await store.copyBlobs([{ digest, to: join(place.root, "copy") }]),
  ].map(({ kind }) => kind);
  assert(!kinds.includes("hit"), String(kinds));
  await store.putFiles(files);
});

Deno.test("two that store the same at the same time both succeed", async () => {
  await using place = await project({ a: "aaa" });
  const directory = join(place.root, "store");
  const files = [{ absolute: join(place.root, "a"), digest: digestOf("aaa") }];
  const stored = await Promise.all(Array.from({ length: 20 }, async () => {
    const store = openLocalStore(directory, Date.now);
    return [await store.putFiles(files), await store.put(manifestOf())];
  }));
  assert(stored.flat().every(({ kind }) => kind === "stored"));
  assertEquals((await openLocalStore(directory, Date.now).get(KEY)).kind, "hit");
  assertEquals(namesIn(join(directory, "blobs")).length, 1);
});

Deno.test("a use is written down when the last one is an hour old", async () => {
  await using place = await project({});
  let now = Date.now();
  const store = openLocalStore(join(place.root, "store"), () => now);
  await store.put(manifestOf());
  const path = manifestPath(store.directory, KEY);
  const time = () => Deno.statSync(path).mtime?.getTime();
  const first = time();
  now += 50 * 60_000;
  await store.get(KEY);
  assertEquals(time(), first);
  now += 20 * 60_000;
  await store.get(KEY);
  assertEquals(time(), now);
});
