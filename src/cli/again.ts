/**
 * The same invocation again, where nothing has changed: what it came to is told again without a
 * thought. `run/idle_run.ts` says why that is right.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import { above, below } from "../host/below.ts";
import type { Host } from "../host/host.ts";
import { acted, testimony, watch } from "../host/witness.ts";
import type { Event } from "../model/event.ts";
import { VERSION } from "../model/version.ts";
import { COLOR, PLAIN, wantsColor } from "../report/palette.ts";
import { reports } from "../report/registry.ts";
import { idleDirectory, keepIdleRun, sameIdleRun, type ToldBy } from "../run/idle_run.ts";
import { openRunLog } from "../run/run_log.ts";

/**
 * Tell a kept run again, if there is one of this invocation and everything looks as it did; else
 * begin to note what is looked at.
 *
 * @returns the exit status of a run that was told again
 */
export async function again(host: Host): Promise<number | undefined> {
  // A run inside of a task is another one each time; and a checkout is changed without a new version.
  if (host.env.NTASK_RUN_ID !== undefined || host.self.some((word) => word.endsWith(".ts"))) return;
  const root = projectAbove(host);
  if (root === undefined) return undefined;
  const started = host.now();
  const run = await sameIdleRun(host, idleDirectory(root), invocationOf(host));
  if (run === undefined) {
    watch();
    host.self.forEach(disk.statTarget);
    return undefined;
  }
  const { told } = run;
  const { report } = await reports[told.output === "json" ? "json" : "line"]!();
  const colored = wantsColor(host.env, host.stderr.isTerminal, told.color);
  const tell = report({
    stdout: (data) => host.stdout.write(data),
    stderr: (data) => host.stderr.write(data),
    mode: told.output,
    terminal: host.stderr.isTerminal && host.stdout.isTerminal,
    palette: colored ? COLOR : PLAIN,
    quiet: told.quiet,
    verbose: told.verbose,
    problem: () => "",
  });
  const at = host.date().toISOString();
  const log = openRunLog(`${run.root}/.ntask/state/runs`, at, new Set());
  for (const event of run.events) {
    const now = renewed(event, at, Math.round((host.now() - started) * 1000) / 1000);
    log.add(now);
    tell(now);
  }
  log.close();
  return 0;
}

/**
 * Keep a run that found everything as it was left.
 *
 * @param began the clock of the project's file system at its start
 */
export function keepForAgain(
  host: Host,
  root: string,
  told: ToldBy,
  events: readonly Event[],
  began: number,
): void {
  const sights = testimony();
  acted();
  // A problem was worth saying: it is worth looking for again.
  if (sights === undefined || events.some(({ type }) => !KEPT.has(type))) return;
  const times = { began, ended: host.date().getTime() };
  keepIdleRun(invocationOf(host), { root, told, events }, sights, times);
}

const KEPT: ReadonlySet<Event["type"]> = new Set(["run-start", "output", "step-end", "run-end"]);

/** The nearest directory upwards that ntask has been at work in. */
function projectAbove({ cwd, files }: Host): string | undefined {
  for (let at = cwd;; at = above(at)) {
    if (files.kind(below(at, ".ntask", "state")) === "directory") return at;
    if (above(at) === at) return undefined;
  }
}

/** Everything a process is given. */
function invocationOf({ argv, cwd, env, cpus, stdout, stderr, stdinIsTerminal }: Host): string {
  const terminals = [stdinIsTerminal, stdout.isTerminal, stderr.isTerminal];
  const given = [VERSION, argv, cwd, Object.entries(env), cpus, terminals];
  return disk.digestOf(JSON.stringify(given)).slice(0, 32);
}

function renewed(event: Event, at: string, time: number): Event {
  if (event.type === "run-start") return { ...event, at };
  return "time" in event ? { ...event, time } : event;
}
