/**
 * Reading for the tests of this folder: module texts in memory come in, what is read of them goes
 * out.
 *
 * @module
 */

import { join } from "@std/path/posix";
import type { AbsolutePath } from "../../../../src/model/id.ts";
import type { Outcome } from "../../../../src/model/problem.ts";
import { readModule } from "../../../../src/source/signature/read.ts";
import type { StaticExport, StaticModule } from "../../../../src/source/signature/static_module.ts";

export const FILE = "/project/tasks.ts" as AbsolutePath;

/** Read `text` as the file of tasks; `others` are modules beside it, by name. */
export function outcomeOf(
  text: string,
  others: Readonly<Record<string, string>> = {},
): Promise<Outcome<StaticModule>> {
  return readModule({
    file: FILE,
    text,
    readModuleText(from, specifier) {
      if (!specifier.startsWith(".")) return undefined;
      const file = join(from, "..", specifier) as AbsolutePath;
      const found = others[file.slice("/project/".length)];
      return found === undefined ? undefined : { file, text: found };
    },
  });
}

/** The same, for a text that can be read. */
export async function read(
  text: string,
  others?: Readonly<Record<string, string>>,
): Promise<StaticModule> {
  const outcome = await outcomeOf(text, others);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.value;
}

/** The exports by name: `api.lint`, `fit[0]`. */
export function byName(module: StaticModule): Record<string, StaticExport> {
  return Object.fromEntries(module.exports.map((entry) => [nameOf(entry), entry]));
}

export function nameOf({ path }: Pick<StaticExport, "path">): string {
  return path.map((part) => typeof part === "number" ? `[${part}]` : `.${part}`).join("").slice(1);
}
