/**
 * Signal names and numbers as scripts use them. Pure.
 *
 * @module
 */

const NUMBERS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
};

/** `TERM`, `SIGTERM` or `15` -> `SIGTERM`; `0` stays `0`. Undefined for an unknown one. */
export function signalName(text: string): string | undefined {
  if (text === "0") return "0";
  const name = text.toUpperCase().replace(/^SIG/, "");
  if (name in NUMBERS) return `SIG${name}`;
  const found = Object.entries(NUMBERS).find(([, number]) => String(number) === text);
  return found && `SIG${found[0]}`;
}

/** The status of something that a signal ended. */
export function signalStatus(signal: string): number {
  return 128 + (NUMBERS[signal.replace(/^SIG/, "")] ?? 0);
}
