/**
 * What utilities read: files and standard input, whole, in chunks or by the line.
 *
 * @module
 */

import { isFault } from "../../../host/shell_system.ts";
import { complain, streamOf } from "../output.ts";
import { joinPath, standardDescriptor } from "../paths.ts";
import type { Shell } from "../state.ts";
import { type ByteStream, fdStream } from "../streams.ts";
import { decode, encode, join } from "../text.ts";
import { StreamFault } from "../unwind.ts";

/** A path as the system needs it. */
export function pathOf(shell: Shell, path: string): string {
  return joinPath(shell.cwd, path, shell.system.windows);
}

/**
 * Read each operand in turn; `-` and no operand at all mean standard input. One that cannot be read
 * is a message and a status of 1.
 *
 * @returns 1 when an operand could not be read, else 0
 */
export async function eachInput(
  shell: Shell,
  utility: string,
  operands: readonly string[],
  read: (stream: ByteStream, operand: string) => Promise<void>,
  failure = 1,
): Promise<number> {
  let status = 0;
  for (const operand of operands.length === 0 ? ["-"] : operands) {
    try {
      if (operand === "-") {
        await read(streamOf(shell, 0), operand);
        continue;
      }
      const stream = openFile(shell, operand);
      try {
        await read(stream, operand);
      } finally {
        stream.close();
      }
    } catch (error) {
      if (!(error instanceof StreamFault)) throw error;
      await complain(shell, `${utility}: ${operand}: ${error.message}`);
      status = failure;
    }
  }
  return status;
}

/** A file to read. Throws `StreamFault`. */
export function openFile(shell: Shell, operand: string): ByteStream {
  const standard = standardDescriptor(operand);
  if (standard !== undefined) return { ...streamOf(shell, standard), close() {} };
  const path = pathOf(shell, operand);
  const status = shell.system.status(path, true);
  if (!isFault(status) && status.kind === "directory") throw new StreamFault("Is a directory");
  const fd = shell.system.open(path, "read");
  if (isFault(fd)) throw new StreamFault(fd.words);
  return fdStream(shell.system, fd);
}

/** The chunks of a stream. */
export async function* chunks(stream: ByteStream): AsyncGenerator<Uint8Array> {
  while (true) {
    const chunk = await stream.read(65_536);
    if (chunk === undefined) return;
    yield chunk;
  }
}

/** A line without its end; `ended` is false for a last line without one. */
export interface Line {
  readonly text: string;
  readonly ended: boolean;
}

/** The lines of a stream, as many at a time as a chunk completes. */
export async function* lineBatches(
  stream: ByteStream,
  end = "\n",
): AsyncGenerator<readonly Line[]> {
  const mark = end.charCodeAt(0);
  let rest: Uint8Array[] = [];
  for await (const chunk of chunks(stream)) {
    const last = chunk.lastIndexOf(mark);
    if (last < 0) {
      rest.push(chunk.slice());
      continue;
    }
    const text = decode(join([...rest, chunk.subarray(0, last)]));
    rest = [chunk.slice(last + 1)];
    yield text.split(end).map((line) => ({ text: line, ended: true }));
  }
  const text = decode(join(rest));
  if (text !== "") yield [{ text, ended: false }];
}

/** All lines of a stream. */
export async function allLines(stream: ByteStream, end = "\n"): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for await (const batch of lineBatches(stream, end)) {
    for (const line of batch) lines.push(line);
  }
  return lines;
}

/** A line as it was, with its end if it had one. */
export function lineBytes({ text, ended }: Line, end = "\n"): Uint8Array {
  return encode(ended ? text + end : text);
}
