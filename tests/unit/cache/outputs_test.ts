import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { blobPath } from "../../../src/cache/local_store.ts";
import { finishOutputs, prepareOutputs } from "../../../src/cache/outputs.ts";
import { adopt, type Restored } from "../../../src/cache/restore.ts";
import { setAside } from "../../../src/cache/set_aside.ts";
import type { Output } from "../../../src/model/output.ts";
import { type Picture, pictureOf, type Place, resultOf, workshop } from "./_workshop.ts";

/** They need modes and links. */
const POSIX = { ignore: Deno.build.os === "windows" };

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ...POSIX, fn });
}

const RICH: Picture = {
  "dist/a.txt": "a\n",
  "dist/bin/run": "x #!/bin/sh\n",
  "dist/deep/er/b": "",
  "dist/empty": "/",
  "dist/link": "-> a.txt",
  "dist/out": "-> ../../elsewhere",
  "dist/ä 😀\n": "name",
};

/** Perform something that leaves a picture. */
async function made(
  place: Place,
  picture: Picture,
  patterns = ["dist/"],
): Promise<readonly Output[]> {
  const captured = await place.perform(place.rules(patterns), () => place.write(picture));
  assertEquals(captured.fault, undefined);
  return captured.outputs;
}

test("everything that was made comes back as it was: files, modes, links, empty directories (lesson 7, lesson 17)", async () => {
  await using place = await workshop();
  const outputs = await made(place, RICH);
  assertEquals(place.picture(), RICH);
  assert(await place.inPlace(place.rules(["dist/"]), outputs));
  assertEquals(await place.restore(place.rules(["dist/"]), outputs), {
    kind: "restored",
    changed: false,
    aside: [],
  });
  place.remove("dist");
  place.again();
  assert(!await place.inPlace(place.rules(["dist/"]), outputs));
  assertEquals(await place.restore(place.rules(["dist/"]), outputs), {
    kind: "restored",
    changed: true,
    aside: [],
  });
  assertEquals(place.picture(), RICH);
  assertEquals([...Deno.readDirSync(place.workshop.staging)].map(({ name }) => name).sort(), [
    "ledger",
    "probe",
  ]);
});

test("only the executable bit has changed: it comes back (lesson 17)", async () => {
  await using place = await workshop();
  const plain = await made(place, { "dist/run": "echo" });
  const executable = await made(place, { "dist/run": "x echo" });
  for (const [outputs, text] of [[plain, "echo"], [executable, "x echo"]] as const) {
    assertEquals((await place.restore(place.rules(["dist/"]), outputs)).kind, "restored");
    assertEquals(place.picture(), { "dist/run": text });
  }
  Deno.chmodSync(join(place.root, "dist/run"), 0o600);
  assert(!await place.inPlace(place.rules(["dist/"]), executable));
});

test("what is in place keeps its time, what is not is replaced and not written to (lesson 4)", async () => {
  await using place = await workshop();
  const outputs = await made(place, { "dist/a": "a", "dist/b": "b" });
  Deno.utimeSync(join(place.root, "dist/a"), 1000, 1000);
  Deno.linkSync(join(place.root, "dist/b"), join(place.root, "other"));
  place.write({ "dist/b": "changed" });
  assertEquals((await place.restore(place.rules(["dist/"]), outputs)).kind, "restored");
  assertEquals(Deno.statSync(join(place.root, "dist/a")).mtime?.getTime(), 1_000_000);
  assertEquals(place.picture(), { "dist/a": "a", "dist/b": "b", other: "changed" });
});

/** Two states of one directory, and each is to come back over the other. */
const CHANGES: Readonly<Record<string, readonly [Picture, Picture]>> = {
  "a file that is a directory": [{ "dist/x": "file" }, { "dist/x/y": "y", "dist/x/z/w": "w" }],
  "a file that is an empty directory": [{ "dist/x": "file" }, { "dist/x": "/" }],
  "a link that is a directory": [{ "dist/x": "-> y", "dist/y": "y" }, { "dist/x/y": "y" }],
  "a link that is a file": [{ "dist/x": "-> y" }, { "dist/x": "x" }],
  "a link that is an empty directory": [{ "dist/x": "-> y" }, { "dist/x": "/" }],
  "a directory that is empty then": [{ "dist/x/a": "1", "dist/x/b/c": "1" }, { "dist/x": "/" }],
  "a link with another text": [{ "dist/x": "-> a" }, { "dist/x": "-> b" }],
  "a file deeper down": [{ "dist/a/b/c/d": "1" }, { "dist/a/b": "1" }],
  "fewer files": [{ "dist/a": "1", "dist/b/c": "2", "dist/d": "/" }, { "dist/a": "1" }],
  "other files": [{ "dist/a/b": "1" }, { "dist/c/d": "1" }],
};

for (const [name, [one, two]] of Object.entries(CHANGES)) {
  test(`${name} comes back, and stale files go (lesson 7)`, async () => {
    await using place = await workshop();
    const rules = place.rules(["dist/"]);
    const first = await made(place, one);
    assertEquals(place.picture(), one);
    const second = await made(place, two);
    assertEquals(place.picture(), two, "an action begins without what was made before");
    for (const [outputs, wanted] of [[first, one], [second, two], [first, one]] as const) {
      place.again();
      assert(!await place.inPlace(rules, outputs));
      assertEquals(await place.restore(rules, outputs), {
        kind: "restored",
        changed: true,
        aside: [],
      });
      assertEquals(place.picture(), wanted);
      assert(await place.inPlace(rules, outputs));
    }
    await place.perform(rules, () => {});
    assertEquals(place.picture(), {}, "all of it is ours");
  });
}

test("a foreign file is never removed, not by an action and not by a restore", async () => {
  await using place = await workshop({ "dist/notes": "mine", "dist/sub/notes": "mine" });
  const rules = place.rules(["dist/"]);
  const captured = await place.perform(rules, () => place.write({ "dist/a": "a" }));
  assertEquals(captured.outputs.map(({ path }) => path), ["dist/a"]);
  place.write({ "dist/later": "mine", "dist/mine/x": "mine" });
  const foreign = {
    "dist/later": "mine",
    "dist/mine/x": "mine",
    "dist/notes": "mine",
    "dist/sub/notes": "mine",
  };
  const second = await place.perform(rules, () => place.write({ "dist/b/c": "b" }));
  assertEquals(place.picture(), { "dist/b/c": "b", ...foreign });
  assertEquals((await place.restore(rules, captured.outputs)).kind, "restored");
  assertEquals(place.picture(), { "dist/a": "a", ...foreign });
  assert(await place.inPlace(rules, captured.outputs));
  assertEquals((await place.restore(rules, second.outputs)).kind, "restored");
  assertEquals(place.picture(), { "dist/b/c": "b", ...foreign });
});

/** What has been set aside. */
function aside(place: Place): Picture {
  return pictureOf(place.workshop.replaced);
}

function asidePaths(restored: Restored): readonly string[] {
  return restored.kind === "restored" ? restored.aside.map(({ path }) => path) : [];
}

test("what somebody has put at a path of ours makes way for an action and is not lost", async () => {
  await using place = await workshop();
  const rules = place.rules(["dist/"]);
  await made(place, { "dist/a": "a", "dist/b": "b", "dist/c": "c" });
  place.write({ "dist/a": "mine", "dist/b": "x b" });
  await place.perform(rules, () => place.write({ "dist/a": "new" }));
  assertEquals(place.picture(), { "dist/a": "new" });
  assertEquals(aside(place), { "dist/a": "mine" }, "what has the same content is not theirs");
  place.write({ "dist/a": "mine too" });
  await place.perform(rules, () => {});
  assertEquals(place.picture(), {}, "what lies there is not stale for long");
  assertEquals(aside(place), { "dist/a": "mine", "dist/a.2": "mine too" });
});

test("what somebody has put where a stored result comes makes way and is not lost", async () => {
  await using place = await workshop();
  const rules = place.rules(["dist/"]);
  const first = await made(place, { "dist/a": "1", "dist/b": "1", "dist/old": "1" });
  const second = await made(place, { "dist/a": "2", "dist/b": "2" });
  place.remove("dist");
  place.write({ "dist/a": "mine", "dist/b": "1" });
  const restored = await place.restore(rules, second);
  assertEquals(asidePaths(restored), ["dist/a"]);
  assertEquals(place.picture(), { "dist/a": "2", "dist/b": "2" });
  assertEquals(aside(place), { "dist/a": "mine" }, "what is stored anyway need not be kept");
  assertEquals((await place.restore(rules, first)).kind, "restored");
  place.write({ "dist/old": "mine" });
  assertEquals(asidePaths(await place.restore(rules, second)), ["dist/old"]);
});

test("what has been set aside is kept of the last runs", async () => {
  await using place = await workshop();
  const { workshop: shop } = place;
  for (let run = 10; run < 40; run++) {
    place.write({ a: `${run}` });
    setAside({ ...shop, replaced: join(place.root, ".ntask/state/replaced", `${run}`) }, [
      { path: "a" },
    ]);
  }
  const kept = [...Deno.readDirSync(join(place.root, ".ntask/state/replaced"))];
  assertEquals(kept.map(({ name }) => name).sort().at(0), "20");
  assertEquals(kept.length, 20);
});

test("a foreign file where a directory must be, or in one where a file must be: a miss", async () => {
  await using place = await workshop();
  const rules = place.rules(["dist/"]);
  const directory = await made(place, { "dist/x/y": "y" });
  const empty = await made(place, { "dist/x": "/" });
  const file = await made(place, { "dist/x": "x", "dist/y": "y" });
  await place.perform(rules, () => {});
  place.write({ "dist/x": "mine" });
  for (const outputs of [directory, empty]) {
    assertEquals((await place.restore(rules, outputs)).kind, "miss");
    assertEquals(place.picture(), { "dist/x": "mine" });
  }
  place.remove("dist");
  place.write({ "dist/x/mine": "mine" });
  const missed = await place.restore(rules, file);
  assertStringIncludes(missed.kind === "miss" ? missed.detail : "", "dist/x/mine");
  assertEquals(place.picture(), { "dist/x/mine": "mine" });
});

test("nothing is written or removed through a link, wherever it leads", async () => {
  await using place = await workshop();
  const rules = place.rules(["dist/"]);
  const outputs = await made(place, { "dist/sub/a": "a", "dist/sub/b": "b" });
  const outside = join(place.root, "..", "outside");
  Deno.mkdirSync(outside);
  Deno.writeTextFileSync(join(outside, "b"), "theirs");
  for (const linked of ["dist", "dist/sub"]) {
    place.remove("dist");
    place.write({ [linked]: `-> ${outside}` });
    assert(!await place.inPlace(rules, outputs));
    const restored = await place.restore(rules, outputs);
    // The link is removed where it is ours, or it stays; what it leads to is not touched.
    if (restored.kind === "miss") assertStringIncludes(restored.detail, "a link");
    else assertEquals(place.picture(), { "dist/sub/a": "a", "dist/sub/b": "b" });
    await place.perform(rules, () => {});
    assertEquals([...Deno.readDirSync(outside)].map(({ name }) => name), ["b"]);
    assertEquals(Deno.readTextFileSync(join(outside, "b")), "theirs");
  }
});

test("a result with an output that the task does not declare is a miss (lesson 33)", async () => {
  await using place = await workshop({ "src/a": "mine" });
  const outputs = await made(place, { "dist/a": "a" });
  const moved = outputs.map((each) => ({ ...each, path: "src/a" }));
  assertEquals((await place.restore(place.rules(["dist/"]), moved)).kind, "miss");
  assertEquals(place.picture(), { "dist/a": "a", "src/a": "mine" });
});

for (const damage of ["truncated", "flipped", "gone"] as const) {
  test(`with one blob ${damage} nothing at all is restored (lesson 6)`, async () => {
    await using place = await workshop();
    const rules = place.rules(["dist/"]);
    const outputs = await made(place, { "dist/a": "a", "dist/b": "bbb", "dist/c": "c" });
    const before = { "dist/old": "old" };
    await place.perform(rules, () => place.write(before));
    const [blob] = outputs.flatMap((each) =>
      each.kind === "file" && each.path === "dist/b" ? [blobPath(place.store, each.digest)] : []
    );
    if (damage === "gone") Deno.removeSync(blob!);
    else Deno.writeTextFileSync(blob!, damage === "truncated" ? "bb" : "bbc");
    assertEquals((await place.restore(rules, outputs)).kind, "miss");
    assertEquals(place.picture(), before);
    await made(place, { "dist/a": "a", "dist/b": "bbb", "dist/c": "c" });
    place.remove("dist");
    assertEquals((await place.restore(rules, outputs)).kind, "restored");
    assertEquals(place.picture(), { "dist/a": "a", "dist/b": "bbb", "dist/c": "c" });
  });
}

test("what a killed action left is ours, what was there before is not (lesson 13)", async () => {
  await using place = await workshop({ "dist/mine": "mine" });
  const rules = place.rules(["dist/"]);
  await place.killed(rules, () => place.write({ "dist/half": "ha", "dist/sub/half": "ha" }));
  await place.perform(rules, () => assertEquals(place.picture(), { "dist/mine": "mine" }));
});

test("once somebody has worked there, a file that comes later is not a killed action's", async () => {
  for (const hit of [false, true]) {
    await using place = await workshop();
    const rules = place.rules(["dist/"]);
    const outputs = await made(place, { "dist/a": "a" });
    await place.killed(rules, () => place.write({ "dist/half": "ha" }));
    if (hit) {
      assert(!await place.inPlace(rules, outputs));
      assertEquals((await place.restore(rules, outputs)).kind, "restored");
    } else await made(place, { "dist/a": "a" });
    assertEquals(place.picture(), { "dist/a": "a" });
    place.write({ "dist/mine": "mine" });
    assert(await place.inPlace(rules, outputs), "a foreign file beside is in nobody's way");
    await place.perform(rules, () => {});
    assertEquals(place.picture(), { "dist/mine": "mine" });
  }
});

test("who works for an action under way does not end it", async () => {
  await using place = await workshop();
  const shop = { ...place.workshop, nested: true };
  const outer = await prepareOutputs(place.workshop, place.rules(["dist/"]), "outer");
  const inner = await prepareOutputs(shop, place.rules(["dist/sub/"]), "inner");
  place.write({ "dist/sub/x": "x" });
  await finishOutputs(shop, place.rules(["dist/sub/"]), inner);
  assertEquals(shop.ledger.open(["dist"]).map(({ id }) => id), [outer.id]);
  place.write({ "dist/y": "y" });
  // It is killed, and what it made behind the inner one is known to be its own.
  place.again();
  await place.perform(place.rules(["dist/"]), () => assertEquals(place.picture(), {}));
});

test("after a kill all that is in place still counts as long as nothing was touched", async () => {
  await using place = await workshop();
  const rules = place.rules(["dist/"]);
  const outputs = await made(place, { "dist/a": "a" });
  await place.killed(place.rules(["other/"]), () => place.write({ "other/half": "ha" }));
  assert(await place.inPlace(rules, outputs));
});

test("what two tasks made under one pattern is ours whoever made it", async () => {
  await using place = await workshop();
  await place.perform(place.rules(["dist/one"]), () => place.write({ "dist/one": "1" }), "one");
  await place.perform(place.rules(["dist/"]), () => place.write({ "dist/two": "2" }), "two");
  assertEquals(place.picture(), { "dist/two": "2" });
});

test("clean = false: what was made before stays, and all that is there is the result", async () => {
  await using place = await workshop({ "dist/mine": "mine" });
  const rules = place.rules(["dist/"], [], false);
  const first = await place.perform(rules, () => place.write({ "dist/a": "a" }));
  assertEquals(first.outputs.map(({ path }) => path), ["dist/a", "dist/mine"]);
  const second = await place.perform(rules, () => place.write({ "dist/b": "b" }));
  assertEquals(second.outputs.map(({ path }) => path), ["dist/a", "dist/b", "dist/mine"]);
});

test("a foreign output that the action did not write is not captured, one it wrote is", async () => {
  await using place = await workshop({ "gen.txt": "old", "dist/x": "old" });
  const rules = place.rules(["gen.txt", "dist/"]);
  const untouched = await place.perform(rules, () => place.write({ "dist/y": "y" }));
  assertEquals(untouched.untouched, ["gen.txt"]);
  assertEquals([untouched.missing, untouched.outputs.map(({ path }) => path)], [[], ["dist/y"]]);
  const touched = await place.perform(rules, () => place.write({ "gen.txt": "new" }));
  assertEquals(touched.outputs.map(({ path }) => path), ["gen.txt"]);
  assertEquals([touched.missing, touched.untouched], [[], ["dist/"]]);
  assertEquals(touched.overwritten, ["gen.txt"], "it may have been made out of what was there");
  place.write({ "gen.txt": "same" });
  const same = await place.perform(rules, () => {
    place.remove("gen.txt");
    place.write({ "gen.txt": "same", "dist/y": "y" });
  });
  assertEquals([same.overwritten, same.rewritten.map(({ name }) => name)], [[], ["gen.txt"]]);
});

test("a declared output that was not made is missing, an optional one and an excluded one are not (lesson 17)", async () => {
  await using place = await workshop();
  const rules = place.rules(["dist/", "!dist/tmp/**", "a.txt"], ["b.txt"]);
  const captured = await place.perform(rules, () => place.write({ "dist/tmp/x": "x" }));
  assertEquals([captured.missing, captured.outputs], [["dist/", "a.txt"], []]);
  const all = await place.perform(
    rules,
    () => place.write({ "dist/x": "x", "dist/tmp/y": "y", "a.txt": "a", "b.txt": "b" }),
  );
  assertEquals(all.missing, []);
  assertEquals(all.outputs.map(({ path }) => path), ["a.txt", "b.txt", "dist/x"]);
});

test("a FIFO among the outputs keeps the result from being stored, and is not opened", async () => {
  await using place = await workshop();
  const captured = await place.perform(place.rules(["dist/"]), () => {
    place.write({ "dist/a": "a" });
    new Deno.Command("mkfifo", { args: [join(place.root, "dist/pipe")] }).outputSync();
  });
  assertEquals(captured.fault, { path: "dist/pipe", why: "special" });
});

test("a name that a manifest cannot have keeps the result from being stored", async () => {
  await using place = await workshop();
  const captured = await place.perform(
    place.rules(["dist/"]),
    () => place.write({ "dist/a\\b": "a" }),
  );
  assertEquals(captured.fault, { path: "dist/a\\b", why: "name" });
});

test("a name that is no Unicode keeps the result from being stored", async () => {
  await using place = await workshop();
  const captured = await place.perform(place.rules(["dist/"]), () => {
    place.write({ "dist/a": "a" });
    const args = ["-c", 'cd dist && : > "$(printf "\\377")"'];
    new Deno.Command("sh", { args, cwd: place.root }).outputSync();
  });
  assertEquals(captured.fault?.why, "not unicode");
});

test("directories of outputs go with them, those above stay: another task may be about to write there", async () => {
  await using place = await workshop({ "old": "/" });
  const rules = place.rules(["old/dist/", "new/dist/"]);
  await place.perform(rules, () => place.write({ "old/dist/a": "a", "new/dist/a": "a" }));
  await place.perform(rules, () => {});
  assertEquals(place.picture(), { old: "/", new: "/" });
});

test("where the ledger is lost, what lies there as a stored result has it is ours", async () => {
  await using place = await workshop();
  const rules = place.rules(["dist/"]);
  const outputs = await made(place, { "dist/a": "a", "dist/b/c": "c", "dist/d": "-> a" });
  place.write({ "dist/a": "edited", "dist/mine": "mine" });
  Deno.removeSync(join(place.workshop.staging, "ledger"));
  place.again();
  await adopt(place.workshop, resultOf(outputs));
  await place.perform(rules, () => {});
  assertEquals(place.picture(), { "dist/a": "edited", "dist/b": "/", "dist/mine": "mine" });
});

test("what was left half restored long ago is swept, what is new is not", async () => {
  await using place = await workshop();
  const outputs = await made(place, { "dist/a": "a" });
  const { staging } = place.workshop;
  Deno.mkdirSync(join(staging, "restore.1-a.0.tmp/0"), { recursive: true });
  Deno.mkdirSync(join(staging, "restore.2-a.0.tmp/0"), { recursive: true });
  const old = Date.now() / 1000 - 7200;
  Deno.utimeSync(join(staging, "restore.1-a.0.tmp"), old, old);
  place.remove("dist");
  await place.restore(place.rules(["dist/"]), outputs);
  assertEquals([...Deno.readDirSync(staging)].map(({ name }) => name).sort(), [
    ...["ledger", "probe", "restore.2-a.0.tmp"],
  ]);
});
