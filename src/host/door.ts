/**
 * What there is before the machine is opened, and how the process ends. Small, because a question
 * such as `--version` needs no more than this: opening the machine costs a millisecond.
 *
 * @module
 */

import type { Followed } from "./follow.ts";
import type { Host } from "./host.ts";
import { leave, process } from "./process.ts";

/** The way in. */
export interface Door {
  /** The command line without the program. */
  readonly argv: readonly string[];
  /** Write a short text to stdout; nothing else is written. */
  print(text: string): Promise<void>;
  /** Open the machine. */
  open(): Promise<Host>;
}

export const door: Door = {
  argv: process.argv.slice(2),
  async print(text) {
    const bun = (globalThis as { Bun?: BunRuntime }).Bun;
    try {
      // Bun's own call writes at once and loads nothing.
      if (bun !== undefined) await bun.write(bun.stdout, text);
      else (await import("node:fs")).writeSync(1, text);
    } catch (error) {
      lose(error);
    }
  },
  async open() {
    if (!("Bun" in globalThis) && !("Deno" in globalThis)) {
      const { refusedNode } = await import("./node_version.ts");
      const why = refusedNode(process.versions.node);
      if (why !== undefined) {
        console.error(`ntask: ${why}`);
        leave(2);
      }
    }
    const { realHost } = await import("./real.ts");
    return await realHost();
  },
};

/** Streams that took over from their descriptor: what they hold must be out before the end. */
export const queues = new Set<Followed>();

/** Why stdout has lost something that somebody was to read. */
let lost: string | undefined;

/** That nobody reads any more, or ever did, is no fault; that there is no room is one. */
const NOBODY_READS: ReadonlySet<string> = new Set(["EPIPE", "EBADF", "ECONNRESET"]);

/** Something could not be written to stdout. */
export function lose(error: unknown): void {
  if (!NOBODY_READS.has((error as NodeJS.ErrnoException).code ?? "")) {
    lost ??= error instanceof Error ? error.message : String(error);
  }
}

/** End the process with a status once everything written is out. Called by `main.ts` alone. */
export function exit(code: number): void {
  for (const queue of queues) if (queue.busy) return void queue.idle().then(() => exit(code));
  const status = strayed ?? code;
  if (lost === undefined) leave(status);
  console.error(`ntask: stdout cannot be written, output is lost: ${lost}`);
  leave(status || 1);
}

/** The status where code of the user's let an error go. */
let strayed: number | undefined;

/** What is done about that, once code of the user's is evaluated in this process. */
interface Stray {
  /** @returns the status where it was the user's code, and has been told */
  tell(error: unknown): Promise<number | undefined>;
  /** A run ends what it has started, as at a signal. */
  readonly stops: boolean;
}

let stray: Stray | undefined;

export function onStray(done: Stray): void {
  stray = done;
}

/**
 * An exception that nobody expected is a bug in ntask: say so, and end. Bun would go on after an
 * unhandled rejection and wait for ever.
 */
export function onBug(): void {
  const bug = (error: unknown) => {
    const text = error instanceof Error ? error.stack ?? String(error) : String(error);
    console.error(
      `ntask: this is a bug in ntask. Please report it with these lines:\n${text}`,
    );
    leave(70);
  };
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      if (stray === undefined) return bug(error);
      const { tell, stops } = stray;
      // A script that listens itself goes on.
      if (!stops && process.listenerCount(event) > 1) return;
      // The runtime does not wait for what its listeners do later.
      const awake = setInterval(() => {}, 1000);
      tell(error).then((status) => {
        clearInterval(awake);
        if (status === undefined) return bug(error);
        const first = strayed === undefined;
        strayed ??= status;
        if (first && !(stops && process.emit("SIGTERM"))) exit(status);
      }).catch(bug);
    });
  }
}
