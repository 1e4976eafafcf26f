/**
 * Which installed package an import means: a specifier seen from a file comes in; its name, its
 * version and what the lock file says of that version go out, or, for a package of the project's
 * own, the module it leads to. Nothing is loaded.
 *
 * @module
 */

import { dirname, join, relative } from "@std/path";
import type { Files } from "../host/host.ts";
import type { AbsolutePath } from "../model/id.ts";
import { entryOf, type Manifest, targetOf } from "./_package_entry.ts";
import { lockEntry } from "./_lock_entry.ts";
import type { InstalledPackage, PackageOf } from "./signature/identity.ts";

/** `@scope/name/rest`, with the version that Deno writes behind the name. */
const SPECIFIER =
  /^(?:(?:npm|jsr):\/?)?(?<name>(?:@[^/@]+\/)?[^/@]+)(?:@[^/]+)?(?:\/(?<rest>.+))?$/;

/**
 * @param root lock files are looked for from a package up to here
 * @returns a lookup with a memory; it is right for as long as nothing is installed
 */
export function createPackageOf(
  files: Pick<Files, "readText" | "kind" | "real">,
  root: AbsolutePath,
): PackageOf {
  const texts = new Map<string, string | undefined>();
  const known = new Map<string, InstalledPackage | undefined>();

  return (from, specifier) => {
    const key = `${dirname(from)}\0${specifier}`;
    if (!known.has(key)) known.set(key, find(dirname(from), specifier));
    return known.get(key);
  };

  function find(directory: string, specifier: string): InstalledPackage | undefined {
    if (specifier.startsWith("#")) return findInternal(directory, specifier);
    const { name, rest } = SPECIFIER.exec(specifier)?.groups ?? {};
    if (name === undefined) return undefined;
    for (const above of upward(directory)) {
      const self = readManifest(above);
      if (self?.name === name && self.exports !== undefined) return ownPackage(above, self, rest);
      const place = join(above, "node_modules", name);
      const manifest = readManifest(place);
      if (manifest === undefined) continue;
      const real = files.real(place);
      const { version } = manifest;
      if (!isInstalled(real) || typeof version !== "string" || version === "") {
        return ownPackage(real, manifest, rest);
      }
      const actual = typeof manifest.name === "string" ? manifest.name : name;
      const lock = findLock(above, place, name, actual, version);
      return { name, version, ...(lock !== undefined && { lock }) };
    }
    return undefined;
  }

  /** A package whose files are the project's own, or that says of itself nothing to go by. */
  function ownPackage(
    directory: string,
    manifest: Manifest,
    rest: string | undefined,
  ): InstalledPackage | undefined {
    const local = entryOf(files, directory, manifest, rest);
    if (local === undefined) return undefined;
    return { name: String(manifest.name ?? ""), local: local as AbsolutePath };
  }

  /** `#name`, by the `imports` of the package around. */
  function findInternal(directory: string, specifier: string): InstalledPackage | undefined {
    for (const above of upward(directory)) {
      const manifest = readManifest(above);
      if (manifest === undefined) continue;
      const target = targetOf(manifest.imports, specifier);
      if (target === undefined) return undefined;
      if (!target.startsWith("./")) {
        return target.startsWith("#") ? undefined : find(above, target);
      }
      const local = join(above, target);
      if (files.kind(local) !== "file") return undefined;
      return { name: specifier, local: local as AbsolutePath };
    }
    return undefined;
  }

  /** Seen from the root, so that a project may itself lie in a `node_modules`. */
  function isInstalled(real: string): boolean {
    const inside = relative(files.real(root), real);
    const seen = inside.startsWith("..") ? real : inside;
    return seen.split(/[\\/]/).includes("node_modules");
  }

  function findLock(
    above: string,
    place: string,
    name: string,
    actual: string,
    version: string,
  ): string | undefined {
    for (const directory of upward(above)) {
      const entry = lockEntry((file) => read(join(directory, file)), {
        name: actual,
        alias: name,
        version,
        path: relative(directory, place).replaceAll("\\", "/"),
      });
      if (entry !== undefined) return entry;
      if (directory === root) return undefined;
    }
    return undefined;
  }

  function readManifest(directory: string): Manifest | undefined {
    const text = read(join(directory, "package.json"));
    if (text === undefined) return undefined;
    try {
      const value = JSON.parse(text) as unknown;
      return typeof value === "object" && value !== null ? value as Manifest : {};
    } catch {
      return {};
    }
  }

  function read(path: string): string | undefined {
    if (!texts.has(path)) {
      const found = files.readText(path);
      texts.set(path, "text" in found ? found.text.replace(/\r\n?/g, "\n") : undefined);
    }
    return texts.get(path);
  }
}

function upward(directory: string): string[] {
  const above = [directory];
  for (let next = dirname(directory); next !== above.at(-1); next = dirname(next)) above.push(next);
  return above;
}
