/**
 * What commands say on the shell's descriptors.
 *
 * @module
 */

import type { Shell } from "./state.ts";
import type { ByteStream } from "./streams.ts";
import { encode } from "./text.ts";
import { BrokenPipe, StreamFault } from "./unwind.ts";

/** A descriptor's stream. Throws `StreamFault` where it is closed. */
export function streamOf(shell: Shell, fd: number): ByteStream {
  const descriptor = shell.descriptors.get(fd);
  if (descriptor === undefined) throw new StreamFault("Bad file descriptor");
  return descriptor.stream;
}

/** Write to standard output. Throws `BrokenPipe` or `StreamFault`. */
export async function say(shell: Shell, text: string | Uint8Array): Promise<void> {
  if (text.length === 0) return;
  await streamOf(shell, 1).write(typeof text === "string" ? encode(text) : text);
}

/** A message on standard error. Where that is closed nothing is lost but the message. */
export async function complain(shell: Shell, message: string): Promise<void> {
  await warn(shell, `${shell.name}: ${message}\n`);
}

/** Text on standard error, as it is. */
export async function warn(shell: Shell, text: string): Promise<void> {
  try {
    await shell.descriptors.get(2)?.stream.write(encode(text));
  } catch (error) {
    if (!(error instanceof BrokenPipe || error instanceof StreamFault)) throw error;
  }
}
