/**
 * Signals by number.
 *
 * @module
 */

/** The POSIX number of a signal, 0 for one that is not known. */
export function signalNumber(signal: string): number {
  return SIGNALS[signal] ?? 0;
}

/** POSIX numbers, for the status 128+n. */
const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};
