/**
 * The names nearest to a mistyped one.
 *
 * @module
 */

/**
 * Restricted Damerau-Levenshtein distance: insertions, deletions, substitutions and swaps of two
 * neighbours count one each.
 *
 * @example distance("biuld", "build") // 1
 */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, before[j - 2]! + 1);
      }
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}

/**
 * At most three candidates that a typo could have meant, nearest first: within a third of the
 * word's length, or the only ones that begin with it.
 */
export function nearest(word: string, candidates: Iterable<string>): string[] {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const lower = word.toLowerCase();
  const scored: { name: string; score: number }[] = [];
  for (const name of new Set(candidates)) {
    const score = distance(lower, name.toLowerCase());
    if (score <= limit) scored.push({ name, score });
    else if (lower.length >= 2 && name.toLowerCase().startsWith(lower)) {
      scored.push({ name, score: limit + 1 });
    }
  }
  scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  return scored.slice(0, 3).map((entry) => entry.name);
}
