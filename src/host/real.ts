/**
 * The real machine, through `node:` built-ins, so that one source runs on Bun, Deno and Node.
 * Built-ins that cost start-up time are loaded when first used.
 *
 * @module
 */

import fs from "node:fs";
import type { AbsolutePath } from "../model/id.ts";
import { lose, queues } from "./door.ts";
import { environment } from "./environment.ts";
import { systemFacts } from "./facts.ts";
import { realFiles } from "./files.ts";
import { follow, type Followed } from "./follow.ts";
import type { Host, Os, Sink } from "./host.ts";
import { process } from "./process.ts";
import { NO_PROCESS } from "./process_rules.ts";
import { selfCommand } from "./self.ts";
import { acted, started } from "./witness.ts";
import { refusedByWindows } from "./windows_command.ts";

export async function realHost(): Promise<Host> {
  const { startProcess } = "Bun" in globalThis
    ? await import("./processes_bun.ts")
    : await import("./processes_node.ts");
  const env = environment();
  return {
    os: platform(),
    arch: process.arch,
    argv: process.argv.slice(2),
    get facts() {
      return systemFacts();
    },
    cpus: navigator.hardwareConcurrency,
    cwd: process.cwd() as AbsolutePath,
    home: (env.HOME ?? env.USERPROFILE) as AbsolutePath | undefined,
    env,
    self: selfCommand(),
    files: realFiles,
    stdout: sink(1, () => process.stdout),
    stderr: sink(2, () => process.stderr),
    get stdinIsTerminal() {
      return isatty(0);
    },
    readLine,
    now: () => performance.now(),
    date: () => new Date(),
    disk: () => import("./disk.ts"),
    start(command, listener) {
      started(command);
      const refused = platform() === "windows"
        ? refusedByWindows(command.file, command.args)
        : undefined;
      if (refused === undefined) return startProcess(command, listener);
      listener.fault(refused);
      return NO_PROCESS;
    },
    after(ms, listener) {
      const timer = setTimeout(listener, ms);
      return () => clearTimeout(timer);
    },
    onSignal(listener) {
      const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
      const handlers = names.map((name) => [name, () => listener(name)] as const);
      for (const [name, handler] of handlers) process.on(name, handler);
      return () => {
        for (const [name, handler] of handlers) process.off(name, handler);
      };
    },
    async evaluate(file, library, { root, pure = false, definition = false } = {}) {
      if (!pure) acted();
      const { evaluateModule } = await import("./modules.ts");
      const load = () => evaluateModule(file, library, root);
      if (!definition) return await load();
      const { asDefinition } = await import("./definition.ts");
      return await asDefinition(load);
    },
  };
}

/** Byte by byte: what follows the line belongs to a task. */
function readLine(): string | undefined {
  acted();
  const bytes: number[] = [];
  const byte = new Uint8Array(1);
  for (;;) {
    let count = 0;
    try {
      count = fs.readSync(0, byte, 0, 1, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EINTR") continue;
    }
    if (count === 0 && bytes.length === 0) return undefined;
    if (count === 0 || byte[0] === 10) break;
    bytes.push(byte[0]!);
  }
  return new TextDecoder().decode(Uint8Array.from(bytes)).replace(/\r$/, "");
}

function platform(): Os {
  if (process.platform === "win32") return "windows";
  if (process.platform === "linux" || process.platform === "darwin") return process.platform;
  return "other";
}

const encoder = new TextEncoder();

/**
 * Writes go straight to the descriptor, so that stdout and stderr keep their order and nothing is
 * lost at the end. A reader that is slow holds us back, as it would hold back any program; where
 * the descriptor refuses to block, the stream's queue takes over.
 */
function sink(fd: 1 | 2, stream: () => NodeJS.WriteStream): Sink {
  let closed = false;
  let queue: Followed | undefined;
  let terminal: boolean | undefined;
  const isTerminal = () => terminal ??= isatty(fd);
  return {
    get isTerminal() {
      return isTerminal();
    },
    get columns() {
      return isTerminal() ? stream().columns : undefined;
    },
    write(data) {
      if (closed) return;
      const bytes = typeof data === "string" ? encoder.encode(data) : data;
      let start = 0;
      // The Windows console takes text in UTF-16 only through the runtime's own stream.
      if (!(process.platform === "win32" && isTerminal()) && !queue?.busy) {
        while (start < bytes.length) {
          try {
            start += fs.writeSync(fd, bytes, start);
          } catch (error) {
            const code = (error as NodeJS.ErrnoException).code;
            if (code === "EINTR") continue;
            if (code === "EAGAIN") break;
            closed = true;
            if (fd === 1) lose(error);
            return;
          }
        }
      }
      if (start === bytes.length) return;
      if (queue === undefined) {
        queue = follow(stream());
        queue.stream.on("error", (error) => {
          closed = true;
          if (fd === 1) lose(error);
        });
        queues.add(queue);
      }
      queue.stream.write(bytes.slice(start));
    },
  };
}

/**
 * The runtime's stream objects know, but are slow to make (7 ms on Bun), and so is `node:tty`; the
 * call below those is not.
 */
function isatty(fd: number): boolean {
  try {
    const binding = (process as unknown as { binding(name: string): TtyBinding }).binding(
      "tty_wrap",
    );
    return binding.isTTY(fd);
  } catch {
    return [process.stdin, process.stdout, process.stderr][fd]?.isTTY === true;
  }
}

interface TtyBinding {
  isTTY(fd: number): boolean;
}
