/**
 * `tee`.
 *
 * @module
 */

import { isFault } from "../../../host/shell_system.ts";
import { complain, say, streamOf } from "../output.ts";
import { standardDescriptor } from "../paths.ts";
import { type ByteStream, fdStream } from "../streams.ts";
import { chunks, pathOf } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has } = optionsOf(invocation);
  let status = 0;
  const files: ByteStream[] = [];
  for (const operand of operands) {
    const standard = standardDescriptor(operand);
    if (standard !== undefined) {
      files.push({ ...streamOf(shell, standard), close() {} });
      continue;
    }
    const fd = shell.system.open(pathOf(shell, operand), has("a") ? "append" : "write");
    if (isFault(fd)) {
      await complain(shell, `tee: ${operand}: ${fd.words}`);
      status = 1;
    } else {
      files.push(fdStream(shell.system, fd));
    }
  }
  try {
    for await (const chunk of chunks(streamOf(shell, 0))) {
      for (const file of files) await file.write(chunk);
      await say(shell, chunk);
    }
  } finally {
    for (const file of files) file.close();
  }
  return status;
}
