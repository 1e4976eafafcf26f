/**
 * The systems a release is built for: what we call one, what Bun and Deno call it, and the npm
 * package that holds Bun for it.
 *
 * @module
 */

import { Fault } from "./command.ts";
import { isFile } from "./files.ts";

export interface Target {
  readonly name: string;
  /** The `target` of `Bun.build`. */
  readonly bun: string;
  /** The npm package, in the scope `@oven`. */
  readonly pack: string;
  /** The `--target` of `deno compile`; absent where Deno has none. */
  readonly deno?: string;
  /** The suffix of executables there. */
  readonly suffix: "" | ".exe";
  /** How an executable file begins there. */
  readonly format: "elf" | "mach-o" | "pe";
}

export const TARGETS: readonly Target[] = [
  {
    name: "linux-x64",
    bun: "bun-linux-x64",
    pack: "bun-linux-x64",
    deno: "x86_64-unknown-linux-gnu",
    suffix: "",
    format: "elf",
  },
  {
    name: "linux-arm64",
    bun: "bun-linux-arm64",
    pack: "bun-linux-aarch64",
    deno: "aarch64-unknown-linux-gnu",
    suffix: "",
    format: "elf",
  },
  {
    name: "linux-x64-musl",
    bun: "bun-linux-x64-musl",
    pack: "bun-linux-x64-musl",
    suffix: "",
    format: "elf",
  },
  {
    name: "darwin-x64",
    bun: "bun-darwin-x64",
    pack: "bun-darwin-x64",
    deno: "x86_64-apple-darwin",
    suffix: "",
    format: "mach-o",
  },
  {
    name: "darwin-arm64",
    bun: "bun-darwin-arm64",
    pack: "bun-darwin-aarch64",
    deno: "aarch64-apple-darwin",
    suffix: "",
    format: "mach-o",
  },
  {
    name: "windows-x64",
    bun: "bun-windows-x64",
    pack: "bun-windows-x64",
    deno: "x86_64-pc-windows-msvc",
    suffix: ".exe",
    format: "pe",
  },
  {
    name: "windows-arm64",
    bun: "bun-windows-arm64",
    pack: "bun-windows-aarch64",
    suffix: ".exe",
    format: "pe",
  },
];

/** @throws {Fault} when there is no target of that name */
export function targetNamed(name: string): Target {
  const found = TARGETS.find((target) => target.name === name);
  if (found === undefined) {
    throw new Fault(`no target “${name}”: one of ${TARGETS.map((each) => each.name).join(", ")}`);
  }
  return found;
}

/**
 * The target of this machine. Deno says nothing about the C library, so a musl system is told by
 * its loader.
 *
 * @throws {Fault} when nothing is built for it
 */
export function hostTarget(): Target {
  const os = Deno.build.os;
  const arch = Deno.build.arch === "aarch64" ? "arm64" : "x64";
  const musl = os === "linux" && isFile("/lib/ld-musl-x86_64.so.1") && !isFile(GLIBC);
  const name = `${os}-${arch}${musl ? "-musl" : ""}`;
  const found = TARGETS.find((target) => target.name === name);
  if (found === undefined) throw new Fault(`nothing is built for this machine (${name})`);
  return found;
}

const GLIBC = "/lib64/ld-linux-x86-64.so.2";

/** What kind of executable begins with these bytes. */
export function formatOf(head: Uint8Array): Target["format"] | undefined {
  const [a, b, c, d] = head;
  if (a === 0x7f && b === 0x45 && c === 0x4c && d === 0x46) return "elf";
  if (a === 0xcf && b === 0xfa && c === 0xed && d === 0xfe) return "mach-o";
  if (a === 0x4d && b === 0x5a) return "pe";
  return undefined;
}
