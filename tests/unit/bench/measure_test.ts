/**
 * Turns, proofs and repetitions, with a timer that is told what to say.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { Fault } from "../../../scripts/command.ts";
import {
  type Cell,
  type Entry,
  measure,
  type Measured,
  type Run,
  type Timer,
} from "../../../scripts/bench/measure.ts";

function entry(name: string, rest: Partial<Entry> = {}): Entry {
  return { name, kind: "peer", command: [name], cwd: ".", env: {}, ...rest };
}

/** Each call for a name takes what stands next for it, the last one for ever. */
function timerOf(times: Readonly<Record<string, readonly number[]>>, order: string[] = []): Timer {
  const at = new Map<string, number>();
  return ({ name }) => {
    const call = at.get(name) ?? 0;
    at.set(name, call + 1);
    order.push(name);
    const all = times[name] ?? [1];
    const milliseconds = all[Math.min(call, all.length - 1)]!;
    return Promise.resolve({
      milliseconds,
      processor: 1,
      peakKilobytes: 1024,
      code: 0,
      output: "",
    });
  };
}

const always = (run: Partial<Run>): Timer => () =>
  Promise.resolve({ milliseconds: 1, processor: 1, peakKilobytes: 0, code: 0, output: "", ...run });

async function one(each: Entry, timer: Timer): Promise<Cell> {
  return (await measure([each], 3, timer))[0]!;
}

Deno.test("the first round does not count, and the rounds begin with another one each", async () => {
  const order: string[] = [];
  const cells = await measure(
    [entry("a"), entry("b")],
    3,
    timerOf({ a: [99, 10, 10, 10], b: [99, 5, 5, 5] }, order),
  );
  assertEquals(order.join(""), "abbaabba");
  assertEquals(cells.map((cell) => (cell as Measured).median), [10, 5]);
  assertEquals(cells.map((cell) => (cell as Measured).runs.length), [3, 3]);
});

Deno.test("who fails has no figure, but its last words, and is not run again", async () => {
  const order: string[] = [];
  const counting: Timer = async (each) => {
    order.push(each.name);
    return await always({ code: 3, output: "first\n  no such rule\n" })(each);
  };
  const cell = await one(entry("a"), counting);
  assertEquals("why" in cell && cell.why, "exited with 3: no such rule");
  assert(!("median" in cell));
  assertEquals(order, ["a"]);
});

Deno.test("who is not done in time has no figure", async () => {
  const cell = await one(entry("a"), always({ code: 124, milliseconds: 9000 }));
  assertEquals("why" in cell && cell.why, "not done after 9 s");
});

Deno.test("who cannot be started has no figure", async () => {
  const cell = await one(entry("a"), () => Promise.reject(new Fault("cannot be started: no")));
  assertEquals("why" in cell && cell.why, "cannot be started: no");
});

Deno.test("a run that did not do its work takes the figure away, also in the last round", async () => {
  let runs = 0;
  const after = () => ++runs < 4 ? { ran: 0 } : { ran: 2, wrong: "ran 2 tasks" };
  const cell = await one(entry("a", { after }), always({}));
  assertEquals("why" in cell && cell.why, "ran 2 tasks");
  assertEquals(runs, 4);
});

Deno.test("what is spread out is measured again, and alone", async () => {
  const order: string[] = [];
  const timer = timerOf({ a: [1, 10, 20, 30, 1, 10, 10, 10], b: [10] }, order);
  const cells = await measure([entry("a"), entry("b")], 3, timer) as Measured[];
  assertEquals(cells.map(({ repeated }) => repeated), [true, false]);
  assertEquals(cells.map(({ loaded }) => loaded), [false, false]);
  assertEquals(cells[0]?.runs, [10, 10, 10]);
  assertEquals(order.slice(8).join(""), "aaaa");
});

Deno.test("what is spread out twice is marked, and the calmer series is kept", async () => {
  const timer = timerOf({ a: [1, 10, 20, 30, 1, 10, 50, 90] });
  const cell = await one(entry("a"), timer) as Measured;
  assert(cell.loaded && cell.repeated);
  assertEquals(cell.runs, [10, 20, 30]);
});

Deno.test("who takes too long is run once, and that counts", async () => {
  const order: string[] = [];
  const timer = timerOf({ a: [500], b: [10] }, order);
  const cells = await measure([entry("a"), entry("b")], 3, timer, 100) as Measured[];
  assertEquals(cells.map(({ runs }) => runs), [[500], [10, 10, 10]]);
  assertEquals(order.join(""), "abbbb");
});

Deno.test("who fails when it is measured again has no figure", async () => {
  let runs = 0;
  const times = [1, 10, 20, 30];
  const timer: Timer = async (each) => {
    const milliseconds = times[runs] ?? 10;
    return await always({ milliseconds, code: ++runs > 4 ? 1 : 0 })(each);
  };
  const cell = await one(entry("a"), timer);
  assertEquals("why" in cell && cell.why, "exited with 1");
});

Deno.test("rounds have numbers that never come twice, so that no edit is an old one", async () => {
  const rounds: number[] = [];
  const before = (round: number) => void rounds.push(round);
  await one(entry("a", { before }), timerOf({ a: [1, 10, 20, 30] }));
  assertEquals(rounds, [0, 1, 2, 3, 4, 5, 6, 7]);
});
