/**
 * Commands as a person would type them.
 *
 * @module
 */

/** @example displayCommand(["p", "a b"]) // "p 'a b'" */
export function displayCommand(words: readonly string[]): string {
  return words.map(quoteWord).join(" ");
}

/** A word as a POSIX shell takes it; words of harmless characters mean themselves. */
export function quoteWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}
