import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import * as disk from "../../../src/host/disk.ts";
import { NO_PROCESS } from "../../../src/host/process_rules.ts";
import { acted, note, testimony, watch } from "../../../src/host/witness.ts";
import type { Event } from "../../../src/model/event.ts";
import type { AbsolutePath } from "../../../src/model/id.ts";
import { LOOK_HOST } from "../../../src/run/hidden_mode.ts";
import {
  idleDirectory,
  keepIdleRun,
  lookForAnother,
  looksTheSameToTwo,
  readKeptRun,
  sameIdleRun,
} from "../../../src/run/idle_run.ts";

const EVENTS: readonly Event[] = [
  { type: "output", step: 0 as never, stream: "stdout", chunk: { text: "built\n" } },
];
const HOUR = 60 * 60 * 1000;
const NOW = 1_800_000_000_000;

function put(root: string, file: string, invocation: string, began: number): void {
  watch(began);
  disk.stat(file);
  const seen = testimony()!;
  acted();
  const told = { output: "auto", quiet: false, verbose: false } as const;
  keepIdleRun(invocation, { root, told, events: EVENTS }, { ...seen, ended: NOW });
}

const ask = (root: string, invocation: string, date: number) =>
  sameIdleRun(host(date), idleDirectory(root), invocation, clock(root));

/** The file system's. */
function clock(root: string): number {
  return disk.fileSystemTime(join(root, ".ntask/state/probe"))!;
}

/** A machine whose only process looks here and now, or does what a test says. */
function host(date: number, looks = lookForAnother): Parameters<typeof sameIdleRun>[0] {
  return {
    date: () => new Date(date),
    cpus: 2,
    self: ["ntask"],
    cwd: "/" as AbsolutePath,
    env: {},
    start({ args }, { end }) {
      assertEquals(args[0], LOOK_HOST);
      queueMicrotask(() => end({ code: looks(args.slice(1)) }));
      return NO_PROCESS;
    },
  };
}

Deno.test("a kept run whose clock lies ahead is not told: the clock was set back since", () =>
  withOld(async ({ root, file, began }) => {
    put(root, file, "ahead", began + 60_000);
    assertEquals(await ask(root, "ahead", NOW), undefined);
  }));

Deno.test("a run that has looked at a file as young as itself is not kept", () =>
  withOld(async ({ root, began }) => {
    const young = join(root, "young.txt");
    Deno.writeTextFileSync(young, "");
    put(root, young, "young", began);
    assertEquals(await ask(root, "young", NOW), undefined);
  }));

Deno.test("it serves for an hour, and not before it was kept", () =>
  withOld(async ({ root }) => {
    assertEquals((await ask(root, "one", NOW))?.events, EVENTS);
    assertEquals((await ask(root, "one", NOW + HOUR))?.events, EVENTS);
    assertEquals(await ask(root, "one", NOW + HOUR + 1), undefined);
    assertEquals(await ask(root, "one", NOW - 1), undefined);
    assertEquals(await ask(root, "two", NOW), undefined);
  }));

Deno.test("a kept run that is not what was written is none", () =>
  withOld(async ({ root }) => {
    const file = join(idleDirectory(root), "one");
    const whole = Deno.readFileSync(file);
    for (let at = 0; at < whole.length; at += 7) {
      const damaged = whole.slice();
      damaged[at]! ^= 1;
      Deno.writeFileSync(file, damaged);
      const found = await ask(root, "one", NOW);
      // What is behind the digest's own text and before what it is of is filling.
      if (found !== undefined) assertEquals(at >= 77 && at < 96, true, `byte ${at}`);
      Deno.writeFileSync(file, whole.subarray(0, at));
      assertEquals(await ask(root, "one", NOW), undefined);
    }
    Deno.writeFileSync(file, whole);
    assertEquals((await ask(root, "one", NOW))?.events, EVENTS);
  }));

Deno.test("of many files another process looks at a part, and what it sees counts", () =>
  withOld(async ({ root, began }) => {
    const listed = Array.from({ length: 25 }, (_, at) => ({
      name: `${at}`,
      kind: "file" as const,
    }));
    for (const folder of ["a", "b", "c", "d"]) {
      Deno.mkdirSync(join(root, folder));
      for (const { name } of listed) Deno.createSync(join(root, folder, name)).close();
    }
    watch(began);
    for (const folder of ["a", "b", "c", "d"]) note("entries", join(root, folder), listed);
    const sights = testimony()!;
    acted();
    const told = { output: "auto", quiet: false, verbose: false } as const;
    keepIdleRun("many", { root, told, events: EVENTS }, { ...sights, ended: NOW });
    const kept = join(idleDirectory(root), "many");
    const seen = (looks?: typeof lookForAnother) =>
      looksTheSameToTwo(host(NOW, looks), kept, readKeptRun(kept)!);
    let asked = 0;
    const counted: typeof lookForAnother = (words) => {
      asked++;
      return lookForAnother(words);
    };
    assertEquals(await seen(counted), true);
    assertEquals(asked, 1);
    // One that was killed, or read what was kept meanwhile, has said nothing: we look ourselves.
    assertEquals(await seen(() => 2), true);
    assertEquals(await seen(() => 1), false);
    assertEquals(lookForAnother([kept, "another digest", "1"]), 2);
    Deno.removeSync(join(root, "d/17"));
    assertEquals(await seen(counted), false);
    assertEquals(await seen(() => 2), false);
    Deno.createSync(join(root, "d/17")).close();
    assertEquals(await seen(counted), true);
    Deno.removeSync(join(root, "a/17"));
    assertEquals(await seen(counted), false);
  }));

Deno.test("four runs are kept, those written last", () =>
  withOld(({ root, file, began }) => {
    for (const name of ["two", "three", "four", "five"]) {
      put(root, file, name, began);
      Deno.utimeSync(join(idleDirectory(root), name), ...times(name));
    }
    put(root, file, "six", began);
    const left = [...Deno.readDirSync(idleDirectory(root))].map(({ name }) => name).toSorted();
    assertEquals(left, ["five", "four", "six", "three"]);
  }));

function times(name: string): [number, number] {
  const at = { two: 2, three: 3, four: 4, five: 5 }[name]! + 2_000_000_000;
  return [at, at];
}

/** A kept run that has looked at a file which is old by the clock of its file system. */
async function withOld(
  body: (
    here: { readonly root: string; readonly file: string; readonly began: number },
  ) => void | Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "ntask-idle-" });
  try {
    // A file of the machine: it was there long before.
    const file = Deno.execPath();
    Deno.mkdirSync(join(root, ".ntask/state"), { recursive: true });
    const began = disk.fileSystemTime(join(root, ".ntask/state/probe"))!;
    put(root, file, "one", began);
    await body({ root, file, began });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}
