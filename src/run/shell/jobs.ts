/**
 * Commands in the background.
 *
 * @module
 */

import type { AndOr, PipelineNode } from "unbash";
import { runToEnd } from "./interpreter.ts";
import { fork, type Job, type Life, type Shell, type Started } from "./state.ts";
import { isFault, type ShellSystem } from "../../host/shell_system.ts";
import { joinPath } from "./paths.ts";
import { bytesStream, type ByteStream, Descriptor, fdStream } from "./streams.ts";

/**
 * Numbers for jobs that are no process of their own. They are beyond what systems give out, so
 * that a stray `kill` finds nobody.
 */
let nextJobNumber = 2 ** 22 + 1;

/** Start a command in the background and remember it as `$!`. */
export async function launch(
  shell: Shell,
  node: PipelineNode | AndOr,
  run: (inner: Shell, node: PipelineNode | AndOr) => Promise<number>,
): Promise<void> {
  const life: Life = { signal: undefined, stops: new Set() };
  const inner: Shell = { ...fork(shell), life };
  inner.descriptors.get(0)?.release();
  inner.descriptors.set(0, new Descriptor(nothing(shell.system)));
  // The number of a plain program is its process id: others may want to signal it.
  const started = node.type !== "Command"
    ? Promise.resolve(undefined)
    : new Promise<Started | undefined>((resolve) => inner.announce = resolve);
  const done = runToEnd(inner, () => run(inner, node));
  const program = await Promise.race([started, done.then(() => undefined)]);
  const job: Job = {
    pid: program?.pid ?? nextJobNumber++,
    done,
    kill(signal) {
      if (program !== undefined) return program.kill(signal);
      life.signal ??= signal;
      for (const stop of life.stops) stop(signal);
    },
  };
  shell.jobs.push(job);
  shell.lastJob = job.pid;
  if (!program?.independent) {
    shell.pending.add(done);
    done.finally(() => shell.pending.delete(done));
  }
}

/** An empty input, a real descriptor where there can be one: no part of us is needed for it. */
function nothing(system: ShellSystem): ByteStream {
  const fd = system.open(joinPath("/", "/dev/null", system.windows), "read");
  return isFault(fd) ? bytesStream(new Uint8Array()) : fdStream(system, fd);
}
