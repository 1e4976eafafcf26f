/**
 * Tables and ratios of the benchmark.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Cell, Measured } from "../../../scripts/bench/measure.ts";
import { programsOf, tableOf, withRatios } from "../../../scripts/bench/report.ts";
import { stepsOf } from "../../../scripts/bench/growth.ts";

function measured(kind: Cell["kind"], name: string, median: number, rest = {}): Measured {
  const runs = [median, median];
  const series = {
    median,
    least: median,
    runs,
    processor: 7,
    spread: 0,
    repeated: false,
    loaded: false,
  };
  return { kind, name, command: [`/bin/${name}`], ...series, ...rest };
}

const unable = (kind: Cell["kind"], name: string, why: string): Cell => ({ kind, name, why });

function result(cells: readonly Cell[]) {
  return { name: "s", title: "something", rounds: 2, load: 0, cells: withRatios(cells) };
}

Deno.test("ratios are with the first ntask and the first floor", () => {
  const cells = withRatios([
    measured("ntask", "ntask", 10),
    measured("ntask", "ntask (tasks.ts)", 20),
    measured("peer", "ninja", 5),
    measured("floor", "walk", 4),
    measured("floor", "start", 1),
  ]);
  assertEquals(cells.map((cell) => cell.ntaskBy), [1, 0.5, 2, 2.5, 10]);
  assertEquals(cells.map((cell) => cell.byFloor), [2.5, 5, 1.25, 1, 0.25]);
});

Deno.test("who has no figure has no ratio, and without a floor or ntask nobody has that one", () => {
  const cells = withRatios([
    unable("ntask", "ntask", "not there"),
    measured("peer", "ninja", 5),
    unable("floor", "walk", "no C compiler"),
  ]);
  assertEquals(
    cells.map(({ ntaskBy, byFloor }) => [ntaskBy, byFloor]),
    Array(3).fill([
      undefined,
      undefined,
    ]),
  );
});

Deno.test("the table has figures in columns and says who has none and why", () => {
  const text = tableOf(result([
    measured("ntask", "ntask", 10, { peakMegabytes: 50.4, ran: 0 }),
    measured("peer", "ninja", 2.5, { loaded: true, repeated: true, spread: 0.42 }),
    unable("peer", "just", "just knows nothing"),
    measured("floor", "walk", 5, { runs: [5] }),
  ]));
  assertEquals(text.split("\n"), [
    "something [s, median of 2, load 0.0]",
    "            ms  least   cpu  ntask ÷  ÷ floor  MB  MB, all  ran",
    "  ntask   10.0   10.0  7.00     1.00     2.00  50             0",
    "  ninja   2.50   2.50  7.00     4.00     0.50                    LOADED: spread 42 %, twice",
    "  (walk)  5.00   5.00  7.00     2.00     1.00                    1 run",
    "  just: no figure: just knows nothing",
  ]);
});

Deno.test("a table in which nobody has a figure is a table", () => {
  assert(tableOf(result([unable("ntask", "ntask", "x")])).endsWith("  ntask: no figure: x"));
});

Deno.test("every program is told once, of Node's the script", () => {
  const node = { command: ["/usr/bin/node", "/x/nx.js", "run"], note: "by Node", version: "24.0" };
  const all = result([measured("ntask", "ntask", 1), measured("peer", "Nx", 1, node)]);
  assertEquals(programsOf([all, all]).split("\n").map((line) => line.replace(/ +/g, " ")), [
    "programs",
    " ntask /bin/ntask",
    " Nx 24.0 /usr/bin/node /x/nx.js (by Node)",
  ]);
});

Deno.test("growth has a slope from the second size on, for each name of its own", () => {
  const at = (a: number, b: number) =>
    result([measured("ntask", "ntask", a, { peakMegabytes: 10 }), measured("floor", "walk", b)]);
  const { steps } = stepsOf([100, 1000], [at(1, 2), at(100, 20)]);
  assertEquals(steps.map(({ name, size, slope }) => [name, size, slope?.toFixed(2)]), [
    ["ntask", 100, undefined],
    ["ntask", 1000, "2.00"],
    ["walk", 100, undefined],
    ["walk", 1000, "1.00"],
  ]);
  assertEquals(steps[1]?.memorySlope, 0);
});

Deno.test("who has no figure at one size is told, and the next slope is from the size before", () => {
  const { steps, why } = stepsOf([10, 100, 1000], [
    result([measured("ntask", "ntask", 1)]),
    result([unable("ntask", "ntask", "it broke")]),
    result([measured("ntask", "ntask", 100)]),
  ]);
  assertEquals(why, ["ntask at 100: no figure: it broke"]);
  assertEquals(steps.map(({ slope }) => slope), [undefined, 1]);
});
