/**
 * Programs: started with the shell's descriptors, awaited, their pipes moved through.
 *
 * A real descriptor is handed over. A pipe inside this process is fed or drained here:
 *
 * ```
 * writer -> memory pipe -> feed -> child -> drain -> memory pipe -> reader
 * ```
 *
 * A reader that goes away ends the writer: the child gets SIGPIPE with its next bytes.
 *
 * A child that shares its input with commands after it (`… | while read x; do program; done`) must
 * not be handed what it does not read. The rest of the pipe goes into a file then, whose position
 * all share; so such a child starts when the pipe's writer is done.
 *
 * @module
 */

import { type Child, type ChildOutput, isFault } from "../../host/shell_system.ts";
import { complain } from "./output.ts";
import { pathList } from "./paths.ts";
import { type Descriptor, fdStream } from "./streams.ts";
import type { Shell, Started } from "./state.ts";
import { BrokenPipe, ShellFault, StreamFault } from "./unwind.ts";

/** How long a pipe that outlives its program may be silent before the shell goes on, in ms. */
const SILENCE = 100;

/** More than this of a shared pipe is not put into a file, in bytes. */
const SPOOL_LIMIT = 256 * 1024 * 1024;

export interface ProgramRequest {
  /** The file found by the path search. */
  readonly file: string;
  /** The words, the program's name first. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** No command after this one reads the same input. */
  readonly ownInput: boolean;
}

/** How a program ended; `no-program` is a file that the system cannot execute. */
export type ProgramEnd = number | "no-program";

/** Run a program to its end. */
export async function runProgram(shell: Shell, request: ProgramRequest): Promise<ProgramEnd> {
  const { system } = shell;
  const input = shell.descriptors.get(0);
  if (input?.stream.pipe !== undefined && !request.ownInput) await spool(shell, input);
  const highest = Math.max(2, ...shell.descriptors.keys());
  const stdio = Array.from({ length: highest + 1 }, (_, fd): number | "pipe" | "ignore" => {
    const descriptor = shell.descriptors.get(fd);
    if (descriptor === undefined) return "ignore";
    return descriptor.stream.fd ?? (fd > 2 ? "ignore" : "pipe");
  });
  const child = await system.start({
    file: request.file,
    name: request.words[0]!,
    args: request.words.slice(1),
    cwd: shell.cwd,
    env: system.windows ? withSearchPath(request.env) : request.env,
    stdio,
  });
  if (isFault(child)) {
    if (child.fault === "ENOEXEC") return "no-program";
    const words = child.fault === "ENOENT" ? "not found" : child.words;
    await complain(shell, `${request.words[0]}: ${words}`);
    return child.fault === "ENOENT" ? 127 : 126;
  }
  const started: Started = {
    pid: child.pid,
    independent: !stdio.includes("pipe"),
    kill: (signal) => child.kill(signal),
  };
  shell.announce?.(started);
  const stop = (signal: string) => child.kill(signal);
  shell.life.stops.add(stop);
  const drains = [...child.outputs].map(([fd, output]) =>
    drain(child, output, shell.descriptors.get(fd)!.retain())
  );
  if (input !== undefined && child.input !== undefined) void feed(child, input);
  const status = await child.exit;
  shell.life.stops.delete(stop);
  await Promise.all(drains.map((one) => settled(shell, one)));
  return status;
}

/** The same environment, with a PATH as every program of Windows reads it. */
function withSearchPath(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const pairs = Object.entries(env).map(([name, value]) =>
    [name, name.toLowerCase() === "path" ? pathList(value, true).join(";") : value] as const
  );
  return Object.fromEntries(pairs);
}

interface Drain {
  readonly done: Promise<void>;
  /** The bytes moved so far; a number that stands still means silence. */
  readonly progress: () => number;
  /** A full pipe is no silence. */
  readonly writing: () => boolean;
}

/** From a child to a descriptor, which is held until the pipe's end. */
function drain(child: Child, output: ChildOutput, descriptor: Descriptor): Drain {
  let moved = 0;
  let writing = false;
  const move = async () => {
    try {
      while (true) {
        const chunk = await output.read();
        if (chunk === undefined) return;
        writing = true;
        await descriptor.stream.write(chunk);
        writing = false;
        moved += chunk.length;
      }
    } catch (error) {
      if (!(error instanceof BrokenPipe || error instanceof StreamFault)) throw error;
      child.kill("SIGPIPE");
      output.close();
    } finally {
      writing = false;
      descriptor.release();
    }
  };
  return { done: move(), progress: () => moved, writing: () => writing };
}

/** What a program left in the pipe comes before the next command's output. */
async function settled(shell: Shell, { done, progress, writing }: Drain): Promise<void> {
  let over = false;
  void done.then(() => over = true);
  while (!over) {
    const before = progress();
    let cancel = () => {};
    const silence = new Promise<void>((resolve) => {
      cancel = shell.system.after(SILENCE, resolve);
    });
    await Promise.race([done, silence]);
    cancel();
    // A process that the program left behind still holds the pipe.
    if (!over && progress() === before && !writing()) return;
  }
}

/** From a descriptor to a child, until one of them ends. */
async function feed(child: Child, descriptor: Descriptor): Promise<void> {
  const { stream } = descriptor.retain();
  const input = child.input!;
  let exited = false;
  const exit = child.exit.then(() => {
    exited = true;
    return undefined;
  });
  try {
    while (true) {
      if (stream.pipe !== undefined) await Promise.race([stream.pipe.ready(), exit]);
      if (exited) return;
      const chunk = stream.pipe !== undefined
        ? stream.pipe.take(65_536)
        : await Promise.race([stream.read(65_536), exit]);
      if (chunk === undefined || !(await input.write(chunk))) return;
    }
  } catch (error) {
    if (!(error instanceof StreamFault)) throw error;
  } finally {
    descriptor.release();
    input.end();
  }
}

/** Put the rest of a pipe into a file, so that children share one position in it. */
async function spool(shell: Shell, descriptor: Descriptor): Promise<void> {
  const { system } = shell;
  const path = `${system.temporary}/ntask-${system.pid}-${system.random().toString(36).slice(2)}`;
  const out = system.open(path, "exclusive");
  if (isFault(out)) throw new ShellFault(`cannot create ${path}: ${out.words}`);
  const into = system.open(path, "read");
  if (isFault(into)) throw new ShellFault(`cannot open ${path}: ${into.words}`);
  // The name goes at once where that is possible, else with the descriptor.
  const kept = system.removeFile(path) !== undefined;
  let size = 0;
  while (true) {
    const chunk = await descriptor.stream.read(65_536);
    if (chunk === undefined) break;
    size += chunk.length;
    if (size > SPOOL_LIMIT) throw new ShellFault("a pipe without end that several programs share");
    const fault = await system.write(out, chunk);
    if (fault !== undefined) throw new ShellFault(`cannot write ${path}: ${fault.words}`);
  }
  system.close(out);
  descriptor.stream.close();
  descriptor.stream = fdStream(system, into, () => {
    if (kept) system.removeFile(path);
  });
}
