/**
 * SHA-256 of files, as `sha256/size`.
 *
 * @module
 */

import fs from "node:fs";
import type { Digest } from "../model/digest.ts";
import { createSha256, type Hash } from "./hash.ts";
import { noteLength } from "./witness.ts";
import { attempt, diskError, noteContent, turn } from "./disk.ts";

/** How much of a large file is in memory at a time, in bytes. */
const PIECE = 1 << 20;

/** The digest of a file, streamed: memory does not grow with its size. */
export function digestFile(path: string): Digest {
  noteContent(path);
  return attempt(path, () => {
    const file = fs.openSync(path, "r");
    try {
      const hash = createSha256();
      const piece = new Uint8Array(Math.min(PIECE, fs.fstatSync(file).size + 1));
      let size = 0;
      for (let count; (count = takePiece(file, piece, hash)) > 0;) size += count;
      noteLength(path, size);
      return `${hash.digest("hex")}/${size}` as Digest;
    } finally {
      fs.closeSync(file);
    }
  });
}

/** The same; after each piece the loop has its turn. */
export async function digestInTurns(path: string): Promise<Digest> {
  noteContent(path);
  let file: number | undefined;
  try {
    file = fs.openSync(path, "r");
    const hash = createSha256();
    const piece = new Uint8Array(PIECE);
    let size = 0;
    for (let count; (count = takePiece(file, piece, hash)) > 0;) {
      size += count;
      await turn();
    }
    noteLength(path, size);
    return `${hash.digest("hex")}/${size}` as Digest;
  } catch (error) {
    throw diskError(path, error);
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

/** @returns how many bytes it had; 0 at the end */
function takePiece(file: number, piece: Uint8Array, hash: Hash): number {
  const count = fs.readSync(file, piece, 0, piece.length, null);
  if (count > 0) hash.update(count === piece.length ? piece : piece.subarray(0, count));
  return count;
}

/** Above this many bytes a file is read piece by piece. */
const SMALL = 4 << 20;

/**
 * The digest of a file on the threads of the runtime, so that the loop goes on and both cores of
 * two work.
 *
 * @param size as far as it is known; a large file is streamed
 * @param lineEnds count CRLF as LF
 */
export async function digestLater(path: string, size: number, lineEnds: boolean): Promise<Digest> {
  noteContent(path);
  if (size > SMALL && !lineEnds) return await digestInTurns(path);
  try {
    const bytes = await fs.promises.readFile(path);
    noteLength(path, bytes.length);
    const counted = lineEnds ? withoutCarriageReturns(bytes) : bytes;
    const hash = await crypto.subtle.digest("SHA-256", counted as Uint8Array<ArrayBuffer>);
    return `${hexOf(new Uint8Array(hash))}/${counted.length}` as Digest;
  } catch (error) {
    throw diskError(path, error);
  }
}

/** CRLF becomes LF; a CR alone stays. */
export function withoutCarriageReturns(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(13)) return bytes;
  const kept = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 13 && bytes[at + 1] === 10) continue;
    kept[length++] = bytes[at]!;
  }
  return kept.subarray(0, length);
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += BYTES[byte];
  return text;
}
