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
      const wanted = secrets.filter((text) => text !== "").map((text) =>
        new TextEncoder().encode(text)
      );
      let masked = false;
      // A secret may lie in two pieces, with one of the other stream between them.
      const contents = new Map<unknown, Uint8Array>();
      for (const stream of ["stdout", "stderr"]) {
        const own = pieces.filter((piece) => piece.stream === stream);
        const whole = joined(own.flatMap(({ parts }) => parts));
        const places = placesOf(whole, wanted);
        masked ||= places.length > 0;
        let at = 0;
        for (const piece of own) {
          const end = at + piece.parts.reduce((sum, { length }) => sum + length, 0);
          contents.set(piece, without(whole, places, at, end));
          at = end;
        }
      }
      const frames = pieces.map((piece) => {
        const bytes = contents.get(piece)!;
        const head = new Uint8Array(5);
        head[0] = piece.stream === "stdout" ? 1 : 2;
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

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where any of some texts stands, in order; of two in one place the one named first. */
function placesOf(bytes: Uint8Array, wanted: readonly Uint8Array[]): readonly Range[] {
  let places: Range[] = [];
  for (const text of wanted) {
    const found: Range[] = [];
    for (let at = bytes.indexOf(text[0]!); at !== -1; at = bytes.indexOf(text[0]!, at)) {
      const end = at + text.length;
      const free = () => !places.some(({ from, to }) => from < end && at < to);
      if (text.every((byte, index) => bytes[at + index] === byte) && free()) {
        found.push({ from: at, to: end });
        at = end;
      } else at++;
    }
    if (found.length > 0) places = [...places, ...found];
  }
  return places.sort((a, b) => a.from - b.from);
}

/** A part of some bytes, with a mask for what begins in it and nothing for what has begun before. */
function without(
  bytes: Uint8Array,
  places: readonly Range[],
  start: number,
  end: number,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = start;
  for (const { from, to } of places) {
    if (to <= start || from >= end) continue;
    if (from >= start) parts.push(bytes.subarray(at, from), MASK);
    at = Math.min(to, end);
  }
  return parts.length === 0 && at === start
    ? bytes.subarray(start, end)
    : joined([...parts, bytes.subarray(at, end)]);
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
