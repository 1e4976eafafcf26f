/**
 * Parts -> key. The key is the SHA-256 of an encoding in which no value can imitate another part:
 * everything is counted and has its length before it.
 *
 * @module
 */

import { digestOf } from "../host/hash.ts";
import type { KeyPart } from "../model/output.ts";

/** Changes whenever the same parts could mean something else. */
const FORMAT = "ntask key 1";

/** A part, with its true value. */
export interface TruePart extends KeyPart {
  /** The value must not be read by people. */
  readonly secret?: boolean;
}

/**
 * The key of some parts. Their order counts.
 *
 * @returns 64 hexadecimal digits
 * @example keyOf([{ name: "action", value: "cmd make" }]).length // 64
 */
export function keyOf(parts: readonly KeyPart[]): string {
  return hashOf(parts.flatMap(({ name, value }) => [name, value]));
}

/**
 * A digest of a list of texts, the same for the same list only.
 *
 * @returns 64 hexadecimal digits
 */
export function hashOf(texts: readonly string[]): string {
  let encoded = `${FORMAT} ${texts.length}\n`;
  // The length is that of the text: a lone surrogate must not pass for another one, so texts that
  // have any are escaped first, and say so.
  for (const text of texts) {
    if (text.isWellFormed()) encoded += `${text.length}:${text}\n`;
    else encoded += `escaped ${JSON.stringify(text)}\n`;
  }
  return digestOf(encoded).slice(0, 64);
}

/** A value as part of a key: unset is not empty. */
export function valueText(value: string | undefined): string {
  return value === undefined ? "unset" : JSON.stringify(value);
}
