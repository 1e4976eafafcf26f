/**
 * Kept runs as the command line has them: which invocation one is of, and how it is told again.
 *
 * @module
 */

import { digestOf } from "../host/hash.ts";
import type { Host } from "../host/host.ts";
import type { Sights } from "../host/witness.ts";
import type { Event } from "../model/event.ts";
import { VERSION } from "../model/version.ts";
import { idleDirectory, type IdleRun, keepIdleRun, sameIdleRun } from "../run/idle_run.ts";
import { openRunLog } from "../run/run_log.ts";
import { openTelling } from "./telling.ts";

/**
 * Tell the kept run of this invocation again.
 *
 * @param root of the project, absolute
 * @param clocks when this process began to look, by its own clock, and by that of the project's file
 *   system; in milliseconds
 * @returns false where there is none, or where something has changed
 */
export async function retell(
  host: Host,
  root: string,
  clocks: { readonly started: number; readonly now: number },
): Promise<boolean> {
  const run = await sameIdleRun(host, idleDirectory(root), invocationOf(host), clocks.now);
  if (run === undefined) return false;
  const telling = await openTelling(host, run.told);
  const at = host.date().toISOString();
  const log = openRunLog(`${run.root}/.ntask/state/runs`, at, new Set());
  for (const event of run.events) {
    const time = Math.round((host.now() - clocks.started) * 1000) / 1000;
    const renewed = renew(event, at, time);
    log.add(renewed);
    telling.hear(renewed);
  }
  log.close();
  return true;
}

/** Keep what this invocation came to. @param seen what it looked at, and since when */
export function keepRun(
  host: Host,
  run: IdleRun,
  seen: { readonly sights: Sights; readonly began: number },
): void {
  keepIdleRun(invocationOf(host), run, { ...seen, ended: host.date().getTime() });
}

/** Everything a process is given. */
function invocationOf({ argv, cwd, env, cpus, stdout, stderr, stdinIsTerminal }: Host): string {
  const terminals = [stdinIsTerminal, stdout.isTerminal, stderr.isTerminal];
  const given = [VERSION, argv, cwd, Object.entries(env), cpus, terminals];
  return digestOf(JSON.stringify(given)).slice(0, 32);
}

function renew(event: Event, at: string, time: number): Event {
  if (event.type === "run-start") return { ...event, at };
  return "time" in event ? { ...event, time } : event;
}
