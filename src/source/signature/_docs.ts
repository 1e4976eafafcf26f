/**
 * The doc comment about a piece of syntax: the module and an offset come in, the comment that ends
 * right before it goes out, taken apart.
 *
 * @module
 */

import { type DocParts, parseDoc } from "./doc.ts";
import type { Module } from "./_module.ts";

/** What may stand between a doc comment and what it describes: other comments. */
const BETWEEN = /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*$/;

/** The doc comment right before `start`, unless it describes the file. */
export function docBefore(module: Module, start: number): DocParts | undefined {
  const { docs } = module.syntax;
  // The last comment that ends at or before `start`.
  let low = 0;
  let high = docs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (docs[middle]!.end <= start) low = middle + 1;
    else high = middle;
  }
  const comment = docs[low - 1];
  if (comment === undefined || !BETWEEN.test(module.text.slice(comment.end, start))) {
    return undefined;
  }
  const parts = parseDoc(comment.value);
  return parts.ofModule ? undefined : parts;
}
