/**
 * Output compared with what it was when somebody looked at it and found it right.
 *
 * `NTASK_GOLDEN=update` writes the files of `tests/golden` anew. Otherwise a missing file fails.
 *
 * @module
 */

import { assertEquals, AssertionError } from "@std/assert";
import { dirname, join } from "@std/path";
import { VERSION } from "../../src/model/version.ts";
import { binary, ROOT } from "./binary.ts";
import type { Project } from "./project.ts";

/**
 * Text without what differs from run to run and from system to system: the project's folder is
 * `<root>`, the one around it `<temp>`, durations `<time>`, ntask's version `<version>`.
 */
export function normalise(text: string, project: Project): string {
  let result = text;
  for (const [path, name] of [[project.root, "<root>"], [project.base, "<temp>"]] as const) {
    const seen = binary.seen(path);
    for (const form of [JSON.stringify(seen).slice(1, -1), seen]) {
      result = result.replaceAll(form, name);
    }
  }
  if (binary.windows) {
    result = result
      .replace(/<(?:root|temp)>[^\s"]*/g, slashes)
      .replace(/^ +--> .*$/gm, slashes);
  }
  return result
    .replace(/\b(?:\d+ms|\d+\.\d+s|\d+m\d\ds)\b/g, "<time>")
    .replaceAll(VERSION, "<version>");
}

/**
 * Compare with `tests/golden/NAME.txt`.
 *
 * @throws {AssertionError} when it differs, or is not there
 */
export function assertGolden(name: string, text: string): void {
  const file = join(ROOT, "tests", "golden", `${name}.txt`);
  if (Deno.env.get("NTASK_GOLDEN") === "update") {
    Deno.mkdirSync(dirname(file), { recursive: true });
    Deno.writeTextFileSync(file, text);
    return;
  }
  let golden: string;
  try {
    golden = Deno.readTextFileSync(file);
  } catch {
    throw new AssertionError(`tests/golden/${name}.txt is missing; it would be:\n${text}`);
  }
  assertEquals(text, golden, `it is not what tests/golden/${name}.txt says`);
}

function slashes(path: string): string {
  return path.replace(/\\+/g, "/");
}
