/**
 * The module that a package offers under a name: its manifest comes in, a file goes out. What Node
 * says of `exports` and `main`, as far as packages of a project's own use it.
 *
 * @module
 */

import { join } from "@std/path";
import type { Files } from "../host/host.ts";

/** A `package.json`, unchecked. */
export interface Manifest {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly exports?: unknown;
  readonly imports?: unknown;
  readonly module?: unknown;
  readonly main?: unknown;
}

/** Those that hold for an import; an object's own order decides among them. */
const CONDITIONS: ReadonlySet<string> = new Set(["bun", "node", "import", "module", "default"]);

const ENDINGS = ["", ".ts", ".mts", ".tsx", ".js", ".mjs", ".cjs", ".json"];

/**
 * @param rest what follows the name of the package
 * @returns the file, if it is there
 */
export function entryOf(
  files: Pick<Files, "kind">,
  directory: string,
  manifest: Manifest,
  rest: string | undefined,
): string | undefined {
  const { exports } = manifest;
  if (exports !== undefined && exports !== null) {
    const table = hasSubpaths(exports) ? exports : { ".": exports };
    const target = targetOf(table, rest === undefined ? "." : `./${rest}`);
    return target === undefined ? undefined : firstFile([join(directory, target)]);
  }
  if (rest !== undefined) return firstFile(variants(join(directory, rest)));
  const mains = [manifest.module, manifest.main].flatMap((main) =>
    typeof main === "string" ? variants(join(directory, main)) : []
  );
  return firstFile([...mains, ...variants(join(directory, "index"))]);

  function firstFile(candidates: readonly string[]): string | undefined {
    return candidates.find((file) => files.kind(file) === "file");
  }
}

/** What a table of `exports` or `imports` has for a name. */
export function targetOf(table: unknown, name: string): string | undefined {
  if (typeof table !== "object" || table === null) return undefined;
  const entries = table as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(entries, name)) return chosen(entries[name]);
  // The longest pattern that fits is meant.
  const patterns = Object.keys(entries).filter((key) => key.includes("*"))
    .sort((a, b) => b.indexOf("*") - a.indexOf("*") || b.length - a.length);
  for (const pattern of patterns) {
    const [before, after] = pattern.split("*") as [string, string];
    if (name.length < pattern.length || !name.startsWith(before) || !name.endsWith(after)) continue;
    const star = name.slice(before.length, name.length - after.length);
    return chosen(entries[pattern])?.replaceAll("*", () => star);
  }
  return undefined;
}

function hasSubpaths(exports: unknown): boolean {
  return typeof exports === "object" && exports !== null && !Array.isArray(exports) &&
    Object.keys(exports).some((key) => key.startsWith("."));
}

function chosen(target: unknown): string | undefined {
  if (typeof target === "string") return target;
  if (Array.isArray(target)) return chosen(target[0]);
  if (typeof target !== "object" || target === null) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    if (!CONDITIONS.has(condition)) continue;
    const found = chosen(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function variants(path: string): string[] {
  return [
    ...ENDINGS.map((ending) => path + ending),
    ...ENDINGS.slice(1).map((ending) => join(path, `index${ending}`)),
  ];
}
