/**
 * `deno task bench --growth`: how the figures of ntask grow with tasks and with files.
 *
 * In: how far to go. Out: for each size the time, the memory and the slope from the size before: 1 is
 * linear. Beside it the walk+stat floor, whose slope is the machine's own.
 *
 * @module
 */

import type { Peer } from "./peers/peer.ts";
import { slope } from "./statistics.ts";
import type { Result } from "./report.ts";
import { scenarioNamed } from "./scenarios.ts";
import { session } from "./session.ts";

const TASKS = [100, 1000, 10_000, 100_000];
const FILES = [10_000, 100_000, 1_000_000];
/** Tasks among which the files are. */
const SHARED_BY = 100;

interface Series {
  readonly title: string;
  readonly sizes: readonly number[];
  readonly scenario: (size: number) => string;
}

const SERIES: readonly Series[] = [
  { title: "list, by tasks", sizes: TASKS, scenario: (size) => `list-${size}` },
  { title: "graph, by tasks", sizes: TASKS, scenario: (size) => `graph-${size}` },
  { title: "trivial tasks, by tasks", sizes: TASKS, scenario: (size) => `cold-${size}` },
  { title: "nothing to do, by tasks of one file", sizes: TASKS, scenario: (n) => `noop-${n}x1` },
  {
    title: `nothing to do, by files of ${SHARED_BY} tasks`,
    sizes: FILES,
    scenario: (size) => `noop-${SHARED_BY}x${size / SHARED_BY}`,
  },
];

/** A figure at a size, and how it came there from the size before. */
export interface Step {
  readonly name: string;
  readonly size: number;
  readonly milliseconds: number;
  readonly megabytes?: number;
  readonly slope?: number;
  readonly memorySlope?: number;
  readonly loaded: boolean;
}

/** @param most no tasks and no files more than that */
export async function growth(
  peers: readonly Peer[],
  most: number,
  rounds: number,
  say: (text: string) => void,
): Promise<{ title: string; steps: readonly Step[]; why: readonly string[] }[]> {
  const found = [];
  for (const { title, sizes, scenario } of SERIES) {
    const taken = sizes.filter((size) => size <= most);
    if (taken.length === 0) continue;
    const results: Result[] = [];
    for (const size of taken) {
      const options = { peers, rounds, finished: () => {}, say };
      results.push(...await session([scenarioNamed(scenario(size))], options));
    }
    const one = { title, ...stepsOf(taken, results) };
    found.push(one);
    console.log(`\n${tableOf(one)}`);
  }
  return found;
}

/** By name, in the order of the sizes; who has no figure at a size is told. */
export function stepsOf(
  sizes: readonly number[],
  results: readonly Result[],
): { steps: readonly Step[]; why: readonly string[] } {
  const steps: Step[] = [];
  const why: string[] = [];
  for (const [at, { cells }] of results.entries()) {
    for (const cell of cells) {
      const size = sizes[at]!;
      if ("why" in cell) {
        why.push(`${cell.name} at ${size}: no figure: ${cell.why}`);
        continue;
      }
      const before = steps.findLast((step) => step.name === cell.name);
      const megabytes = cell.peakMegabytes;
      const point = { size, figure: cell.median };
      steps.push({
        name: cell.name,
        size,
        milliseconds: cell.median,
        loaded: cell.loaded,
        ...(megabytes === undefined ? {} : { megabytes }),
        ...(before === undefined
          ? {}
          : { slope: slope({ size: before.size, figure: before.milliseconds }, point) }),
        ...(before?.megabytes === undefined || megabytes === undefined ? {} : {
          memorySlope: slope(
            { size: before.size, figure: before.megabytes },
            { size, figure: megabytes },
          ),
        }),
      });
    }
  }
  return { steps: steps.sort((a, b) => a.name.localeCompare(b.name) || a.size - b.size), why };
}

function tableOf(
  { title, steps, why }: {
    readonly title: string;
    readonly steps: readonly Step[];
    readonly why: readonly string[];
  },
): string {
  const head = ["size", "ms", "slope", "MB", "slope"].map((text) => text.padStart(10)).join("");
  const rows = steps.map((step) => {
    const figures = [
      String(step.size),
      step.milliseconds.toFixed(1),
      step.slope?.toFixed(2) ?? "",
      step.megabytes?.toFixed(0) ?? "",
      step.memorySlope?.toFixed(2) ?? "",
    ];
    const columns = figures.map((text) => text.padStart(10)).join("");
    return `  ${step.name.padEnd(26)}${columns}${step.loaded ? "  LOADED" : ""}`;
  });
  return [title, `  ${"".padEnd(26)}${head}`, ...rows, ...why.map((line) => `  ${line}`)].join(
    "\n",
  );
}
