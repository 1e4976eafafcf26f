/**
 * Outputs that are in place as they were seen before, by the same proof as for inputs: what is
 * selected is what was selected, and every file looks as it did when it had the content that the
 * result says. Only where nothing but these outputs lies under the patterns: then nobody has to be
 * asked whose it is.
 *
 * @module
 */

import { hashOf } from "./key.ts";
import * as disk from "../host/disk.ts";
import type { Output } from "../model/output.ts";
import type { PlainFile } from "./inputs.ts";
import type { PatternSet } from "./glob.ts";
import type { Workshop } from "./outputs.ts";
import { createTree } from "./tree.ts";

type Place = Pick<Workshop, "root" | "statCache" | "findings">;

/** No ignore file hides an output. */
const HEEDS = { heeds: false };

/** Is it known without reading them that exactly these are there? */
export async function areSeen(
  { root, findings }: Place,
  set: PatternSet,
  outputs: readonly Output[],
): Promise<boolean> {
  const found = await findings.confirm(questionOf(set), createTree(root), HEEDS);
  return found !== undefined && found.answer === answerOf(outputs);
}

/** Outputs are in place: keep what they look like, so that it is known the next time. */
export async function keepSight(
  { root, statCache, findings }: Place,
  set: PatternSet,
  outputs: readonly Output[],
): Promise<void> {
  const tree = createTree(root);
  const selected = tree.selectOutputs(set);
  const { entries, unreadable, unnameable } = selected;
  if (outputs.length === 0 || entries.length !== outputs.length) return;
  if (unreadable.length + unnameable.length > 0) return;
  const digests = await statCache.digests(
    entries.map(({ path }) => ({ absolute: `${root}/${path}`, name: path })),
  );
  const files: PlainFile[] = [];
  for (const [index, output] of outputs.entries()) {
    const { path, kind } = entries[index]!;
    const found = digests[index]!;
    // Looked at once more: between two looks it may have become another one.
    if (output.kind !== "file" || kind !== "file" || path !== output.path || output.private) return;
    if ("fault" in found || !found.remembered || found.digest !== output.digest) return;
    if (disk.HAS_MODES && found.executable !== output.executable) return;
    files.push({ path, executable: found.executable, look: found.look });
  }
  findings.remember(questionOf(set), answerOf(outputs), { selected, files }, tree, HEEDS);
}

function questionOf({ normalised }: PatternSet): string {
  return JSON.stringify(["outputs", normalised]);
}

function answerOf(outputs: readonly Output[]): string {
  return hashOf([JSON.stringify(outputs)]);
}
