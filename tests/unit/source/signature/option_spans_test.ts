/**
 * A problem about an option of `tasks.ts` points at it, where it is written out.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { AbsolutePath } from "../../../../src/model/id.ts";
import { optionSpans } from "../../../../src/source/signature/option_spans.ts";

const IMPORT = 'import { config, group, task } from "ntask";\n';

const FILE = "/p/tasks.ts" as AbsolutePath;

/** What is pointed at by a way from the options of what is called `name`. */
async function pointed(
  text: string,
  name: string,
  option: readonly (string | number)[],
  { argument = 0, key }: { readonly argument?: 0 | 1; readonly key?: true } = {},
): Promise<string | undefined> {
  const whole = text.includes('"ntask"') ? text : IMPORT + text;
  const spans = await optionSpans(FILE, whole);
  const found = spans?.({ offset: whole.indexOf(name), argument, option, ...(key && { key }) });
  return found && whole.slice(found.start, found.end);
}

const CASES: Readonly<
  Record<string, readonly [text: string, option: (string | number)[], found: string | undefined]>
> = {
  "a value": ["const t = task({ retries: -1 }, 'x');", ["retries"], "-1"],
  "what is exported": ["export const t = task({ retries: -1 });", ["retries"], "-1"],
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
  "an element before what is spread": [
    "const t = task({ pre: ['a', ...b] });",
    ["pre", 0],
    "'a'",
  ],
  "all elements, where they cannot be counted": [
    "const t = task({ pre: [...b, 'a'] });",
    ["pre", 1],
    "[...b, 'a']",
  ],
  "all variables, where one cannot be told": [
    "const t = task({ env: { A: 1, ...b } });",
    ["env", "A"],
    "{ A: 1, ...b }",
  ],
  "a variable by its own name": [
    "const t = task({ env: { fooBar: 1, foo_bar: 2, description: 3, help: 4 } });",
    ["env", "fooBar"],
    "1",
  ],
  "nothing that something unknown may have replaced": [
    "const t = task({ retries: 1, ...(c ? { retries: 2 } : {}) });",
    ["retries"],
    undefined,
  ],
  "nothing that a computed name may have replaced": [
    "const t = task({ retries: 1, [k]: 2 });",
    ["retries"],
    undefined,
  ],
  "what stands behind something unknown": [
    "const t = task({ ...f(), retries: 1 });",
    ["retries"],
    "1",
  ],
  "nothing of a variable that may be another": [
    "let t = task({ retries: 1 });",
    ["retries"],
    undefined,
  ],
  "nothing of a function that is not ntask's": [
    "const t = mine({ retries: 1 });",
    ["retries"],
    undefined,
  ],
  "by another name of ntask's function": [
    'import { task as x } from "ntask";\nconst t = x({ retries: 1 });',
    ["retries"],
    "1",
  ],
  "by ntask as a namespace": [
    'import * as n from "ntask";\nconst t = n.task({ retries: 1 });',
    ["retries"],
    "1",
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
  assertEquals(await pointed(text, "t =", ["inputz"], { key: true }), "inputz");
  assertEquals(await pointed(text, "t =", ["deps"], { key: true }), "deps");
});

Deno.test("an option is found in a member of a group, and in the default export", async () => {
  const text = "export const g = group({ a: group({ b: task({ retries: 7 }) }) });\n" +
    "export default config({ jobs: 'x' });\n";
  assertEquals(await pointed(text, "b:", ["retries"]), "7");
  assertEquals(await pointed(text, "config(", ["jobs"]), "'x'");
});

Deno.test("options of a group are its second argument, whatever its members are called", async () => {
  const text = "const t = group({ env: task('x') }, { env: 6 });";
  assertEquals(await pointed(text, "t =", ["env"], { argument: 1 }), "6");
  const other = "const t = group({ env: task('x') }, f());";
  assertEquals(await pointed(other, "t =", ["env"], { argument: 1 }), undefined);
  const none = "const t = group({ env: task('x') });";
  assertEquals(await pointed(none, "t =", ["env"], { argument: 1 }), undefined);
});

Deno.test("nothing is found of a member that something unknown may have replaced", async () => {
  const text = "export const r = { a: task({ retries: 1 }), ...f(), b: task({ retries: 2 }) };";
  assertEquals(await pointed(text, "a: task", ["retries"]), undefined);
  assertEquals(await pointed(text, "b: task", ["retries"]), "2");
});

Deno.test("objects that are spread many times in each other end", async () => {
  const lines = Array.from(
    { length: 30 },
    (_, index) => `const o${index + 1} = { ${`...o${index}, `.repeat(3)} };`,
  );
  const text = `const o0 = {};\n${lines.join("\n")}\nconst t = task(o30);`;
  assertEquals(await pointed(text, "t =", ["retries"]), undefined);
});
