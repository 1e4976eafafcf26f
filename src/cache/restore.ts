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
import { inParallel } from "./local_store.ts";
import { ancestors } from "./manifest.ts";
import { isAnothers, nameOf, type OutputRules, settle, type Workshop } from "./outputs.ts";
import type { StatCache } from "./stat_cache.ts";
import type { Unavailable } from "./store.ts";
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
  if (caseCollision(outputs) && ignoresCase(root)) {
    return "names of its outputs differ by case only";
  }
  const { wanted, extra } = await difference(workshop, set, result);
  const leaving = new Set(extra.map(({ path }) => path));
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
  if (caseCollision(outputs) && ignoresCase(root)) {
    return { kind: "miss", detail: "names of its outputs differ by case only" };
  }
  const { wanted, extra } = await difference(workshop, set, { outputs, task });
  if (wanted.length === 0 && extra.length === 0) {
    return { kind: "restored", changed: false, aside: [] };
  }
  const leaving = new Set(extra.map(({ path }) => path));
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
      async ([index, { digest, executable, private: hidden }]) => {
        const copy = await store.copyBlob(digest, `${place}/${index}`, executable);
        if (hidden && copy.kind === "hit") disk.setPrivate(`${place}/${index}`);
        return copy;
      },
    );
    const failed = copied.find(({ kind }) => kind !== "hit");
    if (failed?.kind === "unavailable") return failed;
    if (failed !== undefined) {
      const detail = failed.kind === "damaged"
        ? `${failed.detail} is damaged`
        : "its content is gone";
      return { kind: "miss", detail };
    }
    const inTheWay = [
      ...wanted.filter(({ kind }) => kind !== "directory").map(({ path }) => path),
      ...extra.filter(({ kind }) => kind === "file").map(({ path }) => path),
    ].filter((path) => disk.stat(`${root}/${path}`)?.kind === "file");
    const aside = setAside(workshop, await theirsAmong(workshop, inTheWay));
    ledger.put(set.normalised);
    removeAll(root, ledger, extra, set, namedBy(outputs));
    // Whatever happens from here on, these are ours.
    const directories = wanted.flatMap(({ path, kind }) =>
      kind === "directory" ? [...ancestors(path), path] : ancestors(path)
    );
    const made = [...new Set(directories)].filter((path) =>
      isWithin(set, path) && disk.stat(`${root}/${path}`)?.kind !== "directory"
    );
    ledger.own(task, [...made.map((path) => ({ name: `${path}/` })), ...wanted.map(madeOf)]);
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
    return { kind: "restored", changed: true, aside };
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
  const files = outputs.filter((output) => output.kind === "file");
  const digests = await statCache.digests(
    files.map(({ path }) => ({ absolute: `${root}/${path}`, name: path })),
  );
  const asIs = new Set<Output>();
  for (const [index, output] of files.entries()) {
    const found = digests[index]!;
    if ("fault" in found || found.digest !== output.digest) continue;
    if (disk.HAS_MODES && found.executable !== output.executable) continue;
    const open = disk.HAS_MODES && output.private &&
      disk.stat(`${root}/${output.path}`)?.private === false;
    if (!open) asIs.add(output);
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

/** What is ours under some patterns and not one of some outputs, or of another kind. */
function ownedBeside(
  { root, ledger, others }: Pick<Workshop, "root" | "ledger" | "others">,
  set: PatternSet,
  { outputs, task }: Pick<Result, "outputs" | "task">,
): readonly Found[] {
  const kinds = new Map(outputs.map(({ path, kind }) => [path, kind]));
  const above = new Set(outputs.flatMap(({ path }) => ancestors(path)));
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
  return new Set([...namedBy(outputs)].map((path) => path.normalize("NFC").toLowerCase())).size <
    namedBy(outputs).size;
}

function ignoresCase(root: string): boolean {
  return disk.stat(`${root}/.NTASK`) !== undefined;
}
