/**
 * Values that must not be read, as something that only says whether they are the same: HMAC-SHA-256
 * under a random key that never leaves the machine.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import type { KeyPart } from "../model/output.ts";
import type { TruePart } from "./key.ts";

/**
 * Parts as they may be stored.
 *
 * @param file the key's, absolute; readable by its owner only
 * @param make make it if need be
 * @throws {disk.DiskError} when the key cannot be read or made
 */
export async function storedParts(
  parts: readonly TruePart[],
  file: string,
  make = true,
): Promise<readonly KeyPart[]> {
  if (!parts.some(({ secret }) => secret === true)) {
    return parts.map(({ name, value, from }) => ({ name, value, ...(from && { from }) }));
  }
  if (!make && disk.stat(file) === undefined) {
    return parts.map(({ name, value, secret }) => ({ name, value: secret ? "hmac:" : value }));
  }
  const key = await crypto.subtle.importKey(
    "raw",
    readKey(file),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  return await Promise.all(parts.map(async ({ name, value, secret, from }) => {
    if (!secret) return { name, value, ...(from && { from }) };
    const bytes = new TextEncoder().encode(JSON.stringify([name, value]));
    const sum = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes));
    return { name, value: `hmac:${hexOf(sum)}` };
  }));
}

function readKey(file: string): Uint8Array<ArrayBuffer> {
  for (;;) {
    if (disk.stat(file) === undefined) {
      const fresh = crypto.getRandomValues(new Uint8Array(32));
      // Who comes second takes the first one's.
      disk.createExclusive(file, hexOf(fresh), 0o600);
    }
    const text = new TextDecoder().decode(disk.read(file));
    if (/^[0-9a-f]{64}$/.test(text)) {
      return Uint8Array.from(text.match(/../g)!, (byte) => parseInt(byte, 16));
    }
    disk.removeFile(file);
  }
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
