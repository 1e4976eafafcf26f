/**
 * Sizes as people read them.
 *
 * @module
 */

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/**
 * @param bytes a whole number
 * @example sizeText(1_234_567) // "1.2 MB"
 */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 || Number.isInteger(value) ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}
