/**
 * The files that utilities write.
 *
 * @module
 */

import { isFault } from "../../../host/shell_system.ts";
import { standardDescriptor } from "../paths.ts";
import type { Shell } from "../state.ts";
import { type ByteStream, fdStream } from "../streams.ts";
import { encode } from "../text.ts";
import { StreamFault } from "../unwind.ts";
import { pathOf } from "./_input.ts";

/** A file to write, empty unless it is added to. Throws `StreamFault`, which names the operand. */
export function createFile(
  shell: Shell,
  operand: string,
  mode: "write" | "append" = "write",
): ByteStream {
  const standard = standardDescriptor(operand);
  if (standard !== undefined) {
    const stream = shell.descriptors.get(standard)?.stream;
    if (stream === undefined) throw new StreamFault(`${operand}: Bad file descriptor`);
    return { ...stream, close() {} };
  }
  const fd = shell.system.open(pathOf(shell, operand), mode);
  if (isFault(fd)) throw new StreamFault(`${operand}: ${fd.words}`);
  return fdStream(shell.system, fd);
}

/** Make a file of a text. Throws `StreamFault`. */
export async function writeFile(shell: Shell, operand: string, text: string): Promise<void> {
  const stream = createFile(shell, operand);
  try {
    await stream.write(encode(text));
  } finally {
    stream.close();
  }
}
