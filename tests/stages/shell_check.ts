/**
 * The shell's cases as users run them: tasks with `interpreter = "portable"`, run by the program
 * that is tested. `tests/contract/shell_test.ts` has them in this process; here they go through the
 * task file, the environment and the process of the shell, and on Windows (be it Wine's) through
 * its paths and its file system. NTASK_TEST_BIN is the program.
 *
 * One run does many of them, since a start of ntask costs more than most. Every snippet is a test;
 * the first one of a run starts it.
 *
 * @module
 */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { chunkBytes } from "../../src/model/chunk.ts";
import type { Chunk, Event } from "../../src/model/event.ts";
import { CASE_ENV, CASE_FILES, readCases, type ShellCase } from "../contract/shell_harness.ts";
import { WINDOWS_DIFFERENCES } from "../contract/shell_windows.ts";
import { binary } from "../rig/binary.ts";
import { createProject, type Project } from "../rig/project.ts";

/** How many snippets a run has: few enough that it ends in the rig's time on a slow machine. */
const SNIPPETS = 40;

interface SnippetRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const cases = CASE_FILES.flatMap((file) => readCases(file).cases);
const runs = Array.from({ length: Math.ceil(cases.length / SNIPPETS) }, (_, at) => {
  let results: Promise<readonly SnippetRun[]> | undefined;
  const share = cases.slice(at * SNIPPETS, (at + 1) * SNIPPETS);
  return () => results ??= runSnippets(share);
});
let ran = 0;

cases.forEach((one, at) => {
  const difference = binary.windows ? differenceOf(one) : undefined;
  const but = difference === undefined ? "" : `, but ${difference.because}`;
  Deno.test(`the program runs "${one.name}" as a POSIX shell does${but}`, async () => {
    const run = (await runs[Math.floor(at / SNIPPETS)]!())[at % SNIPPETS]!;
    ran++;
    assertEquals(
      { stdout: run.stdout, status: run.status },
      { stdout: difference?.stdout ?? one.stdout, status: one.status },
      `script:\n${one.script}\nstderr:\n${run.stderr}`,
    );
  });
});

const different = WINDOWS_DIFFERENCES.flatMap(({ stdout }) => Object.keys(stdout));

Deno.test(`${different.length} of ${cases.length} snippets print something else on Windows`, () => {
  assertEquals(different.length, new Set(different).size);
  for (const name of different) {
    const one = cases.find((each) => each.name === name);
    assert(one !== undefined, `there is no snippet "${name}"`);
    assertNotEquals(differenceOf(one)?.stdout, one.stdout, name);
  }
});

Deno.test(`${cases.length} snippets were run`, () => assertEquals(ran, cases.length));

function differenceOf(
  { name }: ShellCase,
): { readonly because: string; readonly stdout: string } | undefined {
  const found = WINDOWS_DIFFERENCES.find(({ stdout }) => Object.hasOwn(stdout, name));
  return found && { because: found.because, stdout: found.stdout[name]! };
}

/** Each in a directory of its own, with nothing on PATH that is not built in. */
async function runSnippets(share: readonly ShellCase[]): Promise<readonly SnippetRun[]> {
  const names = share.map((_, at) => `snippet-${at}`);
  await using project = await createProject(
    Object.fromEntries(names.map((name) => [name, null])),
  );
  const tasks = share.map(({ script }, at) => {
    const directory = binary.seen(join(project.root, names[at]!));
    const env = { ...CASE_ENV, PATH: directory, HOME: directory.replaceAll("\\", "/") };
    const pairs = Object.entries(env).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    return `[tasks.${names[at]}]
shell = ${JSON.stringify(script)}
interpreter = "portable"
cwd = "${names[at]}"
env = { ${pairs.join(", ")} }
`;
  });
  project.write({ "tasks.toml": tasks.join("\n") });
  const { stdout, stderr } = await project.run([
    "--output=json",
    "--keep-going",
    "-j2",
    "run",
    ...names,
  ]);
  const events = stdout.split("\n").filter((line) => line.startsWith("{"))
    .map((line): Event => JSON.parse(line));
  const start = events.find((event) => event.type === "run-start");
  assert(start !== undefined, `there was no run:\n${stdout}\n${stderr}`);
  return names.map((name) => {
    const step = start.steps.findIndex(({ label }) => label === name);
    return snippetRun(events, step, name, project);
  });
}

function snippetRun(
  events: readonly Event[],
  step: number,
  name: string,
  project: Project,
): SnippetRun {
  const end = events.find((event) => event.type === "step-end" && event.step === step);
  assert(end?.type === "step-end", `${name} was not run`);
  // Its shell has come to an end of its own.
  assert(end.state === "ran" || end.reason?.kind === "exit", JSON.stringify(end));
  const written = (stream: "stdout" | "stderr") => {
    const chunks = events.flatMap((event) =>
      event.type === "output" && event.step === step && event.stream === stream ? [event.chunk] : []
    );
    return shown(chunks, name, binary.seen(join(project.root, name)));
  };
  return { stdout: written("stdout"), stderr: written("stderr"), status: end.code };
}

/** Their directory has another name each time, and `$0` is the name of the task. */
function shown(chunks: readonly Chunk[], name: string, directory: string): string {
  const bytes = chunks.flatMap((chunk) => [...chunkBytes(chunk)]);
  const text = new TextDecoder().decode(Uint8Array.from(bytes))
    .replaceAll(directory.replaceAll("\\", "/"), "<directory>")
    .replaceAll(name, "shell");
  const drive = /^[A-Za-z]:/.exec(directory)?.[0];
  return drive === undefined ? text : text.replaceAll(`${drive}/`, "<drive>/");
}
