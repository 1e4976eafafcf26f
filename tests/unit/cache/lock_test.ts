import { assert, assertEquals, assertMatch } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { type Clock, type Holder, holderOf, lock, ownHolder } from "../../../src/cache/lock.ts";
import { ROOT } from "../../rig/binary.ts";
import { project } from "./_rig.ts";

/** Time that stands still; whoever waits is called at once. */
export function clockAt(now: number): Clock & { advance(ms: number): void } {
  let date = now;
  const beats: (() => void)[] = [];
  return {
    date: () => date,
    after(ms, listener) {
      if (ms >= 1000) {
        beats.push(listener);
        return () => void beats.splice(beats.indexOf(listener), 1);
      }
      const timer = setTimeout(listener, 0);
      return () => clearTimeout(timer);
    },
    advance(ms) {
      date += ms;
      for (const beat of beats.splice(0)) beat();
    },
  };
}

const waiting = (holders: (Holder | undefined)[], stopped = () => false) => ({
  waits: (holder: Holder | undefined) => void holders.push(holder),
  stopped,
});

/** The number of a process that has ended. */
async function deadProcess(): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), { args: ["--version"], stdout: "null" }).spawn();
  await child.status;
  return child.pid;
}

function seen(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("a lock is a file that says who holds it, and is gone when it is released", async () => {
  await using place = await project({});
  const path = join(place.root, "lock");
  const held = await lock(path, "building x", clockAt(Date.now()));
  const { pid, purpose, host } = holderOf(Deno.readTextFileSync(path))!;
  assertEquals({ pid, purpose }, { pid: Deno.pid, purpose: "building x" });
  assert(host !== "");
  held.release();
  assert(!seen(path));
});

Deno.test("what is held for a moment, as a rule, is told only when it takes longer", async () => {
  await using place = await project({});
  const path = join(place.root, "lock");
  const clock = clockAt(Date.now());
  for (const [patience, told] of [[0, 1], [1, 1], [100, 1], [1e6, 0]] as const) {
    const held = await lock(path, "x", clock);
    const holders: (Holder | undefined)[] = [];
    let asked = 0;
    const stopped = () => ++asked === 20;
    assertEquals(
      await lock(path, "y", clock, { ...waiting(holders, stopped), patience }),
      undefined,
    );
    assertEquals(holders.map((holder) => holder?.purpose), told === 0 ? [] : ["x"]);
    held.release();
  }
});

Deno.test("who waits is told for whom, once, and has it when it is free", async () => {
  await using place = await project({});
  const path = join(place.root, "lock");
  const clock = clockAt(Date.now());
  const first = await lock(path, "first", clock);
  const holders: (Holder | undefined)[] = [];
  let second: unknown;
  const told = Promise.withResolvers<void>();
  const taken = lock(path, "second", clock, {
    stopped: () => false,
    waits(holder) {
      holders.push(holder);
      told.resolve();
    },
  }).then((held) => second = held);
  await told.promise;
  assertEquals([holders.map((each) => each?.purpose), second], [["first"], undefined]);
  first.release();
  await taken;
  assertEquals(holderOf(Deno.readTextFileSync(path))?.purpose, "second");
  assertEquals(holders.length, 1);
});

Deno.test("who waits can be stopped, and leaves the lock alone", async () => {
  await using place = await project({});
  const path = join(place.root, "lock");
  const clock = clockAt(Date.now());
  const first = await lock(path, "first", clock);
  let stopped = false;
  const holders: (Holder | undefined)[] = [];
  const second = lock(path, "second", clock, {
    stopped: () => stopped,
    waits(holder) {
      holders.push(holder);
      stopped = true;
    },
  });
  assertEquals(await second, undefined);
  assertEquals(holderOf(Deno.readTextFileSync(path))?.purpose, "first");
  first.release();
});

Deno.test("the lock of a process that is gone is broken at once", async () => {
  await using place = await project({});
  const path = join(place.root, "lock");
  Deno.writeTextFileSync(path, JSON.stringify({ ...ownHolder("x"), pid: await deadProcess() }));
  const holders: (Holder | undefined)[] = [];
  const held = await lock(path, "second", clockAt(Date.now()), waiting(holders));
  assertEquals([holderOf(Deno.readTextFileSync(path))?.pid, holders], [Deno.pid, []]);
  held?.release();
  assertEquals([...Deno.readDirSync(place.root)], []);
});

Deno.test({
  name: "a process that has ended and was not waited for is gone too",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using place = await project({});
    const path = join(place.root, "lock");
    // The shell becomes a program that waits for nobody: what ends then stays as it ended.
    const script = 'until grep -q cat "/proc/$PPID/comm"; do :; done';
    const child = new Deno.Command("sh", {
      args: ["-c", `sh -c '${script}' & echo $!; exec cat`],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    const pid = Number(new TextDecoder().decode((await reader.read()).value));
    const state = () => Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1]?.[0];
    while (state() !== "Z") await new Promise((next) => setTimeout(next, 1));
    Deno.writeTextFileSync(path, JSON.stringify({ ...ownHolder("x"), pid, start: "" }));
    const held = await lock(path, "second", clockAt(Date.now()));
    assertEquals(holderOf(Deno.readTextFileSync(path))?.pid, Deno.pid);
    held.release();
    await child.stdin.close();
    await reader.cancel();
    await child.status;
  },
});

Deno.test("the number of a living process that began at another time holds nothing", async () => {
  if (ownHolder("").start === "") return;
  await using place = await project({});
  const path = join(place.root, "lock");
  for (const pid of [Deno.pid, Deno.ppid]) {
    Deno.writeTextFileSync(path, JSON.stringify({ ...ownHolder("x"), pid, start: "1" }));
    const held = await lock(path, "second", clockAt(Date.now()));
    held.release();
  }
});

for (const other of [{ host: "elsewhere" }, { boot: "an earlier one" }, { boot: "" }]) {
  Deno.test(`a holder with ${JSON.stringify(other)} is gone when it was silent for 30 s`, async () => {
    await using place = await project({});
    const path = join(place.root, "lock");
    const clock = clockAt(Date.now());
    const text = JSON.stringify({ ...ownHolder("x"), ...other, pid: await deadProcess() });
    Deno.writeTextFileSync(path, text);
    let looks = 0;
    const held = await lock(path, "second", clock, {
      waits() {},
      stopped: () => ++looks === 3,
    });
    assertEquals(held, undefined);
    clock.advance(31_000);
    const second = await lock(path, "second", clock);
    second.release();
  });
}

Deno.test("a holder touches its lock every ten seconds", async () => {
  await using place = await project({});
  const path = join(place.root, "lock");
  const clock = clockAt(1_800_000_000_000);
  const held = await lock(path, "x", clock);
  for (let beat = 1; beat <= 4; beat++) {
    clock.advance(10_000);
    assertEquals(Deno.statSync(path).mtime?.getTime(), 1_800_000_000_000 + beat * 10_000);
  }
  held.release();
  clock.advance(10_000);
  assert(!seen(path));
});

Deno.test("what is no holder is one that may still be writing, for 30 s (lesson 6)", async () => {
  await using place = await project({});
  const path = join(place.root, "lock");
  for (const text of ["", "{", "[]", "null", '{"host":1}', '{"host":"a","boot":"b"}']) {
    const clock = clockAt(Date.now());
    Deno.writeTextFileSync(path, text);
    const holders: (Holder | undefined)[] = [];
    assertEquals(await lock(path, "x", clock, waiting(holders, () => true)), undefined);
    assertEquals(holders, [undefined]);
    clock.advance(31_000);
    (await lock(path, "x", clock)).release();
  }
});

Deno.test("who has lost a lock does not take away that of the next", async () => {
  await using place = await project({});
  const path = join(place.root, "lock");
  const clock = clockAt(Date.now());
  const first = await lock(path, "same", clock);
  Deno.removeSync(path);
  const second = await lock(path, "same", clock);
  first.release();
  assert(seen(path));
  second.release();
  assert(!seen(path));
});

Deno.test("a process that was killed while breaking a lock holds nobody up", async () => {
  await using place = await project({});
  const path = join(place.root, "lock");
  const dead = JSON.stringify({ ...ownHolder("x"), pid: await deadProcess() });
  Deno.writeTextFileSync(path, dead);
  Deno.writeTextFileSync(`${path}.break`, dead);
  (await lock(path, "x", clockAt(Date.now()))).release();
  assertEquals([...Deno.readDirSync(place.root)], []);
});

/** Takes a lock many times, beside others, and notes when it is not alone. */
const CONTENDER = `
import { lock } from ${JSON.stringify(toFileUrl(join(ROOT, "src", "cache", "lock.ts")).href)};
const [path, count, kills] = Deno.args;
const clock = {
  date: () => Date.now(),
  after(ms, listener) {
    const timer = setTimeout(listener, ms);
    return () => clearTimeout(timer);
  },
};
for (let turn = 0; turn < Number(count); turn++) {
  const held = await lock(path, "contending", clock);
  try {
    Deno.writeTextFileSync(path + ".inside", String(Deno.pid), { createNew: true });
  } catch {
    Deno.writeTextFileSync(path + ".broken", String(Deno.pid));
  }
  await new Promise((next) => setTimeout(next, 0));
  try {
    Deno.removeSync(path + ".inside");
  } catch {
    // It was noted.
  }
  if (kills === "yes" && turn === Number(count) - 1) Deno.kill(Deno.pid, "SIGKILL");
  held.release();
}
`;

Deno.test("processes that want one lock have it one after the other, also when some are killed", async () => {
  await using place = await project({ "contender.ts": CONTENDER });
  const path = join(place.root, "lock");
  const ended = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-A", "--no-check", "--quiet", "--config", join(ROOT, "deno.json")],
          ...[join(place.root, "contender.ts"), path, "20", index % 2 === 0 ? "yes" : "no"],
        ],
        stdout: "piped",
        stderr: "piped",
      }).output()),
  );
  for (const [index, { success, stderr }] of ended.entries()) {
    assertMatch(new TextDecoder().decode(stderr), /^$/);
    assertEquals(success, index % 2 === 1 || Deno.build.os === "windows" && success);
  }
  assert(!seen(`${path}.broken`));
});
