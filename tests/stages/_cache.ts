/**
 * A project for hard tests of the cache: three tasks, one after the other, that leave files, modes,
 * links and empty directories; and what a build from nothing makes of the same sources, without
 * ntask.
 *
 * Every action notes its name in a file outside the project, so that one can count them.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { verify } from "../../src/cache/prune.ts";
import type { Files, Project } from "../rig/project.ts";

/** The scripts, in the order in which they run. */
const SCRIPTS: Readonly<Record<string, string>> = {
  gen: `mkdir -p gen/list
for file in src/*.txt; do
  name=$(basename "$file" .txt)
  tr a-z A-Z < "$file" > "gen/list/$name"
done
sort src/*.txt > gen/all
`,
  build: `mkdir -p dist/bin dist/none
for file in gen/list/*; do
  name=$(basename "$file")
  if test "$(wc -c < "$file")" -gt 4
  then mkdir -p "dist/$name"; cp "$file" "dist/$name/content"; cp "$file" "dist/$name/copy"
  else cp "$file" "dist/$name"
  fi
done
printf '#!/bin/sh\\necho hi\\n' > dist/bin/run
chmod +x dist/bin/run
ln -s ../gen/all dist/all
`,
  report: `mkdir -p out
cat gen/all > out/report
find dist | LC_ALL=C sort >> out/report
echo reported
`,
};

/** The outputs of all. */
export const OUTPUTS = ["gen", "dist", "out"];

const NOTE = 'if test -n "${COUNT-}"; then echo "$1" >> "$COUNT"; fi\n';

export const FILES: Files = {
  "tasks.toml": `[tasks.gen]
cmd = "sh gen.sh gen"
inputs = ["src/**", "gen.sh"]
outputs = ["gen/"]

[tasks.build]
cmd = "sh build.sh build"
deps = ["gen"]
inputs = ["gen/**", "build.sh"]
outputs = ["dist/"]

[tasks.report]
cmd = "sh report.sh report"
deps = ["build"]
inputs = ["gen/all", "dist/**", "report.sh"]
outputs = ["out/"]
`,
  ...Object.fromEntries(
    Object.entries(SCRIPTS).map(([name, text]) => [`${name}.sh`, `set -e\n${NOTE}${text}`]),
  ),
  "src/a.txt": "a\n",
  "src/b.txt": "bee\n",
  "src/c.txt": "long enough\n",
};

/** How often each action was started, since this was asked last. */
export function counts(file: string): Readonly<Record<string, number>> {
  let text = "";
  try {
    text = Deno.readTextFileSync(file);
    Deno.removeSync(file);
  } catch {
    // Nothing was started.
  }
  const found: Record<string, number> = {};
  for (const name of text.split("\n").filter(Boolean)) found[name] = (found[name] ?? 0) + 1;
  return found;
}

/** Path -> what is there, of everything below some directories; files with their execute bit. */
export function picture(root: string, directories: readonly string[] = OUTPUTS): string[] {
  return directories.flatMap((name) => isDirectory(join(root, name)) ? below(root, name) : []);
}

function below(root: string, path: string): string[] {
  const entries = [...Deno.readDirSync(join(root, path))];
  const lines = entries.flatMap((entry) => {
    const inner = `${path}/${entry.name}`;
    const absolute = join(root, inner);
    if (entry.isSymlink) return [`${inner} -> ${Deno.readLinkSync(absolute)}`];
    if (entry.isDirectory) return below(root, inner);
    const mark = ((Deno.statSync(absolute).mode ?? 0) & 0o111) === 0 ? "" : "x ";
    return [`${inner} ${mark}${JSON.stringify(Deno.readTextFileSync(absolute))}`];
  });
  return lines.length === 0 ? [`${path}/`] : lines.sort();
}

function isDirectory(path: string): boolean {
  try {
    return Deno.lstatSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** What the sources of a project give when they are built from nothing by a shell. */
export function built(project: Project): readonly string[] {
  const copy = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(join(copy, "src"));
    const names = [...Deno.readDirSync(join(project.root, "src"))].map(({ name }) => `src/${name}`);
    for (const name of [...names, ...Object.keys(SCRIPTS).map((each) => `${each}.sh`)]) {
      Deno.copyFileSync(join(project.root, name), join(copy, name));
    }
    for (const name of Object.keys(SCRIPTS)) {
      const { success } = new Deno.Command("sh", {
        args: [`${name}.sh`],
        cwd: copy,
        env: { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" },
        clearEnv: true,
        stdout: "null",
      }).outputSync();
      assertEquals(success, true);
    }
    return picture(copy);
  } finally {
    Deno.removeSync(copy, { recursive: true });
  }
}

/** Is everything in a store what it says? */
export function assertSound(store: string): void {
  assertEquals(verify(store).removed, []);
}

/** How many rounds: few with a fixed seed, or as many as NTASK_TEST_ROUNDS says. */
export function rounds(few: number): number {
  return Number(Deno.env.get("NTASK_TEST_ROUNDS") ?? few);
}

/** The seed of chance: a fixed one, or NTASK_TEST_SEED. */
export function seed(): number {
  return Number(Deno.env.get("NTASK_TEST_SEED") ?? 20260101);
}

/** A bug shows itself so. */
const CRASH = /\bat .*\.(?:ts|js):\d|a bug in ntask|TypeError|undefined is not/;

/** No stack trace, no crash. */
export function assertCalm(stderr: string): void {
  assertEquals(CRASH.exec(stderr)?.[0], undefined, stderr);
}
