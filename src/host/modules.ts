/**
 * Evaluating a module of the user's, with `import … from "ntask"` answered by this program.
 *
 * Bun resolves the name to a virtual module. Deno resolves it by the import map of `deno.json`, to
 * the very file this program was loaded from, unless the file uses packages. Node is given a loader
 * (`modules_node.ts`).
 *
 * @module
 */

import { dirname } from "@std/path";
import { pathToFileURL } from "node:url";
import type { AbsolutePath } from "../model/id.ts";

type Module = Readonly<Record<string, unknown>>;

let registered = false;

export async function evaluateModule(
  file: AbsolutePath,
  library: Module,
  root: string = dirname(file),
): Promise<Module> {
  if ("Bun" in globalThis) registerInBun(library);
  else if (!("Deno" in globalThis)) return await evaluateByLoader(file, library, root);
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    // Deno looks packages up for this program's project, not for the user's.
    const foreign = /not a dependency and not in import map/.test(String(error));
    if (!foreign) throw error;
    return await evaluateByLoader(file, library, root);
  }
}

async function evaluateByLoader(
  file: AbsolutePath,
  library: Module,
  root: string,
): Promise<Module> {
  const { evaluateInNode } = await import("./modules_node.ts");
  return await evaluateInNode(file, library, root);
}

function registerInBun(library: Module): void {
  if (registered) return;
  registered = true;
  (globalThis as unknown as { Bun: BunRuntime }).Bun.plugin({
    name: "ntask",
    setup: (build) => build.module("ntask", () => ({ exports: { ...library }, loader: "object" })),
  });
}
