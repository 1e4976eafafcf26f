/**
 * What a task has written, in one piece: both streams in the order in which they came, byte for
 * byte. Each frame is a byte for the stream (1 or 2), its length in four bytes, least significant
 * first, and its content.
 *
 * @module
 */

export type Stream = "stdout" | "stderr";

export interface Written {
  readonly stream: Stream;
  readonly bytes: Uint8Array;
}

/** Collects what is written. */
export interface Recorder {
  write(stream: Stream, bytes: Uint8Array): void;
  /**
   * Everything so far, as it is stored; `undefined` when nothing was written.
   *
   * @param secrets texts that must not be read; they become `***`
   */
  finish(
    secrets: readonly string[],
  ): { readonly bytes: Uint8Array<ArrayBuffer>; readonly masked: boolean } | undefined;
}

export function createRecorder(): Recorder {
  const pieces: { stream: Stream; parts: Uint8Array[] }[] = [];
  return {
    write(stream, bytes) {
      const last = pieces.at(-1);
      if (last?.stream === stream) last.parts.push(bytes);
      else pieces.push({ stream, parts: [bytes] });
    },
    finish(secrets) {
      if (pieces.length === 0) return undefined;
      let masked = false;
      const frames = pieces.map(({ stream, parts }) => {
        let bytes: Uint8Array = joined(parts);
        for (const secret of secrets) {
          const without = replaced(bytes, new TextEncoder().encode(secret));
          masked ||= without !== bytes;
          bytes = without;
        }
        const head = new Uint8Array(5);
        head[0] = stream === "stdout" ? 1 : 2;
        new DataView(head.buffer).setUint32(1, bytes.length, true);
        return [head, bytes];
      });
      return { bytes: joined(frames.flat()), masked };
    },
  };
}

/** What was stored; `undefined` for bytes that are no frames. */
export function readStdio(bytes: Uint8Array): readonly Written[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Written[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 5 > bytes.length || bytes[at] !== 1 && bytes[at] !== 2) return undefined;
    const end = at + 5 + view.getUint32(at + 1, true);
    if (end > bytes.length) return undefined;
    const stream = bytes[at] === 1 ? "stdout" : "stderr";
    found.push({ stream, bytes: bytes.subarray(at + 5, end) });
    at = end;
  }
  return found;
}

const MASK = new TextEncoder().encode("***");

function replaced(bytes: Uint8Array, wanted: Uint8Array): Uint8Array {
  if (wanted.length === 0) return bytes;
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let at = bytes.indexOf(wanted[0]!); at !== -1; at = bytes.indexOf(wanted[0]!, at)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) {
      parts.push(bytes.subarray(from, at), MASK);
      at += wanted.length;
      from = at;
    } else at++;
  }
  return from === 0 ? bytes : joined([...parts, bytes.subarray(from)]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
