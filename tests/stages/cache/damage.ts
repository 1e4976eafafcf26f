/**
 * What people and broken disks do to outputs and to the store between two runs.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import type { Random } from "../../rig/random.ts";
import { find, remove } from "./disk.ts";
import { covers, declared, type Model, works } from "./model.ts";

/** @returns what was done, or nothing where there is nothing to damage */
export function damageOutputs(root: string, model: Model, random: Random): string | undefined {
  const candidates = works(model).filter(({ clean }) => clean).flatMap((task) =>
    declared(task).flatMap((write) => {
      const below = find(root, [dirname(write.at)]);
      return Object.keys(below).filter((path) =>
        covers(write, path) && model.sources[path] === undefined && below[path] !== "empty folder"
      );
    })
  );
  if (candidates.length === 0) return undefined;
  const path = random.of(candidates.toSorted());
  const file = join(root, path);
  const what = random.of(["removed", "changed", "made executable", "a link"] as const);
  switch (what) {
    case "removed":
      remove(file);
      break;
    case "changed":
      remove(file);
      Deno.writeTextFileSync(file, random.of(["", "something else\n"]));
      break;
    case "made executable":
      // It may have been made when it was no output: then it is nobody's, and is written through.
      if (path.startsWith("extra/") || !Deno.lstatSync(file).isFile) return undefined;
      Deno.chmodSync(file, 0o755);
      break;
    case "a link": {
      // As above.
      if (path.startsWith("extra/")) return undefined;
      remove(file);
      const up = "../".repeat(path.split("/").length - 1);
      Deno.symlinkSync(`${up}pool/p1.txt`, file);
    }
  }
  return `${path}: ${what}`;
}

/** @returns what was done, or nothing where there is no store */
export function damageStore(root: string, random: Random): string | undefined {
  const found = find(join(root, ".ntask"), [
    "cache/blobs",
    "cache/actions",
    "state/stat",
    "state/idle",
  ]);
  const files = Object.keys(found).filter((path) => found[path] !== "empty folder").toSorted();
  const path = files[random.below(Math.max(1, files.length))];
  if (path === undefined) return undefined;
  const file = join(root, ".ntask", path);
  const what = random.of(["removed", "cut", "emptied", "one byte changed"] as const);
  const bytes = Deno.readFileSync(file);
  if (what === "removed") remove(file);
  else {
    // What is shared with a clone of it must stay.
    Deno.chmodSync(file, 0o644);
    const half = Math.floor(bytes.length / 2);
    if (what === "one byte changed" && bytes.length > 0) bytes[half] = bytes[half]! ^ 1;
    const length = { cut: half, emptied: 0, "one byte changed": bytes.length }[what];
    Deno.writeFileSync(file, bytes.subarray(0, length));
  }
  return `${path}: ${what}`;
}
