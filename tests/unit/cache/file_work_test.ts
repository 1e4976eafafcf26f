/**
 * Work on files that is shared out: whoever is killed in the middle of it, all of it is done.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { setImmediate } from "node:timers";
import { copyAll, type Hand, hashShared, workOn } from "../../../src/cache/file_work.ts";
import { digestOf } from "../../../src/host/hash.ts";
import { project } from "./_rig.ts";

const MANY = 3000;

/** So many files, and the copies to be made of them. */
async function many() {
  const names = Array.from({ length: MANY }, (_, index) => `from/${index}`);
  const place = await project({
    "to/": "",
    ...Object.fromEntries(names.map((name) => [name, name])),
  });
  const copies = names.map((name, index) => ({
    from: join(place.root, name),
    to: join(place.root, "to", String(index)),
    digest: digestOf(name),
    mode: 0o666,
  }));
  return { root: place.root, copies, [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() };
}

function copied(root: string): number {
  return [...Deno.readDirSync(join(root, "to"))].length;
}

Deno.test("few copies are made here, many are shared out", async () => {
  await using place = await many();
  let pieces = 0;
  let started = 0;
  const hands = () => {
    started++;
    const hand: Hand = async (work) => {
      pieces++;
      return await workOn(work);
    };
    return [hand];
  };
  assertEquals(await copyAll(place.copies.slice(0, 100), hands), undefined);
  assertEquals([started, pieces], [0, 0]);
  assertEquals(await copyAll(place.copies.slice(100), hands), undefined);
  assertEquals(started, 1);
  assert(pieces > 0);
  assertEquals(copied(place.root), MANY);
});

Deno.test("what somebody had begun who was killed is done again", async () => {
  await using place = await many();
  const killed: Hand = (work) => {
    assert("copy" in work);
    for (const { to } of work.copy) Deno.writeTextFileSync(to, "half");
    return Promise.resolve(undefined);
  };
  assertEquals(await copyAll(place.copies, () => [killed, killed]), undefined);
  assertEquals(copied(place.root), MANY);
  for (const { from, to } of place.copies) {
    assertEquals(Deno.readTextFileSync(to), Deno.readTextFileSync(from));
  }
});

Deno.test("a copy that cannot be made is told, and no more are handed on", async () => {
  // As another process does, it takes its time.
  const hand: Hand = async (work) => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    return await workOn(work);
  };
  for (const [hands, most] of [[undefined, 100], [() => [hand], 1000]] as const) {
    await using place = await many();
    const spoiled = place.copies[10]!;
    Deno.writeTextFileSync(spoiled.from, "spoiled");
    const failed = await copyAll(place.copies, hands);
    assertEquals(failed?.end, "differs");
    assertEquals(failed?.copy, spoiled);
    // Those that were under way.
    assert(copied(place.root) < most, String(copied(place.root)));
  }
});

Deno.test("few files are not hashed by others; of many each has its own digest", async () => {
  await using place = await many();
  const files = place.copies.map(({ from }) => ({ path: from, size: 32 << 10 }));
  const hands = () => [workOn, () => Promise.resolve(undefined)];
  assertEquals(await hashShared(files.slice(0, 100), false, hands), undefined);
  assertEquals(await hashShared(files, false, undefined), undefined);
  Deno.removeSync(files[7]!.path);
  const digests = await hashShared(files, false, hands);
  const wanted = place.copies.map(({ digest }, index) => index === 7 ? null : digest);
  assertEquals(digests, wanted);
});

Deno.test("a large file among those to hash does not keep everything else waiting", async () => {
  await using place = await project({});
  const path = join(place.root, "large");
  const size = 24 << 20;
  Deno.writeFileSync(path, new Uint8Array(size));
  let turns = 0;
  let ended = false;
  const count = () => {
    turns++;
    if (!ended) setImmediate(count);
  };
  setImmediate(count);
  const results = await workOn({ hash: [{ path, size }], lineEnds: false });
  ended = true;
  assertEquals(results, [digestOf(new Uint8Array(size))]);
  assert(turns > 10, `${turns} turns`);
});
