/**
 * The texts of local modules that a task file imports, for the static reading.
 *
 * @module
 */

import { dirname, resolve } from "@std/path";
import type { Host } from "../host/host.ts";
import type { AbsolutePath } from "../model/id.ts";

/** A name without an ending may stand for one of these. */
const ENDINGS = ["", ".ts", ".mts", ".js", ".mjs", "/index.ts", "/index.js"];

/**
 * @returns reads `./x.ts` seen from `from`; packages and missing files give `undefined`
 */
export function readModuleText(host: Host) {
  return (
    from: AbsolutePath,
    specifier: string,
  ): { readonly file: AbsolutePath; readonly text: string } | undefined => {
    if (!/^\.{1,2}\//.test(specifier)) return undefined;
    const base = resolve(dirname(from), specifier);
    for (const ending of ENDINGS) {
      if (host.files.kind(base + ending) !== "file") continue;
      const read = host.files.readText(base + ending);
      return "text" in read ? { file: base + ending as AbsolutePath, text: read.text } : undefined;
    }
    return undefined;
  };
}
