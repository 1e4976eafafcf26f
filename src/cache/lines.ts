/**
 * Which line of a text file has changed: the lines of files that changed once are remembered by a
 * short sum each, so that the next change can be pointed at. What is not remembered is not known,
 * and nothing depends on it.
 *
 * @module
 */

import { digestOf } from "../host/hash.ts";
import * as disk from "../host/disk.ts";
import type { Digest } from "../model/digest.ts";
import { isObject, parseJson } from "./_json.ts";

/** Larger files are not read for this, in bytes. */
const LARGEST = 256 << 10;

export interface Lines {
  /**
   * The first line that differs between what a file was and what it is.
   *
   * @param path from the root
   * @param before its digest then
   * @param content what it was then, where that is known
   * @returns from 1; `undefined` where it is not known, or no line differs
   */
  changed(path: string, before: Digest, content: Uint8Array | undefined): number | undefined;
}

/**
 * @param directory absolute; made if need be
 * @param remember write down what files are now
 */
export function openLines(root: string, directory: string, remember: boolean): Lines {
  return {
    changed(path, before, content) {
      const absolute = `${root}/${path}`;
      const stat = disk.stat(absolute);
      if (stat?.kind !== "file" || stat.size > LARGEST) return undefined;
      const file = `${directory}/${digestOf(path).slice(0, 24)}.json`;
      try {
        const bytes = disk.read(absolute);
        const now = sums(bytes);
        if (now === undefined) return undefined;
        const old = content === undefined ? known(file, before) : sums(content);
        if (remember) {
          disk.makeDirectory(directory);
          disk.writeWhole(file, JSON.stringify({ digest: digestOf(bytes), lines: now }));
        }
        return old && firstDifference(old, now);
      } catch {
        return undefined;
      }
    },
  };
}

function known(file: string, digest: Digest): readonly unknown[] | undefined {
  if (disk.stat(file) === undefined) return undefined;
  const value = parseJson(new TextDecoder().decode(disk.read(file)));
  return isObject(value) && value.digest === digest && Array.isArray(value.lines)
    ? value.lines
    : undefined;
}

/** A sum of each line (FNV-1a, 32 bits); `undefined` for what is no text. */
function sums(bytes: Uint8Array): readonly number[] | undefined {
  if (bytes.includes(0)) return undefined;
  const found: number[] = [];
  let sum = 0x811c9dc5;
  for (const byte of bytes) {
    if (byte === 10) {
      found.push(sum >>> 0);
      sum = 0x811c9dc5;
    } else sum = Math.imul(sum ^ byte, 0x01000193);
  }
  found.push(sum >>> 0);
  return found;
}

function firstDifference(
  before: readonly unknown[],
  after: readonly unknown[],
): number | undefined {
  const length = Math.max(before.length, after.length);
  for (let index = 0; index < length; index++) {
    if (before[index] !== after[index]) return index + 1;
  }
  return undefined;
}
