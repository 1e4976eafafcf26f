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
  readonly CryptoHasher: {
    new (algorithm: "sha256"): {
      update(data: Uint8Array): InstanceType<BunRuntime["CryptoHasher"]>;
      digest(encoding: "hex"): string;
    };
    hash(algorithm: "sha256", data: Uint8Array, encoding: "hex"): string;
  };
  /** The descriptor 1. */
  readonly stdout: unknown;
  write(target: unknown, text: string): Promise<number>;
  spawn(command: readonly string[], options: {
    cwd: string;
    env: Readonly<Record<string, string>>;
    detached: boolean;
    stdio: readonly ("ignore" | "inherit" | "pipe")[];
    windowsHide: boolean;
    windowsVerbatimArguments: boolean;
    /** Pipes are read only when their streams are asked for. */
    lazy: boolean;
    serialization?: string;
    ipc?: (message: unknown) => void;
    onExit: (child: BunProcess, code: number | null, signal: number | string | null) => void;
  }): BunProcess;
  plugin(plugin: { name: string; setup(build: BunPluginBuilder): void }): void;
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
