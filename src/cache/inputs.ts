/**
 * What the inputs of a task are, for its key: every path with a text that says what is there.
 *
 * In: patterns, the tree, the stat cache. Out: entries sorted by path, what was left out with a
 * warning, and the first thing because of which a hit could not be proven. A link counts with its
 * own text and with what is at its end, wherever that lies; a directory there is read once, however
 * many links lead to it, so that circles end.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import { byPath, type PatternSet } from "./glob.ts";
import type { Times } from "../host/witness.ts";
import type { FileName, StatCache } from "./stat_cache.ts";
import type { Selected, Tree } from "./tree.ts";

export interface InputEntry {
  /** Relative to the root, with `/`, NFC. */
  readonly path: string;
  /** `sha256/size`, with ` x` for an executable file; for a link `link TEXT -> ` and its end. */
  readonly value: string;
  /** Behind a link: where it really is, from the root. */
  readonly real?: string;
  /** Of what its digest is of; not part of the key. */
  readonly look?: Times;
}

export interface Inputs {
  readonly entries: readonly InputEntry[];
  /** FIFOs, sockets and devices: not opened, not part of the key. */
  readonly skipped: readonly string[];
  /** Set when the task must run uncached. */
  readonly uncached: Unprovable | undefined;
  /** Where all of them are plain files whose digests are remembered: how they were found. */
  readonly plain?: PlainFiles;
}

/** Files that were selected, without links, and what they looked like when they had their digests. */
export interface PlainFiles {
  readonly selected: Selected;
  readonly files: readonly PlainFile[];
}

export interface PlainFile {
  /** As in `Found`. */
  readonly path: string;
  readonly executable: boolean;
  readonly look: Times;
}

export interface Unprovable {
  readonly path: string;
  readonly why: "unreadable" | "not unicode" | "changing";
}

export interface InputOptions {
  readonly gitignore: boolean;
  /** CRLF counts as LF. */
  readonly text: boolean;
  /** Whether the executable bit counts; it does. */
  readonly executable?: boolean;
}

/** A file whose digest is part of an entry. */
interface Pending extends FileName {
  readonly path: string;
  /** What stands before the digest. */
  readonly before: string;
}

/** @param root an absolute path */
export async function readInputs(
  root: string,
  set: PatternSet,
  tree: Tree,
  statCache: StatCache,
  options: InputOptions,
): Promise<Inputs> {
  const selected = tree.select(set, options);
  const { entries: found, unreadable, unnameable } = selected;
  const entries: InputEntry[] = [];
  const skipped: string[] = [];
  const pending: Pending[] = [];
  const faults: Unprovable[] = [
    ...unnameable.map((path) => ({ path, why: "not unicode" as const })),
    ...unreadable.map((path) => ({ path, why: "unreadable" as const })),
  ];
  const files: PlainFile[] = [];
  let realRoot: string | undefined;
  /** Directories at the ends of links, and the path under which their files are entries. */
  const expanded = new Map<string, string>();

  for (const { path, kind } of found) {
    if (kind === "file") {
      pending.push({ path, absolute: `${root}/${path}`, name: path, before: "" });
    } else if (kind === "link") followLink(path, `${root}/${path}`);
    else if (kind === "other") skipped.push(path);
  }

  const digests = await statCache.digests(pending, { text: options.text });
  for (const [index, { path, before, name }] of pending.entries()) {
    const digest = digests[index]!;
    if ("fault" in digest) {
      const barred = digest.fault === "unreadable" ||
        digest.fault === "missing" && disk.isBarred(pending[index]!.absolute);
      faults.push({ path, why: barred ? "unreadable" : "changing" });
      continue;
    }
    const mark = digest.executable && options.executable !== false ? " x" : "";
    const { look, executable, remembered } = digest;
    if (remembered && before === "") files.push({ path, executable, look });
    entries.push({
      path: path.normalize("NFC"),
      value: before + digest.digest + mark,
      ...(name !== path && { real: name }),
      look,
    });
  }
  entries.sort((a, b) => byPath(a.path, b.path) || byPath(a.value, b.value));
  // One for each that was selected: no links, nothing left out, none too young.
  const isPlain = files.length > 0 && files.length === found.length &&
    found.every(({ kind }) => kind === "file") &&
    faults.length === 0;
  return {
    entries,
    skipped,
    uncached: faults[0],
    ...(isPlain && { plain: { selected, files } }),
  };

  function followLink(path: string, absolute: string): void {
    const text = disk.readLink(absolute);
    if (text === undefined) return void faults.push({ path, why: "changing" });
    // What cannot be a name cannot be read back either.
    if (text.includes("\ufffd") && disk.statTarget(absolute) === undefined) {
      return void faults.push({ path, why: "not unicode" });
    }
    const before = `link ${JSON.stringify(text.replaceAll("\\", "/"))} -> `;
    const say = (end: string) =>
      void entries.push({ path: path.normalize("NFC"), value: before + end });
    const end = disk.realPath(absolute);
    const stat = end === undefined ? undefined : disk.stat(end);
    if (end === undefined || stat === undefined) {
      if (disk.isBarred(absolute)) return void faults.push({ path, why: "unreadable" });
      return say("dangling");
    }
    if (stat.kind === "file") {
      pending.push({ path, absolute: end, name: nameOf(end), before });
    } else if (stat.kind === "directory") {
      const first = expanded.get(end);
      if (first !== undefined) return say(`directory as ${JSON.stringify(first)}`);
      say("directory");
      expand(path, end);
    } else {
      skipped.push(path);
      say("special");
    }
  }

  /** The files below a directory at the end of a link, under the link's path. */
  function expand(path: string, absolute: string): void {
    if (!expanded.has(absolute)) expanded.set(absolute, path.normalize("NFC"));
    const listed = disk.list(absolute);
    if (listed === undefined) return void faults.push({ path, why: "unreadable" });
    for (const { name, kind } of [...listed].sort((a, b) => byPath(a.name, b.name))) {
      // The store and git's own files change with every run.
      if (name === ".git" || name === ".ntask") continue;
      const inner = `${path}/${name}`;
      const place = `${absolute === "/" ? "" : absolute}/${name}`;
      if (name.includes("\ufffd") && disk.stat(place) === undefined || !name.isWellFormed()) {
        faults.push({ path: inner, why: "not unicode" });
      } else if (kind === "directory") expand(inner, place);
      else if (kind === "link") followLink(inner, place);
      else if (kind === "other") skipped.push(inner);
      else pending.push({ path: inner, absolute: place, name: nameOf(place), before: "" });
    }
  }

  function nameOf(absolute: string): string {
    realRoot ??= disk.realPath(root) ?? root;
    return absolute.startsWith(realRoot) && /^[\\/]/.test(absolute.slice(realRoot.length))
      ? absolute.slice(realRoot.length + 1).replaceAll("\\", "/")
      : absolute;
  }
}
