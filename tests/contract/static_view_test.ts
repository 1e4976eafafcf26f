/**
 * What listing, help and completion read from the text of a `tasks.ts` is a part of what running it
 * finds: every task seen is there, with the same parameters, help and kind. What may be missing is
 * only what a program computes.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { realHost } from "../../src/host/real.ts";
import type { Task } from "../../src/model/task.ts";
import { load } from "../../src/pipeline.ts";

/** Texts of task files; with `computed`, the tasks that only running finds. */
const TEXTS: readonly {
  readonly text: string;
  readonly more?: Readonly<Record<string, string>>;
  readonly computed?: readonly string[];
}[] = [
  { text: 'export const a = task("p a");' },
  { text: 'export const a = task({ help: "H" }, "p a"), b = task({ deps: [a] });' },
  {
    text: "/** Doc.\n * @param n how many */\nexport const a = task((n: number, m = 2) => n + m);",
  },
  { text: "export const a = task(async function named(x: string, ...rest: string[]) {});" },
  { text: "export const a = task(({ x = 1, y }: { x?: number; y: string }) => x + y);" },
  { text: 'type Mode = "dev" | "prod";\nexport const a = task((mode: Mode = "dev") => mode);' },
  { text: "const body = (n: number) => n;\nexport const a = task(body);" },
  { text: "function body(n: number) { return n; }\nexport const a = task({ tags: [] }, body);" },
  { text: 'const inner = task("p");\nexport { inner as outer };' },
  { text: 'const inner = task("p");\nexport { inner as "kebab-name" };' },
  { text: 'export const g = group({ a: task("p a"), b: group({ c: task("p c") }) });' },
  {
    text: 'const a = task("p a");\nexport const g = group({ a, "b-c": task("p") });',
  },
  { text: 'export const r = { x: task("p x"), y: [task("p 0"), task((n: number) => n)] };' },
  {
    text: 'export * as web from "./web.ts";\nexport * from "./more.ts";',
    more: {
      "web.ts": 'import { task } from "ntask";\nexport const z = task((n: number) => n);\n',
      "more.ts": 'import { task } from "ntask";\n/** More. */\nexport const more = task("p");\n',
    },
  },
  {
    text: 'import { body } from "./body.ts";\nexport const a = task(body);',
    more: { "body.ts": "export function body(name: string, loud = false) { return name; }\n" },
  },
  {
    text: 'export const made = Object.fromEntries(["x", "y"].map((n) => [n, task("p " + n)]));',
    computed: ["made.x", "made.y"],
  },
  {
    text:
      'const make = (n: string) => task("p " + n);\nexport const one = make("1");\nexport const two = task("p 2");',
    computed: ["one"],
  },
  { text: 'export const typeCheck = task({ aliases: ["tc"], hidden: true }, "tsc");' },
  { text: 'export const _h = task("p");\nexport const v = task("p");' },
  {
    text:
      'export const a = task({ deps: { b: task("p b") } }, (deps: { b: unknown }, n: number) => n);',
  },
  { text: "enum E { A }\nexport const a = task((e = true) => e);".replace("enum E { A }\n", "") },
  { text: "let x = 1;\nx++;\nexport const a = task((n = x) => n);", computed: [] },
  { text: "export const a = task(<T extends string>(v: T) => v);" },
  { text: 'export const a = task((v?: string, list: string[] = ["x"]) => [v, list]);' },
  { text: "export const a = task((b: bigint, d: boolean | undefined) => [b, d]);" },
  {
    text:
      '/**\n * Summary.\n *\n * More text.\n * @deprecated use b\n * @example ntask a\n */\nexport const a = task("p");',
  },
  { text: 'export const a = task("p a"); // end\n/* c */ export const b = task(`p b`);' },
  { text: 'const opts = { help: "H" } as const;\nexport const a = task(opts, "p");' },
  { text: 'const { x } = { x: task("p") };\nexport const a = x;', computed: ["a"] },
];

async function tasksOf(directory: string, evaluate: boolean) {
  const loaded = await load(await realHost(), { directory }, evaluate);
  if ("problem" in loaded) throw new Error(JSON.stringify(loaded.problem));
  const errors = loaded.problems.filter(({ code }) => !code.startsWith("W_"));
  return { tasks: loaded.workspace.tasks, errors };
}

/** What a list, a help page or a completion shows. */
function shown({ kind, signature, doc, hidden, aliases, isDefault }: Task) {
  const params = signature?.params.map(({ place: _, ...param }) => param);
  return { kind, params, doc, hidden, aliases, isDefault };
}

for (const [index, { text, more = {}, computed = [] }] of TEXTS.entries()) {
  Deno.test(`the static view is a part of what evaluation finds: ${index}: ${text.split("\n").join(" ").slice(0, 60)}`, async () => {
    const directory = Deno.makeTempDirSync({ prefix: "ntask-view-" });
    try {
      const header = 'import { group, task } from "ntask";\n';
      Deno.writeTextFileSync(join(directory, "tasks.ts"), `${header}${text}\n`);
      for (const [name, content] of Object.entries(more)) {
        Deno.writeTextFileSync(join(directory, name), content);
      }
      const seen = await tasksOf(directory, false);
      const found = await tasksOf(directory, true);
      for (const [id, task] of seen.tasks) {
        const other = found.tasks.get(id);
        assert(other !== undefined, `${id} is seen, but not there`);
        assertEquals(shown(task), shown(other), id);
      }
      const missing = [...found.tasks.keys()].filter((id) => !seen.tasks.has(id));
      const exported = missing.filter((id) => !found.tasks.get(id)!.hidden);
      assertEquals(exported as string[], [...computed], "what only running finds");
      // What the text shows to be wrong, running shows too.
      for (const { code } of seen.errors) {
        assert(found.errors.some((error) => error.code === code) || code === "E_NO_TASKS", code);
      }
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
  });
}
