/**
 * How a name is written.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { resolveWords } from "../../../src/graph/resolve.ts";
import { sound } from "../../rig/planning.ts";

const TEXT = `[tasks]
a = "p a"
"test:unit" = "p u"
[tasks.build]
assets = "p assets"
"x:y" = "p xy"
[tasks.build.deep]
er = { cmd = "p er", aliases = ["short"] }
`;

Deno.test("a member is written with dots, colons or as a word of its own", async () => {
  const { workspace } = await sound(TEXT);
  for (
    const [line, id, used] of [
      ["a", "a", 1],
      ["a b", "a", 1],
      ["test:unit", "test:unit", 1],
      ["build", "build", 1],
      ["build.assets", "build.assets", 1],
      ["build:assets", "build.assets", 1],
      ["build assets", "build.assets", 2],
      ["build assets more", "build.assets", 2],
      ["build -x", "build", 1],
      ["build deep er", "build.deep.er", 3],
      ["build.deep er z", "build.deep.er", 2],
      ["build:deep:er", "build.deep.er", 1],
      ["build x:y", "build.x:y", 2],
      ["short", "build.deep.er", 1],
    ] as const
  ) {
    const found = resolveWords(workspace, line.split(" "));
    assertEquals(found, { ok: true, id: id as never, used }, line);
  }
});

Deno.test("what is unknown is named in full, with the nearest", async () => {
  const { workspace } = await sound(TEXT);
  for (
    const [line, name, near] of [
      ["biuld", "biuld", ["build"]],
      ["build asets", "build.asets", ["build.assets"]],
      ["build deep err", "build.deep.err", ["build.deep.er"]],
      ["zzzzzz", "zzzzzz", []],
    ] as const
  ) {
    const found = resolveWords(workspace, line.split(" "));
    assertEquals(found, { ok: false, name, near: [...near] }, line);
  }
});
