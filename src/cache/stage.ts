/**
 * Where outputs are made ready before any of them is put in its place. What lies below a directory
 * that is not there lies below one here too: it is moved as a whole, which costs one name instead of
 * one per file, and is there all at once. Only a directory in the area of the patterns can be such a
 * one: nobody else may be making it meanwhile.
 *
 * @module
 */

import * as disk from "../host/disk.ts";
import type { Output } from "../model/output.ts";
import type { PatternSet } from "./glob.ts";
import { isWithin } from "./ledger.ts";
import { ancestors, parentOf } from "./manifest.ts";
import type { Survey } from "./survey.ts";

/** A directory that is made ready and moved as a whole. */
export interface StagedTree {
  /** Absolute. */
  readonly from: string;
  /** Relative to the root. */
  readonly to: string;
}

/** An output that is made ready elsewhere. */
export interface Staged {
  readonly output: Output;
  /** Where, absolute. */
  readonly at: string;
  readonly tree?: StagedTree;
}

/**
 * Choose where outputs are made ready, and make the directories and links of them.
 *
 * @param place a directory for it, absolute and empty
 */
export function stage(
  place: string,
  wanted: readonly Output[],
  set: PatternSet,
  { barrier }: Survey,
): readonly Staged[] {
  const trees = new Map<string, StagedTree>();
  const byParent = new Map<string, StagedTree | undefined>();
  const ready = wanted.map((output, index): Staged => {
    const parent = parentOf(output.path);
    if (parent === undefined) return { output, at: `${place}/${index}` };
    if (!byParent.has(parent)) byParent.set(parent, treeFor(parent, output.path));
    const tree = byParent.get(parent);
    return tree === undefined
      ? { output, at: `${place}/${index}` }
      : { output, at: tree.from + output.path.slice(tree.to.length), tree };
  });
  for (const directory of new Set(ready.flatMap(({ at, tree }) => tree ? [parentOf(at)!] : []))) {
    disk.makeDirectory(directory);
  }
  for (const { output, at, tree } of ready) {
    if (output.kind === "link") disk.makeLink(output.target, at);
    if (output.kind === "directory" && tree !== undefined) disk.makeDirectory(at);
  }
  return ready;

  function treeFor(parent: string, path: string): StagedTree | undefined {
    const missing = barrier(path);
    if (missing === undefined || missing.kind !== undefined) return undefined;
    const to = [...ancestors(parent), parent]
      .find((each) => each.length >= missing.path.length && isWithin(set, each));
    if (to === undefined) return undefined;
    const tree = trees.get(to) ?? { from: `${place}/tree-${trees.size}`, to };
    trees.set(to, tree);
    return tree;
  }
}
