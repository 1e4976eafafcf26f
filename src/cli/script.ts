/**
 * The hidden mode of a script's call, and what there is to say when it fails.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import { onStray } from "../host/door.ts";
import { callScript, strayEnd } from "../script_host.ts";
import { report } from "./context.ts";
import { DEFAULTS } from "./settings.ts";

/** @returns the exit status */
export async function script(host: Host, words: readonly string[]): Promise<number> {
  // A rejection that nobody waits for, an exception in a timer: they are the script's.
  onStray({
    stops: false,
    async tell(error) {
      const { code, problem } = strayEnd(error, words);
      await report({ host, settings: DEFAULTS }, [problem]);
      return code;
    },
  });
  const { code, problem } = await callScript(host, words);
  if (problem !== undefined) await report({ host, settings: DEFAULTS }, [problem]);
  return code;
}
