/**
 * Evaluating a module of the user's, with `import … from "ntask"` answered by this program.
 *
 * - Bun resolves the name to a virtual module.
 * - Deno resolves it by the import map of `deno.json`, to the very file this program was loaded from.
 * - Node loads task files by `jiti`, which knows virtual modules and all of TypeScript. It keeps what
 *   it has translated below the project's `.ntask/`.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { pathToFileURL } from "node:url";
import type { AbsolutePath } from "../model/id.ts";

type Module = Readonly<Record<string, unknown>>;

let registered = false;

export async function evaluateModule(file: AbsolutePath, library: Module): Promise<Module> {
  if ("Bun" in globalThis) registerInBun(library);
  else if (!("Deno" in globalThis)) return await evaluateInNode(file, library);
  return await import(pathToFileURL(file).href);
}

function registerInBun(library: Module): void {
  if (registered) return;
  registered = true;
  (globalThis as unknown as { Bun: BunRuntime }).Bun.plugin({
    name: "ntask",
    setup: (build) => build.module("ntask", () => ({ exports: { ...library }, loader: "object" })),
  });
}

/** One loader for each process: its modules are evaluated once. */
let load: ((file: string) => Promise<unknown>) | undefined;

async function evaluateInNode(file: AbsolutePath, library: Module): Promise<Module> {
  if (load === undefined) {
    const { createJiti } = await import("jiti");
    const jiti = createJiti(import.meta.url, {
      virtualModules: { ntask: { ...library } },
      fsCache: join(dirname(file), ".ntask", "state", "modules"),
      interopDefault: false,
    });
    load = (path) => jiti.import(path);
  }
  return await load(file) as Module;
}
