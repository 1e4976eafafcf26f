/**
 * A run that is killed in the middle, with nothing left of it when the next one starts.
 *
 * @module
 */

import { join } from "@std/path";
import { isAlive, until } from "../../rig/probes.ts";
import type { Project } from "../../rig/project.ts";
import { remove } from "./disk.ts";
import type { Kill } from "./invocation.ts";

/**
 * Start a run and kill it somewhere in the middle.
 *
 * @returns whether it still ran
 */
export async function killedRun(
  project: Project,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  kill: Kill,
): Promise<boolean> {
  const slow = join(project.base, "slow");
  Deno.writeTextFileSync(slow, "");
  const running = project.start(words, { env });
  let ended = false;
  running.exited.then(() => ended = true);
  await until(() => ended || logged(project).length >= kill.commands, "no command has started");
  await new Promise((next) => setTimeout(next, kill.milliseconds));
  const inTime = !ended;
  let killed = inTime;
  try {
    if (inTime) running.signal("SIGKILL");
  } catch {
    // It has ended this very moment.
    killed = false;
  }
  await running.exited;
  await settle(project, kill.orphans);
  await running.close();
  remove(slow);
  return killed;
}

/** What a killed ntask leaves running ends, or is killed as well. */
async function settle(project: Project, orphans: Kill["orphans"]): Promise<void> {
  for (const pid of processesIn(project.base)) {
    if (orphans === "killed") {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch {
        // It has ended.
      }
    }
  }
  await until(() => !processesIn(project.base).some(isAlive), "what was killed still runs");
}

/** The processes that stand somewhere in a folder. */
function processesIn(folder: string): readonly number[] {
  const found: number[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const cwd = Deno.readLinkSync(`/proc/${name}/cwd`);
      if (cwd.startsWith(folder)) found.push(Number(name));
    } catch {
      // It has ended, or is another user's.
    }
  }
  return found;
}

/** The labels of the commands that have started. */
export function logged(project: Project): readonly string[] {
  const text = Deno.readTextFileSync(join(project.base, "log"));
  return text.split("\n").filter((line) => line !== "");
}
