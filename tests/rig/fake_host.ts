/**
 * A machine in memory: a table of files, scripted programs and a clock that only moves when a test
 * moves it. What is written to the two streams is kept.
 *
 * Paths are compared in one dialect, so that a test reads the same on every system.
 *
 * @module
 */

import { basename, resolve } from "@std/path";
import type {
  Command,
  FileKind,
  Host,
  KillSignal,
  Process,
  ProcessListener,
  StartFault,
} from "../../src/host/host.ts";
import type { AbsolutePath } from "../../src/model/id.ts";

/** What a program does when it is started. Everything may be left out: it then ends with 0. */
export interface Program {
  readonly stdout?: string | Uint8Array;
  readonly stderr?: string | Uint8Array;
  readonly code?: number;
  readonly signal?: string;
  /** Virtual milliseconds until it ends; `Infinity`: not before it is killed. */
  readonly takes?: number;
  /** What it makes of a signal; without one, any ends it. */
  onKill?(signal: KillSignal): "ends" | "stays";
  /** It cannot be started. */
  readonly fault?: StartFault;
}

export interface FakeHostOptions {
  /** Path below the working directory, or absolute -> content; `null` is a directory. */
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>;
  /** Name of a program on `PATH` -> what it does. */
  readonly programs?: Readonly<Record<string, Program | ((command: Command) => Program)>>;
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly home?: string;
  readonly cpus?: number;
  readonly terminal?: boolean;
  /** The namespaces that evaluating a module gives, by path. */
  readonly modules?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface FakeHost extends Host {
  /** Everything written so far. */
  readonly out: string;
  readonly err: string;
  /** Every program started, in order. */
  readonly started: readonly Command[];
  /** Modules that were evaluated. */
  readonly evaluated: readonly string[];
  /** Move the clock; what falls due happens in order. */
  advance(ms: number): void;
  /** Tell the program under test of a signal. */
  signal(name: "SIGINT" | "SIGTERM" | "SIGHUP"): void;
  /** Wait for something; whenever nothing else can happen, the clock moves to the next timer. */
  until<T>(promise: Promise<T>): Promise<T>;
}

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly listener: () => void;
}

/** Where the programs of `PATH` lie. */
const BIN = "/bin";

export function fakeHost(options: FakeHostOptions = {}): FakeHost {
  const cwd = resolve(options.cwd ?? "/project") as AbsolutePath;
  const files = new Map<string, Uint8Array>();
  const directories = new Set<string>(["/", BIN]);
  const programs = options.programs ?? {};
  for (const [path, content] of Object.entries(options.files ?? {})) {
    const at = normal(resolve(cwd, path));
    if (content === null) addDirectory(at);
    else {
      files.set(at, typeof content === "string" ? new TextEncoder().encode(content) : content);
      addDirectory(parent(at));
    }
  }
  for (const name of Object.keys(programs)) files.set(`${BIN}/${name}`, new Uint8Array());
  addDirectory(normal(cwd));

  const written = { stdout: "", stderr: "" };
  const started: Command[] = [];
  const evaluated: string[] = [];
  const listeners = new Set<(signal: "SIGINT" | "SIGTERM" | "SIGHUP") => void>();
  let timers: Timer[] = [];
  let now = 0;
  let orders = 0;

  function addDirectory(path: string): void {
    for (let at = path; !directories.has(at); at = parent(at)) directories.add(at);
  }

  function kind(path: string): FileKind | undefined {
    const at = normal(path);
    return files.has(at) ? "file" : directories.has(at) ? "directory" : undefined;
  }

  function after(ms: number, listener: () => void): () => void {
    const timer = { due: now + ms, order: orders++, listener };
    timers.push(timer);
    timers.sort((a, b) => a.due - b.due || a.order - b.order);
    return () => {
      timers = timers.filter((each) => each !== timer);
    };
  }

  function fire(limit: number): boolean {
    const next = timers[0];
    if (next === undefined || next.due > limit || next.due === Infinity) return false;
    timers.shift();
    now = next.due;
    next.listener();
    return true;
  }

  function start(command: Command, listener: ProcessListener): Process {
    started.push(command);
    const script = programs[basename(command.file)];
    const program = typeof script === "function" ? script(command) : script ?? {};
    if (program.fault !== undefined) {
      listener.fault(program.fault);
      return {
        pid: undefined,
        kill() {},
        left: () => false,
        identity: () => undefined,
        send: () => false,
        disconnect() {},
      };
    }
    let ended = false;
    const end = (code: number, signal?: string) => {
      if (ended) return;
      ended = true;
      cancel();
      listener.end({ code, ...(signal !== undefined && { signal }) });
    };
    const cancel = after(program.takes ?? 0, () => {
      for (const stream of ["stdout", "stderr"] as const) {
        const data = program[stream];
        if (data === undefined) continue;
        listener.output(stream, typeof data === "string" ? new TextEncoder().encode(data) : data);
      }
      end(program.code ?? 0, program.signal);
    });
    return {
      pid: started.length,
      kill(signal) {
        if (signal !== "SIGKILL" && program.onKill?.(signal) === "stays") return;
        after(0, () => end(128 + SIGNALS[signal], signal));
      },
      left: () => false,
      identity: () => undefined,
      send: () => true,
      disconnect: () => end(0),
    };
  }

  return {
    os: "linux",
    arch: "x64",
    argv: options.argv ?? [],
    facts: { type: "Linux", machine: "x86_64", release: "6.1.0", version: "#1 SMP" },
    cpus: options.cpus ?? 4,
    cwd,
    home: options.home === undefined ? undefined : resolve(options.home) as AbsolutePath,
    env: { PATH: BIN, ...options.env },
    self: ["/bin/ntask"],
    files: {
      readText(path) {
        const at = normal(path);
        const bytes = files.get(at);
        if (bytes === undefined) return { fault: directories.has(at) ? "is-directory" : "missing" };
        try {
          return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
        } catch {
          return { fault: "not-utf8" };
        }
      },
      kind,
      executable: (path) => files.has(normal(path)),
      real: (path) => path,
      list(path) {
        const prefix = normal(path).replace(/\/?$/, "/");
        const below = [...files.keys(), ...directories].filter((each) => each.startsWith(prefix));
        const names = below.map((each) => each.slice(prefix.length).split("/")[0]!);
        return [...new Set(names)].filter((name) => name !== "");
      },
    },
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    stdinIsTerminal: options.terminal ?? false,
    disk: () => Promise.reject(new Error("there is no disk")),
    readLine: () => undefined,
    now: () => now,
    date: () => new Date(Date.UTC(2024, 0, 1) + now),
    start,
    after,
    onSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    evaluate(file) {
      evaluated.push(normal(file));
      const found = options.modules?.[normal(file)];
      return found === undefined
        ? Promise.reject(new Error(`no module ${file}`))
        : Promise.resolve(found);
    },
    get out() {
      return written.stdout;
    },
    get err() {
      return written.stderr;
    },
    started,
    evaluated,
    advance(ms) {
      const limit = now + ms;
      while (fire(limit));
      now = limit;
    },
    signal(name) {
      for (const listener of listeners) listener(name);
    },
    async until(promise) {
      let done = false;
      const settled = promise.finally(() => done = true);
      settled.catch(() => {});
      while (!done) {
        // Promises, and modules that are loaded when first used, come before the clock.
        await new Promise((next) => setTimeout(next, 0));
        if (!done) fire(Infinity);
      }
      return await settled;
    },
  };

  function sink(stream: "stdout" | "stderr"): Host["stdout"] {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return {
      isTerminal: options.terminal ?? false,
      columns: options.terminal ? 80 : undefined,
      write(data) {
        written[stream] += typeof data === "string" ? data : decoder.decode(data, { stream: true });
      },
    };
  }
}

const SIGNALS: Readonly<Record<KillSignal, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGTERM: 15,
};

/** One dialect for all: no drive, slashes only. */
function normal(path: string): string {
  return path.replaceAll("\\", "/").replace(/^[A-Za-z]:/, "");
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}
