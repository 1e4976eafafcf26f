/**
 * The guard: this program in a hidden mode, started by `run/guard.ts`. It listens to what runs; when
 * its channel closes while something still does, ntask was killed, and the guard ends what is left:
 * by TERM, and by KILL when the grace is over.
 *
 * It is told to end by nothing but its channel.
 *
 * @module
 */

import { parentChannel } from "./host/channel.ts";
import type { Host, Identity, KillSignal } from "./host/host.ts";
import { processStart, treeOf } from "./host/process_tree.ts";
import { signalTree } from "./host/process_rules.ts";
import type { GuardMessage } from "./run/guard.ts";

/** Between two looks at what is left, in milliseconds: at first, and later at most. */
const POLL = 20;
const LONGEST_POLL = 100;

/** How long it is tried to kill what cannot be killed, in milliseconds. */
const PATIENCE = 2000;

/**
 * Guard until the channel closes.
 *
 * @returns 2 when there is no channel: a person typed the hidden word
 */
export function guard(host: Host): Promise<number> {
  const channel = parentChannel();
  if (channel === undefined) return Promise.resolve(2);
  const running = new Map<number, Identity>();
  let grace = 0;
  channel.onMessage((message) => {
    const told = message as GuardMessage;
    switch (told.type) {
      case "grace":
        grace = told.grace;
        return;
      case "news":
        for (const number of told.ended) running.delete(number);
        for (const [number, identity] of told.runs) running.set(number, identity);
        return;
    }
  });
  host.onSignal(() => {});
  return new Promise((resolve) => {
    channel.onClose(() => void endAll(host, [...running.values()], grace).then(() => resolve(0)));
  });
}

/** By TERM; what is left when the grace is over, by KILL. */
async function endAll(host: Host, all: readonly Identity[], grace: number): Promise<void> {
  let left = all;
  const tell = (signal: KillSignal) => {
    for (const root of left) signalTree({ ...root, gone: isGone(root) }, signal);
  };
  tell("SIGTERM");
  await untilGone(host.now() + grace);
  const limit = host.now() + PATIENCE;
  while (left.length > 0 && host.now() < limit) {
    tell("SIGKILL");
    await untilGone(host.now() + POLL);
  }

  async function untilGone(limit: number): Promise<void> {
    for (let pause = POLL;; pause = Math.min(2 * pause, LONGEST_POLL)) {
      left = left.filter((root) => treeOf({ ...root, gone: isGone(root) }).length > 0);
      if (left.length === 0 || host.now() >= limit) return;
      await new Promise<void>((next) => host.after(Math.min(pause, limit - host.now()), next));
    }
  }
}

/** Its own process has ended; its number may be another's by now. */
function isGone({ pid, start }: Identity): boolean {
  return processStart(pid) !== start;
}
