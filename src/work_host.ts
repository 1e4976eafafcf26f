/**
 * The work host: this program in a hidden mode, started where there are more files to hash or copy
 * than one processor should. It answers each piece of work with what came of it, and ends when its
 * channel does.
 *
 * @module
 */

import { workOn } from "./cache/file_work.ts";
import { parentChannel } from "./host/channel.ts";
import type { WorkRequest, WorkResponse } from "./run/rebuild/hands.ts";

/**
 * Serve until the channel closes.
 *
 * @returns 2 when there is no channel: a person typed the hidden word
 */
export function serveWork(): Promise<number> {
  const channel = parentChannel();
  if (channel === undefined) return Promise.resolve(2);
  channel.onMessage(async (message) => {
    const { request, work } = message as WorkRequest;
    channel.send({ request, results: await workOn(work) } satisfies WorkResponse);
  });
  channel.onClose(() => channel.exit(0));
  return new Promise(() => {});
}
