/**
 * Two lists of parts -> what differs, the most telling first. Pure.
 *
 * @module
 */

import type { Change } from "../model/change.ts";
import type { KeyPart } from "../model/output.ts";

/** Where the reason is looked for first. */
const RANK = [
  "action",
  "code",
  "program",
  "argument",
  "arguments",
  "set",
  "env",
  "input",
  "dep",
  "pre",
  "tool",
];

const DERIVED: ReadonlySet<string> = new Set(["set in order", "outputs required"]);

/**
 * What differs between the parts of an earlier key and those of a new one.
 *
 * @returns at least one change when the lists differ
 */
export function changesBetween(
  before: readonly KeyPart[],
  after: readonly KeyPart[],
): readonly Change[] {
  const old = byName(before);
  const now = byName(after);
  const changes: (Change & { readonly kind: "part" })[] = [];
  for (const [name, part] of now) {
    const was = old.get(name);
    if (was === undefined) {
      changes.push({ kind: "part", part: name, how: "added", ...shown("after", part.value) });
    } else if (was.value !== part.value) {
      changes.push({
        kind: "part",
        part: name,
        how: "changed",
        ...shown("before", was.value),
        ...shown("after", part.value),
      });
    }
  }
  for (const [name, part] of old) {
    if (now.has(name)) continue;
    changes.push({ kind: "part", part: name, how: "removed", ...shown("before", part.value) });
  }
  changes.sort((a, b) => rankOf(a.part) - rankOf(b.part));
  // What only follows from another part is said when there is nothing else to say.
  const all = changes.some(({ part }) => part === "arguments");
  const telling = changes.filter(({ part }) =>
    !DERIVED.has(part) && !(all && part === "arguments passed on")
  );
  return telling.length > 0 ? telling : changes;
}

/** How many parts differ. */
export function distance(a: readonly KeyPart[], b: readonly KeyPart[]): number {
  return changesBetween(a, b).length;
}

function shown(key: "before" | "after", value: string): { readonly [key: string]: string } {
  return value.startsWith("hmac:") ? {} : { [key]: value };
}

/** Parts of one name are counted through. */
function byName(parts: readonly KeyPart[]): ReadonlyMap<string, KeyPart> {
  const found = new Map<string, KeyPart>();
  for (const part of parts) {
    let name = part.name;
    for (let index = 2; found.has(name); index++) name = `${part.name} #${index}`;
    found.set(name, part);
  }
  return found;
}

function rankOf(name: string): number {
  const index = RANK.indexOf(name.split(" ")[0]!);
  return index === -1 ? RANK.length : index;
}
