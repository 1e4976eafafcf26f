/**
 * The output of one step on its way to the reader: held back, or cut into lines. Bytes are never
 * decoded, so nothing is lost, whatever a task writes.
 *
 * @module
 */

import { chunkBytes } from "../model/chunk.ts";
import type { Event } from "../model/event.ts";

type Stream = "stdout" | "stderr";

/** A piece of output. */
export class OutputPart {
  readonly stream: Stream;
  readonly bytes: Uint8Array;

  constructor(stream: Stream, bytes: Uint8Array) {
    this.stream = stream;
    this.bytes = bytes;
  }

  static of(event: Extract<Event, { readonly type: "output" }>): OutputPart {
    return new OutputPart(event.stream, chunkBytes(event.chunk));
  }
}

const NEWLINE = 10;

/** What is longer than this, in bytes, and has no end yet is waited for no longer. */
const LONGEST = 1 << 24;

/** A line that has not ended. */
interface Begun {
  parts: Uint8Array[];
  size: number;
}

function taken(begun: Begun): readonly Uint8Array[] {
  const { parts } = begun;
  begun.parts = [];
  begun.size = 0;
  return parts;
}

export class StepOutput {
  #parts: OutputPart[] = [];
  #size = 0;
  readonly #open: Readonly<Record<Stream, Begun>> = {
    stdout: { parts: [], size: 0 },
    stderr: { parts: [], size: 0 },
  };

  /** Is anything held back? */
  get holds(): boolean {
    return this.#parts.length > 0;
  }

  /** How much is held back, in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Does what is held back end with a line? */
  get endsLine(): boolean {
    const last = this.#parts.findLast((part) => part.bytes.length > 0);
    return last === undefined || last.bytes.at(-1) === NEWLINE;
  }

  hold(part: OutputPart): void {
    this.#parts.push(part);
    this.#size += part.bytes.length;
  }

  /** Hold back only the end: at least the last `limit` bytes, unless there are fewer. */
  holdEnd(part: OutputPart, limit: number): void {
    this.hold(part);
    while (this.#size - this.#parts[0]!.bytes.length >= limit) {
      this.#size -= this.#parts.shift()!.bytes.length;
    }
  }

  /** Everything held back, in the order it came. */
  held(): readonly OutputPart[] {
    const parts = this.#parts;
    this.#parts = [];
    this.#size = 0;
    return parts;
  }

  /** What is held back up to the end of its last line; all of it where no line has ended. */
  heldLines(): readonly OutputPart[] {
    const parts = this.held();
    const last = parts.findLastIndex(({ bytes }) => bytes.includes(NEWLINE));
    if (last === -1) return parts;
    const { stream, bytes } = parts[last]!;
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end < bytes.length) this.hold(new OutputPart(stream, bytes.slice(end)));
    for (const part of parts.slice(last + 1)) this.hold(part);
    return [...parts.slice(0, last), new OutputPart(stream, bytes.subarray(0, end))];
  }

  /** The lines that `part` completes, each with its line end, in one piece; the rest waits. */
  lines({ stream, bytes }: OutputPart): OutputPart | undefined {
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    const open = this.#open[stream];
    if (end === 0) {
      if (bytes.length > 0) open.parts.push(bytes.slice());
      open.size += bytes.length;
      return open.size > LONGEST ? new OutputPart(stream, join(taken(open))) : undefined;
    }
    const begun = taken(open);
    if (end < bytes.length) {
      open.parts.push(bytes.slice(end));
      open.size = bytes.length - end;
    }
    return new OutputPart(stream, join([...begun, bytes.subarray(0, end)]));
  }

  /** Lines that were never ended; they get an end, so that the next line begins on its own. */
  rest(): readonly OutputPart[] {
    const parts: OutputPart[] = [];
    for (const stream of ["stdout", "stderr"] as const) {
      const open = taken(this.#open[stream]);
      if (open.length > 0) {
        parts.push(new OutputPart(stream, join([...open, Uint8Array.of(NEWLINE)])));
      }
    }
    return parts;
  }
}

/** Whole lines, each behind a prefix. */
export function prefixed(lines: Uint8Array, prefix: Uint8Array): Uint8Array {
  let count = 0;
  for (let at = 0; at < lines.length; at = endOfLine(lines, at)) count++;
  const whole = new Uint8Array(lines.length + count * prefix.length);
  let to = 0;
  for (let at = 0; at < lines.length;) {
    const end = endOfLine(lines, at);
    whole.set(prefix, to);
    whole.set(lines.subarray(at, end), to + prefix.length);
    to += prefix.length + end - at;
    at = end;
  }
  return whole;
}

function endOfLine(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(NEWLINE, from);
  return end === -1 ? bytes.length : end + 1;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
