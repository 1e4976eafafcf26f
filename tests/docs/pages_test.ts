/**
 * Every block of README.md, of the examples' own and of the reference is executed: files are written, commands are run
 * and their stdout compared. A block that is not run says why.
 */

import { assert, assertEquals } from "@std/assert";
import { basename, dirname, fromFileUrl, join, relative } from "@std/path";
import { PAGE, referencePage } from "../../scripts/reference.ts";
import { camelCase, PROPERTIES } from "../../src/source/spec/property.ts";
import { createProject, type Project } from "../rig/project.ts";

interface Block {
  readonly info: string;
  readonly text: string;
}

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const EXPLANATIONS = ["caching", "order", "processes", "shell"].map((page) =>
  join(ROOT, "docs", "explanation", `${page}.md`)
);
const TASKS_TS = join(ROOT, "docs", "reference", "tasks-ts.md");

Deno.test("every command of README.md prints what README.md says", async () => {
  let files: Readonly<Record<string, string>> = {};
  let ran = 0;
  for (const { info, text } of blocks(join(ROOT, "README.md"))) {
    const name = /\bfile=(\S+)/.exec(info)?.[1];
    if (name !== undefined) files = { [name]: text };
    else if (info.startsWith("console")) {
      assert(Object.keys(files).length > 0, "a command stands before any file");
      await using project = await createProject(files);
      ran += await runBlock(project, text);
    } else assert(/run=no reason="[^"]+"/.test(info), `neither run nor excused: ${info}`);
  }
  assert(ran >= 5, `only ${ran} commands were run`);
});

for (const { name } of Deno.readDirSync(join(ROOT, "examples"))) {
  Deno.test(`every command of examples/${name}/README.md prints what it says`, async () => {
    const folder = join(ROOT, "examples", name);
    let ran = 0;
    for (const { info, text } of blocks(join(folder, "README.md"))) {
      assertEquals(info, "console", "an example has its files; its README has commands");
      await using project = await createProject(filesIn(folder));
      ran += await runBlock(project, text);
    }
    assert(ran >= 2, `only ${ran} commands were run`);
  });
}

for (const [page, section] of [PAGE, TASKS_TS, ...EXPLANATIONS].flatMap(sectionsOf)) {
  const name = section.slice(0, section.indexOf("\n"));
  Deno.test(`the example of ${name} in ${page} prints what it says`, async () => {
    const files: Record<string, string> = {};
    let ran = 0;
    for (const { info, text } of blocksOf(section)) {
      const name = /\bfile=(\S+)/.exec(info)?.[1];
      if (name !== undefined) {
        files[name] = text;
        continue;
      }
      assertEquals(info, "console");
      await using project = await createProject(files);
      ran += await runBlock(project, text);
    }
    assert(ran >= 1, "nothing was run");
  });
}

Deno.test("the page of tasks.ts names everything that can be imported, and every option", async () => {
  const text = Deno.readTextFileSync(TASKS_TS);
  const library = Object.keys(await import("../../src/mod.ts"));
  const options = PROPERTIES.filter(({ name, levels }) =>
    levels.includes("task") && !["cmd", "shell", "call", "args", "options", "result"].includes(name)
  ).map(({ name }) => camelCase(name));
  assert(library.length > 8 && options.length > 20);
  const missing = [...library, ...options].filter((name) =>
    !new RegExp(`\\b${name}\\b`).test(text)
  );
  assertEquals(missing, []);
});

function sectionsOf(page: string): readonly (readonly [page: string, section: string])[] {
  const sections = Deno.readTextFileSync(page).split(/^## /m).slice(1);
  return sections.map((section) => [basename(page), section] as const);
}

Deno.test("the reference page is the one that the table of properties gives", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "md", "--config", join(ROOT, "deno.json"), "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(referencePage()));
  await writer.close();
  const { stdout } = await child.output();
  const page = new TextDecoder().decode(stdout);
  assertEquals(Deno.readTextFileSync(PAGE), page, "run: deno run -A scripts/reference.ts");
});

function blocks(file: string): readonly Block[] {
  return blocksOf(Deno.readTextFileSync(file));
}

function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    info: match[1]!,
    text: match[2]!,
  }));
}

/** @returns how many commands were run */
async function runBlock(project: Project, text: string): Promise<number> {
  const all = commands(text);
  for (const [command, expected] of all) {
    if (!command.startsWith("ntask ")) {
      assertEquals(act(project, command), expected, command);
      continue;
    }
    const asked = command.endsWith("; echo $?");
    const whole = command.replace(/; echo \$\?$/, "");
    const both = whole.endsWith(" 2>&1");
    const [, ...words] = wordsOf(whole.replace(/ 2>&1$/, ""));
    const { code, stdout, stderr } = await project.run(words);
    if (!asked) assertEquals(code, 0, `${command}\n${stderr}`);
    const status = asked ? `${code}\n` : "";
    if (both) assertLines(stdout + stderr + status, expected, command);
    else assertLines(stdout + status, expected, `${command}\n${stderr}`);
  }
  return all.length;
}

/**
 * The same lines, those of both streams in any order. `…` stands for anything within a line, alone
 * in its line for any others.
 */
function assertLines(actual: string, expected: string, about: string): void {
  const left = actual.split("\n");
  const lines = expected.split("\n");
  for (const line of lines) {
    if (line === "…") continue;
    const at = left.findIndex((each) => shape(line).test(each));
    if (at === -1) assertEquals(actual, expected, about);
    left.splice(at, 1);
  }
  if (left.length > 0 && !lines.includes("…")) assertEquals(actual, expected, about);
}

function shape(line: string): RegExp {
  const pieces = line.split("…").map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pieces.join(".*")}$`);
}

/** What a reader does between two runs, on every system the same. */
function act({ root }: Project, command: string): string {
  const [, name, rest = ""] = /^(\S+) ?(.*)$/.exec(command)!;
  switch (name) {
    case "ls":
      return [...Deno.readDirSync(join(root, rest))].map(({ name }) => `${name}\n`).sort().join("");
    case "cat":
      return Deno.readTextFileSync(join(root, rest));
    case "rm":
      Deno.removeSync(join(root, rest.replace("-r ", "")), { recursive: true });
      return "";
    case "touch":
      Deno.utimeSync(join(root, rest), new Date(0), new Date(0));
      return "";
    case "echo": {
      const [, text, file] = /^(.*) > (\S+)$/.exec(rest)!;
      Deno.mkdirSync(dirname(join(root, file!)), { recursive: true });
      Deno.writeTextFileSync(join(root, file!), `${text}\n`);
      return "";
    }
    default:
      throw new Error(`no page may say ${command}`);
  }
}

/** Words, some of them between single quotes. */
function wordsOf(command: string): readonly string[] {
  return (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/, "$1"));
}

/** `$ command` and the lines it prints. */
function commands(text: string): readonly (readonly [string, string])[] {
  return text.split(/^\$ /m).slice(1).map((part) => {
    const end = part.indexOf("\n");
    return [part.slice(0, end), part.slice(end + 1)];
  });
}

function filesIn(folder: string, files: Record<string, string> = {}, at = folder) {
  for (const { name, isDirectory } of Deno.readDirSync(at)) {
    const path = join(at, name);
    // What running an example leaves is not a part of it.
    if (name === "dist" || name === "assets.txt") continue;
    if (isDirectory) filesIn(folder, files, path);
    else files[relative(folder, path).replaceAll("\\", "/")] = Deno.readTextFileSync(path);
  }
  return files;
}
