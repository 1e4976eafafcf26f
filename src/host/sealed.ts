/**
 * Files that are as good as none when a bit of them is not what was written: a line that says what
 * they are, a digest, and what it is of.
 *
 * @module
 */

import { digestOf } from "./hash.ts";

const HASH = 64;
/** What follows it is aligned for numbers. */
const HEADER = 96;

/** @param magic says what it is, in ASCII; changes with the format */
export function seal(magic: string, body: Uint8Array): Uint8Array {
  const whole = new Uint8Array(HEADER + body.length);
  new TextEncoder().encodeInto(magic + digestOf(body).slice(0, HASH), whole);
  whole.set(body, HEADER);
  return whole;
}

/** @returns what was sealed, at an address where numbers can be read; or nothing */
export function unseal(magic: string, whole: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const head = new TextDecoder().decode(whole.subarray(0, magic.length + HASH));
  // A copy, aligned for the numbers; a Buffer's own `slice` is none.
  const body = new Uint8Array(whole.subarray(HEADER));
  return head === magic + digestOf(body).slice(0, HASH) ? body : undefined;
}
