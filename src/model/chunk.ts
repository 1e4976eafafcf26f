/**
 * Bytes of output as JSON: text where they are UTF-8, else base64.
 *
 * @module
 */

import type { Chunk } from "./event.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** A piece of output may end inside a character; it is then kept as base64. */
export function toChunk(bytes: Uint8Array): Chunk {
  try {
    return { text: decoder.decode(bytes) };
  } catch {
    let binary = "";
    for (let at = 0; at < bytes.length; at += 0x8000) {
      binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    }
    return { base64: btoa(binary) };
  }
}

/** The bytes again, exactly. */
export function chunkBytes(chunk: Chunk): Uint8Array {
  if ("text" in chunk) return encoder.encode(chunk.text);
  const binary = atob(chunk.base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
