/**
 * Being told to end: the `signal` of a body. Who has looked at it ends in their own time, until
 * they are told again; who has not would never know, and is ended at once.
 *
 * @module
 */

import { leave, process } from "./process.ts";

const told = new AbortController();
let asked = false;

/** Aborted when this process is told to end. */
export const toldSignal: AbortSignal = watched(told.signal);

/** From now on a signal to end aborts {@linkcode toldSignal} first, where somebody has looked at it. */
export function listenForEnd(): void {
  for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    process.on(signal, () => {
      if (!asked || told.signal.aborted) leave(status);
      told.abort(new DOMException(`the task was told to end (${signal})`, "AbortError"));
    });
  }
}

/** Looking at the signal in any way is noticed. */
function watched(signal: AbortSignal): AbortSignal {
  const prototype = AbortSignal.prototype;
  for (const name of ["aborted", "reason", "onabort"] as const) {
    const { get, set } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
    if (get === undefined) continue;
    Object.defineProperty(signal, name, {
      configurable: true,
      get() {
        asked = true;
        return get.call(signal);
      },
      ...(set && {
        set(value: unknown) {
          asked = true;
          set.call(signal, value);
        },
      }),
    });
  }
  for (const name of ["addEventListener", "throwIfAborted"] as const) {
    const original = signal[name] as (...args: unknown[]) => unknown;
    Object.defineProperty(signal, name, {
      configurable: true,
      value(...args: unknown[]) {
        asked = true;
        return original.apply(signal, args);
      },
    });
  }
  return signal;
}
