/**
 * Outputs that were seen in place are believed to be only while nothing about them has changed.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { openFindings } from "../../../src/cache/findings.ts";
import { areSeen, keepSight } from "../../../src/cache/seen_outputs.ts";
import { openStatCacheAt } from "../../../src/cache/stat_cache.ts";
import type { Output } from "../../../src/model/output.ts";
import { digestOf } from "../../../src/host/hash.ts";
import { patterns, project } from "./_rig.ts";

const windows = Deno.build.os === "windows";

/** Old enough for everything to be remembered. */
const LATER = Date.now() + 60 * 60 * 1000;

const FILES = { ".ntask/": "", ".gitignore": "dist\n", "dist/a": "one", "dist/deep/b": "two" };

const OUTPUTS = [output("dist/a", "one"), output("dist/deep/b", "two")];

function output(path: string, text: string): Output {
  return { kind: "file", path, digest: digestOf(text), executable: false };
}

function place(root: string) {
  const statCache = openStatCacheAt(`${root}/.ntask/stat`, LATER);
  return { root, statCache, findings: openFindings(root, `${root}/.ntask/findings`, LATER) };
}

/** See some outputs in place, and look again in another process. */
async function seen(
  root: string,
  outputs: readonly Output[],
  change: () => unknown = () => {},
  { again = outputs, pattern = "dist" } = {},
): Promise<boolean> {
  const first = place(root);
  await keepSight(first, patterns(pattern), outputs);
  first.findings.save();
  await change();
  return await areSeen(place(root), patterns(pattern), again);
}

Deno.test("outputs that are as they were are seen, those of another result are not", async () => {
  await using made = await project(FILES);
  assert(await seen(made.root, OUTPUTS));
  const other = [OUTPUTS[0]!, output("dist/deep/b", "TWO")];
  assert(!await seen(made.root, OUTPUTS, () => {}, { again: other }));
  assert(!await seen(made.root, OUTPUTS, () => {}, { again: [OUTPUTS[0]!] }));
});

const EDITS: Readonly<Record<string, (root: string) => unknown>> = {
  "has another content": (root) => Deno.writeTextFile(`${root}/dist/a`, "other"),
  "is gone": (root) => Deno.remove(`${root}/dist/a`),
  "has another name": (root) => Deno.rename(`${root}/dist/a`, `${root}/dist/c`),
  "has another one beside it": (root) => Deno.writeTextFile(`${root}/dist/deep/c`, ""),
  "has an empty directory beside it": (root) => Deno.mkdir(`${root}/dist/deep/d`),
  "lies behind a link": async (root) => {
    await Deno.rename(`${root}/dist`, `${root}/moved`);
    if (!windows) await Deno.symlink("moved", `${root}/dist`);
  },
  "is executable": async (root) => {
    if (windows) await Deno.remove(`${root}/dist/a`);
    else await Deno.chmod(`${root}/dist/a`, 0o755);
  },
};

for (const [name, edit] of Object.entries(EDITS)) {
  Deno.test(`outputs are not seen when one ${name}`, async () => {
    await using made = await project(FILES);
    assert(!await seen(made.root, OUTPUTS, () => edit(made.root)));
  });
}

Deno.test("a directory that has become empty is an output more", async () => {
  await using made = await project(FILES);
  const { root } = made;
  const outputs = [OUTPUTS[0]!];
  assert(await seen(root, outputs, () => {}, { pattern: "dist/*" }));
  const change = () => Deno.remove(`${root}/dist/deep/b`);
  assert(!await seen(root, outputs, change, { pattern: "dist/*" }));
});

Deno.test("nothing is kept of outputs that are not in place, or have something beside them", async () => {
  for (
    const [path, text] of [["dist/a", "other"], ["dist/more", ""], ["dist/deep/none/", ""]] as const
  ) {
    await using made = await project({ ...FILES, [path]: text });
    assertEquals(await seen(made.root, OUTPUTS), false, path);
  }
});
