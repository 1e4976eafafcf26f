/**
 * Which files the names of programs mean, for the keys of many steps: most name the same few, and each
 * takes a look into every directory of `PATH`.
 *
 * @module
 */

import { pathFrom } from "./path.ts";
import { findProgram, type ProgramRequest, type Seeing } from "../program.ts";

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
  host: Seeing,
  holds: () => boolean,
): (request: ProgramRequest) => Program | undefined {
  const { os, files } = host;
  // Steps in other directories share `PATH`, so what is remembered are the places.
  const known = {
    os,
    files: { kind: remembered(files.kind), executable: remembered(files.executable) },
  };
  return (request) => find(holds() ? known : host, request);
}

function remembered<T>(look: (path: string) => T): (path: string) => T {
  const seen = new Map<string, T>();
  return (path) => {
    const before = seen.get(path);
    if (before !== undefined || seen.has(path)) return before as T;
    const now = look(path);
    seen.set(path, now);
    return now;
  };
}

function find(host: Seeing, request: ProgramRequest): Program | undefined {
  const found = findProgram(host, request);
  if ("problem" in found) return undefined;
  return { file: found.file, path: pathFrom(request.root, found.file) };
}
