import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import * as disk from "../../../src/host/disk.ts";
import { acted, testimony, watch } from "../../../src/host/witness.ts";
import type { Event } from "../../../src/model/event.ts";
import { idleDirectory, keepIdleRun, sameIdleRun } from "../../../src/run/idle_run.ts";

const EVENTS: readonly Event[] = [
  { type: "output", step: 0 as never, stream: "stdout", chunk: { text: "built\n" } },
];
const HOUR = 60 * 60 * 1000;
const NOW = 1_800_000_000_000;

function put(root: string, file: string, invocation: string, began: number): void {
  watch();
  disk.stat(file);
  const sights = testimony()!;
  acted();
  const told = { output: "auto", quiet: false, verbose: false } as const;
  keepIdleRun(invocation, { root, told, events: EVENTS }, sights, { began, ended: NOW });
}

const ask = (root: string, invocation: string, date: number) =>
  sameIdleRun(idleDirectory(root), invocation, date);

Deno.test("a kept run whose clock lies ahead is not told: the clock was set back since", () =>
  withOld(({ root, file, began }) => {
    put(root, file, "ahead", began + 60_000);
    assertEquals(ask(root, "ahead", NOW), undefined);
  }));

Deno.test("a run that has looked at a file as young as itself is not kept", () =>
  withOld(({ root, began }) => {
    const young = join(root, "young.txt");
    Deno.writeTextFileSync(young, "");
    put(root, young, "young", began);
    assertEquals(ask(root, "young", NOW), undefined);
  }));

Deno.test("it serves for an hour, and not before it was kept", () =>
  withOld(({ root }) => {
    assertEquals(ask(root, "one", NOW)?.events, EVENTS);
    assertEquals(ask(root, "one", NOW + HOUR)?.events, EVENTS);
    assertEquals(ask(root, "one", NOW + HOUR + 1), undefined);
    assertEquals(ask(root, "one", NOW - 1), undefined);
    assertEquals(ask(root, "two", NOW), undefined);
  }));

Deno.test("a kept run that is not what was written is none", () =>
  withOld(({ root }) => {
    const file = join(idleDirectory(root), "one");
    const whole = Deno.readFileSync(file);
    for (let at = 0; at < whole.length; at += 7) {
      const damaged = whole.slice();
      damaged[at]! ^= 1;
      Deno.writeFileSync(file, damaged);
      const found = ask(root, "one", NOW);
      // What is behind the digest's own text and before the numbers is filling.
      if (found !== undefined) assertEquals(at >= 77 && at < 88, true, `byte ${at}`);
      Deno.writeFileSync(file, whole.subarray(0, at));
      assertEquals(ask(root, "one", NOW), undefined);
    }
    Deno.writeFileSync(file, whole);
    assertEquals(ask(root, "one", NOW)?.events, EVENTS);
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
  const at = { two: 2, three: 3, four: 4, five: 5 }[name]! + 4_000_000_000;
  return [at, at];
}

/** A kept run that has looked at a file which is old by the clock of its file system. */
async function withOld(
  body: (
    here: { readonly root: string; readonly file: string; readonly began: number },
  ) => void,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "ntask-idle-" });
  try {
    // A file of the machine: it was there long before.
    const file = Deno.execPath();
    Deno.mkdirSync(join(root, ".ntask/state"), { recursive: true });
    const began = disk.fileSystemTime(join(root, ".ntask/state/probe"))!;
    put(root, file, "one", began);
    body({ root, file, began });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}
