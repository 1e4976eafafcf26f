/**
 * What patterns were found to mean, so that it need not be found out again: to see that nothing has
 * changed takes only the looks at the directories and the files, and to compare.
 *
 * A finding is of the plain case only: regular files, no links among them, none too young for the stat
 * cache to remember. It is trusted when
 *
 * - every directory that was listed, and every name that was looked up, shows the same names and
 *   kinds, and the ignore files on the way say the same: then the same paths are selected;
 * - every file looks as it did when the stat cache trusted its digest, and its times are not in the
 *   future: then each has the same content, for the reasons told there.
 *
 * In every other case nobody is told anything, and finds out the long way. A set that is read here
 * without its files' digests is told apart by the digest of all of them: two with the same are the
 * same list of paths and values. What that led to, together with all else that makes a key, is
 * remembered as the key itself.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import { aside } from "../host/witness.ts";
import type { PlainFile, PlainFiles } from "./inputs.ts";
import { BETWEEN, type Finding, readFindings, writeFindings } from "./_findings_file.ts";
import type { Tree } from "./tree.ts";

/** After so many files the loop has its turn. */
const BATCH = 500;

export interface FindingOptions {
  /** Ignore files were heeded. */
  readonly heeds: boolean;
  /** Digests were made with CRLF as LF. */
  readonly text?: boolean;
}

export interface Findings {
  /**
   * What a question had as its answer, if that still holds.
   *
   * @param question patterns and all else that decides which files are meant, and how they are read
   */
  confirm(
    question: string,
    tree: Tree,
    options: FindingOptions,
  ): Promise<Found | undefined>;
  /**
   * @param answer a digest of what the files are, as it is wanted the next time
   * @returns whether everything still looks as it did then; `undefined` where that cannot be told
   */
  remember(
    question: string,
    answer: string,
    plain: PlainFiles,
    tree: Tree,
    options: FindingOptions,
  ): ((tree: Tree) => Promise<boolean>) | undefined;
  /** The key that was made of the same. @param short made of the answers, instead of the files */
  keyOf(short: string): string | undefined;
  rememberKey(short: string, key: string): void;
  /** Files that were looked at here only, of those that are read with or without CRLF. */
  seen(options: { readonly text?: boolean }): Iterable<string>;
  /** @throws {disk.DiskError} when it cannot be written; nothing is lost then but time */
  save(): void;
}

/** An answer that holds. */
export interface Found {
  readonly answer: string;
  /** The files, from the root. */
  readonly paths: readonly string[];
}

/**
 * @param root absolute
 * @param file absolute; need not exist
 * @param now the file system's time when the run began; `undefined`: nothing is trusted
 */
export function openFindings(root: string, file: string, now: number | undefined): Findings {
  const known = now === undefined ? undefined : aside(() => readFindings(file));
  if (known === undefined || now === undefined) return NO_FINDINGS;
  const { generation, findings, keys } = known;
  const confirmed = new Map<Finding, Found & { readonly tree: Tree }>();
  let changed = false;

  return {
    async confirm(question, tree, { heeds }) {
      const finding = findings.get(question);
      if (finding === undefined || finding.newest > now) return undefined;
      // One snapshot is looked at once.
      const before = confirmed.get(finding);
      if (before?.tree === tree) return before;
      const paths = finding.paths.split(BETWEEN);
      if (!await holds(finding, paths, tree, heeds)) return undefined;
      const found = { answer: finding.answer, paths, tree };
      confirmed.set(finding, found);
      finding.used = generation;
      return found;
    },
    remember(question, answer, { selected, files: all }, tree, { heeds, text = false }) {
      const files = lastWrittenFirst(all);
      const looks = new Float64Array(files.length * disk.LOOKS);
      let newest = 0;
      for (const [index, { look, executable }] of files.entries()) {
        looks.set(disk.looksOf({ ...look, executable }), index * disk.LOOKS);
        newest = Math.max(newest, look.mtime, look.ctime);
      }
      const names = files.map(({ path }) => path);
      const paths = names.join(BETWEEN);
      const walk = tree.walkOf(selected, heeds);
      const finding = { answer, walk, paths, looks, newest, text, used: generation };
      findings.set(question, finding);
      changed = true;
      return (later) => holds(finding, names, later, heeds);
    },
    keyOf(short) {
      const found = keys.get(short);
      if (found !== undefined) found.used = generation;
      return found?.key;
    },
    rememberKey(short, key) {
      if (keys.get(short)?.key === key) return;
      keys.set(short, { key, used: generation });
      changed = true;
    },
    *seen({ text = false }) {
      for (const [finding, { paths }] of confirmed) if (finding.text === text) yield* paths;
    },
    save() {
      if (!changed) return;
      aside(() => writeFindings(file, { generation: generation + 1, findings, keys }));
      changed = false;
    },
  };

  /** Would the same files be found, and do they look the same? */
  async function holds(
    { walk, looks }: Finding,
    paths: readonly string[],
    tree: Tree,
    heeds: boolean,
  ): Promise<boolean> {
    if (!tree.isAsWalked(walk, heeds)) return false;
    for (let from = 0; from < paths.length; from += BATCH) {
      if (from > 0) await disk.turn();
      const to = Math.min(paths.length, from + BATCH);
      if (!disk.looksAs(`${root}/`, paths, looks, from, to)) return false;
    }
    return true;
  }
}

/** Milliseconds. */
const LATELY = 60 * 60 * 1000;

/** What was written last is what is written next, as a rule: where it was, the rest need no look. */
function lastWrittenFirst(files: readonly PlainFile[]): readonly PlainFile[] {
  const newest = files.reduce((time, { look }) => Math.max(time, look.mtime), 0);
  const lately = ({ look }: PlainFile) => look.mtime > newest - LATELY;
  return [...files.filter(lately), ...files.filter((file) => !lately(file))];
}

const NO_FINDINGS: Findings = {
  confirm: () => Promise.resolve(undefined),
  remember: () => undefined,
  keyOf: () => undefined,
  rememberKey() {},
  seen: () => [],
  save() {},
};
