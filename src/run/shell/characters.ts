/**
 * What shell patterns and the regular expressions of POSIX have in common: classes of characters,
 * and text that stands for itself. All of it is source for expressions with the flag `u`. Pure.
 *
 * @module
 */

/** The inside of a bracket for `[:name:]`. */
export const CLASSES: Readonly<Record<string, string>> = {
  alnum: "\\p{L}\\p{N}",
  alpha: "\\p{L}",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "\\x21-\\x7e\\u{a1}-\\u{10ffff}",
  lower: "\\p{Ll}",
  print: "\\x20-\\x7e\\u{a0}-\\u{10ffff}",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: " \\t\\n\\r\\f\\v",
  upper: "\\p{Lu}",
  xdigit: "0-9A-Fa-f",
};

/** Text that stands for itself. */
export function literalSource(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** Inside a bracket a `-` means something too; outside, a `u` expression forbids escaping it. */
export function memberSource(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/\-]/g, "\\$&");
}
