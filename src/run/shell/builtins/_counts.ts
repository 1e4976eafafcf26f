/**
 * The count of `head` and `tail`: a number, perhaps signed, perhaps with a unit.
 *
 * @module
 */

import { NotCovered } from "../unwind.ts";

export interface Count {
  readonly sign: "" | "+" | "-";
  readonly number: number;
}

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 512,
  k: 1024,
  K: 1024,
  m: 1024 ** 2,
  M: 1024 ** 2,
  G: 1024 ** 3,
};

/** Throws `NotCovered` for text that is no count. */
export function parseCount(text: string): Count {
  const match = /^([-+]?)([0-9]+)([bkKmMG]?)$/.exec(text);
  if (match === null) throw new NotCovered(`the count ${text}`);
  return { sign: match[1] as Count["sign"], number: Number(match[2]) * UNITS[match[3]!]! };
}

/** The title over a file's part where there are several. */
export function title(operand: string, first: boolean): string {
  return `${first ? "" : "\n"}==> ${operand === "-" ? "standard input" : operand} <==\n`;
}
