/**
 * The static reading of a `tasks.ts`, kept by the digests of the texts it was made from: parsing is
 * most of what listing and completion cost. In: a task file's text. Out: what was read from the same
 * texts before. A cache that is damaged, of another version or of other texts is as good as none.
 *
 * @module
 */

import { join } from "@std/path";
import type { Disk, Host } from "../../host/host.ts";
import type { AbsolutePath } from "../../model/id.ts";
import { VERSION } from "../../model/version.ts";
import type { StaticModule } from "../signature/static_module.ts";
import { readModuleText } from "./_module_text.ts";

/** A look for a module's text: what was found, or that there was nothing. */
type Look = readonly [from: string, specifier: string, file: string | null, digest: string];

interface Kept {
  readonly version: string;
  readonly file: string;
  readonly digest: string;
  readonly looks: readonly Look[];
  readonly module: StaticModule;
}

/** Where it is, below the directory of the task file. */
const PLACE = [".ntask", "state", "tasks_ts.json"];

/** Reads modules with a memory. */
export interface StaticCache {
  readonly kept: StaticModule | undefined;
  readonly readModuleText: ReturnType<typeof readModuleText>;
  /** Keep what was read. */
  keep(module: StaticModule): void;
}

export async function openStaticCache(
  host: Host,
  directory: string,
  file: AbsolutePath,
  text: string,
): Promise<StaticCache> {
  const look = readModuleText(host);
  let disk: Disk;
  try {
    disk = await host.disk();
  } catch {
    return { kept: undefined, readModuleText: look, keep() {} };
  }
  const place = join(directory, ...PLACE);
  const digest = disk.digestOf(text);
  const looks: Look[] = [];
  const lookUp = (from: string, specifier: string): Look => {
    const found = look(from as AbsolutePath, specifier);
    return found === undefined
      ? [from, specifier, null, ""]
      : [from, specifier, found.file, disk.digestOf(found.text)];
  };
  return {
    kept: remembered(),
    readModuleText(from, specifier) {
      const found = look(from, specifier);
      looks.push([from, specifier, found?.file ?? null, found ? disk.digestOf(found.text) : ""]);
      return found;
    },
    keep(module) {
      const kept: Kept = { version: VERSION, file, digest, looks, module };
      try {
        disk.makeDirectory(join(directory, ...PLACE.slice(0, -1)));
        const ignore = join(directory, PLACE[0]!, ".gitignore");
        if (host.files.kind(ignore) === undefined) disk.writeWhole(ignore, "*\n");
        disk.writeWhole(place, JSON.stringify(kept));
      } catch {
        // It will be read again.
      }
    },
  };

  function remembered(): StaticModule | undefined {
    const read = host.files.readText(place);
    if ("fault" in read) return undefined;
    let kept: Kept;
    try {
      kept = JSON.parse(read.text) as Kept;
    } catch {
      return undefined;
    }
    if (kept.version !== VERSION || kept.file !== file || kept.digest !== digest) return undefined;
    for (const before of kept.looks) {
      const now = lookUp(before[0], before[1]);
      if (now[2] !== before[2] || now[3] !== before[3]) return undefined;
    }
    return kept.module;
  }
}
