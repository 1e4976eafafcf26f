// The part of Bun's runtime that `src/host` uses. Declared here so that `deno check` needs no
// types of another runtime.

interface BunPluginBuilder {
  module(
    name: string,
    make: () => { exports: Record<string, unknown>; loader: "object" },
  ): void;
}

interface BunRuntime {
  readonly version: string;
  /** Is the program compiled into this executable? */
  readonly isStandaloneExecutable: boolean;
  readonly SHA256: {
    new (): {
      update(data: Uint8Array): InstanceType<BunRuntime["SHA256"]>;
      digest(encoding: "hex"): string;
    };
    hash(data: Uint8Array | string, encoding: "hex"): string;
  };
  /** The descriptors 1 and 2. */
  readonly stdout: unknown;
  readonly stderr: unknown;
  file(path: string): BunFile;
  concatArrayBuffers(pieces: readonly Uint8Array[], most: number, asBytes: true): Uint8Array;
  /** What a promise is settled with; itself where it is pending. */
  readonly peek: {
    <T>(promise: Promise<T>): T | Promise<T>;
    status(promise: Promise<unknown>): "pending" | "fulfilled" | "rejected";
  };
  /** Where an import leads, links resolved. */
  resolveSync(specifier: string, directory: string): string;
  /** A program by its name or path; `null` where there is none that may be executed. */
  which(name: string): string | null;
  write(target: unknown, text: string): Promise<number>;
  spawn(command: readonly string[], options: {
    cwd: string;
    env: Readonly<Record<string, string>>;
    detached: boolean;
    stdio: readonly ("ignore" | "inherit" | "pipe")[];
    windowsHide?: boolean;
    windowsVerbatimArguments?: boolean;
    /** Pipes are read only when their streams are asked for. */
    lazy?: boolean;
    serialization?: string;
    ipc?: (message: unknown) => void;
    onExit: (child: BunProcess, code: number | null, signal: number | string | null) => void;
  }): BunProcess;
  plugin(plugin: { name: string; setup(build: BunPluginBuilder): void }): void;
}

/** A path; what it says of it, it asks the system at that moment. */
interface BunFile {
  readonly size: number;
  readonly lastModified: number;
  stream(): ReadableStream<Uint8Array>;
}

interface BunProcess {
  readonly pid: number;
  readonly exitCode: number | null;
  readonly signalCode: string | null;
  readonly stdout: ReadableStream<Uint8Array> | undefined;
  readonly stderr: ReadableStream<Uint8Array> | undefined;
  send(message: unknown): void;
  disconnect(): void;
  resourceUsage(): BunResourceUsage | undefined;
}

/** Times in microseconds, sizes in bytes. */
interface BunResourceUsage {
  readonly cpuTime: { readonly user: number | bigint; readonly system: number | bigint };
  readonly maxRSS: number;
}

/** `bun:ffi`: calls of the system. */
interface BunForeign {
  dlopen(
    library: string,
    symbols: Readonly<
      Record<string, {
        readonly args: readonly string[];
        readonly returns: string;
      }>
    >,
  ): { readonly symbols: unknown };
}
