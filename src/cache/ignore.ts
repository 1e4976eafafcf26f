/**
 * What ignore files say of a path, as git reads them: the file nearest to the path decides, within
 * a file its last rule.
 *
 * In: the texts of `.gitignore` files and the directories they lie in. Out: whether an entry is
 * ignored by its own name. That nothing below an ignored directory is looked at is the walk's part.
 *
 * @module
 */

import ignore from "ignore";

/** The rules that hold in one directory, those of the directories around it behind them. */
export interface IgnoreRules {
  readonly outer: IgnoreRules | undefined;
  /** How much of a path, with its `/`, is the directory the rules lie in. */
  readonly skip: number;
  /** The way from the directory of the rules to the root, with a `/`, where they lie above it. */
  readonly above: string;
  readonly rules: ignore.Ignore;
  /** Verdicts by name, where no rule speaks of more than a name. */
  readonly byName: Map<string, Verdict> | undefined;
}

/** `undefined`: no rule speaks of it. */
type Verdict = boolean | undefined;

/**
 * @param directory relative to the root, with `/`, `""` for the root
 * @param text of the ignore file
 * @param above the way from its directory to the root, with a `/`, for a file that lies above
 */
export function ignoreRules(
  text: string,
  directory: string,
  outer: IgnoreRules | undefined,
  above = "",
): IgnoreRules {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const namesOnly = lines.every((line) => line.startsWith("#") || !/\/(?!\s*$)/.test(line));
  return {
    outer,
    skip: directory === "" ? 0 : directory.length + 1,
    above,
    rules: ignore({ ignorecase: false }).add(lines),
    byName: namesOnly ? new Map() : undefined,
  };
}

/**
 * @param directory where the entry lies, relative to the root with a `/` at its end, `""` for the root
 */
export function isIgnored(
  rules: IgnoreRules | undefined,
  directory: string,
  name: string,
  isDirectory: boolean,
): boolean {
  for (let level = rules; level !== undefined; level = level.outer) {
    const verdict = verdictOf(level, directory, name, isDirectory);
    if (verdict !== undefined) return verdict;
  }
  return false;
}

function verdictOf(
  level: IgnoreRules,
  directory: string,
  name: string,
  isDirectory: boolean,
): Verdict {
  const own = isDirectory ? `${name}/` : name;
  if (level.byName !== undefined) {
    if (level.byName.has(own)) return level.byName.get(own);
    const verdict = ask(level.rules, own);
    level.byName.set(own, verdict);
    return verdict;
  }
  const parent = level.above + directory.slice(level.skip);
  // An inner file has taken the directory back, or it would not be walked; these rules then say
  // "ignored" of the directory, not of the entry.
  if (parent !== "" && level.rules.test(parent).ignored) return ask(level.rules, own);
  return ask(level.rules, parent + own);
}

function ask(rules: ignore.Ignore, path: string): Verdict {
  const { ignored, unignored } = rules.test(path);
  return ignored ? true : unignored ? false : undefined;
}
