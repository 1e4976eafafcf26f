/**
 * Points a place at a part of the text that stands there.
 *
 * @module
 */

import type { Place } from "../../model/place.ts";

/**
 * @param place of the whole text, or of its key; when it already is a part, offsets count from
 * that part
 * @param offset in UTF-16 units of the text's value
 * @returns an object to spread into a problem: empty when there is no place to refine. A place in
 * a program's source stays as it is, because escapes make its offsets differ from the value's.
 */
export function narrow(
  place: Place | undefined,
  offset: number,
  length: number,
): { readonly place?: Place } {
  if (place === undefined) return {};
  if (!("path" in place)) return { place };
  const { file, path, within } = place;
  return { place: { file, path, within: [(within?.[0] ?? 0) + offset, length] } };
}
