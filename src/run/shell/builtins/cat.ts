/**
 * `cat`.
 *
 * @module
 */

import { say } from "../output.ts";
import type { ByteStream } from "../streams.ts";
import { chunks, eachInput, lineBatches } from "./_input.ts";
import { optionsOf } from "./_options.ts";
import type { Invocation } from "./registry.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { shell } = invocation;
  const { operands, has } = optionsOf(invocation);
  if (!has("b") && !has("n") && !has("s") && !has("e")) {
    return await eachInput(shell, "cat", operands, async (stream) => {
      for await (const chunk of chunks(stream)) await say(shell, chunk);
    });
  }
  let number = 0;
  let blanks = 0;
  let fresh = true;
  const read = async (stream: ByteStream) => {
    for await (const batch of lineBatches(stream)) {
      let text = "";
      for (const line of batch) {
        blanks = line.text === "" && line.ended ? blanks + 1 : 0;
        if (has("s") && blanks > 1) continue;
        const counted = fresh && (has("b") ? line.text !== "" : has("n"));
        if (counted) text += `${String(++number).padStart(6)}\t`;
        text += line.text + (line.ended ? `${has("e") ? "$" : ""}\n` : "");
        fresh = line.ended;
      }
      await say(shell, text);
    }
  };
  return await eachInput(shell, "cat", operands, read);
}
