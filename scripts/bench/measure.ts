/**
 * Taking turns: what every entry of a scenario takes, measured alternately in one session.
 *
 * In: entries, each with a command, what to do before each run and how to see after it that it did
 * its work. Out: a cell for each: its figures, or why there are none. What must stay true: a figure
 * stands for work that was done and seen; what is missing, fails, hangs or did nothing has no figure,
 * so it can never look like a winner.
 *
 * @module
 */

import { Fault } from "../command.ts";
import { LOADED, median, spread } from "./statistics.ts";

/** One line of a scenario's table. */
export interface Entry {
  readonly name: string;
  readonly kind: "ntask" | "peer" | "floor";
  readonly command: readonly [string, ...string[]];
  /** What it is about, where `command` is another program that looks on. */
  readonly inside?: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly note?: string;
  /** Make things as they should be before a run; not in the time. `round` counts from 0. */
  before?(round: number): void | Promise<void>;
  /** Look at what the run did. */
  after?(run: Run): Verdict | Promise<Verdict>;
}

export interface Verdict {
  /** Why this run does not count. */
  readonly wrong?: string | undefined;
  /** How many tasks were run, where that can be told. */
  readonly ran?: number;
  /** The memory of all its processes together. */
  readonly treeKilobytes?: number;
}

/** One run, as the timer tells of it. */
export interface Run {
  readonly milliseconds: number;
  /** Milliseconds of processor, of it and of the children it has waited for. */
  readonly processor: number;
  /** The largest of its processes; 0 where the timer cannot tell. */
  readonly peakKilobytes: number;
  readonly code: number;
  /** Both streams in one. */
  readonly output: string;
}

export type Timer = (entry: Entry) => Promise<Run>;

export type Cell = Measured | Unable;

interface Line {
  readonly name: string;
  readonly kind: Entry["kind"];
  readonly command?: readonly string[];
  readonly version?: string;
  readonly note?: string;
}

export interface Measured extends Line {
  readonly command: readonly string[];
  readonly median: number;
  readonly least: number;
  readonly runs: readonly number[];
  /** Milliseconds of processor of it and its children, which other programs hardly change: median. */
  readonly processor: number;
  /** As a share of the median. */
  readonly spread: number;
  /** It was measured twice, as the first series was spread over more than {@linkcode LOADED}. */
  readonly repeated: boolean;
  /** The second series was, too. */
  readonly loaded: boolean;
  /** The largest of its processes, in its largest run. */
  readonly peakMegabytes?: number;
  /** All of its processes together, in its largest run; daemons not counted. */
  readonly treeMegabytes?: number;
  readonly ran?: number;
}

export interface Unable extends Line {
  readonly why: string;
}

interface Series {
  readonly entry: Entry;
  readonly runs: number[];
  readonly processor: number[];
  peak: number;
  tree: number;
  ran?: number;
  why?: string;
  /** It takes so long that its first run has to do. */
  enough?: true;
}

/**
 * @param rounds how many runs of each count; one before them does not, but is judged like them
 * @param slow who takes more milliseconds than that is run once, which then counts
 */
export async function measure(
  entries: readonly Entry[],
  rounds: number,
  timer: Timer,
  slow = Infinity,
): Promise<Cell[]> {
  const first = await series(entries, rounds, 0, timer, slow);
  const restless = first.filter((each) => each.why === undefined && spread(each.runs) > LOADED)
    .map((each) => each.entry);
  const second = await series(restless, rounds, rounds + 1, timer, Infinity);
  return first.map((one) => {
    const other = second.find((each) => each.entry === one.entry);
    if (other === undefined) return cellOf(one, false);
    const better = other.why !== undefined || spread(other.runs) < spread(one.runs) ? other : one;
    return cellOf(better, true);
  });
}

/** @param from the number of the first round */
async function series(
  entries: readonly Entry[],
  rounds: number,
  from: number,
  timer: Timer,
  slow: number,
): Promise<Series[]> {
  const all = entries.map((entry): Series => ({
    entry,
    runs: [],
    processor: [],
    peak: 0,
    tree: 0,
  }));
  for (let round = 0; round <= rounds; round++) {
    // Each round begins with another one, so that what the machine does beside hits all alike.
    const turn = round % Math.max(1, all.length);
    for (const each of [...all.slice(turn), ...all.slice(0, turn)]) {
      if (each.why !== undefined || each.enough) continue;
      const run = await once(each, from + round, timer);
      if (run === undefined) continue;
      if (run.milliseconds > slow) each.enough = true;
      else if (round === 0) continue;
      each.runs.push(run.milliseconds);
      each.processor.push(run.processor);
      each.peak = Math.max(each.peak, run.peakKilobytes);
    }
  }
  return all;
}

async function once(each: Series, round: number, timer: Timer): Promise<Run | undefined> {
  try {
    await each.entry.before?.(round);
    const run = await timer(each.entry);
    const { wrong, ran, treeKilobytes = 0 } = run.code === 0
      ? await each.entry.after?.(run) ?? {}
      : failed(run);
    if (ran !== undefined) each.ran = ran;
    each.tree = Math.max(each.tree, treeKilobytes);
    if (wrong === undefined) return run;
    each.why = wrong;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    each.why = error.message;
  }
  return undefined;
}

function failed({ code, output, milliseconds }: Run): Verdict {
  if (code === 124) return { wrong: `not done after ${Math.round(milliseconds / 1000)} s` };
  const last = output.trim().split("\n").at(-1)?.trim().slice(0, 200);
  return { wrong: `exited with ${code}${last ? `: ${last}` : ""}` };
}

function cellOf({ entry, runs, processor, peak, tree, ran, why }: Series, repeated: boolean): Cell {
  const { name, kind, version, note } = entry;
  const command = entry.inside ?? entry.command;
  const said = version === undefined ? {} : { version };
  const line = { name, kind, command, ...said, ...(note === undefined ? {} : { note }) };
  if (why !== undefined) return { ...line, why };
  return {
    ...line,
    median: median(runs),
    least: Math.min(...runs),
    runs,
    processor: median(processor),
    spread: spread(runs),
    repeated,
    loaded: spread(runs) > LOADED,
    ...(peak === 0 ? {} : { peakMegabytes: peak / 1024 }),
    ...(tree === 0 ? {} : { treeMegabytes: tree / 1024 }),
    ...(ran === undefined ? {} : { ran }),
  };
}
