/**
 * The little that can be asked of the machine before it is opened, and one process started: by
 * Bun's own calls, which load nothing. To open the machine takes longer than all of this.
 *
 * Here, and in what is called on the way to a start (`cli/front.ts`), loops are written out: the
 * runtime compiles each method of arrays when it is first called, for 50 to 90 µs.
 *
 * @module
 */

import { type Difference, environment } from "./environment.ts";
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

export type Signal = typeof SIGNALS[number];

export interface Quick {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Everything about this process and this program on which it may depend what it does. */
  circumstances(): readonly unknown[];
  /** A name for a text: nobody finds another text of that name. */
  keyOf(text: string): string;
  isThere(path: string): boolean;
  isDirectory(path: string): boolean;
  isFile(path: string): boolean;
  /** A file that its owner may execute. To ask for this user would open the machine. */
  isProgram(path: string): boolean;
  /** A file's path with every link resolved. */
  real(path: string): string | undefined;
  /** The length of a plain file in bytes; of anything else something that is no length. */
  lengthOf(path: string): number;
  /** What is in a file. */
  bytes(path: string): Promise<Uint8Array>;
  /** Write whole lines to stderr. @returns when it is done, if not at once */
  say(text: string): Promise<unknown> | undefined;
  /** Be told of signals instead of ending. */
  onSignal(listener: (signal: Signal) => void): void;
  /** Throws when it cannot be started. @param mark a variable more */
  start(
    command: QuickCommand,
    mark: readonly [name: string, value: string],
    ended: (code: number | null, signal: number | string | null) => void,
  ): QuickProcess;
  after(ms: number, listener: () => void): () => void;
  now(): number;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What Bun says of a file that is not there. */
const NEVER = 2 ** 52 - 1;

/** @returns nothing where the runtime has no such calls; Windows has none of them */
export function quick(): Quick | undefined {
  const { Bun: bun } = globalThis as { Bun?: BunRuntime };
  if (bun === undefined || process.platform === "win32") return undefined;
  // A checkout, or the npm package: the program is more than one file.
  if (!bun.isStandaloneExecutable) return undefined;
  // Bun takes it for another separator.
  if (process.cwd().includes("\\")) return undefined;
  const isThere = (path: string) => bun.file(path).lastModified !== NEVER;
  // Nothing but a directory has a dot in it.
  const isDirectory = (path: string) => isThere(`${path}/.`);
  const own = environment();
  const { isTTY } = (process as unknown as TtyBinder).binding("tty_wrap");
  const terminals = [isTTY(0), isTTY(1), isTTY(2)];
  return {
    cwd: process.cwd(),
    env: own,
    circumstances() {
      const program = bun.file(process.execPath);
      return [
        [process.execPath, program.size, program.lastModified],
        terminals,
        navigator.hardwareConcurrency,
      ];
    },
    keyOf: (text) => bun.SHA256.hash(text, "hex").slice(0, 32),
    isThere,
    isDirectory,
    isFile: (path) => isThere(path) && !isDirectory(path) && Number.isFinite(bun.file(path).size),
    isProgram: (path) => bun.which(path) === path,
    real(path) {
      try {
        return bun.resolveSync(path, "/");
      } catch {
        return undefined;
      }
    },
    lengthOf: (path) => bun.file(path).size,
    async bytes(path) {
      // As a stream it is read by this thread, at once. Read whole it is by another one, which has
      // to be started first: half a millisecond.
      const reader = bun.file(path).stream().getReader();
      const pieces: Uint8Array[] = [];
      for (;;) {
        const { value, done } = await reader.read();
        if (done) {
          return pieces.length === 1 ? pieces[0]! : bun.concatArrayBuffers(pieces, Infinity, true);
        }
        pieces.push(value);
      }
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
        onExit: (_, code, signal) => ended(code, signal),
      });
      return {
        pid: child.pid,
        ended: () => child.exitCode !== null || child.signalCode !== null,
      };
    },
    after(ms, listener) {
      const timer = setTimeout(listener, ms);
      return () => clearTimeout(timer);
    },
    now: () => performance.now(),
  };
}

interface TtyBinder {
  binding(name: string): { isTTY(fd: number): boolean };
}
