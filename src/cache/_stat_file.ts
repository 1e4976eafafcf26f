/**
 * The stat file: what was known of files when they were hashed, in columns, so that 100,000 entries
 * load in a few milliseconds. It begins with a digest of all that follows; anything else than what
 * was written is as good as no file.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import { seal, unseal } from "../host/sealed.ts";

export interface Known {
  readonly size: number;
  readonly mtime: number;
  readonly ctime: number;
  readonly inode: number;
  /** SHA-256 in hexadecimal. */
  readonly hash: string;
  /** What the hash was made of: less than `size` where CRLF counts as LF. */
  readonly counted: number;
  /** The save since which it was not used. */
  used: number;
}

export interface StatFile {
  /** How often it was saved. */
  readonly generation: number;
  readonly entries: Map<string, Known>;
}

/** Changes with the format. The numbers are little-endian doubles, as on every machine we run on. */
const MAGIC = "ntask stat 1\n";
const HASH = 64;
const COLUMNS = 6;

export function readStatFile(file: string): StatFile {
  try {
    return decode(disk.read(file)) ?? { generation: 0, entries: new Map() };
  } catch {
    return { generation: 0, entries: new Map() };
  }
}

/** @throws {disk.DiskError} */
export function writeStatFile(file: string, { generation, entries }: StatFile): void {
  const names = new TextEncoder().encode([...entries.keys()].join("\0"));
  const hashesAt = 16 + entries.size * COLUMNS * 8;
  const body = new Uint8Array(hashesAt + entries.size * HASH + names.length);
  const numbers = new Float64Array(body.buffer, 0, 2 + entries.size * COLUMNS);
  numbers[0] = generation;
  numbers[1] = entries.size;
  let at = 2;
  const hashes: string[] = [];
  for (const { size, mtime, ctime, inode, hash, counted, used } of entries.values()) {
    numbers[at++] = size;
    numbers[at++] = mtime;
    numbers[at++] = ctime;
    numbers[at++] = inode;
    numbers[at++] = counted;
    numbers[at++] = used;
    hashes.push(hash);
  }
  new TextEncoder().encodeInto(hashes.join(""), body.subarray(hashesAt));
  body.set(names, hashesAt + entries.size * HASH);
  disk.writeWhole(file, seal(MAGIC, body));
}

function decode(whole: Uint8Array): StatFile | undefined {
  const body = unseal(MAGIC, whole);
  if (body === undefined || body.length < 16) return undefined;
  const [generation, count] = new Float64Array(body.buffer, 0, 2) as unknown as [number, number];
  const numbers = new Float64Array(body.buffer, 16, count * COLUMNS);
  const hashesAt = 16 + count * COLUMNS * 8;
  const hashes = latin(body.subarray(hashesAt, hashesAt + count * HASH));
  const names = new TextDecoder().decode(body.subarray(hashesAt + count * HASH)).split("\0");
  const entries = new Map<string, Known>();
  for (let index = 0; index < count; index++) {
    const at = index * COLUMNS;
    entries.set(names[index]!, {
      size: numbers[at]!,
      mtime: numbers[at + 1]!,
      ctime: numbers[at + 2]!,
      inode: numbers[at + 3]!,
      hash: hashes.slice(index * HASH, (index + 1) * HASH),
      counted: numbers[at + 4]!,
      used: numbers[at + 5]!,
    });
  }
  return { generation, entries };
}

function latin(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
