/**
 * The way in: what needs no thought is done at once, all else is loaded when it is asked for.
 *
 * @module
 */

import type { Door } from "../host/door.ts";
import { front } from "./front.ts";

/**
 * Run one invocation.
 *
 * @returns the exit status
 */
export async function main(door: Door): Promise<number> {
  const started = await front(door.argv);
  if (started !== undefined && "code" in started) return started.code;
  const { invoke } = await import("./invocation.ts");
  return await invoke(door, started?.said);
}
