/**
 * The hash host: this program in a hidden mode, started where there are more files to hash than one
 * processor should. It answers lists of files with their digests, and ends when its channel does.
 *
 * @module
 */

import { parentChannel } from "./host/channel.ts";
import * as disk from "./host/disk.ts";
import type { Digest } from "./model/digest.ts";
import type { Hashed, HashFiles } from "./run/rebuild/hashers.ts";

/**
 * Serve until the channel closes.
 *
 * @returns 2 when there is no channel: a person typed the hidden word
 */
export function serveHashes(): Promise<number> {
  const channel = parentChannel();
  if (channel === undefined) return Promise.resolve(2);
  channel.onMessage((message) => {
    const { request, files, lineEnds } = message as HashFiles;
    const digests = files.map((file) => digestOf(file, lineEnds));
    channel.send({ request, digests } satisfies Hashed);
  });
  channel.onClose(() => channel.exit(0));
  return new Promise(() => {});
}

/** `null` where it cannot be read: who asked will find out why. */
function digestOf(file: string, lineEnds: boolean): Digest | null {
  try {
    return lineEnds
      ? disk.digestOf(disk.withoutCarriageReturns(disk.read(file)))
      : disk.digestFile(file);
  } catch {
    return null;
  }
}
