/**
 * The files of a project, found by patterns. Directories are listed when first needed and once in a
 * snapshot; a walk goes only where a pattern can still match.
 *
 * `.git`, `.ntask`, `node_modules` and what ignore files name hide things from a pattern only below
 * its literal start: `gen/**` sees what is in an ignored `gen`, `**` does not. Links are entries and
 * are not walked through; a pattern that names something below a link has the link.
 *
 * @module
 */

import { basename, dirname, join } from "@std/path";
import { digestOf } from "../host/hash.ts";
import * as disk from "../host/disk.ts";
import { byPath, canMatchBelow, contains, type PatternSet } from "./glob.ts";
import { type IgnoreRules, ignoreRules, isIgnored } from "./ignore.ts";
import { parentOf } from "./manifest.ts";
import { type Pattern, startOf, step } from "./_segments.ts";

export interface Found {
  /** Relative to the root, with `/`, as the listing names it. */
  readonly path: string;
  readonly kind: disk.EntryKind;
}

export interface Selected {
  /** Sorted by code units. No directories, but empty ones among outputs. */
  readonly entries: readonly Found[];
  /** Directories on the way that cannot be listed. */
  readonly unreadable: readonly string[];
  /** Paths that no text can name: not valid Unicode on the disk. */
  readonly unnameable: readonly string[];
  /** Where that was looked for. */
  readonly visits: readonly Visit[];
}

/** A directory that was listed, or where one name was looked up. */
interface Visit {
  readonly directory: string;
  readonly name?: string;
}

/** All that decides what a set selects, but for the set: what is in places, and is to be ignored. */
export interface Walk {
  /** For each visit three texts: the directory, the name or `""`, and what was found there. */
  readonly places: readonly string[];
  /** A digest of the ignore files that were heeded; `""` where there are none. */
  readonly ignores: string;
}

export interface Tree {
  /** @param options.gitignore heed ignore files */
  select(set: PatternSet, options: { readonly gitignore: boolean }): Selected;
  /** Nothing is hidden but `.git` and `.ntask`; directories without anything in them are entries. */
  selectOutputs(set: PatternSet): Selected;
  /**
   * How what was selected was found.
   *
   * @param heeds ignore files were heeded
   */
  walkOf(selected: Selected, heeds: boolean): Walk;
  /** Would the same be selected as by a walk before, whatever is in the files? */
  isAsWalked(walk: Walk, heeds: boolean): boolean;
  /** Start a new snapshot: what is selected from now on is listed again. */
  forget(): void;
}

interface Named {
  readonly name: string;
  /** The name as patterns have it. */
  readonly plain: string;
  readonly kind: disk.EntryKind;
}

interface Listing {
  readonly entries: readonly Named[];
  readonly unnameable: readonly string[];
}

/** What a pattern still has to match below a directory. */
interface Left {
  readonly pattern: Pattern;
  readonly positions: number;
  /** Its literal start is hidden or below something hidden: nothing is hidden from it. */
  readonly free: boolean;
}

type Mode = "inputs" | "inputs without ignore files" | "outputs";

/** @param root an absolute path */
export function createTree(root: string): Tree {
  const entriesIn = new Map<string, readonly disk.Entry[] | undefined>();
  const listings = new Map<string, Listing | undefined>();
  const lookUps = new Map<string, Listing | undefined>();
  const ignoreTexts = new Map<string, string | undefined>();
  let above: Above | undefined;

  return {
    select: (set, { gitignore }) =>
      select(set, gitignore ? "inputs" : "inputs without ignore files"),
    selectOutputs: (set) => select(set, "outputs"),
    walkOf({ visits }, heeds) {
      const places: string[] = [];
      const known = new Set<string>();
      for (const { directory, name = "" } of visits) {
        // More than one pattern may have led there.
        const place = `${directory}/${name}`;
        if (known.has(place)) continue;
        known.add(place);
        places.push(directory, name, textAt(directory, name) ?? "");
      }
      return { places, ignores: heeds ? ignoresOn(places) : "" };
    },
    isAsWalked({ places, ignores }, heeds) {
      for (let at = 0; at < places.length; at += 3) {
        if (textAt(places[at]!, places[at + 1]!) !== places[at + 2]) return false;
      }
      return (heeds ? ignoresOn(places) : "") === ignores;
    },
    forget() {
      for (const known of [entriesIn, listings, lookUps, ignoreTexts]) known.clear();
      above = undefined;
    },
  };

  function select(set: PatternSet, mode: Mode): Selected {
    const entries: Found[] = [];
    const unreadable: string[] = [];
    const unnameable: string[] = [];
    const visits: Visit[] = [];
    for (const prefix of set.prefixes) {
      const names = prefix === "" ? [] : prefix.split("/");
      const left = set.patterns
        .filter((each) => each.exclude || contains(prefix, each.prefix))
        .map((pattern) => ({ pattern, positions: startOf(pattern), free: false }));
      visit("", left, rulesIn("", undefined, mode), names);
    }
    if (set.prefixes.length > 1 || mode === "outputs") {
      entries.sort((a, b) => byPath(a.path, b.path));
    }
    return { entries, unreadable, unnameable, visits };

    /** @param towards names that lead to where the walk begins: only those are looked at */
    function visit(
      directory: string,
      left: readonly Left[],
      rules: IgnoreRules | undefined,
      towards: readonly string[],
    ): boolean {
      const [next, ...further] = towards;
      visits.push({ directory, ...(next !== undefined && { name: next }) });
      const listing = next === undefined ? list(directory) : lookUp(directory, next);
      if (listing === undefined) {
        unreadable.push(directory === "" ? "." : directory);
        return true;
      }
      const base = directory === "" ? "" : `${directory}/`;
      unnameable.push(...listing.unnameable.map((name) => base + name));
      let found = false;
      for (const entry of listing.entries) {
        if (consider(entry, base, left, rules, further)) found = true;
      }
      return found || listing.unnameable.length > 0;
    }

    /** One entry; true when something of it was selected. */
    function consider(
      entry: Named,
      base: string,
      left: readonly Left[],
      rules: IgnoreRules | undefined,
      towards: readonly string[],
    ): boolean {
      const { name, plain, kind } = entry;
      const isDirectory = kind === "directory";
      let hidden: boolean | undefined;
      let selected = false;
      let goesOn = false;
      const below: Left[] = [];
      for (const { pattern, positions, free } of left) {
        const { next, accepted, named } = step(pattern, positions, plain);
        if (next === 0 && !accepted) continue;
        let freed = free;
        if (!pattern.exclude) {
          const store = name === ".git" || name === ".ntask";
          if (!free || store) {
            hidden ??= isHidden(entry, base, rules, mode);
            if (hidden) {
              if (!contains((base + plain).normalize("NFC"), pattern.prefix)) continue;
              freed = true;
            }
          }
        }
        if (accepted || kind === "link" && named && !pattern.exclude) selected = !pattern.exclude;
        if (isDirectory && next !== 0) {
          below.push({ pattern, positions: next, free: freed });
          if (!pattern.exclude) goesOn = true;
        }
      }
      const path = base + name;
      if (!isDirectory) {
        if (selected) entries.push({ path, kind });
        return selected;
      }
      if (mode === "outputs" && (name === ".git" || name === ".ntask")) return false;
      let found = false;
      if (
        goesOn && canMatchBelow(below.map((each) => each.pattern), (_, at) => below[at]!.positions)
      ) {
        found = visit(path, below, rulesIn(path, rules, mode), towards);
      }
      if (mode === "outputs" && selected && !found && towards.length === 0) {
        visits.push({ directory: path });
        if (!isEmpty(path)) return false;
        entries.push({ path, kind });
        return true;
      }
      return found;
    }
  }

  function isHidden(
    { name, kind }: Named,
    base: string,
    rules: IgnoreRules | undefined,
    mode: Mode,
  ): boolean {
    if (name === ".git" || name === ".ntask") return true;
    if (mode === "outputs") return false;
    return name === "node_modules" || isIgnored(rules, base, name, kind === "directory");
  }

  function rulesIn(
    directory: string,
    outer: IgnoreRules | undefined,
    mode: Mode,
  ): IgnoreRules | undefined {
    if (mode !== "inputs") return undefined;
    let rules = directory === "" ? (above ??= rulesAbove()).rules : outer;
    for (const file of ignoreFilesIn(directory)) {
      const text = ignoreText(file);
      if (text !== undefined) rules = ignoreRules(text, directory, rules);
    }
    return rules;
  }

  /** What all ignore files say that are heeded in some places, in their order. */
  function ignoresOn(places: readonly string[]): string {
    let said = (above ??= rulesAbove()).said;
    for (let at = 0; at < places.length; at += 3) {
      if (places[at] === places[at - 3]) continue;
      for (const file of ignoreFilesIn(places[at]!)) {
        const text = ignoreText(file);
        if (text !== undefined) said += `${file}\0${text}\0`;
      }
    }
    return said === "" ? "" : digestOf(said);
  }

  /** Where the root lies inside a repository, what the ignore files above it say. */
  function rulesAbove(): Above {
    const way: string[] = [];
    let at = root;
    while (disk.stat(`${at}/.git`) === undefined) {
      const outer = dirname(at);
      if (outer === at) return { rules: undefined, said: "" };
      way.push(basename(at));
      at = outer;
    }
    let rules: IgnoreRules | undefined;
    let said = "";
    for (let depth = way.length; depth > 0; depth--) {
      const names = way.slice(0, depth).reverse();
      const directory = join(at, ...way.slice(depth).reverse());
      const files = depth === way.length ? [".git/info/exclude", ".gitignore"] : [".gitignore"];
      for (const file of files) {
        const text = readIgnore(`${directory}/${file}`);
        if (text === undefined) continue;
        rules = ignoreRules(text, "", rules, `${names.join("/")}/`);
        said += `${names.join("/")}\0${file}\0${text}\0`;
      }
    }
    return { rules, said };
  }

  function ignoreText(file: string): string | undefined {
    if (ignoreTexts.has(file)) return ignoreTexts.get(file);
    const parent = entriesIn.get(parentOf(file) ?? "");
    let text: string | undefined;
    // Git does not follow a link there.
    if (parent === undefined || parent.some((each) => each.name === ".gitignore")) {
      text = readIgnore(`${root}/${file}`);
    }
    ignoreTexts.set(file, text);
    return text;
  }

  /** What is in a place, as a text; undefined where that cannot be seen. */
  function textAt(directory: string, name: string): string | undefined {
    if (name === "") {
      const listed = listIn(directory);
      return listed && textOf(listed);
    }
    const found = lookUp(directory, name);
    return found && textOf(found.entries);
  }

  function lookUp(directory: string, name: string): Listing | undefined {
    const place = `${directory}/${name}`;
    if (!lookUps.has(place)) lookUps.set(place, lookUpNow(directory, name));
    return lookUps.get(place);
  }

  function lookUpNow(directory: string, name: string): Listing | undefined {
    const listed = listings.get(directory);
    // A name outside ASCII may be written in more than one way.
    if (listed !== undefined || /[^\0-\x7f]/.test(name)) {
      const entries = (listed ?? list(directory))?.entries ?? [];
      return { entries: entries.filter((each) => each.plain === name), unnameable: [] };
    }
    const absolute = directory === "" ? root : `${root}/${directory}`;
    const found = disk.entryNamed(absolute, name);
    // What is there and cannot be seen is not missing.
    if (found === undefined && disk.isBarred(`${absolute}/${name}`)) return undefined;
    return { entries: found === undefined ? [] : [{ ...found, plain: name }], unnameable: [] };
  }

  function isEmpty(directory: string): boolean {
    const listing = list(directory);
    return listing !== undefined && listing.entries.length + listing.unnameable.length === 0;
  }

  function list(directory: string): Listing | undefined {
    if (listings.has(directory)) return listings.get(directory);
    const listed = listIn(directory);
    const listing = listed && listingOf(directory === "" ? root : `${root}/${directory}`, listed);
    listings.set(directory, listing);
    return listing;
  }

  function listIn(directory: string): readonly disk.Entry[] | undefined {
    if (!entriesIn.has(directory)) {
      entriesIn.set(directory, disk.list(directory === "" ? root : `${root}/${directory}`));
    }
    return entriesIn.get(directory);
  }
}

/** What ignore files above the root say: as rules, and as a text. */
interface Above {
  readonly rules: IgnoreRules | undefined;
  readonly said: string;
}

function ignoreFilesIn(directory: string): readonly string[] {
  return directory === "" ? [".git/info/exclude", ".gitignore"] : [`${directory}/.gitignore`];
}

/** Behind a name; no name holds a `/`. */
const MARKS: Readonly<Record<disk.EntryKind, string>> = {
  file: "/",
  directory: "//",
  link: "///",
  other: "////",
};

/** Equal texts mean the same names and kinds. */
function textOf(entries: readonly disk.Entry[]): string {
  let text = "";
  for (const { name, kind } of entries) text += name + MARKS[kind];
  return text;
}

/** Sorted so that a walk finds paths in the order of their code units. */
function listingOf(absolute: string, listed: readonly disk.Entry[]): Listing {
  const unnameable: string[] = [];
  const keyed: { readonly key: string; readonly entry: Named }[] = [];
  const names = new Set<string>();
  for (const { name, kind } of listed) {
    if (!isNameable(absolute, name, names)) {
      unnameable.push(name);
      continue;
    }
    const key = kind === "directory" ? `${name}/` : name;
    keyed.push({ key, entry: { name, plain: name.normalize("NFC"), kind } });
  }
  keyed.sort((a, b) => byPath(a.key, b.key));
  return { entries: keyed.map((each) => each.entry), unnameable };
}

/** Bytes that are no UTF-8 come as U+FFFD, and that name then leads nowhere. */
function isNameable(directory: string, name: string, seen: Set<string>): boolean {
  if (!name.includes("\ufffd") && name.isWellFormed()) return true;
  if (!name.isWellFormed() || seen.has(name)) return false;
  seen.add(name);
  return disk.stat(`${directory}/${name}`) !== undefined;
}

/** What cannot be read hides nothing. */
function readIgnore(absolute: string): string | undefined {
  if (disk.stat(absolute)?.kind !== "file") return undefined;
  try {
    return new TextDecoder().decode(disk.read(absolute));
  } catch {
    return undefined;
  }
}
