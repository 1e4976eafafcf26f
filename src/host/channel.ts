/**
 * The other end of a `Command` with a channel: what a function host has to do with the outside.
 *
 * @module
 */

import { follow } from "./follow.ts";
import { leave, process } from "./process.ts";

/** The channel to the ntask that started this process. */
export interface Channel {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** ntask is gone, or is done with this process. */
  onClose(listener: () => void): void;
  /** Called for what no body caught: an exception in a timer, a rejection nobody awaited. */
  onStray(listener: (error: unknown) => void): void;
  /** Resolves when all that was let go so far has been told. */
  calm(): Promise<void>;
  /** Write a mark behind everything written so far to both output streams; empty: only wait. */
  mark(text: string): Promise<void>;
  /** Make this the directory and environment of the process. */
  enter(cwd: string, env: Readonly<Record<string, string>>): void;
  /** End the process. */
  exit(code: number): never;
}

/** Those of the runtime, whatever a body puts in their place. */
const { setImmediate, setTimeout } = globalThis;

/** `undefined` when this process was not started with a channel. */
export function parentChannel(): Channel | undefined {
  if (typeof process.send !== "function") return undefined;
  const streams = [follow(process.stdout), follow(process.stderr)];
  let untold = 0;
  return {
    send: (message) => void process.send!(message as object),
    onMessage: (listener) => void process.on("message", listener),
    onClose: (listener) => void process.on("disconnect", listener),
    onStray(listener) {
      process.removeAllListeners("uncaughtException");
      process.removeAllListeners("unhandledRejection");
      // A task of its own: what a handler leaves to microtasks waits, on Bun, for the next event.
      const later = (error: unknown) => {
        untold++;
        setTimeout(() => {
          untold--;
          listener(error);
        }, 0);
      };
      process.on("uncaughtException", later);
      process.on("unhandledRejection", later);
    },
    async calm() {
      // The runtime tells of rejections when it is done with what is at hand.
      do await new Promise((resolve) => setImmediate(resolve)); while (untold > 0);
    },
    async mark(text) {
      for (const { stream } of streams) if (text !== "") stream.write(text);
      await Promise.all(streams.map((followed) => followed.idle()));
    },
    enter(cwd, env) {
      process.chdir(cwd);
      for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
      Object.assign(process.env, env);
    },
    exit: leave,
  };
}
