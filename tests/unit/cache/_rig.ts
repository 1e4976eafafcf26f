/**
 * A project in a temporary directory.
 *
 * @module
 */

import { assert } from "@std/assert";
import { dirname, join } from "@std/path";
import { compilePatterns, type PatternSet } from "../../../src/cache/glob.ts";

/** @param files path -> text; a path that ends in `/` is an empty directory */
export async function project(files: Readonly<Record<string, string>>): Promise<
  { readonly root: string; [Symbol.asyncDispose](): Promise<void> }
> {
  const root = await Deno.makeTempDir();
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(path.endsWith("/") ? join(root, path) : dirname(join(root, path)), {
      recursive: true,
    });
    if (!path.endsWith("/")) await Deno.writeTextFile(join(root, path), text);
  }
  return { root, [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }) };
}

export function patterns(...list: readonly string[]): PatternSet {
  const compiled = compilePatterns(list, { cwd: "" });
  assert(compiled.ok, JSON.stringify(compiled));
  return compiled.set;
}
