/**
 * The way in: what needs no thought is done at once, all else is loaded when it is asked for.
 *
 * @module
 */

import type { Door } from "../host/door.ts";
import { VERSION_LINE } from "../model/version.ts";
import { front } from "./front.ts";

/**
 * Run one invocation.
 *
 * @returns the exit status
 */
export async function main(door: Door): Promise<number> {
  const { argv, print } = door;
  // Who looks whether there is an ntask asks for its version: no options have to be read for that.
  if (argv.length === 1 && argv[0] === "--version") {
    await print(VERSION_LINE);
    return 0;
  }
  const started = await front(argv);
  if (started !== undefined && "code" in started) return started.code;
  const { invoke } = await import("./invocation.ts");
  return await invoke(door, started?.said);
}
