/**
 * `echo`: `-n` is an option, everything else is text, and backslash sequences mean something, as in
 * dash.
 *
 * @module
 */

import { say } from "../output.ts";
import { unescapeEcho } from "./_escapes.ts";
import type { Invocation } from "./registry.ts";

export async function run({ shell, args }: Invocation): Promise<number> {
  const plain = args[0] === "-n";
  const { text, stopped } = unescapeEcho((plain ? args.slice(1) : args).join(" "));
  await say(shell, plain || stopped ? text : `${text}\n`);
  return 0;
}
