/**
 * How outputs are put back: whole directories where nothing is, and no look too many.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Store } from "../../../src/cache/store.ts";
import { restoreOutputs } from "../../../src/cache/restore.ts";
import { acted, testimony, watch } from "../../../src/host/witness.ts";
import { type Picture, type Place, resultOf, workshop } from "./_workshop.ts";

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, ignore: Deno.build.os === "windows", fn });

const BUILT: Picture = {
  "dist/a/deep/one": "1",
  "dist/a/two": "x 2",
  "dist/b/empty": "/",
  "dist/b/link": "-> ../a/two",
  "dist/top": "t",
};

async function built() {
  const place = await workshop();
  const rules = place.rules(["dist/"]);
  const { outputs } = await place.perform(rules, () => place.write(BUILT));
  return { place, rules, outputs };
}

/**
 * Restore; something happens after the blobs were copied and before they are put in place, or after it
 * was asked whose is what lies there.
 */
async function restoreAnd(
  { workshop: shop }: Place,
  rules: Parameters<typeof restoreOutputs>[1],
  outputs: Parameters<typeof resultOf>[0],
  meanwhile: () => void,
  moment: "copied" | "asked" = "copied",
) {
  let done = false;
  const happen = () => {
    if (!done) meanwhile();
    done = true;
  };
  const store: Store = Object.assign(Object.create(shop.store) as Store, {
    copyBlobs: async (copies: Parameters<Store["copyBlobs"]>[0]) => {
      const copied = await shop.store.copyBlobs(copies);
      if (moment === "copied") happen();
      return copied;
    },
    hasBlob: async (digest: Parameters<Store["hasBlob"]>[0]) => {
      const found = await shop.store.hasBlob(digest);
      happen();
      return found;
    },
  });
  return await restoreOutputs({ ...shop, store }, rules, resultOf(outputs));
}

test("a directory that is not there comes back whole, with links, modes and empty directories", async () => {
  const { place, rules, outputs } = await built();
  await using _ = place;
  for (const gone of [["dist"], ["dist/a"], ["dist/b", "dist/a/deep"], ["dist/b/empty"]]) {
    place.remove(...gone);
    assertEquals((await place.restore(rules, outputs)).kind, "restored");
    assertEquals(place.picture(), BUILT, String(gone));
    assertEquals(await place.inPlace(rules, outputs), true);
  }
  // All of it is ours.
  await place.perform(rules, () => assertEquals(place.picture(), {}));
});

test("above the area of the patterns nothing but a directory is made", async () => {
  await using place = await workshop();
  const rules = place.rules(["far/away/x/**", "far/away/y"]);
  const made = { "far/away/x/1": "1", "far/away/x/2/3": "3", "far/away/y": "y" };
  const { outputs } = await place.perform(rules, () => place.write(made));
  place.remove("far");
  const restored = await restoreAnd(
    place,
    rules,
    outputs,
    () => place.write({ "far/other": "theirs", "far/away/z": "theirs" }),
  );
  assertEquals(restored.kind, "restored");
  assertEquals(place.picture(), { ...made, "far/other": "theirs", "far/away/z": "theirs" });
});

test("what comes to lie in a directory that was not there stays, or is set aside", async () => {
  const { place, rules, outputs } = await built();
  await using _ = place;
  place.remove("dist");
  const theirs = { "dist/a/new": "theirs", "dist/a/two": "theirs too" };
  const restored = await restoreAnd(place, rules, outputs, () => place.write(theirs));
  assert(restored.kind === "restored");
  assertEquals(restored.aside.map(({ path }) => path), ["dist/a/two"]);
  assertEquals(Deno.readTextFileSync(restored.aside[0]!.at), "theirs too");
  assertEquals(place.picture(), { ...BUILT, "dist/a/new": "theirs" });
});

test("where a link comes to lie nothing is written through it", async () => {
  const { place, rules, outputs } = await built();
  await using _ = place;
  place.remove("dist");
  Deno.mkdirSync(join(place.root, "elsewhere"));
  const link = () => Deno.symlinkSync("elsewhere", join(place.root, "dist"));
  await restoreAnd(place, rules, outputs, link).catch(() => {});
  assertEquals([...Deno.readDirSync(join(place.root, "elsewhere"))], []);
});

test("what comes to lie there while it is asked whose the others are is left alone", async () => {
  const changes: Readonly<Record<string, (place: Place) => void>> = {
    "dist/a": ({ root }) => {
      Deno.renameSync(join(root, "dist/a"), join(root, "elsewhere"));
      Deno.symlinkSync("../elsewhere", join(root, "dist/a"));
    },
    "dist/top": (place) => place.write({ "dist/top": "new" }),
  };
  for (const [name, change] of Object.entries(changes)) {
    const { place, rules, outputs } = await built();
    await using _ = place;
    place.remove("dist/top");
    place.write({ "dist/a/two": "theirs" });
    const restored = await restoreAnd(place, rules, outputs, () => change(place), "asked");
    assert(restored.kind === "miss" && restored.detail.includes(name), JSON.stringify(restored));
    const left = name === "dist/a" ? "elsewhere/two" : "dist/a/two";
    assertEquals(Deno.readTextFileSync(join(place.root, left)), "theirs");
    if (name === "dist/top") assertEquals(place.picture()["dist/top"], "new");
  }
});

test("below a directory that is not there nothing is looked for", async () => {
  await using place = await workshop();
  const rules = place.rules(["dist/"]);
  const names = Array.from({ length: 200 }, (_, index) => `dist/d${index % 4}/f${index}`);
  const picture = Object.fromEntries(names.map((name) => [name, name]));
  const { outputs } = await place.perform(rules, () => place.write(picture));
  const looks = async () => {
    watch(0);
    await place.inPlace(rules, outputs);
    const found = testimony()!.sights;
    acted();
    return [...found.entry.keys()].filter((path) => path.includes("/dist")).length;
  };
  place.remove("dist");
  assertEquals(await looks(), 1);
  place.write({ "dist/d0/": "/", "dist/d1/": "/" });
  place.remove("dist/d2", "dist/d3");
  const files = 100;
  const directories = 5;
  assert(await looks() <= files + directories);
});
