/**
 * The little that can be asked of the machine before it is opened, and one process started: by
 * Bun's own calls, which load nothing. To open the machine takes longer than all of this.
 *
 * @module
 */

import process from "node:process";
import { type Difference, environment } from "./environment.ts";

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
  /** A file of which {@linkcode bytes} will likely be asked: it is read meanwhile. */
  expect(path: string): void;
  /** The bytes of a plain file, of this length if it was not read before. */
  bytes(path: string, length: number): Promise<Uint8Array> | undefined;
  /** The bytes of a file that is ntask's own: it is opened as if to write, which others notice. */
  own(path: string): Uint8Array | undefined;
  /** Write whole lines to stderr. @returns when it is done, if not at once */
  say(text: string): Promise<unknown> | undefined;
  /** Be told of signals instead of ending. */
  onSignal(listener: (signal: Signal) => void): void;
  /** @returns starts the process; throws when it cannot be started */
  prepare(command: QuickCommand, mark: readonly [name: string, value: string]): (
    ended: (code: number | null, signal: number | string | null) => void,
  ) => QuickProcess;
  after(ms: number, listener: () => void): () => void;
  now(): number;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A start takes a few thousand bytes. */
const LARGEST = 1 << 20;

/** What Bun says of a file that is not there. */
const NEVER = 2 ** 52 - 1;

/** @returns nothing where the runtime has no such calls; Windows has none of them */
export function quick(): Quick | undefined {
  const { Bun: bun } = globalThis as { Bun?: BunRuntime };
  if (bun === undefined || process.platform === "win32") return undefined;
  // A checkout, or the npm package: the program is more than one file.
  if (!import.meta.url.includes("$bunfs")) return undefined;
  // Bun takes it for another separator.
  if (process.cwd().includes("\\")) return undefined;
  const isThere = (path: string) => bun.file(path).lastModified !== NEVER;
  const own = environment();
  const expected = new Map<string, Promise<Uint8Array>>();
  const bytes = (path: string, length?: number) => {
    const file = bun.file(path);
    const { size } = file;
    // To open a pipe waits for somebody who writes; its size is infinite.
    const may = length === undefined ? size > 0 && Number.isFinite(size) : size === length;
    return may ? file.bytes() : undefined;
  };
  return {
    cwd: process.cwd(),
    env: own,
    circumstances() {
      const program = bun.file(process.execPath);
      return [
        [process.execPath, program.size, program.lastModified],
        terminals(),
        navigator.hardwareConcurrency,
      ];
    },
    keyOf: (text) => bun.SHA256.hash(text, "hex").slice(0, 32),
    isThere,
    // Nothing but a directory has a dot in it.
    isDirectory: (path) => isThere(`${path}/.`),
    isFile: (path) =>
      isThere(path) && !isThere(`${path}/.`) && Number.isFinite(bun.file(path).size),
    isProgram: (path) => bun.which(path) === path,
    real(path) {
      try {
        return bun.resolveSync(path, "/");
      } catch {
        return undefined;
      }
    },
    expect(path) {
      const read = bytes(path);
      read?.catch(() => {});
      if (read !== undefined) expected.set(path, read);
    },
    bytes: (path, length) => expected.get(path) ?? bytes(path, length),
    own(path) {
      try {
        return bun.file(path).size > LARGEST ? undefined : bun.mmap(path);
      } catch {
        return undefined;
      }
    },
    say(text) {
      if (text === "") return undefined;
      // On a terminal it would be red.
      const plain = !terminals()[2] && own.FORCE_COLOR === undefined;
      if (!plain) return bun.write(bun.stderr, text).catch(() => {});
      // A fifth of what other ways take; it adds the last line's end.
      console.error(text.slice(0, -1));
    },
    onSignal(listener) {
      for (const signal of SIGNALS) process.on(signal, () => listener(signal));
    },
    prepare({ file, args, cwd, env, without, detached }, [name, mark]) {
      const all: Record<string, string> = { ...own, ...env, [name]: mark };
      for (const each of without) delete all[each];
      return (ended) => {
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
      };
    },
    after(ms, listener) {
      const timer = setTimeout(listener, ms);
      return () => clearTimeout(timer);
    },
    now: () => performance.now(),
  };
}

function terminals(): readonly boolean[] {
  const { isTTY } = (process as unknown as TtyBinder).binding("tty_wrap");
  return [0, 1, 2].map(isTTY);
}

interface TtyBinder {
  binding(name: string): { isTTY(fd: number): boolean };
}
