/**
 * argv -> command -> exit status. What a process is for is decided here; the rest is loaded for it.
 *
 * @module
 */

import type { Door } from "../host/door.ts";
import type { Host } from "../host/host.ts";
import { VERSION_LINE } from "../model/version.ts";
import {
  FUNCTION_HOST,
  GUARD,
  LOOK_HOST,
  PORTABLE_SHELL,
  SCRIPT_CALL,
  WORK_HOST,
} from "../run/hidden_mode.ts";
import { parseOptions } from "./options.ts";

/**
 * Run one invocation.
 *
 * @param said what was written to stderr already, and would be written again
 * @returns the exit status
 */
export async function invoke({ argv, print, open }: Door, said?: string): Promise<number> {
  if (argv[0] === FUNCTION_HOST) {
    const { serveFunctions } = await import("../function_host.ts");
    return await serveFunctions(await open());
  }
  if (argv[0] === PORTABLE_SHELL) {
    const { shellProcess } = await import("../run/shell_process.ts");
    return await shellProcess(argv.slice(1));
  }
  if (argv[0] === WORK_HOST) {
    const { serveWork } = await import("../work_host.ts");
    return await serveWork();
  }
  if (argv[0] === LOOK_HOST) {
    const { lookForAnother } = await import("../run/idle_run.ts");
    return lookForAnother(argv.slice(1));
  }
  if (argv[0] === GUARD) {
    const { guard } = await import("../guard_host.ts");
    return await guard(await open());
  }
  if (argv[0] === SCRIPT_CALL) {
    const { script } = await import("./script.ts");
    return await script(await open(), argv.slice(1));
  }
  const result = parseOptions(argv);
  if (result.ok && result.parsed.given.flags.has("version")) {
    await print(VERSION_LINE);
    return 0;
  }
  const host = withoutRepeating(await open(), said);
  const { again } = await import("./again.ts");
  const told = result.ok ? await again(host, result.parsed) : undefined;
  if (told !== undefined) return told;
  const { start } = await import("./start.ts");
  return await start(host, result);
}

/** What is written first is not, where it was written before. */
function withoutRepeating(host: Host, said: string | undefined): Host {
  if (said === undefined) return host;
  let known: string | undefined = said;
  const write: Host["stderr"]["write"] = (data) => {
    if (data !== known) host.stderr.write(data);
    known = undefined;
  };
  const stderr = Object.create(host.stderr, { write: { value: write } });
  return Object.create(host, { stderr: { value: stderr } });
}
