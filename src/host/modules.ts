/**
 * Evaluating a module of the user's, with `import … from "ntask"` answered by this program.
 *
 * Bun resolves the name to a virtual module. Deno resolves it by the import map of `deno.json`, to
 * the very file this program was loaded from. Node goes through the same map when the npm package
 * is built (a later issue).
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import type { AbsolutePath } from "../model/id.ts";

let registered = false;

export async function evaluateModule(
  file: AbsolutePath,
  library: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const bun = (globalThis as { Bun?: BunRuntime }).Bun;
  if (bun !== undefined && !registered) {
    registered = true;
    bun.plugin({
      name: "ntask",
      setup: (build) =>
        build.module("ntask", () => ({ exports: { ...library }, loader: "object" })),
    });
  }
  return await import(pathToFileURL(file).href);
}
