/**
 * Putting a stored result's outputs back where they were: all of them or none. Paths are relative to
 * the root; nothing outside it, nothing at the end of a link, and nothing that is not ours is ever
 * touched, but what lies at the path of an output, as when the task runs: that is set aside. The
 * caller holds the area.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import type { Output, Result } from "../model/output.ts";
import type { PatternSet } from "./glob.ts";
import { isWithin, type Ledger, type Made } from "./ledger.ts";
import { ancestors, parentOf } from "./manifest.ts";
import { isAnothers, nameOf, type OutputRules, settle, type Workshop } from "./outputs.ts";
import type { StatCache } from "./stat_cache.ts";
import type { Unavailable } from "./store.ts";
import { stage, type StagedTree } from "./stage.ts";
import { type Survey, survey } from "./survey.ts";
import { type Aside, setAside, theirsAmong } from "./set_aside.ts";
import { areSeen, keepSight } from "./seen_outputs.ts";
import { createTree, type Found } from "./tree.ts";

/** How putting outputs back ended. */
export type Restored =
  | {
    readonly kind: "restored";
    /** Not everything was in place already. */
    readonly changed: boolean;
    /** Files that were not ours, and are out of the way now. */
    readonly aside: readonly Aside[];
  }
  /** Nothing was changed. */
  | { readonly kind: "miss"; readonly detail: string }
  | Unavailable;

/** Is all of a result in place, and nothing of ours beside it? Reads, changes nothing. */
export async function inPlace(
  workshop: Omit<Workshop, "staging" | "store">,
  { set }: OutputRules,
  result: Result,
): Promise<boolean> {
  // What a killed action left is written down first, and what another one is at may change.
  if (workshop.ledger.open(set.prefixes).length > 0) return false;
  if (await areSeen(workshop, set, result.outputs)) return true;
  const { wanted, extra } = await difference(workshop, set, result);
  if (wanted.length + extra.length > 0) return false;
  await keepSight(workshop, set, result.outputs);
  return true;
}

/** Why a result's outputs cannot be put back; undefined when they can. Reads, changes nothing. */
export async function obstacleToRestore(
  workshop: Omit<Workshop, "staging">,
  { set }: OutputRules,
  result: Result,
): Promise<string | undefined> {
  const { root, store } = workshop;
  const { outputs } = result;
  const beyond = outputs.find(({ path }) => !set.matches(path));
  if (beyond !== undefined) return `the stored result has ${beyond.path}, which is no output`;
  if (ignoresCase(root) && caseCollision(outputs)) {
    return "names of its outputs differ by case only";
  }
  const { wanted, extra } = await difference(workshop, set, result);
  const leaving = new Set(extra.map(({ path }) => path));
  const obstacle = obstacleAmong(root, wanted, leaving, survey(root));
  if (obstacle !== undefined) return obstacle;
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
  workshop: Omit<Workshop, "staging" | "store">,
  set: PatternSet,
  result: Pick<Result, "outputs" | "task">,
): Promise<{ readonly wanted: readonly Output[]; readonly extra: readonly Found[] }> {
  const wanted = await outOfPlace(workshop.root, workshop.statCache, result.outputs);
  return { wanted, extra: ownedBeside(workshop, set, result) };
}

/**
 * Put a result's outputs back: all of them or none.
 *
 * @throws {disk.DiskError} when the disk fails in the middle
 */
export async function restoreOutputs(
  workshop: Workshop,
  { set }: OutputRules,
  { outputs, task }: Result,
): Promise<Restored> {
  const { root, ledger, store, staging, nested } = workshop;
  ledger.refresh();
  if (!nested) settle(root, ledger, set);
  const beyond = outputs.find(({ path }) => !set.matches(path));
  if (beyond !== undefined) {
    return { kind: "miss", detail: `the stored result has ${beyond.path}, which is no output` };
  }
  if (ignoresCase(root) && caseCollision(outputs)) {
    return { kind: "miss", detail: "names of its outputs differ by case only" };
  }
  const { wanted, extra } = await difference(workshop, set, { outputs, task });
  if (wanted.length === 0 && extra.length === 0) {
    return { kind: "restored", changed: false, aside: [] };
  }
  const leaving = new Set(extra.map(({ path }) => path));
  const before = survey(root);
  const obstacle = obstacleAmong(root, wanted, leaving, before);
  if (obstacle !== undefined) return { kind: "miss", detail: obstacle };

  const place = disk.temporaryName(`${staging}/restore`);
  try {
    disk.makeDirectory(place);
    sweep(staging, place);
    const ready = stage(place, wanted, set, before);
    const copied = await store.copyBlobs(
      ready.flatMap(({ output, at }) => output.kind === "file" ? [{ ...output, to: at }] : []),
    );
    if (copied.kind === "unavailable") return copied;
    if (copied.kind !== "hit") {
      const detail = copied.kind === "damaged"
        ? `${copied.detail} is damaged`
        : "its content is gone";
      return { kind: "miss", detail };
    }
    const places = [
      ...wanted.filter(({ kind }) => kind !== "directory").map(({ path }) => path),
      ...extra.filter(({ kind }) => kind === "file").map(({ path }) => path),
    ];
    const inTheWay = ({ kindOf }: Survey) => places.filter((path) => kindOf(path) === "file");
    const asked = inTheWay(survey(root));
    const theirs = await theirsAmong(workshop, asked);
    // All that has taken a while.
    const now = survey(root);
    const newObstacle = obstacleAmong(root, wanted, leaving, now) ??
      newcomer(asked, inTheWay(now));
    if (newObstacle !== undefined) return { kind: "miss", detail: newObstacle };
    const aside = setAside(workshop, theirs);
    ledger.put(set.normalised);
    removeAll(root, ledger, extra, set, namedBy(outputs));
    const { kindOf } = survey(root);
    // Whatever happens from here on, these are ours.
    const made = [...directoriesFor(wanted)].filter((path) =>
      isWithin(set, path) && kindOf(path) !== "directory"
    );
    ledger.own(task, [...made.map((path) => ({ name: `${path}/` })), ...wanted.map(madeOf)]);
    const trees = new Map<string, boolean>();
    const directories = new Set<string>();
    for (const { output, at, tree } of ready) {
      if (tree !== undefined) {
        const moved = trees.get(tree.to) ?? moveTree(tree);
        trees.set(tree.to, moved);
        if (moved) continue;
      }
      const { path } = output;
      const parent = parentOf(path);
      if (parent !== undefined && !directories.has(parent)) {
        disk.makeDirectory(`${root}/${parent}`);
        directories.add(parent);
      }
      if (output.kind === "directory") disk.makeDirectory(`${root}/${path}`);
      else {
        // If it is gone by now there is nothing to remove.
        if (now.kindOf(path) === "directory") removeEmpty(root, path);
        move(at, path);
      }
    }
    return { kind: "restored", changed: true, aside };
  } finally {
    disk.removeTree(place);
  }

  /**
   * Put a directory in its place with all that is in it, where still nothing is.
   *
   * @returns false when that cannot be done, and each must be put in its own
   */
  function moveTree({ from, to }: StagedTree): boolean {
    if (disk.stat(`${root}/${to}`) !== undefined) return false;
    const parent = parentOf(to);
    if (parent !== undefined) disk.makeDirectory(`${root}/${parent}`);
    try {
      disk.rename(from, `${root}/${to}`);
      return true;
    } catch (error) {
      if (!(error instanceof disk.DiskError)) throw error;
      return false;
    }
  }

  /** Put a file or a link in its place; a copy of it where that lies on another file system. */
  function move(from: string, path: string): void {
    try {
      disk.rename(from, `${root}/${path}`);
    } catch (error) {
      if (!(error instanceof disk.DiskError) || error.why !== "other") throw error;
      const beside = disk.temporaryName(path);
      // If we are killed here it will be removed like any other of ours.
      ledger.own(task, [{ name: beside }]);
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

/** Somebody's file that nobody has asked about. */
function newcomer(asked: readonly string[], now: readonly string[]): string | undefined {
  const known = new Set(asked);
  const path = now.find((each) => !known.has(each));
  return path && `${path} came to lie there meanwhile`;
}

/** The directories that outputs need. */
function directoriesFor(outputs: readonly Output[]): ReadonlySet<string> {
  const found = new Set<string>();
  const parents = new Set<string>();
  for (const { path, kind } of outputs) {
    if (kind === "directory") found.add(path);
    const parent = parentOf(path);
    if (parent === undefined || parents.has(parent)) continue;
    parents.add(parent);
    for (const above of ancestors(path)) found.add(above);
  }
  return found;
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
  ledger.own(task, outputs.filter((each) => !others.has(each)).map(madeOf));
}

function madeOf(output: Output): Made {
  const name = nameOf(output);
  return output.kind === "file" ? { name, content: output.digest } : { name };
}

/** Outputs that are not what they must be. */
async function outOfPlace(
  root: string,
  statCache: StatCache,
  outputs: readonly Output[],
): Promise<readonly Output[]> {
  const { barrier, kindOf } = survey(root);
  // A file below a link is not where it should be.
  const files = outputs.filter(({ kind, path }) => kind === "file" && barrier(path) === undefined);
  const digests = await statCache.digests(
    files.map(({ path }) => ({ absolute: `${root}/${path}`, name: path })),
  );
  const asIs = new Set<Output>();
  for (const [index, output] of files.entries()) {
    if (output.kind !== "file") continue;
    const found = digests[index]!;
    if ("fault" in found || found.digest !== output.digest) continue;
    if (disk.HAS_MODES && found.executable !== output.executable) continue;
    const open = disk.HAS_MODES && output.private &&
      disk.stat(`${root}/${output.path}`)?.private === false;
    if (!open) asIs.add(output);
  }
  return outputs.filter((output) => {
    switch (output.kind) {
      case "file":
        return !asIs.has(output);
      case "link":
        return barrier(output.path) !== undefined ||
          disk.readLink(`${root}/${output.path}`) !== output.target;
      case "directory":
        return kindOf(output.path) !== "directory";
    }
  });
}

/** What is ours under some patterns and not one of some outputs, or of another kind. */
function ownedBeside(
  { root, ledger, others }: Pick<Workshop, "root" | "ledger" | "others">,
  set: PatternSet,
  { outputs, task }: Pick<Result, "outputs" | "task">,
): readonly Found[] {
  const kinds = new Map(outputs.map(({ path, kind }) => [path, kind]));
  const above = directoriesFor(outputs);
  // A file makes way for a file by itself, a directory with nothing in it for anything.
  const stays = ({ path, kind }: Found) =>
    kind === "directory"
      ? kinds.has(path) || above.has(path)
      : kinds.has(path) && kinds.get(path) !== "directory";
  return createTree(root).selectOutputs(set).entries
    .filter((entry) => {
      const name = nameOf(entry);
      return !stays(entry) && ledger.owns(name) && !isAnothers(name, task, { ledger, others });
    });
}

/** The paths of outputs, and of the directories they lie in. */
function namedBy(outputs: readonly Output[]): ReadonlySet<string> {
  return new Set([...directoriesFor(outputs), ...outputs.map(({ path }) => path)]);
}

/** Why outputs cannot be put in their places; undefined when they can. */
function obstacleAmong(
  root: string,
  outputs: readonly Output[],
  leaving: ReadonlySet<string>,
  there: Survey,
): string | undefined {
  for (const output of outputs) {
    const obstacle = obstacleTo(root, output, leaving, there);
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}

/** Why something cannot be put at a path; undefined when it can. */
function obstacleTo(
  root: string,
  { path, kind }: Output,
  leaving: ReadonlySet<string>,
  { barrier, kindOf }: Survey,
): string | undefined {
  const above = barrier(path);
  if (above !== undefined) {
    // What makes way has nothing below it.
    if (above.kind === undefined || leaving.has(above.path)) return undefined;
    const what = above.kind === "link" ? "a link" : "a file";
    return `${above.path} is ${what}, and ${path} would be written through it`;
  }
  const there = kindOf(path);
  if (kind === "directory") {
    const inTheWay = there !== undefined && there !== "directory" && !leaving.has(path);
    return inTheWay ? `${path} is no directory, and not ours` : undefined;
  }
  if (there !== "directory") return undefined;
  const stays = filesBelow(root, path).find((each) => !leaving.has(each));
  return stays === undefined ? undefined : `${path} is a directory with ${stays} in it`;
}

function filesBelow(root: string, path: string): readonly string[] {
  return (disk.list(`${root}/${path}`) ?? []).flatMap(({ name, kind }) =>
    kind === "directory" ? filesBelow(root, `${path}/${name}`) : [`${path}/${name}`]
  );
}

/** A directory with nothing but directories in it. */
function removeEmpty(root: string, path: string): void {
  for (const { name } of disk.list(`${root}/${path}`) ?? []) {
    removeEmpty(root, `${path}/${name}`);
  }
  disk.removeEmptyDirectory(`${root}/${path}`);
}

/** Remove files of ours, and directories of ours that are empty then but for those named. */
function removeAll(
  root: string,
  ledger: Ledger,
  entries: readonly Found[],
  set: PatternSet,
  named: ReadonlySet<string>,
): void {
  const emptied = new Set<string>();
  for (const { path, kind } of entries) {
    if (kind === "directory") emptied.add(path);
    else disk.removeFile(`${root}/${path}`);
    for (const above of ancestors(path)) {
      const ours = isWithin(set, above) && ledger.owns(`${above}/`);
      if (ours && !named.has(above)) emptied.add(above);
    }
  }
  const gone = [...emptied].sort().reverse()
    .filter((path) => disk.removeEmptyDirectory(`${root}/${path}`));
  ledger.gone([...entries.map(nameOf), ...gone.map((path) => `${path}/`)]);
}

function caseCollision(outputs: readonly Output[]): boolean {
  const named = [...namedBy(outputs)];
  return new Set(named.map((path) => path.normalize("NFC").toLowerCase())).size < named.length;
}

function ignoresCase(root: string): boolean {
  return disk.stat(`${root}/.NTASK`) !== undefined;
}
