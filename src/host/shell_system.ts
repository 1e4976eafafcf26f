/**
 * The outside world as the portable shell sees it: files, descriptors, programs, time.
 *
 * `realShellSystem()` gives the process's own. Paths are absolute when they get here; the shell
 * carries its working directory itself, so that a subshell can change it. Nothing throws: a call
 * that the system refuses gives a `SystemFault`.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import type { Readable, Writable } from "node:stream";
import tty from "node:tty";
import { process } from "./process.ts";
import { carriedByCmd, windowsCommand } from "./windows_command.ts";

/** A refusal of the system: its code (`ENOENT`) and the words people know for it. */
export interface SystemFault {
  readonly fault: string;
  readonly words: string;
}

/** What is at a path. Times in milliseconds since 1970. */
export interface FileStatus {
  readonly kind: "file" | "directory" | "link" | "pipe" | "socket" | "character" | "block";
  readonly size: number;
  readonly mode: number;
  readonly modified: number;
  readonly accessed: number;
  readonly device: number;
  readonly inode: number;
  readonly user: number;
  readonly group: number;
}

/** How a file is opened; all but `read` create it, all but `read` and `read-write` may cut it. */
export type OpenMode = "read" | "write" | "append" | "read-write" | "exclusive";

/** A standard stream that is no descriptor of the process (a test's, a buffer). */
export interface ForeignStream {
  /** The next bytes, undefined at the end. */
  read?(max: number): Promise<Uint8Array | undefined>;
  write?(bytes: Uint8Array): Promise<void>;
}

/** A program to start. `stdio[n]` is the child's descriptor n: one of ours, a pipe, or nothing. */
export interface Program {
  readonly file: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdio: readonly (number | "pipe" | "ignore")[];
}

/** Our end of a pipe into a child. */
export interface ChildInput {
  /** False when the child no longer reads. */
  write(bytes: Uint8Array): Promise<boolean>;
  end(): void;
}

/** Our end of a pipe out of a child. */
export interface ChildOutput {
  read(): Promise<Uint8Array | undefined>;
  close(): void;
}

/** A started program. */
export interface Child {
  readonly pid: number;
  readonly input: ChildInput | undefined;
  /** By descriptor, where `stdio` says `pipe`. */
  readonly outputs: ReadonlyMap<number, ChildOutput>;
  /** The status a shell would show: 128+n after signal n. */
  readonly exit: Promise<number>;
  kill(signal: string): void;
}

/** Everything the portable shell asks of the machine. */
export interface ShellSystem {
  readonly windows: boolean;
  readonly pid: number;
  readonly parent: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly temporary: string;
  /** Descriptors 0, 1 and 2. */
  readonly standard: readonly (number | ForeignStream)[];
  now(): Date;
  after(ms: number, listener: () => void): () => void;
  /** Let timers and pipes have their turn. */
  turn(): Promise<void>;
  random(): number;

  status(path: string, follow: boolean): FileStatus | SystemFault;
  list(path: string): readonly string[] | SystemFault;
  access(path: string, right: "read" | "write" | "execute"): boolean;
  real(path: string): string | SystemFault;
  readLink(path: string): string | SystemFault;
  makeDirectory(path: string, mode: number): SystemFault | undefined;
  removeDirectory(path: string): SystemFault | undefined;
  removeFile(path: string): SystemFault | undefined;
  rename(from: string, to: string): SystemFault | undefined;
  copyFile(from: string, to: string): SystemFault | undefined;
  link(target: string, path: string): SystemFault | undefined;
  setTimes(path: string, accessed: number, modified: number): SystemFault | undefined;
  setMode(path: string, mode: number): SystemFault | undefined;

  open(path: string, mode: OpenMode): number | SystemFault;
  read(fd: number, buffer: Uint8Array): Promise<number | SystemFault>;
  write(fd: number, bytes: Uint8Array): Promise<SystemFault | undefined>;
  close(fd: number): void;
  terminal(fd: number): boolean;
  start(program: Program): Promise<Child | SystemFault>;
  kill(pid: number, signal: string): SystemFault | undefined;
}

/** Whether a call was refused. */
export function isFault<T>(value: T | SystemFault): value is SystemFault {
  return typeof value === "object" && value !== null && "fault" in value;
}

/** The machine of this process, through `node:` built-ins: the same on Bun, Deno and Node. */
export function realShellSystem(): ShellSystem {
  const windows = process.platform === "win32";
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined) env[name] = value;
  }
  return {
    windows,
    pid: process.pid,
    parent: process.ppid,
    cwd: process.cwd(),
    env,
    home: os.homedir(),
    temporary: os.tmpdir(),
    standard: [0, 1, 2],
    now: () => new Date(),
    after(ms, listener) {
      const timer = setTimeout(listener, ms);
      return () => clearTimeout(timer);
    },
    turn: () => new Promise((resolve) => setTimeout(resolve, 0)),
    random: () => Math.random(),

    status: (path, follow) =>
      attempt(() => status(follow ? fs.statSync(path) : fs.lstatSync(path))),
    list: (path) => attempt(() => fs.readdirSync(path)),
    access(path, right) {
      const flag = {
        read: fs.constants.R_OK,
        write: fs.constants.W_OK,
        execute: fs.constants.X_OK,
      };
      return !isFault(attempt(() => fs.accessSync(path, flag[right]) ?? true));
    },
    real: (path) => attempt(() => fs.realpathSync.native(path)),
    readLink: (path) => attempt(() => fs.readlinkSync(path)),
    makeDirectory: (path, mode) => act(() => fs.mkdirSync(path, { mode })),
    removeDirectory: (path) => act(() => fs.rmdirSync(path)),
    removeFile: (path) => act(() => fs.unlinkSync(path)),
    rename: (from, to) => act(() => fs.renameSync(from, to)),
    copyFile: (from, to) => act(() => windows ? fs.copyFileSync(from, to) : copyFile(from, to)),
    link: (target, path) => act(() => fs.symlinkSync(target, path)),
    setTimes: (path, accessed, modified) =>
      act(() => fs.utimesSync(path, accessed / 1000, modified / 1000)),
    setMode: (path, mode) => act(() => fs.chmodSync(path, mode)),

    open: (path, mode) => attempt(() => fs.openSync(path, FLAGS[mode], 0o666)),
    read: (fd, buffer) => read(fd, buffer),
    write: (fd, bytes) => write(fd, bytes),
    close: (fd) => void act(() => fs.closeSync(fd)),
    terminal: (fd) => tty.isatty(fd),
    start: (program) => start(program, windows),
    kill: (pid, signal) => act(() => kill(pid, signal, windows)),
  };
}

const FLAGS: Readonly<Record<OpenMode, string | number>> = {
  read: "r",
  write: "w",
  append: "a",
  "read-write": fs.constants.O_RDWR | fs.constants.O_CREAT,
  exclusive: "wx",
};

function status(stat: fs.Stats): FileStatus {
  const kind = stat.isFile()
    ? "file"
    : stat.isDirectory()
    ? "directory"
    : stat.isSymbolicLink()
    ? "link"
    : stat.isFIFO()
    ? "pipe"
    : stat.isSocket()
    ? "socket"
    : stat.isBlockDevice()
    ? "block"
    : "character";
  return {
    kind,
    size: stat.size,
    mode: stat.mode,
    modified: stat.mtimeMs,
    accessed: stat.atimeMs,
    device: stat.dev,
    inode: stat.ino,
    user: stat.uid,
    group: stat.gid,
  };
}

/**
 * What is there keeps its mode, as `cp` has it: the runtime's own call gives it that of the source,
 * also to a device.
 */
function copyFile(from: string, to: string): void {
  const source = fs.openSync(from, "r");
  try {
    let target: number;
    try {
      target = fs.openSync(to, fs.constants.O_WRONLY | fs.constants.O_TRUNC);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      return fs.copyFileSync(from, to);
    }
    try {
      const buffer = new Uint8Array(1 << 20);
      for (let got; (got = fs.readSync(source, buffer)) > 0;) {
        for (let at = 0; at < got;) at += fs.writeSync(target, buffer, at, got - at);
      }
    } finally {
      fs.closeSync(target);
    }
  } finally {
    fs.closeSync(source);
  }
}

/** Not blocking, so that another stage of a pipeline can go on meanwhile. */
async function read(fd: number, buffer: Uint8Array): Promise<number | SystemFault> {
  while (true) {
    const got = await new Promise<number | SystemFault>((resolve) => {
      fs.read(
        fd,
        buffer,
        0,
        buffer.length,
        null,
        (error, count) => resolve(error ? faultOf(error) : count),
      );
    });
    if (!isFault(got)) return got;
    // A Windows console says EOF where others give nothing.
    if (got.fault === "EOF") return 0;
    if (got.fault !== "EAGAIN") return got;
    await pause();
  }
}

async function write(fd: number, bytes: Uint8Array): Promise<SystemFault | undefined> {
  let offset = 0;
  while (offset < bytes.length) {
    const put = attempt(() => fs.writeSync(fd, bytes, offset, bytes.length - offset));
    if (!isFault(put)) {
      offset += put;
    } else if (put.fault === "EAGAIN") {
      await pause();
    } else {
      return put;
    }
  }
  return undefined;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2));
}

async function start(program: Program, windows: boolean): Promise<Child | SystemFault> {
  // Programs of Windows may take a / of their own path for an option: cmd does.
  const command = windows
    ? windowsCommand(
      program.file.replaceAll("/", "\\"),
      program.args,
      environment(program.env, "comspec"),
    )
    : { file: program.file, args: program.args, verbatim: false };
  if (command.verbatim && !carriedByCmd(program.args)) {
    return { fault: "EINVAL", words: "a batch file takes no argument with a line break" };
  }
  let child: ChildProcess;
  try {
    child = spawn(command.file, [...command.args], {
      cwd: program.cwd,
      env: { ...program.env },
      stdio: [...program.stdio],
      windowsHide: true,
      windowsVerbatimArguments: command.verbatim,
      ...(windows ? {} : { argv0: program.name }),
    });
  } catch (error) {
    return faultOf(error);
  }
  const exit = new Promise<number>((resolve) => {
    child.on("exit", (code, signal) => resolve(signal ? 128 + signalNumber(signal) : code ?? 1));
  });
  const started = await new Promise<SystemFault | undefined>((resolve) => {
    child.on("error", (error) => resolve(faultOf(error)));
    if (child.pid !== undefined) resolve(undefined);
  });
  if (started !== undefined) return started;
  const outputs = new Map<number, ChildOutput>();
  program.stdio.forEach((how, fd) => {
    const stream = child.stdio[fd];
    if (how === "pipe" && fd > 0 && stream) outputs.set(fd, output(stream as Readable));
  });
  return {
    pid: child.pid!,
    input: program.stdio[0] === "pipe" && child.stdin ? input(child.stdin) : undefined,
    outputs,
    exit,
    kill: (signal) => void act(() => child.kill(signal as NodeJS.Signals)),
  };
}

function environment(env: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(env).find(([key]) => key.toLowerCase() === name)?.[1];
}

function input(stream: Writable): ChildInput {
  let open = true;
  const lost = new Promise<boolean>((resolve) => {
    const over = () => {
      open = false;
      resolve(false);
    };
    stream.on("error", over);
    stream.on("close", over);
  });
  return {
    write(bytes) {
      if (!open) return Promise.resolve(false);
      const written = new Promise<boolean>((resolve) => {
        stream.write(bytes, (error) => resolve(!error));
      });
      return Promise.race([written, lost]);
    },
    end: () => void stream.end(),
  };
}

function output(stream: Readable): ChildOutput {
  const chunks = stream[Symbol.asyncIterator]();
  return {
    async read() {
      try {
        const next = await chunks.next();
        return next.done ? undefined : next.value as Uint8Array;
      } catch {
        // A pipe that breaks has ended.
        return undefined;
      }
    },
    close: () => void stream.destroy(),
  };
}

function kill(pid: number, signal: string, windows: boolean): void {
  if (signal === "0") return void process.kill(pid, 0);
  // What ends itself there has no signal to be known by: the status is what a shell would say.
  if (windows && pid === process.pid) process.exit(128 + signalNumber(signal));
  process.kill(pid, signal);
}

function signalNumber(signal: string): number {
  return (os.constants.signals as Record<string, number>)[signal] ?? 0;
}

function attempt<T>(call: () => T): T | SystemFault {
  try {
    return call();
  } catch (error) {
    return faultOf(error);
  }
}

function act(call: () => unknown): SystemFault | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return faultOf(error);
  }
}

function faultOf(error: unknown): SystemFault {
  const { code, message } = error as NodeJS.ErrnoException;
  const fault = code ?? "EUNKNOWN";
  return { fault, words: WORDS[fault] ?? message };
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "Permission denied",
  EBADF: "Bad file descriptor",
  EBUSY: "Device or resource busy",
  EEXIST: "File exists",
  EISDIR: "Is a directory",
  ELOOP: "Too many levels of symbolic links",
  EMFILE: "Too many open files",
  ENAMETOOLONG: "File name too long",
  ENOENT: "No such file or directory",
  ENOEXEC: "Exec format error",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
  ENOTEMPTY: "Directory not empty",
  EPERM: "Operation not permitted",
  EPIPE: "Broken pipe",
  EROFS: "Read-only file system",
  ESRCH: "No such process",
  E2BIG: "Argument list too long",
  EXDEV: "Invalid cross-device link",
};
