/**
 * A problem about an option of `tasks.ts` points at it, where it is written out.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { AbsolutePath } from "../../../../src/model/id.ts";
import { optionSpans } from "../../../../src/source/signature/option_spans.ts";

const FILE = "/p/tasks.ts" as AbsolutePath;

/** What is pointed at by a way from the options of what is called `name`. */
async function pointed(
  text: string,
  name: string,
  option: readonly (string | number)[],
  key?: true,
): Promise<string | undefined> {
  const spans = await optionSpans(FILE, text);
  const found = spans?.({ offset: text.indexOf(name), option, ...(key && { key }) });
  return found && text.slice(found.start, found.end);
}

const CASES: Readonly<
  Record<string, readonly [text: string, option: (string | number)[], found: string | undefined]>
> = {
  "a value": ["const t = task({ retries: -1 }, 'x');", ["retries"], "-1"],
  "what is exported": ["export const t = task({ retries: -1 });", ["retries"], "-1"],
  "a name that TOML spells otherwise": [
    "const t = task({ cacheEnv: 1 });",
    ["cache_env"],
    "1",
  ],
  "help by its other name": ["const t = task({ description: 1 });", ["help"], "1"],
  "a name in quotes": ["const t = task({ 'retries': 2 });", ["retries"], "2"],
  "an element": ["const t = task({ pre: ['a', 'b'] });", ["pre", 1], "'b'"],
  "a variable": ["const t = task({ env: { A_B: 1 } });", ["env", "A_B"], "1"],
  "what stands there, where the rest is not": [
    "const t = task({ env: { A: 1 } });",
    ["env", "B"],
    "{ A: 1 }",
  ],
  "the last of a name": ["const t = task({ retries: 1, retries: 2 });", ["retries"], "2"],
  "a constant": ["const o = { retries: 3 };\nconst t = task(o);", ["retries"], "3"],
  "a constant's value": ["const n = 4;\nconst t = task({ env: n });", ["env"], "n"],
  "what is spread": ["const o = { retries: 3 };\nconst t = task({ ...o });", ["retries"], "3"],
  "what covers what is spread": [
    "const o = { retries: 3 };\nconst t = task({ ...o, retries: 5 });",
    ["retries"],
    "5",
  ],
  "what covers, being spread": [
    "const o = { retries: 3 };\nconst t = task({ retries: 5, ...o });",
    ["retries"],
    "3",
  ],
  "wrappers of types": [
    "const t = (task({ retries: 1 as number } satisfies X));",
    ["retries"],
    "1 as number",
  ],
  "options of a group, not a member of that name": [
    "const t = group({ retries: task('x') }, { retries: 6 });",
    ["retries"],
    "6",
  ],
  "nothing that is not written": ["const t = task({ retries: 1 });", ["timeout"], undefined],
  "nothing of another module": [
    "import { o } from './o.ts';\nconst t = task(o);",
    ["retries"],
    undefined,
  ],
  "nothing where no task is made": ["const t = 1;", ["retries"], undefined],
  "nothing of names that lead in a circle": [
    "const a = b, b = a;\nconst t = task(a);",
    ["retries"],
    undefined,
  ],
  "nothing of objects that are spread in a circle": [
    "const a = { ...b }, b = { ...a };\nconst t = task(a);",
    ["retries"],
    undefined,
  ],
  "nothing of what is spread into a call": [
    "const t = task(...[{ retries: 1 }]);",
    ["x"],
    undefined,
  ],
  "nothing in a text that cannot be parsed": [
    "const t = task({ retries: 1 }",
    ["retries"],
    undefined,
  ],
};

for (const [what, [text, option, found]] of Object.entries(CASES)) {
  Deno.test(`an option is found: ${what}`, async () => {
    assertEquals(await pointed(text, "t =", option), found);
  });
}

Deno.test("an option is found by its name, where that is what is meant", async () => {
  const text = "const t = task({ ...x, inputz: ['a'], deps() {} });";
  assertEquals(await pointed(text, "t =", ["inputz"], true), "inputz");
  assertEquals(await pointed(text, "t =", ["deps"], true), "deps");
});

Deno.test("an option is found in a member of a group, and in the default export", async () => {
  const text = "export const g = group({ a: group({ b: task({ retries: 7 }) }) });\n" +
    "export default config({ jobs: 'x' });\n";
  assertEquals(await pointed(text, "b:", ["retries"]), "7");
  assertEquals(await pointed(text, "config(", ["jobs"]), "'x'");
});
