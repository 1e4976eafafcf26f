/**
 * Evaluating a module of the user's under Node: by `jiti`, which knows virtual modules and all of
 * TypeScript. It keeps what it has translated below the project's `.ntask/`. Packages are Node's own
 * affair; those that import "ntask" get this program's library too, whichever copy is installed
 * beside them: `run`, `log` and `root` of another copy know of no task.
 *
 * It runs the translated text, so a stack names places in that; they are turned into those the user
 * wrote when somebody reads the stack. Node does this by itself for its own loaders only.
 *
 * @module
 */

import { join } from "@std/path";
import { createJiti, type Jiti } from "jiti";
import fs from "node:fs";
import nodeModule, { SourceMap } from "node:module";
import type { AbsolutePath } from "../model/id.ts";

type Module = Readonly<Record<string, unknown>>;

/** One loader for each process: its modules are evaluated once. */
let jiti: Jiti | undefined;

/** @param root the folder below which translated text is kept */
export async function evaluateInNode(
  file: AbsolutePath,
  library: Module,
  root: string,
): Promise<Module> {
  if (jiti === undefined) {
    jiti = createJiti(import.meta.url, {
      virtualModules: { ntask: { ...library } },
      fsCache: join(root, ".ntask", "state", "modules"),
      interopDefault: false,
      sourceMaps: true,
    });
    translateStacks(jiti);
    answerPackages();
  }
  return await jiti.import(file) as Module;
}

/** In the npm package the library lies beside this module; other forms have no file of it. */
function answerPackages(): void {
  if (!import.meta.url.endsWith(".js")) return;
  const url = new URL("mod.js", import.meta.url).href;
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      specifier === "ntask"
        ? { url, format: "module", shortCircuit: true }
        : next(specifier, context),
  });
}

function translateStacks(jiti: Jiti): void {
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (file: string): SourceMap | undefined => {
    if (!maps.has(file)) maps.set(file, readMap(jiti, file));
    return maps.get(file);
  };
  (Error as unknown as { prepareStackTrace: unknown }).prepareStackTrace = (
    error: Error,
    calls: readonly unknown[],
  ) => {
    const lines = calls.map((call) =>
      String(call).replace(PLACE, (whole, file: string, line: string, column: string) => {
        const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
        if (entry === undefined || !("originalLine" in entry)) return whole;
        return `${file}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
      })
    );
    return [String(error), ...lines.map((line) => `    at ${line}`)].join("\n");
  };
}

/** A place in a file of TypeScript, or of a language that is translated like it. */
const PLACE = /(?<![\w/])((?:\/|[A-Za-z]:[\\/])[^():\n]*\.[mc]?[jt]sx?):(\d+):(\d+)/;

function readMap(jiti: Jiti, file: string): SourceMap | undefined {
  if (/[\\/]node_modules[\\/]/.test(file)) return undefined;
  try {
    const source = fs.readFileSync(file, "utf8");
    const ts = /\.[mc]?tsx?$/.test(file);
    const code = jiti.transform({ source, filename: file, ts, async: true });
    const map = /\/\/# sourceMappingURL=data:application\/json[^,]*,([A-Za-z0-9+/=]+)/.exec(
      code,
    );
    if (map === null) return undefined;
    return new SourceMap(JSON.parse(Buffer.from(map[1]!, "base64").toString("utf8")));
  } catch {
    return undefined;
  }
}
