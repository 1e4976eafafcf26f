/**
 * Random trees and patterns: what the walk finds is what a matcher that knows nothing of walking
 * finds in a list of all files.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { dirname } from "@std/path";
import { compilePatterns } from "../../src/cache/glob.ts";
import { createTree } from "../../src/cache/tree.ts";
import { type Random, randomFrom } from "../rig/random.ts";

const NAMES = ["a", "b", "ab", ".c", "a.ts", "b.ts"];
const PARTS = [...NAMES, "*", "**", "*.ts", "?", "a*", "[ab]", "{a,b.ts}", "."];

/** One path, one pattern, by the shortest way there is. */
function naive(path: string, pattern: string): boolean {
  const options = /\{([^,}]*),([^,}]*)\}/.exec(pattern);
  if (options !== null) {
    return [options[1]!, options[2]!].some((each) =>
      naive(path, pattern.replace(options[0], each))
    );
  }
  const parts = pattern.split("/").filter((part) => part !== "" && part !== ".");
  const last = parts.at(-1) ?? "**";
  const slash = /\/(\.\/?)?$/.test(pattern) || /(^|\/)\.$/.test(pattern);
  const body = (parts.length === 0 ? ["**"] : parts).map((part, at, all) => {
    if (part === "**") return at + 1 === all.length ? "[^/]+(/[^/]+)*/" : "([^/]+/)*";
    return part.replaceAll(".", "\\.").replaceAll("*", "[^/]*").replaceAll("?", "[^/]") + "/";
  }).join("");
  const plain = !/[*?[]/.test(last);
  const tail = plain ? "([^/]+/)*" : slash && last !== "**" ? "([^/]+/)+" : "";
  return new RegExp(`^${body}${tail}$`).test(`${path}/`);
}

function randomPattern(random: Random): string {
  const parts = Array.from({ length: 1 + random.below(3) }, () => random.of(PARTS));
  return parts.join("/") + (random.chance(0.2) ? "/" : "");
}

Deno.test("40 random trees, 30 sets of patterns each: the walk and a naive matcher agree", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = randomFrom(seed);
    const root = await Deno.makeTempDir();
    try {
      const files = new Set<string>();
      for (let count = random.below(25); count > 0; count--) {
        const path = Array.from({ length: 1 + random.below(4) }, () => random.of(NAMES)).join("/");
        const clash = [...files].some((each) =>
          each.startsWith(`${path}/`) || path.startsWith(`${each}/`)
        );
        if (clash) continue;
        files.add(path);
        await Deno.mkdir(dirname(`${root}/${path}`), { recursive: true });
        await Deno.writeTextFile(`${root}/${path}`, "");
      }
      const all = [...files].sort((a, b) => a < b ? -1 : 1);
      const tree = createTree(root);
      for (let set = 0; set < 30; set++) {
        const list = Array.from(
          { length: 1 + random.below(3) },
          () => (random.chance(0.3) ? "!" : "") + randomPattern(random),
        );
        const wanted = all.filter((path) => {
          const deciding = list.findLast((each) => naive(path, each.replace(/^!/, "")));
          return deciding !== undefined && !deciding.startsWith("!");
        });
        const compiled = compilePatterns(list, { cwd: "" });
        assert(compiled.ok, list.join(" "));
        const { entries } = tree.select(compiled.set, { gitignore: true });
        const at = `seed ${seed}: ${list.join("  ")}`;
        assertEquals(entries.map((each) => each.path), wanted, at);
        assertEquals(all.filter(compiled.set.matches), wanted, at);
      }
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  }
});
