/**
 * What the operating system tells of itself -> the markers of conditions that need no Python, with
 * the values Python gives them (toml-spec §15.4). Pure.
 *
 * @module
 */

import type { Os } from "../../host/host.ts";

/** The markers that can be told without Python. */
export const SYSTEM_MARKERS = [
  "os_name",
  "sys_platform",
  "platform_system",
  "platform_machine",
  "platform_release",
  "platform_version",
] as const;

export type SystemMarker = typeof SYSTEM_MARKERS[number];

/** What an operating system tells of itself, in the words of Node's `os` module. */
export interface SystemFacts {
  readonly os: Os;
  /** `os.type()`: `Linux`, `Darwin`, `Windows_NT`, `FreeBSD` … */
  readonly type: string;
  /** `os.machine()`; empty where it is not known. */
  readonly machine: string;
  /** `os.release()`: `10.0.22631` on Windows. */
  readonly release: string;
  /** `os.version()`: `Windows 11 Pro` on Windows. */
  readonly version: string;
  /** `process.arch`: `x64`, `arm64` … */
  readonly arch: string;
}

/**
 * The markers of the operating system, as Python gives them (toml-spec §15.4).
 *
 * @example systemMarkers({ os: "windows", type: "Windows_NT", machine: "x86_64",
 *   release: "10.0.22631", version: "Windows 11 Pro", arch: "x64" }).platform_release // "11"
 */
export function systemMarkers(facts: SystemFacts): Readonly<Record<SystemMarker, string>> {
  if (facts.os === "windows") {
    return {
      os_name: "nt",
      sys_platform: "win32",
      platform_system: "Windows",
      platform_machine: WINDOWS_MACHINE[facts.machine || facts.arch] ?? facts.machine,
      platform_release: windowsRelease(facts),
      platform_version: facts.release,
    };
  }
  return {
    os_name: "posix",
    sys_platform: unixPlatform(facts),
    platform_system: facts.type,
    platform_machine: facts.machine || unixMachine(facts),
    platform_release: facts.release,
    platform_version: facts.version,
  };
}

/** By Node's machine, or by its architecture where that is not known. */
const WINDOWS_MACHINE: Readonly<Record<string, string>> = {
  x86_64: "AMD64",
  x64: "AMD64",
  arm64: "ARM64",
  aarch64: "ARM64",
  i686: "x86",
  i386: "x86",
  ia32: "x86",
};

/** The first build of each release, newest first. */
const WINDOWS_CLIENTS = [[22000, "11"], [0, "10"]] as const;
const WINDOWS_SERVERS = [
  [26100, "2025Server"],
  [20348, "2022Server"],
  [17763, "2019Server"],
  [0, "2016Server"],
] as const;

function windowsRelease({ release, version }: SystemFacts): string {
  const build = /^10\.0\.(\d+)/.exec(release)?.[1];
  if (build === undefined) return release;
  const releases = /\bserver\b/i.test(version) ? WINDOWS_SERVERS : WINDOWS_CLIENTS;
  return releases.find(([first]) => Number(build) >= first)![1];
}

function unixMachine({ os, arch }: SystemFacts): string {
  if (arch === "x64") return "x86_64";
  return arch === "arm64" && os !== "darwin" ? "aarch64" : arch;
}

/** Python adds the major release to the name, but not on Linux, macOS, AIX and Cygwin. */
function unixPlatform({ type, release }: SystemFacts): string {
  const name = type.toLowerCase();
  if (["linux", "darwin", "aix"].includes(name)) return name;
  if (name.startsWith("cygwin")) return "cygwin";
  return name + (/^\d+/.exec(release)?.[0] ?? "");
}
