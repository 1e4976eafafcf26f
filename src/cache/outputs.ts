/**
 * What a task leaves below the root: what is there before it starts, what it has made, and putting
 * that back. Paths are relative to the root; nothing outside it, and nothing at the end of a link,
 * is ever touched. The caller holds the area.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import type { Output, Result } from "../model/output.ts";
import { compilePatterns, type PatternSet } from "./glob.ts";
import type { Ledger } from "./ledger.ts";
import { inParallel } from "./local_store.ts";
import { ancestors, pathFault } from "./manifest.ts";
import type { StatCache } from "./stat_cache.ts";
import type { Store, Unavailable } from "./store.ts";
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
  readonly store: Store;
  /** Absolute, on the root's file system: what is made ready there is moved into place. */
  readonly staging: string;
  /** It is done for an action that is under way, around this one. */
  readonly nested?: boolean;
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
  /** Files that are not ours -> what they looked like; directories too. */
  readonly foreign: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
}

/**
 * Before an action starts: what was made before is removed, and what stays is written down.
 *
 * @throws {disk.DiskError} when the ledger cannot be written
 */
export function prepareOutputs(
  { root, ledger, nested }: Pick<Workshop, "root" | "ledger" | "nested">,
  { set, clean }: OutputRules,
  task: string,
): BegunAction {
  ledger.refresh();
  if (!nested) settle(root, ledger, set);
  const removed = clean ? removeOwned(root, ledger, set) : [];
  const foreign = new Map<string, string>();
  for (const path of directoriesOf(root, set)) {
    if (!ledger.owns(path, "directory")) foreign.set(path, lookOf(root, path));
  }
  for (const { path, kind } of createTree(root).selectOutputs(set).entries) {
    if (!owns(ledger, path, kind)) foreign.set(path, lookOf(root, path));
  }
  const id = ledger.begin(task, set.normalised, [...foreign.keys()]);
  return { id, task, foreign, removed };
}

/** What an action has left. */
export interface Captured {
  /** Sorted by path. */
  readonly outputs: readonly Output[];
  /** Declared and not there, as written. */
  readonly missing: readonly string[];
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
  const kept: Found[] = [];
  const made = directoriesOf(root, set).filter((path) => !foreign.has(path));
  const touched = (path: string) => {
    const before = foreign.get(path);
    return before === undefined || before !== lookOf(root, path);
  };
  for (const entry of entries) {
    if (clean && !touched(entry.path)) continue;
    kept.push(entry);
    made.push(entry.path);
  }
  const there = new Set(entries.map(({ path }) => path));
  ledger.gone(removed.filter((path) => !there.has(path)));
  ledger.end(id, task, made);

  const files = kept.filter(({ kind }) => kind === "file");
  const digests = await statCache.digests(
    files.map(({ path }) => ({ absolute: `${root}/${path}`, name: path })),
  );
  const byPath = new Map(files.map(({ path }, index) => [path, digests[index]!]));
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
      else outputs.push({ kind, path, ...digest });
    } else fault ??= { path, why: "special" };
  }
  const missing: string[] = [];
  const untouched: string[] = [];
  for (const { pattern, set: one } of required) {
    if (kept.some(({ path }) => one.matches(path))) continue;
    (entries.some(({ path }) => one.matches(path)) ? untouched : missing).push(pattern);
  }
  return { outputs, missing, untouched, ...(fault && { fault }) };
}

/** How putting outputs back ended. */
export type Restored =
  /** `changed`: not everything was in place already. */
  | { readonly kind: "restored"; readonly changed: boolean }
  /** Nothing was changed. */
  | { readonly kind: "miss"; readonly detail: string }
  | Unavailable;

/** Is all of a result in place, and nothing of ours beside it? Reads, changes nothing. */
export async function inPlace(
  { root, ledger, statCache }: Pick<Workshop, "root" | "ledger" | "statCache">,
  { set }: OutputRules,
  { outputs }: Result,
): Promise<boolean> {
  // What a killed action left is written down first, and what another one is at may change.
  if (ledger.open(set.prefixes).length > 0) return false;
  const { wanted, extra } = await difference(root, ledger, statCache, set, outputs);
  return wanted.length + extra.length === 0;
}

/** Why a result's outputs cannot be put back; undefined when they can. Reads, changes nothing. */
export async function obstacleToRestore(
  { root, ledger, statCache, store }: Pick<Workshop, "root" | "ledger" | "statCache" | "store">,
  { set }: OutputRules,
  { outputs }: Result,
): Promise<string | undefined> {
  const beyond = outputs.find(({ path }) => !set.matches(path));
  if (beyond !== undefined) return `the stored result has ${beyond.path}, which is no output`;
  if (caseCollision(outputs) && ignoresCase(root)) {
    return "names of its outputs differ by case only";
  }
  const { wanted, extra } = await difference(root, ledger, statCache, set, outputs);
  const leaving = new Set(extra);
  for (const output of wanted) {
    const obstacle = obstacleTo(root, output, leaving);
    if (obstacle !== undefined) return obstacle;
  }
  for (const output of wanted) {
    if (output.kind !== "file") continue;
    const blob = await store.readBlob(output.digest);
    if (blob.kind === "damaged") return `${blob.detail} is damaged`;
    if (blob.kind !== "hit") return "its content is gone";
  }
  return undefined;
}

/** What has to be put in place, and what of ours has to go. */
async function difference(
  root: string,
  ledger: Ledger,
  statCache: StatCache,
  set: PatternSet,
  outputs: readonly Output[],
): Promise<{ readonly wanted: readonly Output[]; readonly extra: readonly string[] }> {
  const wanted = await outOfPlace(root, statCache, outputs);
  return { wanted, extra: ownedBeside(root, ledger, set, outputs) };
}

/**
 * Put a result's outputs back: all of them or none.
 *
 * @throws {disk.DiskError} when the disk fails in the middle
 */
export async function restoreOutputs(
  { root, ledger, statCache, store, staging, nested }: Workshop,
  { set }: OutputRules,
  { outputs, task }: Result,
): Promise<Restored> {
  ledger.refresh();
  if (!nested) settle(root, ledger, set);
  const beyond = outputs.find(({ path }) => !set.matches(path));
  if (beyond !== undefined) {
    return { kind: "miss", detail: `the stored result has ${beyond.path}, which is no output` };
  }
  if (caseCollision(outputs) && ignoresCase(root)) {
    return { kind: "miss", detail: "names of its outputs differ by case only" };
  }
  const { wanted, extra } = await difference(root, ledger, statCache, set, outputs);
  if (wanted.length === 0 && extra.length === 0) return { kind: "restored", changed: false };
  const leaving = new Set(extra);
  for (const output of wanted) {
    const obstacle = obstacleTo(root, output, leaving);
    if (obstacle !== undefined) return { kind: "miss", detail: obstacle };
  }

  const files = wanted.filter((output) => output.kind === "file");
  const place = disk.temporaryName(`${staging}/restore`);
  try {
    disk.makeDirectory(place);
    sweep(staging, place);
    const copied = await inParallel(
      [...files.entries()],
      ([index, { digest, executable }]) => store.copyBlob(digest, `${place}/${index}`, executable),
    );
    const failed = copied.find(({ kind }) => kind !== "hit");
    if (failed?.kind === "unavailable") return failed;
    if (failed !== undefined) {
      const detail = failed.kind === "damaged"
        ? `${failed.detail} is damaged`
        : "its content is gone";
      return { kind: "miss", detail };
    }
    ledger.put(set.normalised);
    removeAll(root, ledger, extra, namedBy(outputs));
    // Whatever happens from here on, these are ours.
    const directories = wanted.flatMap(({ path, kind }) =>
      kind === "directory" ? [...ancestors(path), path] : ancestors(path)
    );
    const made = [...new Set(directories)].filter((path) =>
      disk.stat(`${root}/${path}`)?.kind !== "directory"
    );
    ledger.own(task, [...made, ...wanted.map(({ path }) => path)]);
    for (const [index, { path }] of files.entries()) {
      makeWay(root, path);
      move(`${place}/${index}`, path);
    }
    for (const output of wanted) {
      const absolute = `${root}/${output.path}`;
      if (output.kind === "directory") disk.makeDirectory(absolute);
      if (output.kind === "link") {
        makeWay(root, output.path);
        disk.makeLink(output.target, `${place}/link`);
        move(`${place}/link`, output.path);
      }
    }
    return { kind: "restored", changed: true };
  } finally {
    disk.removeTree(place);
  }

  /** Put a file or a link in its place; a copy of it where that lies on another file system. */
  function move(from: string, path: string): void {
    try {
      disk.rename(from, `${root}/${path}`);
    } catch (error) {
      if (!(error instanceof disk.DiskError) || error.why !== "other") throw error;
      const beside = disk.temporaryName(path);
      // If we are killed here it will be removed like any other of ours.
      ledger.own(task, [beside]);
      try {
        const target = disk.readLink(from);
        if (target === undefined) disk.copyFile(from, `${root}/${beside}`);
        else disk.makeLink(target, `${root}/${beside}`);
        disk.rename(`${root}/${beside}`, `${root}/${path}`);
      } finally {
        disk.removeFile(`${root}/${beside}`);
        ledger.gone([beside]);
      }
    }
  }
}

/** So old, in milliseconds, is only what a process that was killed has left half done. */
const ABANDONED = 60 * 60 * 1000;

/** @param fresh something just made there, for the time */
function sweep(staging: string, fresh: string): void {
  const now = disk.stat(fresh)?.mtime ?? 0;
  for (const { name } of disk.list(staging) ?? []) {
    if (!name.endsWith(".tmp")) continue;
    const stat = disk.stat(`${staging}/${name}`);
    if (stat !== undefined && now - stat.mtime > ABANDONED) disk.removeTree(`${staging}/${name}`);
  }
}

/** What lies there as a stored result has it is ours: for a ledger that is damaged. */
export async function adopt(
  { root, ledger, statCache }: Pick<Workshop, "root" | "ledger" | "statCache">,
  { outputs, task }: Result,
): Promise<void> {
  const others = new Set(await outOfPlace(root, statCache, outputs));
  ledger.own(task, outputs.filter((each) => !others.has(each)).map(({ path }) => path));
}

/** Outputs that are not what they must be. */
async function outOfPlace(
  root: string,
  statCache: StatCache,
  outputs: readonly Output[],
): Promise<readonly Output[]> {
  const files = outputs.filter((output) => output.kind === "file");
  const digests = await statCache.digests(
    files.map(({ path }) => ({ absolute: `${root}/${path}`, name: path })),
  );
  const asIs = new Set<Output>();
  for (const [index, output] of files.entries()) {
    const found = digests[index]!;
    if ("fault" in found || found.digest !== output.digest) continue;
    if (!disk.HAS_MODES || found.executable === output.executable) asIs.add(output);
  }
  const links = new Map<string, boolean>();
  const isLink = (path: string) => {
    const known = links.get(path) ?? disk.stat(`${root}/${path}`)?.kind === "link";
    links.set(path, known);
    return known;
  };
  return outputs.filter((output) => {
    // A file below a link is not where it should be.
    if (ancestors(output.path).some(isLink)) return true;
    switch (output.kind) {
      case "file":
        return !asIs.has(output);
      case "link":
        return disk.readLink(`${root}/${output.path}`) !== output.target;
      case "directory":
        return disk.stat(`${root}/${output.path}`)?.kind !== "directory";
    }
  });
}

function owns(ledger: Ledger, path: string, kind: Found["kind"]): boolean {
  return ledger.owns(path, ...kind === "directory" ? ["directory"] as const : []);
}

/**
 * Write down what killed actions left, and that they have ended: what comes to lie there from now on
 * is not theirs.
 */
function settle(root: string, ledger: Ledger, { prefixes }: PatternSet): void {
  for (const { id, task, set, foreign } of ledger.open(prefixes)) {
    const { entries } = createTree(root).selectOutputs(set);
    const left = [...directoriesOf(root, set), ...entries.map(({ path }) => path)];
    ledger.end(id, task, left.filter((path) => !foreign.has(path)));
  }
}

/** What is ours under some patterns and not one of some outputs, or of another kind. */
function ownedBeside(
  root: string,
  ledger: Ledger,
  set: PatternSet,
  outputs: readonly Output[],
): readonly string[] {
  const kinds = new Map(outputs.map(({ path, kind }) => [path, kind]));
  const above = new Set(outputs.flatMap(({ path }) => ancestors(path)));
  // A file makes way for a file by itself, a directory with nothing in it for anything.
  const stays = ({ path, kind }: Found) =>
    kind === "directory"
      ? kinds.has(path) || above.has(path)
      : kinds.has(path) && kinds.get(path) !== "directory";
  return createTree(root).selectOutputs(set).entries
    .filter((entry) => !stays(entry) && owns(ledger, entry.path, entry.kind))
    .map(({ path }) => path);
}

/** The paths of outputs, and of the directories they lie in. */
function namedBy(outputs: readonly Output[]): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { path } of outputs) {
    named.add(path);
    for (const above of ancestors(path)) named.add(above);
  }
  return named;
}

/** Why something cannot be put at a path; undefined when it can. */
function obstacleTo(
  root: string,
  { path, kind }: Output,
  leaving: ReadonlySet<string>,
): string | undefined {
  for (const above of ancestors(path)) {
    const stat = disk.stat(`${root}/${above}`);
    if (stat === undefined) return undefined;
    if (stat.kind === "directory" || leaving.has(above)) continue;
    const what = stat.kind === "link" ? "a link" : "a file";
    return `${above} is ${what}, and ${path} would be written through it`;
  }
  const there = disk.stat(`${root}/${path}`);
  if (kind === "directory") {
    const inTheWay = there !== undefined && there.kind !== "directory" && !leaving.has(path);
    return inTheWay ? `${path} is no directory, and not ours` : undefined;
  }
  if (there?.kind !== "directory") return undefined;
  const stays = filesBelow(root, path).find((each) => !leaving.has(each));
  return stays === undefined ? undefined : `${path} is a directory with ${stays} in it`;
}

function filesBelow(root: string, path: string): readonly string[] {
  return (disk.list(`${root}/${path}`) ?? []).flatMap(({ name, kind }) =>
    kind === "directory" ? filesBelow(root, `${path}/${name}`) : [`${path}/${name}`]
  );
}

/** Directories for a path, and nothing at it. */
function makeWay(root: string, path: string): void {
  const parent = ancestors(path).at(-1);
  if (parent !== undefined) disk.makeDirectory(`${root}/${parent}`);
  if (disk.stat(`${root}/${path}`)?.kind === "directory") removeEmpty(root, path);
}

/** A directory with nothing but directories in it. */
function removeEmpty(root: string, path: string): void {
  for (const { name } of disk.list(`${root}/${path}`) ?? []) {
    removeEmpty(root, `${path}/${name}`);
  }
  disk.removeEmptyDirectory(`${root}/${path}`);
}

/** Remove what is ours under some patterns. @returns what was removed */
function removeOwned(
  root: string,
  ledger: Ledger,
  set: PatternSet,
): readonly string[] {
  const { entries } = createTree(root).selectOutputs(set);
  const owned = entries.filter(({ path, kind }) => owns(ledger, path, kind));
  const directories = directoriesOf(root, set).filter((path) => ledger.owns(path, "directory"));
  for (const { path, kind } of owned) if (kind !== "directory") disk.removeFile(`${root}/${path}`);
  // The deepest first.
  for (const path of directories.sort().reverse()) disk.removeEmptyDirectory(`${root}/${path}`);
  return [...owned.map(({ path }) => path), ...directories];
}

/** Remove files of ours, and directories of ours that are empty then but for those named. */
function removeAll(
  root: string,
  ledger: Ledger,
  paths: readonly string[],
  named: ReadonlySet<string>,
): void {
  const emptied = new Set<string>();
  for (const path of paths) {
    if (disk.stat(`${root}/${path}`)?.kind === "directory") emptied.add(path);
    else disk.removeFile(`${root}/${path}`);
    for (const above of ancestors(path)) {
      if (!named.has(above) && ledger.owns(above, "directory")) emptied.add(above);
    }
  }
  const gone = [...emptied].sort().reverse()
    .filter((path) => disk.removeEmptyDirectory(`${root}/${path}`));
  ledger.gone([...paths, ...gone]);
}

/** Directories that exist where a pattern can match: on the way, and below. */
function directoriesOf(root: string, set: PatternSet): string[] {
  const found = new Set<string>();
  for (const prefix of set.prefixes) {
    if (prefix === "") continue;
    let whole = true;
    for (const path of [...ancestors(prefix), prefix]) {
      whole &&= disk.stat(`${root}/${path}`)?.kind === "directory";
      if (whole) found.add(path);
    }
    if (whole) enter(prefix);
  }
  return [...found];

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

function caseCollision(outputs: readonly Output[]): boolean {
  return new Set([...namedBy(outputs)].map((path) => path.normalize("NFC").toLowerCase())).size <
    namedBy(outputs).size;
}

function ignoresCase(root: string): boolean {
  return disk.stat(`${root}/.NTASK`) !== undefined;
}
