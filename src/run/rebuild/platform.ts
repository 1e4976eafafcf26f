/**
 * The platform as part of a key.
 *
 * @module
 */

import type { Host } from "../../host/host.ts";
import type { Platform } from "../../model/extension.ts";

/** @returns `linux-x64`, `linux-x64-musl`, `windows`, `any`, … */
export function platformOf(host: Host, platform: Platform = "os-arch"): string {
  switch (platform) {
    case "any":
      return "any";
    case "os":
      return host.os;
    case "os-arch":
      return `${host.os}-${host.arch}${host.os === "linux" && isMusl(host) ? "-musl" : ""}`;
  }
}

/** Of a host it stays what it is. */
const musl = new WeakMap<Host, boolean>();

function isMusl(host: Host): boolean {
  const known = musl.get(host) ?? looksMusl(host);
  musl.set(host, known);
  return known;
}

/** Where both are installed, programs as a rule use the other one. */
function looksMusl({ files }: Host): boolean {
  const has = (directory: string, start: string) =>
    files.list(directory).some((name) => name.startsWith(start));
  return has("/lib", "ld-musl-") && !has("/lib", "ld-linux") && !has("/lib64", "ld-linux");
}
