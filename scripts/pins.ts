/**
 * What the project pins: the versions of the tools in `.tool-versions` (the one place), and the
 * version of ntask in `deno.json`.
 *
 * @module
 */

import { dirname, fromFileUrl, join } from "@std/path";
import { Fault } from "./command.ts";

/** The folder of `deno.json`. */
export const ROOT: string = dirname(dirname(fromFileUrl(import.meta.url)));

/**
 * The pinned version of a tool.
 *
 * @param tool its name in `.tool-versions`
 * @throws {Fault} when it is not pinned
 * @example pinned("bun") // "1.4.5"
 */
export function pinned(tool: string): string {
  const version = toolVersions(Deno.readTextFileSync(join(ROOT, ".tool-versions"))).get(tool);
  if (version === undefined) throw new Fault(`.tool-versions has no line for “${tool}”`);
  return version;
}

/** The version of ntask itself. */
export function projectVersion(): string {
  return JSON.parse(Deno.readTextFileSync(join(ROOT, "deno.json"))).version;
}

/** The lines `name version` of a `.tool-versions` file; `#` starts a comment. */
export function toolVersions(text: string): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [name, version] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (name !== undefined && version !== undefined) versions.set(name, version);
  }
  return versions;
}
