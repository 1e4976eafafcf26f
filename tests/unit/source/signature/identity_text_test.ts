/**
 * The canonical text of this project's own sources, compared with what another tool makes of them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import * as module from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AbsolutePath } from "../../../../src/model/id.ts";
import { canonicalText } from "../../../../src/source/signature/_identity_text.ts";
import { loadParser } from "../../../../src/source/signature/_syntax.ts";

const SOURCES = fileURLToPath(new URL("../../../../src", import.meta.url));

Deno.test("a source whose types the runtime has blanked out has the same canonical text", async () => {
  const { stripTypeScriptTypes } = module as unknown as {
    stripTypeScriptTypes(text: string): string;
  };
  const parser = await loadParser();
  const files = (readdirSync(SOURCES, { recursive: true }) as string[])
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"));
  assert(files.length > 50);
  for (const name of files) {
    const text = readFileSync(join(SOURCES, name), "utf8");
    assertEquals(canonical(stripTypeScriptTypes(text)), canonical(text), name);
  }

  function canonical(text: string): string {
    const parsed = parser("/x.ts" as AbsolutePath, text);
    assert(parsed.ok);
    return canonicalText(parsed.value.program);
  }
});
