/**
 * `eval`: its arguments are a script.
 *
 * @module
 */

import type { Invocation } from "./registry.ts";

export async function run({ shell, args, tested }: Invocation): Promise<number> {
  const source = (args[0] === "--" ? args.slice(1) : args).join(" ");
  return await shell.runtime.evaluate(shell, source, tested);
}
