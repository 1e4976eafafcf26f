/**
 * What goes wrong while `tasks.ts` is evaluated, and after: it is told as the user's, with a place.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cliTest } from "../rig/cli.ts";
import { childrenOf, until } from "../rig/probes.ts";
import { createProject, type Files } from "../rig/project.ts";

const IMPORT = 'import { task } from "ntask";\n';

/** The runtime of a checkout says some of this in its own words … */
const RELEASED = { releasedOnly: true } as const;
/** … and that of the npm package what is wrong with imports. */
const COMPILED = { ...RELEASED, compiledOnly: "Node's loader has words of its own" } as const;

/** A task file that cannot be loaded, and what is said of it. */
const REFUSED: Readonly<Record<string, readonly [text: string, said: string, files?: Files]>> = {
  "waits for ever": [
    `${IMPORT}await new Promise(() => {});\nexport const a = task("p a");\n`,
    "error[E_TS_LOAD]: it cannot be loaded: its top-level await never ends\n  --> tasks.ts\n",
  ],
  "ends the process": [
    `${IMPORT}export const a = task("p a");\nprocess.exit(0);\n`,
    "error[E_TS_LOAD]: it cannot be loaded: it calls process.exit(0)\n  --> tasks.ts:3:",
  ],
  "needs what is declared further down": [
    `${IMPORT}export const a = task({ deps: [b] }, "p a");\nexport const b = task("p b");\n`,
    "  help: b is declared further down: write () => b, or move it up\n",
  ],
  "throws what is no error": [
    `${IMPORT}throw { a: 1 };\n`,
    'error[E_TS_LOAD]: it threw while it was loaded: {"a":1}\n',
  ],
};

/** The same of what it imports. */
const MISTAKEN: typeof REFUSED = {
  "imports a module that is no TypeScript": [
    `${IMPORT}import "./h.ts";\nexport const a = task("p a");\n`,
    "error[E_TS_SYNTAX]: this is not TypeScript: Unexpected =\n  --> h.ts:1:11\n",
    { "h.ts": "const x = = 3;\n" },
  ],
  "imports a name that ntask does not export": [
    'import { tsk } from "ntask";\nexport const a = tsk("p a");\n',
    `error[E_TS_IMPORT]: "ntask" has no export tsk
  --> tasks.ts:1:10
 1 | import { tsk } from "ntask";
   |          ^^^
 2 | export const a = tsk("p a");
  help: did you mean "task"?
`,
  ],
  "imports a default that ntask does not have": [
    'import task from "ntask";\nexport const a = task("p a");\n',
    '"ntask" has no default export\n  --> tasks.ts:1:8\n',
  ],
  "imports a name beside modules that have theirs": [
    `${IMPORT}import good from "./good.ts";
import { first as nope } from "./star.ts"; // import { nope } from "./good.ts"
import { nope as second } from "./h.ts";
export const a = task(good + nope + second);
`,
    'error[E_TS_IMPORT]: "./h.ts" has no export nope\n  --> tasks.ts:4:10\n',
    {
      "good.ts": "export default 7;\n",
      "star.ts": 'export * from "./more.ts";\n',
      "more.ts": "export const first = 1;\n",
      "h.ts": "export enum Nop { A }\n",
    },
  ],
  "imports a name that a module of its own does not export": [
    `${IMPORT}import { help } from "./h.ts";\nexport const a = task(help);\n`,
    'error[E_TS_IMPORT]: "./h.ts" has no export help\n  --> tasks.ts:2:10\n',
    { "h.ts": 'const x = "p a";\nexport { x as helper };\n' },
  ],
};

for (const [what, [text, said, files]] of Object.entries({ ...REFUSED, ...MISTAKEN })) {
  const limits = what in MISTAKEN ? COMPILED : RELEASED;
  cliTest(`a tasks.ts that ${what} is refused`, limits, async () => {
    await using project = await createProject({ "tasks.ts": text, ...files });
    for (const words of [["a"], ["-n", "a"], ["--graph"]]) {
      const ran = await project.run(words);
      assertEquals([words, ran.code, ran.stdout], [words, 2, ""]);
      assertStringIncludes(ran.stderr, said);
    }
  });
}

cliTest("a tasks.ts that ends the process where a body runs fails its task", RELEASED, async () => {
  await using project = await createProject({
    "tasks.ts": `${IMPORT}if (process.env.NTASK_TASK !== undefined) process.exit(0);
export const a = task(() => console.log("ran"));
`,
  });
  const ran = await project.run(["a"]);
  assertEquals([ran.code, ran.stdout], [1, ""]);
  assertStringIncludes(ran.stderr, "LoadError: it calls process.exit(0)\n  --> tasks.ts:2:");
});

cliTest(
  "an error that a tasks.ts lets go later is its own, and ends the run",
  RELEASED,
  async () => {
    for (
      const [late, said] of [
        ['setTimeout(() => { throw new Error("late"); }, 1);', "Error: late\n  --> tasks.ts:3:"],
        ['Promise.reject(new RangeError("lost"));', "RangeError: lost\n  --> tasks.ts:3:"],
        ['Promise.reject("a text");', "a text\n"],
      ] as const
    ) {
      await using project = await createProject({
        "tasks.ts": `${IMPORT}export const a = task("probe a wait");\n${late}\n`,
      });
      const ran = await project.run(["a"]);
      assertEquals(ran.code, 2, ran.stderr);
      assertStringIncludes(ran.stderr, `error[E_TS_LOAD]: it threw after it was loaded: ${said}`);
      assert(!ran.stderr.includes("bug"), ran.stderr);
      await project.deserted();
    }
  },
);

cliTest("an error that a tasks.ts lets go while it waits ends it", RELEASED, async () => {
  await using project = await createProject({
    "tasks.ts": `${IMPORT}Promise.reject(new Error("lost"));
await new Promise((go) => setTimeout(go, 60_000));
export const a = task("p a");
`,
  });
  const ran = await project.run(["a"]);
  assertEquals([ran.code, ran.stdout], [2, ""]);
  assertEquals(ran.stderr.match(/^error/gm)?.length, 1, ran.stderr);
  assertStringIncludes(ran.stderr, "Error: lost\n  --> tasks.ts:2:");
});

cliTest("several errors let go later stop a run once: what cleans up is not cut off", {
  ...RELEASED,
  posixOnly: "signals",
}, async () => {
  await using project = await createProject({
    "tasks.ts": `${IMPORT}
import { existsSync } from "node:fs";
export const a = task("trap 'echo cleaned; exit 0' TERM; echo > ready; while :; do sleep 0.1; done");
const look = setInterval(() => {
  if (!existsSync("ready")) return;
  clearInterval(look);
  for (const i of [1, 2, 3]) setTimeout(() => { throw new Error("e" + i); }, 0);
}, 5);
`,
  });
  const ran = await project.run(["a"]);
  assertEquals([ran.code, ran.stdout], [2, "cleaned\n"]);
  assertEquals(ran.stderr.match(/stopping/g)?.length, 1, ran.stderr);
  await project.deserted();
});

cliTest("a function host that evaluates ends with ntask, also where nobody else ends it", {
  ...RELEASED,
  posixOnly: "signals",
}, async () => {
  await using project = await createProject({
    "tasks.ts": `${IMPORT}import { writeFileSync } from "node:fs";
if (process.env.NTASK_TASK !== undefined) {
  writeFileSync("evaluating", "");
  await new Promise((go) => setTimeout(go, 3_600_000));
}
export const a = task(() => console.log("ran"));
`,
  });
  const running = project.start(["a"]);
  await until(() => project.has("evaluating"), "no host evaluates");
  await until(() => childrenOf(running.pid, "__guard").length > 0, "there is no guard");
  const [host] = childrenOf(running.pid, "__functions");
  for (const guard of childrenOf(running.pid, "__guard")) Deno.kill(guard, "SIGKILL");
  running.signal("SIGKILL");
  await running.exited;
  await project.gone(host!);
});

cliTest(
  "what a tasks.ts takes of the process and of the console is real in its bodies",
  RELEASED,
  async () => {
    await using project = await createProject({
      "tasks.ts": `${IMPORT}import { exit as imported } from "node:process";
const { exit } = process;
export const three = task(() => { exit(3); });
export const four = task(() => { imported(4); });
export const none = task(() => { exit(0); });
export const fake = task(() => {
  globalThis.setImmediate = (() => 0) as never;
  globalThis.setTimeout = (() => 0) as never;
  console.log("done");
});
`,
    });
    for (const [task, code] of [["three", 3], ["four", 4], ["none", 0], ["fake", 0]] as const) {
      const ran = await project.run([task]);
      assertEquals([task, ran.code], [task, code], ran.stderr);
    }
  },
);

cliTest(
  "a rejection in a script that is called ends it with a message, unless it listens itself",
  RELEASED,
  async () => {
    await using project = await createProject({
      "tasks.toml": '[tasks]\na.call = "a.mjs:main"\n',
      "a.mjs": `export async function main() {
  Promise.reject(new Error("lost"));
  await new Promise(() => {});
}
`,
    });
    const ran = await project.run(["a"]);
    assertEquals([ran.code, ran.stdout], [1, ""]);
    assertStringIncludes(ran.stderr, "error[R_THROWN]: a: Error: lost\n  --> a.mjs:2:");
    project.write({
      "a.mjs": `export async function main() {
  process.on("unhandledRejection", (error) => console.log("mine", error.message));
  Promise.reject(new Error("lost"));
  await new Promise((go) => setTimeout(go, 20));
  console.log("went on");
}
`,
    });
    const mine = await project.run(["a"]);
    assertEquals([mine.code, mine.stdout], [0, "mine lost\nwent on\n"]);
  },
);

cliTest("what a tasks.ts prints while it is loaded is no task's output", RELEASED, async () => {
  await using project = await createProject({
    "tasks.ts": `${IMPORT}const { log } = console;
console.log("read %d", 1);
console.table([2]);
export const text = task("p a");
export const body = task(() => {
  console.log("a");
  log("b");
});
`,
  });
  for (const [task, stdout] of [["text", "[a]\n"], ["body", "a\nb\n"]] as const) {
    const ran = await project.run([task]);
    assertEquals([ran.code, ran.stdout], [0, stdout]);
    assertStringIncludes(ran.stderr, "read 1\n");
  }
  for (const words of [["--graph", "--format", "json"], ["-n", "body"]]) {
    assert(!(await project.run(words)).stdout.includes("read"));
  }
});
