/**
 * Is the property test of the cache good enough? One part of the key at a time is left out on
 * purpose; the property test must find every one of these faults.
 *
 * Run: deno run -A tests/stages/cache_mutations.ts [--steps N] [--seed S] [--only NAME]
 *
 * @module
 */

import { join } from "@std/path";
import { parseArgs } from "node:util";
import { ROOT } from "../rig/binary.ts";

/** What is left out -> which parts those are. */
const FAULTS: Readonly<Record<string, RegExp>> = {
  "the command": /^action$/,
  "the directory": /^cwd$/,
  "the code of functions": /^code /,
  "arguments": /^arguments?(?: |$)/,
  "variables that are set": /^set /,
  "variables that are inherited": /^env /,
  "contents of inputs": /^input (?!patterns$)/,
  "dependencies": /^(?:dep|takes) /,
  "pre items": /^pre /,
  "patterns of outputs": /^outputs/,
  "programs of the project": /^program /,
  "tools": /^tool /,
};

/** Faults that are no missing part: in a file, one text for another. */
const CHANGES: Readonly<Record<string, readonly [file: string, from: string, to: string]>> = {
  "the executable bit": ["src/cache/inputs.ts", '" x" : ""', '"" : ""'],
  "names of inputs": [
    "src/run/rebuild/knowing.ts",
    "name: `input ${path}`, value",
    "name: `input`, value",
  ],
  "the ends of links": [
    "src/cache/inputs.ts",
    "const end = disk.realPath(absolute);",
    "const end = undefined as string | undefined;",
  ],
  "what ignore files hide from others": [
    "src/run/rebuild/knowing.ts",
    "    gitignore,\n    text,",
    "    gitignore: true,\n    text,",
  ],
  "what an uncached dependency was made of": [
    "src/run/rebuild/performing.ts",
    "hashOf([keyOf(parts), JSON.stringify(captured?.outputs ?? [])])",
    "hashOf([JSON.stringify(captured?.outputs ?? [])])",
  ],
  "the time of a change in the stat cache": [
    "src/cache/stat_cache.ts",
    "a.mtime === b.mtime && a.ctime === b.ctime",
    "a.mtime === b.mtime",
  ],
  "the check of inputs behind the action": [
    "src/run/rebuild/knowing.ts",
    "const changed = firstDifference(inputs.entries, now.entries) ?? now.uncached?.path;",
    "const changed = undefined as string | undefined;",
  ],
};

const { values } = parseArgs({
  args: Deno.args,
  options: {
    steps: { type: "string", default: "1500" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});

async function main(): Promise<number> {
  const names = [...Object.keys(FAULTS), ...Object.keys(CHANGES)]
    .filter((name) => values.only === undefined || name === values.only);
  let missed = 0;
  for (const name of names) {
    const copy = await Deno.makeTempDir({ prefix: "ntask-fault-" });
    try {
      await put(name, copy);
      const found = await find(copy);
      if (found === undefined) missed++;
      console.log(
        `${found === undefined ? "MISSED" : "found "}  ${name}${found ? `: ${found}` : ""}`,
      );
    } finally {
      await Deno.remove(copy, { recursive: true });
    }
  }
  console.log(`${names.length - missed} passed, ${missed} failed`);
  return missed === 0 ? 0 : 1;
}

/** A copy of the project with one fault. */
async function put(name: string, copy: string): Promise<void> {
  const parts = ["src", "tests", "scripts", "types", "npm"];
  const files = ["main.ts", "deno.json", "deno.lock", ".tool-versions"];
  const there = [...parts, ...files].map((each) => join(ROOT, each));
  await new Deno.Command("cp", { args: ["-r", ...there, copy] }).output();
  for (const each of ["node_modules", ".cache"]) {
    await Deno.symlink(join(ROOT, each), join(copy, each));
  }
  const dropped = FAULTS[name];
  const [file, from, to] = dropped === undefined ? CHANGES[name]! : [
    "src/cache/key.ts",
    "return hashOf(parts.flatMap(",
    `return hashOf(parts.filter(({ name }) => !${dropped}.test(name)).flatMap(`,
  ] as const;
  const text = await Deno.readTextFile(join(copy, file));
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  await Deno.writeTextFile(join(copy, file), text.replace(from, () => to));
}

/** @returns what the property test complains of */
async function find(copy: string): Promise<string | undefined> {
  const deno = (...args: readonly string[]) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", ...args],
      cwd: copy,
      env: { NTASK_TEST_BIN: join(copy, "dist", "ntask"), NO_COLOR: "1" },
    }).output();
  const built = await deno("scripts/compile.ts");
  if (!built.success) throw new Error(new TextDecoder().decode(built.stderr));
  const { steps, seed } = values;
  const words = ["--steps", steps, "--projects", String(Number(steps) / 40), "--seed", seed];
  const { success, stdout } = await deno("tests/stages/cache_property.ts", ...words, "--functions");
  if (success) return undefined;
  const lines = new TextDecoder().decode(stdout).split("\n");
  const wrong = lines.find((line) => /^seed \d+, step/.test(line));
  // A hit that the test knows to be unproven is a complaint as well; a needless run is none.
  const unproven = lines.find((line) => /^not run though .*: [1-9]/.test(line));
  return (wrong ?? unproven)?.slice(0, 100);
}

if (import.meta.main) Deno.exit(await main());
