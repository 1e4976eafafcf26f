/**
 * Knowing when a stream has written everything it was given: only then may a process end. Streams
 * themselves cannot be asked on every runtime (Bun 1.4.5 says 0 for `writableLength`, and calls
 * back at once for an empty write), but all of them tell the end of each write.
 *
 * @module
 */

/** A stream whose writes are counted. */
export interface Followed {
  readonly stream: NodeJS.WriteStream;
  /** Something is not out yet. */
  readonly busy: boolean;
  /** Resolves when everything given so far is out, or can never be. */
  idle(): Promise<void>;
}

const known = new Map<NodeJS.WriteStream, Followed>();

/** Count the writes to a stream from now on. */
export function follow(stream: NodeJS.WriteStream): Followed {
  const before = known.get(stream);
  if (before !== undefined) return before;
  let pending = 0;
  let waiting: (() => void)[] = [];
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = (chunk: unknown, ...rest: unknown[]): boolean => {
    const last = rest.at(-1);
    const callback = typeof last === "function" ? last : undefined;
    const encoding = typeof rest[0] === "string" ? rest[0] : undefined;
    pending++;
    return write(chunk, encoding, (error?: Error | null) => {
      pending--;
      callback?.(error);
      if (pending > 0) return;
      for (const listener of waiting) listener();
      waiting = [];
    });
  };
  const followed: Followed = {
    stream,
    get busy() {
      return pending > 0;
    },
    idle: () => pending === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
  };
  known.set(stream, followed);
  return followed;
}
