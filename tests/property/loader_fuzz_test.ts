/**
 * Whatever a task file holds, loading it ends in tasks or in problems, each with a place inside the
 * file: never in an exception, never in nothing.
 *
 * @module
 */

import { assert } from "@std/assert";
import { graphOf, load } from "../../src/pipeline.ts";
import { createLocator } from "../../src/source/locate.ts";
import { fakeHost } from "../rig/fake_host.ts";
import { type Random, randomFrom } from "../rig/random.ts";

const TOML = `[ntask]
jobs = 2

[tasks]
env = { A = "1", B = { default = "x" } }
lint = "eslint {args:.} \${FLAGS:-}"
test = { cmd = ["vitest", "run", "{args}"], deps = ["lint"], condition = "os_name == 'posix'" }
build.shell = '''
set -e
tsc && cp -r "a b" dist/$X {args.out}
'''
build.pre = [{ use = "lint --fix", env = { C = "\${A}" } }, "test"]
all = { tasks = ["lint", { shell = "echo hi" }], parallel = true, envfile = ".env" }
py.call = "pkg.mod:run(1, x='a')"

[tasks.g]
help = "a group"
cwd = "sub"
one = { cmd = "p", args = [{ name = "n", type = "integer" }], timeout = "5s" }
two.deps = "g one"
`;

const TS = `import { group, shell, task } from "ntask";
import * as other from "./other.ts";

type Mode = "dev" | "prod";

/** Doc. @param n how many */
export const lint = task({ inputs: ["src/**/*.ts"], timeout: "5s" }, "eslint .");
export const test = task({ deps: [lint, "api.x"] }, async (n: number, mode: Mode = "dev", ...rest: string[]) => {
  await shell\`vitest \${n} \${rest}\`;
});
export const api = group({ x: task("p x"), y: task(({ a = 1 }: { a?: number }) => a) }, { cwd: "api" });
export { other };
export default task(() => {});
`;

/** Pieces that change the meaning of what they stand in. */
const PIECES = [
  ...[
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "'''",
    '"""',
    "=",
    ".",
    ",",
    "\n",
    "\\",
    "#",
    "\0",
    "\u{1f600}",
  ],
  ...["tasks", "[tasks.lint]", "cmd", "true", "5", "[]", "{}", "${", "{args", "{task.cwd}", "nan"],
  ...[
    "(",
    ")",
    "=>",
    "`",
    "/*",
    "*/",
    "//",
    "export ",
    "const ",
    ": ",
    "...",
    "?",
    "task(",
    "\ufeff",
  ],
];

function mutated(text: string, random: Random): string {
  let result = text;
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = random.below(result.length + 1);
    const [before, after] = [result.slice(0, at), result.slice(at)];
    switch (random.below(4)) {
      case 0:
        result = before + random.of(PIECES) + after;
        break;
      case 1:
        result = before + after.slice(1 + random.below(12));
        break;
      case 2: {
        const from = random.below(text.length);
        result = before + text.slice(from, from + random.below(40)) + after;
        break;
      }
      default:
        result = before + String.fromCharCode(random.below(300)) + after.slice(1);
    }
  }
  return result;
}

async function check(name: string, text: string, what: string): Promise<void> {
  const host = fakeHost({ files: { [name]: text, "other.ts": "export const z = 1;\n" } });
  try {
    const loaded = await load(host, {}, false);
    if ("problem" in loaded) return;
    const { workspace } = loaded;
    const problems = [...loaded.problems, ...graphOf(workspace, {}).problems];
    // A tasks.ts may take its tasks from what is known only when it runs.
    const silent = problems.length + workspace.tasks.size === 0;
    assert(!silent || name === "tasks.ts", "nothing is there, and nothing is wrong");
    for (const problem of problems) {
      if (problem.place === undefined) continue;
      const located = await createLocator(host.files)(problem.place);
      assert(located !== undefined, `${problem.code} has no place`);
      const lines = text.split("\n");
      assert(located.line >= 1 && located.line <= lines.length, `${problem.code}: ${located.line}`);
      assert(located.column >= 1, `${problem.code}: column ${located.column}`);
    }
  } catch (error) {
    throw new Error(`${what}:\n${text}`, { cause: error });
  }
}

Deno.test("3,000 mutations of a TOML file end in tasks or in problems with a place", async () => {
  for (let seed = 1; seed <= 3000; seed++) {
    await check("tasks.toml", mutated(TOML, randomFrom(seed)), `seed ${seed}`);
  }
});

Deno.test("400 mutations of a tasks.ts end in tasks or in problems with a place", async () => {
  for (let seed = 1; seed <= 400; seed++) {
    await check("tasks.ts", mutated(TS, randomFrom(seed)), `seed ${seed}`);
  }
});
