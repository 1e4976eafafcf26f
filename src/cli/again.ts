/**
 * The same invocation again, where nothing has changed: what it came to is told again without a
 * thought. `run/idle_run.ts` says why that is right.
 *
 * @module
 */

import { above, below } from "../host/below.ts";
import type { Host } from "../host/host.ts";
import { watch } from "../host/witness.ts";
import { commands } from "./command/registry.ts";
import type { Parsed } from "./options.ts";

/**
 * Tell a kept run again, if there is one of this invocation and everything looks as it did; else
 * begin to note what is looked at.
 *
 * @returns the exit status of a run that was told again
 */
export async function again(host: Host, parsed: Parsed): Promise<number | undefined> {
  if (!mayRun(parsed)) return undefined;
  // A run inside of a task is another one each time; and a checkout is changed without a new version.
  if (host.env.NTASK_RUN_ID !== undefined || host.self.some((word) => word.endsWith(".ts"))) return;
  const root = projectAbove(host);
  if (root === undefined) {
    // Nothing is old to a clock that nobody has read, so only a start can be kept.
    watch(-Infinity);
    return undefined;
  }
  const started = host.now();
  const [{ retell }, disk] = await Promise.all([import("./retell.ts"), host.disk()]);
  // Before anything is looked at: what changes from now on shows it in its times.
  const now = disk.fileSystemTime(below(root, ".ntask", "state", PROBE));
  if (now === undefined) return undefined;
  if (await retell(host, root, { started, now })) return 0;
  watch(now);
  host.self.forEach(disk.statTarget);
  return undefined;
}

/** Whoever caches reads the clock of the project's file system by this file. */
const PROBE = "probe";

/** Does an invocation ask for a run, which may write? Where words can mean either, no. */
function mayRun({ command, words, given }: Parsed): boolean {
  if (command !== undefined || given.flags.has("help") || given.flags.has("dry-run")) return false;
  const [first] = words;
  if (first !== undefined && first !== "run" && Object.hasOwn(commands, first)) return false;
  // An option of ntask's may stand behind a task.
  return !words.some((word) => /^(?:-[a-z]*[hn]|--(?:dry-run|help)\b)/i.test(word));
}

/** The nearest directory upwards in which results are kept. */
function projectAbove({ cwd, files }: Host): string | undefined {
  for (let at = cwd;; at = above(at)) {
    if (files.kind(below(at, ".ntask", "state", PROBE)) === "file") return at;
    if (above(at) === at) return undefined;
  }
}
