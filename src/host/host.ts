/**
 * The only door to the outside: what ntask needs of the machine it runs on. `real.ts` opens it;
 * tests put a table of files and a scripted clock in its place.
 *
 * @module
 */

import type { Facts } from "./facts.ts";
import type { AbsolutePath } from "../model/id.ts";
import type { Root } from "./process_tree.ts";

/** The functions of `disk.ts`. */
export type Disk = typeof import("./disk.ts");

export type Os = "linux" | "darwin" | "windows" | "other";

/** What is at a path, links followed. */
export type FileKind = "file" | "directory" | "other";

/** The file system, as far as the scheduling loop may use it: small files, single entries. */
export interface Files {
  /** The text of a UTF-8 file without its byte order mark, or why it cannot be had. */
  readText(path: string): { readonly text: string } | { readonly fault: ReadFault };
  /** Absent when nothing is there or it cannot be reached. */
  kind(path: string): FileKind | undefined;
  /** May this user execute the file? Always true on Windows. */
  executable(path: string): boolean;
  /** The path with links resolved; the path itself where that fails. */
  real(path: string): string;
  /** The names in a directory, unsorted; empty where it cannot be read. */
  list(path: string): readonly string[];
}

export type ReadFault =
  | "missing"
  | "unreadable"
  | "is-directory"
  | "is-pipe"
  | "not-utf8"
  | "endless";

/** How a child gets its standard streams. */
export type Stdio =
  /** stdin empty, stdout and stderr read by ntask. */
  | "piped"
  /** stdin inherited, stdout and stderr read by ntask. */
  | "piped-with-stdin"
  /** All three are ntask's own. */
  | "inherited";

/** What to start. The program is already resolved to a file. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdio: Stdio;
  /**
   * A process group of its own, so that the whole tree can be ended. A child that owns the
   * terminal stays in ntask's group instead.
   */
  readonly detached: boolean;
  /** Its mark, so that what it starts can be found wherever it goes; goes into its environment. */
  readonly mark?: string;
  /** Open a message channel to the child (it must be ntask itself). */
  readonly channel?: boolean;
}

/** What a process and those it waited for have used. */
export interface ResourceUsage {
  /** Milliseconds of processor time. */
  readonly user: number;
  readonly system: number;
  /** The most memory at a time, in bytes. */
  readonly memory: number;
}

/** How a process ended: by itself with a status, or by a signal. */
export interface Exit {
  readonly code: number;
  readonly signal?: string;
  /** Where the runtime tells. */
  readonly usage?: ResourceUsage;
}

/** What a child reports. Called on the scheduling loop; never after `end`. */
export interface ProcessListener {
  output(stream: "stdout" | "stderr", bytes: Uint8Array): void;
  message?(message: unknown): void;
  /** Its own process ended and its pipes are drained, or stayed open and quiet for 100 ms. */
  end(exit: Exit): void;
  /** It could not be started; nothing else is called. */
  fault(fault: StartFault): void;
}

export interface StartFault {
  readonly why: "missing" | "not-executable" | "format" | "too-long" | "line-end" | "other";
  readonly detail: string;
}

/** A child and all that belongs to it, as another process may be told of them. */
export type Identity = Omit<Root, "gone">;

/** A running child. */
export interface Process {
  readonly pid: number | undefined;
  /**
   * Send a signal to the child and all that belongs to it. On Windows any signal ends the tree.
   *
   * @param task the mark of what the child is doing at present, where it does one thing after the
   * other: what other things have left behind is not touched
   */
  kill(signal: KillSignal, task?: string): void;
  /** Is anything alive that belongs to it? Always false on Windows, where nobody tells. */
  left(task?: string): boolean;
  /** By what another process can find it. */
  identity(task?: string): Identity | undefined;
  /** Send a message over the channel; false when it is closed. */
  send(message: unknown): boolean;
  /** Close the channel. */
  disconnect(): void;
}

export type KillSignal = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGKILL";

/** One of ntask's own output streams. Writes are in order and complete; a closed reader is no error. */
export interface Sink {
  readonly isTerminal: boolean;
  /** Columns of the terminal; undefined in a pipe. */
  readonly columns: number | undefined;
  write(data: string | Uint8Array): void;
}

/** The machine. */
export interface Host {
  readonly os: Os;
  /** `x64`, `arm64`, … */
  readonly arch: string;
  /** The command line without the program. */
  readonly argv: readonly string[];
  /** What the system says about itself (`uname`), for conditions. */
  readonly facts: Facts;
  readonly cpus: number;
  readonly cwd: AbsolutePath;
  readonly home: AbsolutePath | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** The words that start this program again. */
  readonly self: readonly string[];
  readonly files: Files;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdinIsTerminal: boolean;
  /** Wait for a line typed on the terminal, without its end; `undefined` at the end of the input. */
  readLine(): string | undefined;
  /** Milliseconds on a monotonic clock. */
  now(): number;
  date(): Date;
  /** The file system as the cache and `init` use it; loaded when first asked for. */
  disk(): Promise<Disk>;
  start(command: Command, listener: ProcessListener): Process;
  /** Call `listener` after `ms` milliseconds; the function returned calls it off. */
  after(ms: number, listener: () => void): () => void;
  /** Be told of INT, TERM and HUP instead of ending; the function returned stops that. */
  onSignal(listener: (signal: "SIGINT" | "SIGTERM" | "SIGHUP") => void): () => void;
  /**
   * Evaluate a module of the user's. Throws what it throws.
   *
   * @param file the module
   * @param library what `import … from "ntask"` gives it
   * @param options.root where `.ntask` is, for what a runtime keeps of it; the module's folder if not
   * given
   * @param options.pure it sees nothing but what was looked at already
   * @param options.definition it is there to define tasks: what it prints is no task's output, and it
   * may neither end the process nor wait for ever
   */
  evaluate(
    file: AbsolutePath,
    library: Readonly<Record<string, unknown>>,
    options?: {
      readonly root?: AbsolutePath;
      readonly pure?: boolean;
      readonly definition?: boolean;
    },
  ): Promise<Readonly<Record<string, unknown>>>;
}
