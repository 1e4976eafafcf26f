/**
 * The little that can be asked of the machine before it is opened, and one process started: by
 * Bun's own calls, which load nothing. To open the machine takes longer than all of this.
 *
 * Here, and in what is called on the way to a start (`cli/front.ts`), loops are written out, because
 * the runtime compiles each method of arrays when it is first called, for 50 to 90 µs; and no function
 * names `Math` or `crypto`, which are made when such a function is first called, for 50 each.
 *
 * @module
 */

import type { Difference } from "./environment.ts";
import { process } from "./process.ts";

/** A process to start with ntask's own streams. */
export interface QuickCommand extends Difference {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly detached: boolean;
}

export interface QuickProcess {
  readonly pid: number;
  readonly ended: () => boolean;
}

/** A file that is read. */
export interface Reading {
  /** Settled when its first piece has come; nobody has to wait for it. */
  readonly begun: Promise<unknown>;
  hasBegun(): boolean;
  /** What is in it, to be asked once it has begun: at once where that is no more than a piece. */
  bytes(): Uint8Array | Promise<Uint8Array>;
}

export type Signal = typeof SIGNALS[number];

export interface Quick {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Everything about this process and this program on which it may depend what it does. */
  readonly circumstances: readonly unknown[];
  sha256(data: string | Uint8Array, encoding: "hex"): string;
  /**
   * A path to ask about. `lastModified` is {@linkcode ABSENT} where there is nothing; `size` is the
   * length of a plain file in bytes, and infinite of a pipe or a device.
   */
  file(path: string): Pick<BunFile, "lastModified" | "size">;
  /**
   * @returns the path, where there is a file that its owner may execute. To ask for this user would
   * open the machine.
   */
  which(path: string): string | null;
  /** A file's path with every link resolved. */
  real(path: string): string | undefined;
  /** Begin to read a file. @param size its length in bytes, as it was found */
  read(path: string, size: number): Reading;
  /** Write whole lines to stderr. @returns when it is done, if not at once */
  say(text: string): Promise<unknown> | undefined;
  /** Be told of signals instead of ending. */
  onSignal(listener: (signal: Signal) => void): void;
  /** Throws when it cannot be started. @param mark a variable more */
  start(
    command: QuickCommand,
    mark: readonly [name: string, value: string],
    ended: (child: unknown, code: number | null, signal: number | string | null) => void,
  ): QuickProcess;
  setTimeout(listener: () => void, ms: number): NodeJS.Timeout;
  clearTimeout(timeout: NodeJS.Timeout): void;
  now(): number;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What a file that is not there says of when it was changed. */
export const ABSENT = 2 ** 52 - 1;

/** @returns nothing where the runtime has no such calls; Windows has none of them */
export function quick(): Quick | undefined {
  const { Bun: bun } = globalThis as { Bun?: BunRuntime };
  // A checkout, or the npm package: the program is more than one file.
  if (!bun?.isStandaloneExecutable || process.platform === "win32") return undefined;
  const cwd = process.cwd();
  // Bun takes it for another separator.
  if (cwd.includes("\\")) return undefined;
  const own = { ...process.env as Record<string, string> };
  const { isTTY } = (process as unknown as TtyBinder).binding("tty_wrap");
  const terminals = [isTTY(0), isTTY(1), isTTY(2)];
  const { execPath } = process;
  const program = bun.file(execPath);
  return {
    cwd,
    env: own,
    circumstances: [
      [execPath, program.size, program.lastModified],
      terminals,
      navigator.hardwareConcurrency,
    ],
    sha256: bun.SHA256.hash,
    file: bun.file,
    which: bun.which,
    real(path) {
      try {
        return bun.resolveSync(path, "/");
      } catch {
        return undefined;
      }
    },
    read(path, size) {
      // As a stream it is read by this thread, at once. To read it whole, or to close it when it has
      // come to its end, is left to another one, which has to be started first: 0.1 to 0.5 ms. The
      // runtime goes on to the end by itself as soon as something is waited for once more, so all that
      // will be wanted is begun before anything is waited for, as far as it is known by then.
      const reader = bun.file(path).stream().getReader();
      const begun = reader.read();
      begun.catch(() => {});
      return {
        begun,
        hasBegun: () => bun.peek.status(begun) === "fulfilled",
        bytes() {
          const { value } = bun.peek(begun) as { value?: Uint8Array };
          return value?.length === size ? value : rest(bun, reader, value);
        },
      };
    },
    say(text) {
      if (text === "") return undefined;
      // On a terminal it would be red.
      const plain = !terminals[2] && own.FORCE_COLOR === undefined;
      if (!plain) return bun.write(bun.stderr, text).catch(() => {});
      // A fifth of what other ways take; it adds the last line's end.
      console.error(text.slice(0, -1));
    },
    onSignal(listener) {
      for (const signal of SIGNALS) process.on(signal, () => listener(signal));
    },
    start({ file, args, cwd, env, without, detached }, [name, mark], ended) {
      const all: Record<string, string> = { ...own, ...env, [name]: mark };
      for (const each of without) delete all[each];
      const child = bun.spawn([file, ...args], {
        cwd,
        env: all,
        detached,
        stdio: ["inherit", "inherit", "inherit"],
        onExit: ended,
      });
      return {
        pid: child.pid,
        ended: () => child.exitCode !== null || child.signalCode !== null,
      };
    },
    setTimeout,
    clearTimeout,
    now: performance.now.bind(performance),
  };
}

/** All that a reader gives behind a first piece. */
async function rest(
  bun: BunRuntime,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  piece: Uint8Array | undefined,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  while (piece !== undefined) {
    pieces.push(piece);
    ({ value: piece } = await reader.read());
  }
  return bun.concatArrayBuffers(pieces, Infinity, true);
}

interface TtyBinder {
  binding(name: string): { isTTY(fd: number): boolean };
}
