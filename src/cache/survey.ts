/**
 * What lies at some paths below a root, where many are asked about: each is looked at once, and below
 * what is not there, or is no directory, nothing is looked for.
 *
 * It stays true only as long as nobody changes anything there: a new one is made after each wait.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import { parentOf } from "./manifest.ts";

export interface Survey {
  /** What is there; what lies below a link is not. */
  kindOf(path: string): disk.EntryKind | undefined;
  /** The outermost thing on the way to a path that is no directory, if any. */
  barrier(path: string): Barrier | undefined;
}

/** What is in the way. */
export interface Barrier {
  readonly path: string;
  /** `undefined`: nothing is there. */
  readonly kind: disk.EntryKind | undefined;
}

/** @param root absolute; paths are relative to it */
export function survey(root: string): Survey {
  /** Of directories: what is in the way of their being there. */
  const known = new Map<string, Barrier | undefined>();
  const kinds = new Map<string, disk.EntryKind | undefined>();
  const look = (path: string) => {
    if (kinds.has(path)) return kinds.get(path);
    const kind = disk.stat(`${root}/${path}`)?.kind;
    kinds.set(path, kind);
    return kind;
  };
  const barrierAt = (directory: string): Barrier | undefined => {
    if (known.has(directory)) return known.get(directory);
    let found = barrier(directory);
    if (found === undefined) {
      const kind = look(directory);
      if (kind !== "directory") found = { path: directory, kind };
    }
    known.set(directory, found);
    return found;
  };
  const barrier = (path: string) => {
    const parent = parentOf(path);
    return parent === undefined ? undefined : barrierAt(parent);
  };
  return {
    kindOf: (path) => barrier(path) === undefined ? look(path) : undefined,
    barrier,
  };
}
