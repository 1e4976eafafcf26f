/**
 * What a descriptor of the shell stands for: a real descriptor of the process, a pipe between two
 * parts of this process, or a stream that a test put in its place.
 *
 * A `Descriptor` is counted: each table that holds it and each pump that writes to it has one
 * reference, and the stream closes with the last. That is how a reader learns that its writers are
 * gone, and a writer that its reader is.
 *
 * @module
 */

import { type ForeignStream, isFault, type ShellSystem } from "../../host/shell_system.ts";
import { join } from "./text.ts";
import { BrokenPipe, StreamFault } from "./unwind.ts";

export interface ByteStream {
  /** The real descriptor, which a child can be given. */
  readonly fd?: number;
  /** The end of a pipe inside this process that is read. */
  readonly pipe?: PipeReader;
  /** At most `max` bytes, undefined at the end. Throws `StreamFault`. */
  read(max: number): Promise<Uint8Array | undefined>;
  /** All bytes. Throws `BrokenPipe` or `StreamFault`. */
  write(bytes: Uint8Array): Promise<void>;
  close(): void;
}

/** A pipe's read end, for those who must be able to stop waiting. */
export interface PipeReader {
  /** Resolves when there is something to take or the last writer is gone. */
  ready(): Promise<void>;
  /** What is there, at most `max` bytes; undefined when there is nothing (yet, or any more). */
  take(max: number): Uint8Array | undefined;
  readonly ended: boolean;
}

export class Descriptor {
  stream: ByteStream;
  #references = 1;

  constructor(stream: ByteStream) {
    this.stream = stream;
  }

  retain(): this {
    this.#references++;
    return this;
  }

  release(): void {
    if (--this.#references === 0) this.stream.close();
  }
}

/** The descriptors of one shell, by number. */
export type DescriptorTable = Map<number, Descriptor>;

/** A table for a subshell: the same descriptors, counted once more. */
export function forkTable(table: DescriptorTable): DescriptorTable {
  return new Map([...table].map(([fd, descriptor]) => [fd, descriptor.retain()]));
}

export function releaseTable(table: DescriptorTable): void {
  for (const descriptor of table.values()) descriptor.release();
  table.clear();
}

/** A descriptor of the process. `onClose` is for a file that must go with it. */
export function fdStream(system: ShellSystem, fd: number, onClose?: () => void): ByteStream {
  return {
    fd,
    async read(max) {
      const buffer = new Uint8Array(max);
      const count = await system.read(fd, buffer);
      if (isFault(count)) throw new StreamFault(count.words);
      return count === 0 ? undefined : buffer.subarray(0, count);
    },
    async write(bytes) {
      const fault = await system.write(fd, bytes);
      if (fault === undefined) return;
      throw fault.fault === "EPIPE" ? new BrokenPipe() : new StreamFault(fault.words);
    },
    close() {
      if (fd > 2) system.close(fd);
      onClose?.();
    },
  };
}

/** One of the three streams a shell starts with. */
export function standardStream(system: ShellSystem, stream: number | ForeignStream): ByteStream {
  if (typeof stream === "number") return fdStream(system, stream);
  return {
    read: (max) => stream.read?.(max) ?? Promise.resolve(undefined),
    write: (bytes) => stream.write?.(bytes) ?? Promise.resolve(),
    close() {},
  };
}

/** Bytes to be read once, such as a here-document. */
export function bytesStream(bytes: Uint8Array): ByteStream {
  const { reader, writer } = memoryPipe(Infinity);
  void writer.write(bytes);
  writer.close();
  return reader;
}

/** A pipe inside this process. A full one makes the writer wait. */
export function memoryPipe(capacity = 65_536): { reader: ByteStream; writer: ByteStream } {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let writing = true;
  let reading = true;
  let wake: (() => void)[] = [];
  const changed = () => {
    const waiting = wake;
    wake = [];
    for (const resolve of waiting) resolve();
  };
  const change = () => new Promise<void>((resolve) => wake.push(resolve));

  const pipe: PipeReader = {
    async ready() {
      while (size === 0 && writing) await change();
    },
    take(max) {
      const first = chunks[0];
      if (first === undefined) return undefined;
      const taken = first.subarray(0, max);
      if (taken.length === first.length) chunks.shift();
      else chunks[0] = first.subarray(max);
      size -= taken.length;
      changed();
      return taken;
    },
    get ended() {
      return size === 0 && !writing;
    },
  };
  return {
    reader: {
      pipe,
      async read(max) {
        await pipe.ready();
        return pipe.take(max);
      },
      write: () => Promise.reject(new StreamFault("Bad file descriptor")),
      close() {
        reading = false;
        chunks.length = 0;
        size = 0;
        changed();
      },
    },
    writer: {
      read: () => Promise.reject(new StreamFault("Bad file descriptor")),
      async write(bytes) {
        if (!reading) throw new BrokenPipe();
        if (bytes.length === 0) return;
        while (size >= capacity) {
          await change();
          if (!reading) throw new BrokenPipe();
        }
        // The writer may use its buffer again.
        chunks.push(bytes.slice());
        size += bytes.length;
        changed();
      },
      close() {
        writing = false;
        changed();
      },
    },
  };
}

/** Everything that is left in a stream. */
export async function readAll(stream: ByteStream): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  while (true) {
    const chunk = await stream.read(65_536);
    if (chunk === undefined) return join(parts);
    parts.push(chunk);
  }
}
