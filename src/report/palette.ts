/**
 * Colour, or none: the same words either way.
 *
 * @module
 */

export interface Palette {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
  /** One of six colours, the same for the same number. */
  any(text: string, number: number): string;
}

/** ECMA-48 codes: on, off. */
function paint(on: number, off: number) {
  return (text: string) => text === "" ? "" : `\x1b[${on}m${text}\x1b[${off}m`;
}

const COLORS = [36, 35, 34, 33, 32, 96];

export const COLOR: Palette = {
  bold: paint(1, 22),
  dim: paint(2, 22),
  red: paint(31, 39),
  green: paint(32, 39),
  yellow: paint(33, 39),
  cyan: paint(36, 39),
  any: (text, number) => paint(COLORS[number % COLORS.length]!, 39)(text),
};

const same = (text: string) => text;

export const PLAIN: Palette = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  cyan: same,
  any: same,
};

/**
 * Should a stream be coloured? `NO_COLOR` (no-color.org: set and not empty) wins over
 * `FORCE_COLOR`; without either, a terminal that is not `dumb` is.
 */
export function wantsColor(
  env: Readonly<Record<string, string>>,
  isTerminal: boolean,
  flag: boolean | undefined,
): boolean {
  if (flag !== undefined) return flag;
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  return isTerminal && env.TERM !== "dumb";
}
