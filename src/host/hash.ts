/**
 * SHA-256 of bytes at hand, as `sha256/size`. Loads nothing.
 *
 * @module
 */

import type { Digest } from "../model/digest.ts";
import { process } from "./process.ts";

/** The part of a hash that is used here. */
export interface Hash {
  update(data: Uint8Array): Hash;
  digest(encoding: "hex"): string;
}

/**
 * Bun's own hash: its `node:crypto` takes 5 ms to load, and its `CryptoHasher` is ten times as slow
 * the first time.
 */
export function createSha256(): Hash {
  const { Bun } = globalThis as { Bun?: BunRuntime };
  if (Bun !== undefined) return new Bun.SHA256();
  return (process.getBuiltinModule("node:crypto") as typeof import("node:crypto")).createHash(
    "sha256",
  );
}

/** The digest of bytes at hand. */
export function digestOf(bytes: Uint8Array | string): Digest {
  const data = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  const { Bun } = globalThis as { Bun?: BunRuntime };
  const hash = Bun === undefined
    ? createSha256().update(data).digest("hex")
    : Bun.SHA256.hash(data, "hex");
  return `${hash}/${data.length}` as Digest;
}
