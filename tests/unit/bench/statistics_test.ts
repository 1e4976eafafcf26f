/**
 * The arithmetic of the benchmark.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { median, quantile, slope, spread } from "../../../scripts/bench/statistics.ts";

const round = (value: number): number => Math.round(value * 1e9) / 1e9;

Deno.test("the median is the middle, of an even number the mean of the two", () => {
  assertEquals(median([9, 1, 5]), 5);
  assertEquals(median([9, 1, 5, 6]), 5.5);
  assertEquals(median([7]), 7);
  assertEquals(median([]), NaN);
});

Deno.test("a quantile lies between its neighbours in proportion", () => {
  assertEquals(quantile([0, 10], 0.25), 2.5);
  assertEquals(quantile([3, 1, 2], 0), 1);
  assertEquals(quantile([3, 1, 2], 1), 3);
});

Deno.test("equal values have no spread, and nothing has none", () => {
  assertEquals(spread([4, 4, 4]), 0);
  assertEquals(spread([]), 0);
});

Deno.test("one of five that is far off is seen, one of a hundred is not", () => {
  assertEquals(round(spread([10, 10, 10, 10, 20])), 0.6);
  assertEquals(spread([...Array(99).fill(10), 20]), 0);
});

Deno.test("the slope is 1 for what grows with the size, 2 for its square, 0 for what stays", () => {
  const from = { size: 100, figure: 5 };
  assertEquals(round(slope(from, { size: 1000, figure: 50 })), 1);
  assertEquals(round(slope(from, { size: 1000, figure: 500 })), 2);
  assertEquals(round(slope(from, { size: 1000, figure: 5 })), 0);
});
