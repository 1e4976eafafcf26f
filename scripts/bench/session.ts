/**
 * One session: scenarios one after another, on workspaces that stand as long as somebody needs them.
 *
 * @module
 */

import { join } from "@std/path";
import { Fault } from "../command.ts";
import { type Bench, openBench } from "./stands.ts";
import { findFloors } from "./floors.ts";
import { type Cell, type Entry, measure } from "./measure.ts";
import { type Result, withRatios } from "./report.ts";
import type { Peer } from "./peers/peer.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** After so many seconds a run is given up. */
const PATIENCE = 900;

/** Those of which Windows knows none but the first are left out there. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

export interface SessionOptions {
  readonly peers: readonly Peer[];
  /** Instead of what each scenario asks for. */
  readonly rounds?: number;
  /** Who takes more milliseconds than that in a scenario is run once. */
  readonly slow?: number;
  /** Told of each, as soon as it is measured. */
  finished(result: Result): void;
  /** What a person who waits wants to know. */
  say(text: string): void;
}

/**
 * Measure scenarios in a folder of their own, which is gone afterwards, also when it is interrupted.
 */
export async function session(
  scenarios: readonly Scenario[],
  options: SessionOptions,
): Promise<Result[]> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "ntask-bench-" }));
  if (!/^[\w./-]+$/.test(folder)) throw new Fault(`“${folder}” would need quoting: set TMPDIR`);
  const { peers, say } = options;
  const stop = new AbortController();
  // What runs now is let run to its end, or ended by the same Ctrl+C; then everything is cleared up.
  const interrupted = (): void => stop.abort();
  for (const name of SIGNALS) Deno.addSignalListener(name, interrupted);
  const { signal } = stop;
  const results: Result[] = [];
  let bench: Bench | undefined;
  try {
    const floors = await findFloors(join(folder, "floors"));
    bench = openBench({ peers, floors, folder, patience: PATIENCE, signal, say });
    signal.throwIfAborted();
    for (const [at, scenario] of scenarios.entries()) {
      const rounds = options.rounds ?? scenario.rounds;
      const result = await resultOf(scenario, rounds, bench, options.slow);
      results.push(result);
      options.finished(result);
      const later = scenarios.slice(at + 1).map(({ workspace }) => workspace.name);
      if (!later.includes(scenario.workspace.name)) await bench.clear(scenario.workspace);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const { workspace } of scenarios) await bench?.clear(workspace);
    await Deno.remove(folder, { recursive: true })
      .catch((error) => say(`cannot remove “${folder}”: ${error.message}`));
    for (const name of SIGNALS) Deno.removeSignalListener(name, interrupted);
  }
  if (signal.aborted) Deno.exit(130);
  return results;
}

/** A cell for every entry, in their order. */
export async function resultOf(
  scenario: Scenario,
  rounds: number,
  bench: Bench,
  slow?: number,
): Promise<Result> {
  const start = performance.now();
  const entries = await scenario.entries(bench);
  const able = entries.filter((each): each is Entry => !("why" in each));
  const measured = await measure(able, rounds, bench.timer, slow);
  const cells = entries.map((each): Cell => "why" in each ? each : measured[able.indexOf(each)]!);
  const { name, title } = scenario;
  bench.say(`${name} took ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return { name, title, rounds, load: Deno.loadavg()[0] ?? 0, cells: withRatios(cells) };
}
