import { assert, assertEquals, assertMatch } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { type Areas, CLAIM, type Claim, createAreas } from "../../../src/cache/areas.ts";
import { type Clock, ownHolder } from "../../../src/cache/lock.ts";
import { processAlive } from "../../../src/host/disk.ts";
import { ROOT } from "../../rig/binary.ts";
import { project } from "./_rig.ts";

const clock: Clock = {
  date: () => Date.now(),
  after(ms, listener) {
    const timer = setTimeout(listener, ms);
    return () => clearTimeout(timer);
  },
};

const NOBODY = { waits() {}, stopped: () => true };

/** The area, or undefined when somebody else is in the way. */
function at(areas: Areas, ...prefixes: readonly string[]): Promise<Claim | undefined> {
  return areas.claim(prefixes, `at ${prefixes}`, NOBODY);
}

const OVERLAPPING: readonly (readonly [readonly string[], readonly string[]])[] = [
  [["dist"], ["dist"]],
  [["dist"], ["dist/a/b"]],
  [["a/b/c"], ["a"]],
  [[""], ["anything"]],
  [["x", "dist"], ["y", "dist/a"]],
];
const APART: readonly (readonly [readonly string[], readonly string[]])[] = [
  [["dist"], ["dist2"]],
  [["a/b"], ["a/c"]],
  [["a"], ["b/a"]],
  [[], ["dist"]],
];

for (const [one, two] of OVERLAPPING) {
  Deno.test(`${JSON.stringify(one)} and ${JSON.stringify(two)} exclude one another`, async () => {
    await using place = await project({});
    const [mine, other] = [createAreas(place.root, clock), createAreas(place.root, clock)];
    for (const [first, second] of [[one, two], [two, one]] as const) {
      const held = await at(mine, ...first);
      assertEquals(await at(other, ...second), undefined);
      held?.release();
      const next = await at(other, ...second);
      assert(next !== undefined);
      next.release();
    }
  });
}

for (const [one, two] of APART) {
  Deno.test(`${JSON.stringify(one)} and ${JSON.stringify(two)} do not meet`, async () => {
    await using place = await project({});
    const areas = createAreas(place.root, clock);
    const held = [await at(areas, ...one), await at(areas, ...two)];
    assert(held.every((each) => each !== undefined));
    for (const each of held) each?.release();
  });
}

Deno.test("who waits for an area is told what for, and has it when it is free", async () => {
  await using place = await project({});
  const areas = createAreas(join(place.root, "areas"), clock);
  const first = await at(areas, "dist");
  const told = Promise.withResolvers<string | undefined>();
  const second = areas.claim(["dist/x"], "second", {
    stopped: () => false,
    waits: (holder) => told.resolve(holder?.purpose),
  });
  assertEquals(await told.promise, "at dist");
  first?.release();
  (await second)?.release();
  assertEquals([...Deno.readDirSync(join(place.root, "areas"))], []);
});

Deno.test("the claim of a process that is gone is swept, a damaged one is in nobody's way", async () => {
  await using place = await project({});
  const child = new Deno.Command(Deno.execPath(), { args: ["--version"], stdout: "null" }).spawn();
  await child.status;
  const dead = { ...ownHolder("x"), pid: child.pid, prefixes: ["dist"] };
  Deno.writeTextFileSync(join(place.root, "area.1.claim"), JSON.stringify(dead));
  Deno.writeTextFileSync(join(place.root, "area.2.claim"), "{");
  Deno.writeTextFileSync(join(place.root, "mutex"), JSON.stringify(dead));
  const held = await at(createAreas(place.root, clock), "dist");
  assert(held !== undefined);
  held.release();
  assertEquals([...Deno.readDirSync(place.root)].map(({ name }) => name), ["area.2.claim"]);
});

Deno.test({
  name: "what still works for a holder that is gone is ended before anybody else is let in",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using place = await project({});
    const areas = createAreas(place.root, clock);
    const dead = new Deno.Command("true").spawn();
    await dead.status;
    const claim = { ...ownHolder("x"), pid: dead.pid, prefixes: ["dist"] };
    const [orphan, other] = ["area.1.claim", "area.2.claim"].map((name) =>
      new Deno.Command("sh", {
        args: ["-c", "echo; cat; :"],
        env: { [CLAIM]: name },
        stdin: "piped",
        stdout: "piped",
      }).spawn()
    );
    // They are what they will be when they have written.
    for (const { stdout } of [orphan!, other!]) await stdout.getReader().read();
    Deno.writeTextFileSync(join(place.root, "area.1.claim"), JSON.stringify(claim));
    const held = await areas.claim(["dist"], "next", { waits() {}, stopped: () => false });
    assertEquals((await orphan!.status).signal, "SIGKILL");
    assert(processAlive(other!.pid), "another claim's");
    held?.release();
    for (const each of [orphan!, other!]) await each.stdin.close().catch(() => {});
    await other!.status;
  },
});

Deno.test("who works for a claim is not in its way, nor in that of the one around it", async () => {
  await using place = await project({});
  const areas = createAreas(place.root, clock);
  const outer = await at(areas, "dist");
  const nested = createAreas(place.root, clock, outer?.name);
  const inner = await at(nested, "dist/a");
  assert(inner !== undefined);
  assertEquals(await at(nested, "dist/a/b"), undefined, "they exclude one another");
  const innermost = await at(createAreas(place.root, clock, inner.name), "dist/a/b");
  assert(innermost !== undefined);
  const same = await areas.claim(["dist/c"], "asked for by its body", NOBODY, outer?.name);
  assert(same !== undefined);
  assertEquals(await at(areas, "dist/d"), undefined);
  assertEquals([outer, inner, innermost, same].map((each) => each?.nested), [
    ...[false, true, true, true],
  ]);
  for (const each of [same, innermost, inner, outer]) each?.release();
  const left = await at(nested, "dist");
  assertEquals(left?.nested, false, "it has been released");
  left?.release();
  assertEquals([...Deno.readDirSync(place.root)], []);
});

Deno.test("something is done alone only while nobody holds anything", async () => {
  await using place = await project({});
  const areas = createAreas(place.root, clock);
  let done = 0;
  const held = await at(areas, "dist");
  assertEquals([await areas.alone(() => done++), done], [false, 0]);
  held?.release();
  assertEquals([await areas.alone(() => done++), done], [true, 1]);
});

/** Claims one of two overlapping areas, again and again, and notes when it is not alone. */
const CONTENDER = `
import { createAreas } from ${JSON.stringify(toFileUrl(join(ROOT, "src/cache/areas.ts")).href)};
const [directory, prefix, log] = Deno.args;
const clock = {
  date: () => Date.now(),
  after(ms, listener) {
    const timer = setTimeout(listener, ms);
    return () => clearTimeout(timer);
  },
};
const areas = createAreas(directory, clock);
for (let turn = 0; turn < 12; turn++) {
  const held = await areas.claim([prefix], "contending", { waits() {}, stopped: () => false });
  try {
    Deno.writeTextFileSync(log, "x", { createNew: true });
  } catch {
    Deno.writeTextFileSync(log + ".broken", prefix);
  }
  await new Promise((next) => setTimeout(next, 0));
  try {
    Deno.removeSync(log);
  } catch {
    // It was noted.
  }
  held.release();
}
`;

Deno.test("processes are never in overlapping areas at the same time", async () => {
  await using place = await project({ "contender.ts": CONTENDER });
  const log = join(place.root, "inside");
  const ended = await Promise.all(
    ["dist", "dist/a", "dist/a/b", ""].map((prefix) =>
      new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-A", "--no-check", "--quiet", "--config", join(ROOT, "deno.json")],
          ...[join(place.root, "contender.ts"), join(place.root, "areas"), prefix, log],
        ],
        stdout: "null",
        stderr: "piped",
      }).output()
    ),
  );
  for (const { stderr } of ended) assertMatch(new TextDecoder().decode(stderr), /^$/);
  assertEquals([...Deno.readDirSync(place.root)].map(({ name }) => name).sort(), [
    "areas",
    "contender.ts",
  ]);
});
