/**
 * What looking at the file system says where there is nothing to see.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import * as disk from "../../../src/host/disk.ts";

Deno.test("a directory that cannot be listed is no empty one", async () => {
  const root = await Deno.makeTempDir();
  try {
    Deno.mkdirSync(join(root, "empty"));
    Deno.writeTextFileSync(join(root, "file"), "");
    assertEquals(disk.list(join(root, "empty")), []);
    assertEquals(disk.list(join(root, "file")), undefined);
    assertEquals(disk.list(join(root, "missing")), undefined);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
