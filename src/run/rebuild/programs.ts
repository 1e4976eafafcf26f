/**
 * Which files the names of programs mean, for the keys of many steps: most name the same few, and each
 * takes a look into every directory of `PATH`.
 *
 * @module
 */

import type { Host } from "../../host/host.ts";
import { pathFrom } from "./path.ts";
import { findProgram, type ProgramRequest } from "../program.ts";

/** A program's file, and the way to it from the root. */
export interface Program {
  readonly file: string;
  readonly path: string;
}

/**
 * @param holds what was found still is what would be found: nothing has been performed or put in
 *   place since the run began, as for the snapshot of the tree
 * @returns finds a program; `undefined`: there is none
 */
export function createPrograms(
  host: Host,
  holds: () => boolean,
): (request: ProgramRequest) => Program | undefined {
  const known = new Map<string, Program | undefined>();
  return (request) => {
    if (!holds()) return find(host, request);
    const key = keyOf(request);
    if (!known.has(key)) known.set(key, find(host, request));
    return known.get(key);
  };
}

function find(host: Host, request: ProgramRequest): Program | undefined {
  const found = findProgram(host, request);
  if ("problem" in found) return undefined;
  return { file: found.file, path: pathFrom(request.root, found.file) };
}

/** All that `findProgram` asks of a request; the root is the run's. */
function keyOf({ name, cwd, env, projectBins }: ProgramRequest): string {
  const variables = ["PATH", "PATHEXT", "VIRTUAL_ENV"].map((each) => env.get(each) ?? "\0");
  return [name, cwd, projectBins, ...variables].join("\n\0");
}
