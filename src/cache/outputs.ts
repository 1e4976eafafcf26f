/**
 * What a task leaves below the root: what is there before it starts, and what it has made. Paths are
 * relative to the root; nothing outside it, and nothing at the end of a link, is ever touched. The
 * caller holds the area.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import type { Beside, Output } from "../model/output.ts";
import { contentOf, contentsOf } from "./beside.ts";
import type { Findings } from "./findings.ts";
import { compilePatterns, type PatternSet } from "./glob.ts";
import type { Ledger, Made } from "./ledger.ts";
import { ancestors, pathFault } from "./manifest.ts";
import { type Aside, setAside, theirsAmong } from "./set_aside.ts";
import type { FileName, StatCache } from "./stat_cache.ts";
import type { Store } from "./store.ts";
import { createTree, type Found } from "./tree.ts";

/** What is said about the outputs of a task. */
export interface OutputRules {
  /** All patterns, those of optional outputs behind the others. */
  readonly set: PatternSet;
  /** Each pattern something must match, as written. */
  readonly required: readonly { readonly pattern: string; readonly set: PatternSet }[];
  /** What was made before is removed first. */
  readonly clean: boolean;
}

/** What outputs are kept with. */
export interface Workshop {
  /** Absolute. */
  readonly root: string;
  readonly ledger: Ledger;
  readonly statCache: StatCache;
  readonly findings: Findings;
  readonly store: Store;
  /** Absolute, on the root's file system: what is made ready there is moved into place. */
  readonly staging: string;
  /** Absolute, for what is not ours and has to make way; made when there is something. */
  readonly replaced: string;
  /** It is done for an action that is under way, around this one. */
  readonly nested?: boolean;
  /** Is it a task of this plan that has outputs? What such a one has made is not removed. */
  others(task: string): boolean;
}

/** The patterns of a task's outputs, in the order written. */
export function outputRules(
  outputs: readonly string[],
  optional: readonly string[],
  clean: boolean,
  cwd: string,
): OutputRules | undefined {
  const all = compilePatterns([...outputs, ...optional], { cwd });
  if (!all.ok) return undefined;
  const required = outputs.filter((pattern) => !pattern.startsWith("!")).map((pattern) => {
    const one = compilePatterns([pattern], { cwd });
    return { pattern, set: one.ok ? one.set : all.set };
  });
  return { set: all.set, required, clean };
}

/** An action that has begun, as {@linkcode finish} wants it. */
export interface BegunAction {
  readonly id: string;
  readonly task: string;
  /** What is not ours, by its name in the ledger -> what it was. */
  readonly foreign: ReadonlyMap<string, Before>;
  readonly removed: readonly string[];
  /** Files at paths of ours with a content that is not ours: out of the way now. */
  readonly aside: readonly Aside[];
}

/** What lay there before. */
interface Before {
  readonly look: string;
  /** Of a file or link that no task has made, if it could be read. */
  readonly content?: string;
  /** Another task of the plan has made it. */
  readonly others?: true;
}

/**
 * Before an action starts: what was made before is removed, and what stays is written down.
 *
 * @throws {disk.DiskError} when the ledger cannot be written
 */
export async function prepareOutputs(
  workshop: Omit<Workshop, "staging">,
  { set, clean }: OutputRules,
  task: string,
): Promise<BegunAction> {
  const { root, ledger, nested, others } = workshop;
  ledger.refresh();
  if (!nested) settle(root, ledger, set);
  const keeps = (name: string) => isAnothers(name, task, { ledger, others });
  const { removed, aside } = clean
    ? await removeOwned(workshop, set, keeps)
    : { removed: [], aside: [] };
  const foreign = new Map<string, Before>();
  for (const path of directoriesOf(root, set)) {
    if (!ledger.owns(`${path}/`)) foreign.set(`${path}/`, { look: lookOf(root, path) });
  }
  const theirs: Found[] = [];
  for (const entry of createTree(root).selectOutputs(set).entries) {
    const name = nameOf(entry);
    if (ledger.owns(name) && !keeps(name)) continue;
    const another = keeps(name) && { others: true as const };
    foreign.set(name, { look: lookOf(root, entry.path), ...another });
    if (!another) theirs.push(entry);
  }
  for (const [path, content] of await contentsOf(workshop, theirs)) {
    foreign.set(path, { ...foreign.get(path)!, content });
  }
  const id = ledger.begin(task, set.normalised, [...foreign.keys()]);
  return { id, task, foreign, removed, aside };
}

/** What an action has left. */
export interface Captured {
  /** Sorted by path. */
  readonly outputs: readonly Output[];
  /** What lay there before, and the action has written over: ours with the result. */
  readonly rewritten: readonly Made[];
  /** Those of them that are nobody's output, and not what they were: made out of them, perhaps. */
  readonly overwritten: readonly string[];
  /** What lay there before, is nobody's output, and is still what it was. */
  readonly beside: readonly Beside[];
  /** Declared and not there, as written. */
  readonly missing: readonly string[];
  /** A link on the way to what is missing. */
  readonly link?: string;
  /** Declared, there, and not written by the action. */
  readonly untouched: readonly string[];
  /** Because of it the result cannot be stored. */
  readonly fault?: {
    readonly path: string;
    readonly why: "unreadable" | "not unicode" | "special" | "name";
  };
}

/** After an action, however it ended: what it made is ours from now on. */
export async function finishOutputs(
  { root, ledger, statCache }: Pick<Workshop, "root" | "ledger" | "statCache">,
  { set, required, clean }: OutputRules,
  { id, task, foreign, removed }: BegunAction,
): Promise<Captured> {
  const { entries, unreadable, unnameable } = createTree(root).selectOutputs(set);
  const kept = entries.filter((entry) => {
    const before = foreign.get(nameOf(entry));
    return !clean || before === undefined || before.look !== lookOf(root, entry.path);
  });
  const files = kept.filter(({ kind }) => kind === "file");
  const digests = await statCache.digests(fileNames(root, files));
  const byPath = new Map(files.map(({ path }, index) => [path, digests[index]!]));
  const directories = directoriesOf(root, set).map((path) => `${path}/`);
  const made: Made[] = directories.filter((name) => !foreign.has(name)).map((name) => ({ name }));
  const rewritten: Made[] = [];
  const overwritten: string[] = [];
  const beside: Beside[] = [];
  const written = new Set(kept);
  for (const entry of clean ? entries : []) {
    const before = foreign.get(nameOf(entry));
    if (written.has(entry) || before?.others || entry.kind === "directory") continue;
    // What could not be read is never the same again.
    if (before !== undefined) beside.push({ path: entry.path, content: before.content ?? "" });
  }
  for (const entry of kept) {
    const name = nameOf(entry);
    const before = foreign.get(name);
    const now = byPath.get(name);
    const content = now !== undefined && "digest" in now ? now.digest : undefined;
    const one = { name, ...(content && { content }) };
    if (before === undefined) made.push(one);
    else if (before.look !== lookOf(root, entry.path)) {
      rewritten.push(one);
      // It stays the other's, as it is now.
      if (before.others) made.push(one);
      if (!clean || entry.kind !== "file" || before.others) continue;
      const same = now !== undefined && contentOf(now) === before.content;
      if (same) beside.push({ path: name, content: before.content ?? "" });
      else overwritten.push(name);
    }
  }
  const there = new Set([...directories, ...entries.map(nameOf)]);
  ledger.gone(removed.filter((name) => !there.has(name)));
  ledger.end(id, task, made);

  const outputs: Output[] = [];
  let fault: Captured["fault"];
  if (unreadable[0] !== undefined) fault = { path: unreadable[0], why: "unreadable" };
  if (unnameable[0] !== undefined) fault ??= { path: unnameable[0], why: "not unicode" };
  for (const { path, kind } of kept) {
    if (pathFault(path) !== undefined) fault ??= { path, why: "name" };
    else if (kind === "directory") outputs.push({ kind, path });
    else if (kind === "link") {
      const target = disk.readLink(`${root}/${path}`);
      if (target === undefined) fault ??= { path, why: "unreadable" };
      else outputs.push({ kind, path, target });
    } else if (kind === "file") {
      const digest = byPath.get(path)!;
      if ("fault" in digest) fault ??= { path, why: "unreadable" };
      else {
        const { executable } = digest;
        const hidden = !disk.hidesNewFiles() && disk.stat(`${root}/${path}`)?.private === true;
        const more = hidden && { private: true as const };
        outputs.push({ kind, path, digest: digest.digest, executable, ...more });
      }
    } else fault ??= { path, why: "special" };
  }
  const missing: string[] = [];
  const untouched: string[] = [];
  for (const { pattern, set: one } of required) {
    if (kept.some(({ path }) => one.matches(path))) continue;
    (entries.some(({ path }) => one.matches(path)) ? untouched : missing).push(pattern);
  }
  const link = missing.length === 0 ? undefined : set.prefixes
    .flatMap((prefix) => [...ancestors(prefix), prefix])
    .find((path) => disk.stat(`${root}/${path}`)?.kind === "link");
  return {
    outputs,
    rewritten,
    overwritten,
    beside,
    missing,
    ...(link !== undefined && { link }),
    untouched,
    ...(fault && { fault }),
  };
}

/** What something is called in the ledger: a directory has a `/` at its end. */
export function nameOf({ path, kind }: { readonly path: string; readonly kind: string }): string {
  return kind === "directory" ? `${path}/` : path;
}

/** Is it what another task of the same plan has made, so that it stays? */
export function isAnothers(
  name: string,
  task: string,
  { ledger, others }: Pick<Workshop, "ledger" | "others">,
): boolean {
  const owner = ledger.ownerOf(name);
  return owner !== undefined && owner !== task && others(owner);
}

/**
 * Write down what killed actions left, and that they have ended: what comes to lie there from now on
 * is not theirs.
 */
export function settle(root: string, ledger: Ledger, { prefixes }: PatternSet): void {
  for (const { id, task, set, foreign } of ledger.open(prefixes)) {
    const { entries } = createTree(root).selectOutputs(set);
    const left = [...directoriesOf(root, set).map((path) => `${path}/`), ...entries.map(nameOf)];
    ledger.end(id, task, left.filter((name) => !foreign.has(name)).map((name) => ({ name })));
  }
}

/** Remove what is ours under some patterns. */
async function removeOwned(
  workshop: Omit<Workshop, "staging">,
  set: PatternSet,
  keeps: (name: string) => boolean,
): Promise<Pick<BegunAction, "removed" | "aside">> {
  const { root, ledger } = workshop;
  const { entries } = createTree(root).selectOutputs(set);
  const ours = (name: string) => ledger.owns(name) && !keeps(name);
  const owned = entries.filter((entry) => ours(nameOf(entry)));
  const directories = directoriesOf(root, set).filter((path) => ours(`${path}/`));
  const files = owned.filter(({ kind }) => kind === "file").map(({ path }) => path);
  const aside = setAside(workshop, await theirsAmong(workshop, files));
  for (const { path, kind } of owned) if (kind !== "directory") disk.removeFile(`${root}/${path}`);
  // The deepest first.
  for (const path of directories.sort().reverse()) disk.removeEmptyDirectory(`${root}/${path}`);
  return { removed: [...owned.map(nameOf), ...directories.map((path) => `${path}/`)], aside };
}

function fileNames(root: string, files: readonly Found[]): readonly FileName[] {
  return files.map(({ path }) => ({ absolute: `${root}/${path}`, name: path }));
}

/**
 * Directories that exist where a pattern can match. Those on the way there are nobody's: another task
 * may be about to write in them.
 */
function directoriesOf(root: string, set: PatternSet): string[] {
  const found = new Set<string>();
  for (const prefix of set.prefixes) {
    if (prefix === "" || [...ancestors(prefix), prefix].some(isNoDirectory)) continue;
    found.add(prefix);
    enter(prefix);
  }
  return [...found];

  function isNoDirectory(path: string): boolean {
    return disk.stat(`${root}/${path}`)?.kind !== "directory";
  }

  function enter(directory: string): void {
    for (const { name, kind } of disk.list(`${root}/${directory}`) ?? []) {
      const path = `${directory}/${name}`;
      if (kind !== "directory" || name === ".git" || name === ".ntask") continue;
      if (!set.below(path) && !set.matches(path)) continue;
      found.add(path);
      enter(path);
    }
  }
}

/** What a file looks like from outside: something about it changes when it is written. */
function lookOf(root: string, path: string): string {
  const stat = disk.stat(`${root}/${path}`);
  if (stat === undefined) return "";
  return [stat.kind, stat.size, stat.mtime, stat.ctime, stat.inode].join(" ");
}
