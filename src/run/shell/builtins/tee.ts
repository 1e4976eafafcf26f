/**
 * `tee`.
 *
 * @module
 */

import { complain, say, streamOf } from "../output.ts";
import type { ByteStream } from "../streams.ts";
import { StreamFault } from "../unwind.ts";
import { chunks } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import { createFile } from "./_output.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has } = optionsOf(invocation);
  let status = 0;
  const files: ByteStream[] = [];
  for (const operand of operands) {
    try {
      files.push(createFile(shell, operand, has("a") ? "append" : "write"));
    } catch (error) {
      if (!(error instanceof StreamFault)) throw error;
      await complain(shell, `tee: ${error.message}`);
      status = 1;
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
