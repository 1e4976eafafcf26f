/**
 * What was made from the text of a `tasks.ts` alone, kept by the digests of the texts it was made
 * from: parsing is most of what listing and completion cost. In: a task file's text. Out: what was
 * made from the same texts before. A cache that is damaged, of another version or of other texts is
 * as good as none.
 *
 * @module
 */

import { digestOf } from "../../host/hash.ts";
import { join } from "@std/path";
import type { Disk, Host } from "../../host/host.ts";
import type { AbsolutePath } from "../../model/id.ts";
import { VERSION } from "../../model/version.ts";
import { readModuleText } from "../module_text.ts";

/** A look for a module's text: what was found, or that there was nothing. */
type Look = readonly [from: string, specifier: string, file: string | null, digest: string];

interface Kept<T> {
  readonly version: string;
  readonly file: string;
  readonly digest: string;
  readonly looks: readonly Look[];
  readonly made: T;
}

/** Where they are, below the directory of the task file. */
const FOLDER = [".ntask", "state", "tasks_ts"];

/** Reads modules with a memory. */
export interface StaticCache<T> {
  readonly kept: T | undefined;
  readonly readModuleText: ReturnType<typeof readModuleText>;
  /** Keep what was made with the texts that have been read since. */
  keep(made: T): void;
}

/**
 * @param name what is kept; plain JSON
 */
export async function openStaticCache<T>(
  host: Host,
  directory: string,
  name: string,
  file: AbsolutePath,
  text: string,
): Promise<StaticCache<T>> {
  const look = readModuleText(host);
  let disk: Disk;
  try {
    disk = await host.disk();
  } catch {
    return { kept: undefined, readModuleText: look, keep() {} };
  }
  const place = join(directory, ...FOLDER, `${name}.json`);
  const digest = digestOf(text);
  const looks: Look[] = [];
  const lookUp = (from: string, specifier: string): Look => {
    const found = look(from as AbsolutePath, specifier);
    return found === undefined
      ? [from, specifier, null, ""]
      : [from, specifier, found.file, digestOf(found.text)];
  };
  return {
    kept: remembered(),
    readModuleText(from, specifier) {
      const found = look(from, specifier);
      looks.push([from, specifier, found?.file ?? null, found ? digestOf(found.text) : ""]);
      return found;
    },
    keep(made) {
      const kept: Kept<T> = { version: VERSION, file, digest, looks, made };
      try {
        disk.makeDirectory(join(directory, ...FOLDER));
        const ignore = join(directory, FOLDER[0]!, ".gitignore");
        if (host.files.kind(ignore) === undefined) disk.writeWhole(ignore, "*\n");
        disk.writeWhole(place, JSON.stringify(kept));
      } catch {
        // It will be read again.
      }
    },
  };

  function remembered(): T | undefined {
    const read = host.files.readText(place);
    if ("fault" in read) return undefined;
    let kept: Kept<T>;
    try {
      kept = JSON.parse(read.text) as Kept<T>;
    } catch {
      return undefined;
    }
    if (kept.version !== VERSION || kept.file !== file || kept.digest !== digest) return undefined;
    for (const before of kept.looks) {
      const now = lookUp(before[0], before[1]);
      if (now[2] !== before[2] || now[3] !== before[3]) return undefined;
    }
    return kept.made;
  }
}
