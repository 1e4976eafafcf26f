/**
 * The stages of `.ci/run`, one after the other; also one at a time:
 *
 *     deno run -A scripts/ci.ts [STAGE…]
 *
 * Every stage says how many tests ran and fails when they are fewer than its `least` here, so a
 * suite that silently loses its tests is seen. A stage that cannot run says `SKIPPED: reason`,
 * which fails the run unless NTASK_CI_ALLOW_SKIP (a comma list) names it. The last line counts
 * everything: `N passed, M failed`.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { capture, Fault, main, showAndKeep } from "./command.ts";
import { bunFor } from "./compile.ts";
import { isFile } from "./files.ts";
import { buildPackage, installPackage } from "./npm.ts";
import { fromNpm } from "./npm_pack.ts";
import { pinned, projectVersion, ROOT } from "./pins.ts";
import { targetNamed, TARGETS } from "./targets.ts";
import { setUp, stop, wrap } from "./wine.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

type Result = Counts | { readonly skipped: string };

interface Stage {
  readonly name: string;
  /** Fewer tests than this fail the stage. */
  readonly least: number;
  /** Its tests ran before, in another stage: left out of the total. */
  readonly again?: true;
  run(): Promise<Result>;
}

const DENO = Deno.execPath();
const BINARY = `dist/ntask${Deno.build.os === "windows" ? ".exe" : ""}`;
const WINDOWS_BINARY = "dist/windows-x64/ntask.exe";
/** A shell script that runs the Windows binary under Wine. */
const WINE_BINARY = ".cache/wine-ntask";
/** Their tests that need a Python are left out elsewhere. */
const PYTHON_TESTS = [
  "tests/cli/call_test.ts",
  "tests/cli/interpreter_python_test.ts",
  "tests/cli/toml_cases_test.ts",
];
/** The shell's snippets on the program that is tested. */
const SHELL_CHECK = "tests/stages/shell_check.ts";
const CACHE_STAGES = ["crash", "concurrency", "corruption", "full"];
const NOT_COMPILED = "there is no binary; the stage “compile” makes it";

/** The tests of the README's command; `.ci/run` runs them itself. */
const TEST_LEAST = 1500;

const STAGES: readonly Stage[] = [
  { name: "fmt", least: 1, run: () => task("fmt", "--check") },
  { name: "lint", least: 1, run: () => task("lint") },
  { name: "check", least: 1, run: () => task("check") },
  { name: "docs", least: 1, again: true, run: () => tests(["task", "docs"]) },
  { name: "compile", least: TARGETS.length + 2, run: compile },
  { name: "dogfood", least: 3, run: dogfood },
  { name: "cli", least: 340, run: () => cli(BINARY) },
  { name: "node", least: 300, run: node },
  { name: "types", least: 3, run: types },
  { name: "terminal", least: 56, run: terminal },
  // The nine about full disks are left out where nothing can be mounted.
  { name: "cache", least: 9, run: cache },
  { name: "graph", least: 2, run: () => scripts("stages/mermaid_check.ts", "stages/dot_check.ts") },
  { name: "shell", least: 530, run: shell },
  { name: "python", least: 380, run: python },
  { name: "wine", least: 1050, run: wine },
];

// ── what a stage does ────────────────────────────────────────────────────────────────────────────

async function compile(): Promise<Result> {
  const script = ["run", "-A", "scripts/compile.ts"];
  const built = [await deno(script), await deno([...script, "--all"])];
  if (built.some(({ code }) => code !== 0)) return { passed: 0, failed: 1 };
  const { code, stdout } = await capture(join(ROOT, BINARY), ["--version"]);
  const wanted = projectVersion();
  const same = code === 0 && stdout.includes(wanted);
  if (!same) console.log(`ntask --version exited with ${code}, wrote ${JSON.stringify(stdout)}`);
  return { passed: TARGETS.length + 1 + Number(same), failed: Number(!same) };
}

/** The project's own `tasks.ts`, run by the binary just built. */
async function dogfood(): Promise<Result> {
  if (!isHere(BINARY)) return { skipped: NOT_COMPILED };
  if (!isHere("tasks.ts")) return { skipped: "there is no tasks.ts" };
  const list = await showAndKeep(join(ROOT, BINARY), ["--list"], here());
  const run = await showAndKeep(join(ROOT, BINARY), ["-j2", "run", "lint", "check"], here());
  const failed = Number(list.code !== 0) + Number(run.code !== 0);
  return failed === 0 ? { passed: 3, failed } : { passed: 0, failed };
}

/** The command-line tests on a compiled binary, and others beside them. */
async function cli(
  binary: string,
  env = {},
  others: readonly string[] = [],
): Promise<Result> {
  if (!isHere(binary)) return { skipped: NOT_COMPILED };
  const words = ["test", "-A", "--no-check", "--parallel", "tests/cli", ...others];
  return await tests(words, { NTASK_TEST_BIN: join(ROOT, binary), ...env });
}

/** The same on the npm package, installed, under the oldest Node it is for. */
async function node(): Promise<Result> {
  const program = await nodeForTests();
  if (program === undefined) return { skipped: "there is no Node package for this system" };
  await buildPackage();
  const place = await installPackage(join(ROOT, ".cache", "npm"));
  const words = ["test", "-A", "--no-check", "--parallel", "tests/cli"];
  return await tests(words, { NTASK_TEST_NODE: place, NTASK_TEST_NODE_PROGRAM: program });
}

/** What `ntask init` writes, under the real TypeScript compiler. */
async function types(): Promise<Result> {
  if (!isHere(BINARY)) return { skipped: NOT_COMPILED };
  const version = pinned("typescript");
  const folder = join(ROOT, ".cache", "typescript", version);
  const tsc = await fromNpm({ name: "typescript", version, file: "lib/tsc.js", folder });
  const words = ["test", "-A", "--no-check", "tests/stages/types_check.ts"];
  return await tests(words, { NTASK_TEST_BIN: join(ROOT, BINARY), NTASK_TEST_TSC: tsc });
}

/** The pinned Node, from its npm package. */
async function nodeForTests(): Promise<string | undefined> {
  const system = `${Deno.build.os}-${Deno.build.arch === "aarch64" ? "arm64" : "x64"}`;
  // The other systems have packages of some versions only.
  if (!["linux-x64", "linux-arm64", "darwin-x64"].includes(system)) return undefined;
  const version = pinned("node");
  return await fromNpm({
    name: `node-${system}`,
    version,
    file: "bin/node",
    folder: join(ROOT, ".cache", "node", version, system),
  });
}

/**
 * The same on the Windows binary. NTASK_TEST_JS is a program that runs a JavaScript file there, for
 * the commands that tests put into their task files.
 */
async function wine(): Promise<Result> {
  if (!isHere(WINDOWS_BINARY)) return { skipped: NOT_COMPILED };
  try {
    await setUp();
  } catch (error) {
    if (error instanceof Fault) return { skipped: error.message };
    throw error;
  }
  try {
    wrap(join(ROOT, WINDOWS_BINARY), join(ROOT, WINE_BINARY));
    const js = `Z:${(await bunFor(targetNamed("windows-x64"))).replaceAll("/", "\\")}`;
    const env = { NTASK_TEST_OS: "windows", NTASK_TEST_JS: js };
    return await cli(WINE_BINARY, env, [SHELL_CHECK]);
  } finally {
    await stop();
  }
}

/** The compiled binary on a pseudo-terminal. */
async function terminal(): Promise<Result> {
  if (!isHere(BINARY)) return { skipped: NOT_COMPILED };
  if (Deno.build.os === "windows") return { skipped: "Windows has no pseudo-terminals of POSIX" };
  const python = () => works("python3", "--version");
  if (!await python()) await aptInstall("python3");
  if (!await python()) return { skipped: "there is no python3" };
  const words = ["test", "-A", "--no-check", "tests/stages/terminal_check.ts"];
  return await tests(words, { NTASK_TEST_BIN: join(ROOT, BINARY) });
}

/** The cache under kills, many processes, damage and full disks, with the compiled binary. */
async function cache(): Promise<Result> {
  if (!isHere(BINARY)) return { skipped: NOT_COMPILED };
  if (Deno.build.os === "windows") return { skipped: "its tasks are scripts of a POSIX shell" };
  const files = CACHE_STAGES.map((name) => `tests/stages/cache_${name}.ts`);
  const words = ["test", "-A", "--no-check", "--parallel", ...files];
  return await tests(words, { NTASK_TEST_BIN: join(ROOT, BINARY) });
}

/** What dash and bash say of the shell's snippets, and the portable shell of the binary. */
async function shell(): Promise<Result> {
  if (!isHere(BINARY)) return { skipped: NOT_COMPILED };
  if (Deno.build.os === "windows") return { skipped: "Windows has no dash" };
  const truth = await scripts("contract/shell_truth.ts");
  if ("skipped" in truth) return truth;
  const words = ["test", "-A", "--no-check", "--parallel", SHELL_CHECK];
  const { passed, failed } = await tests(words, { NTASK_TEST_BIN: join(ROOT, BINARY) });
  return { passed: truth.passed + passed, failed: truth.failed + failed };
}

async function python(): Promise<Result> {
  const pip = () => works("python3", "-m", "pip", "--version");
  if (!await pip()) await aptInstall("python3", "python3-pip");
  if (!await pip()) return { skipped: "there is no python3 with pip" };
  const markers = await scripts("stages/pep508_check.ts");
  if ("skipped" in markers) return markers;
  if (!isHere(BINARY)) return { skipped: NOT_COMPILED };
  const words = ["test", "-A", "--no-check", ...PYTHON_TESTS];
  const env = { NTASK_TEST_PYTHON: "1" };
  let { passed, failed } = markers;
  for (const binary of [{}, { NTASK_TEST_BIN: join(ROOT, BINARY) }]) {
    const counts = await tests(words, { ...env, ...binary });
    passed += counts.passed;
    failed += counts.failed;
  }
  return { passed, failed };
}

async function works(file: string, ...args: readonly string[]): Promise<boolean> {
  try {
    return (await capture(file, args)).code === 0;
  } catch {
    return false;
  }
}

/** Best effort; what needed it says if it is still missing. */
async function aptInstall(...packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  try {
    await capture("apt-get", ["update", "-qq"], { env });
    const options = ["install", "-y", "-qq", "--no-install-recommends"];
    await capture("apt-get", [...options, ...packages], { env });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}

/** A task of deno.json that passes or fails as one. */
async function task(...words: readonly string[]): Promise<Counts> {
  const { code } = await deno(["task", ...words]);
  return { passed: Number(code === 0), failed: Number(code !== 0) };
}

/** A program of Deno that reports tests. */
async function tests(words: readonly string[], env = {}): Promise<Counts> {
  const { code, text } = await deno(words, env);
  return judged(code, text);
}

/** Checks in files of their own: Deno tests, or programs that end with `N passed, M failed`. */
async function scripts(...paths: readonly string[]): Promise<Result> {
  let sum: Counts = { passed: 0, failed: 0 };
  for (const path of paths.map((each) => `tests/${each}`)) {
    if (!isHere(path)) return { skipped: `there is no ${path}` };
    const isTest = Deno.readTextFileSync(join(ROOT, path)).includes("Deno.test");
    const { passed, failed } = isTest
      ? await tests(["test", "-A", "--no-check", path])
      : asOne(await tests(["run", "-A", "--no-lock", "--node-modules-dir=none", path]));
    sum = { passed: sum.passed + passed, failed: sum.failed + failed };
  }
  return sum;
}

/** A program counts comparisons, which are no tests; it is one test, and one of nothing fails. */
function asOne({ passed, failed }: Counts): Counts {
  const ok = failed === 0 && passed > 0;
  return { passed: Number(ok), failed: Number(!ok) };
}

async function deno(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly text: string }> {
  return await showAndKeep(DENO, words, here(env));
}

/** In the project, without colour, with the `deno` that runs this first on PATH. */
function here(env: Readonly<Record<string, string>> = {}) {
  const path = `${dirname(DENO)}${Deno.build.os === "windows" ? ";" : ":"}${
    Deno.env.get("PATH") ?? ""
  }`;
  return { cwd: ROOT, env: { NO_COLOR: "1", PATH: path, ...env } };
}

// ── counting ─────────────────────────────────────────────────────────────────────────────────────

/** The counts in the last lines of `deno test` (`ok | 3 passed | 0 failed`) or of a program. */
export function counted(text: string): Counts | undefined {
  const line = /^(?:(?:ok|FAILED) \| )?(\d+) passed(?: \([^)]*\))?(?:,| \|) (\d+) failed\b/;
  const found = text.split(/\r?\n/).map((each) => line.exec(each)).filter((each) => each !== null);
  const last = found.at(-1);
  return last === undefined ? undefined : { passed: Number(last[1]), failed: Number(last[2]) };
}

/** A program that failed for another reason than a test is one failure. */
function judged(code: number, text: string): Counts {
  const { passed, failed } = counted(text) ?? { passed: 0, failed: 0 };
  return { passed, failed: code === 0 ? failed : Math.max(1, failed) };
}

/** What to print of a stage, and whether it holds the run up. */
export function verdict(
  stage: Pick<Stage, "name" | "least">,
  result: Result,
  allowed: ReadonlySet<string>,
): { readonly line: string; readonly ok: boolean } {
  if ("skipped" in result) {
    return { line: `SKIPPED: ${result.skipped}`, ok: allowed.has(stage.name) };
  }
  const ran = result.passed + result.failed;
  const line = `${ran} ran, ${result.failed} failed`;
  if (result.failed > 0) return { line, ok: false };
  if (ran >= stage.least) return { line, ok: true };
  return { line: `${line}: fewer than ${stage.least}`, ok: false };
}

// ── the run ──────────────────────────────────────────────────────────────────────────────────────

async function run(args: readonly string[]): Promise<number> {
  const allowed = new Set((Deno.env.get("NTASK_CI_ALLOW_SKIP") ?? "").split(",").filter(Boolean));
  const lines: string[] = [];
  let passed = 0;
  let failed = 0;
  const note = (stage: Omit<Stage, "run">, result: Result, seconds: number): void => {
    const { line, ok } = verdict(stage, result, allowed);
    if (!("skipped" in result)) {
      if (stage.again === undefined) passed += result.passed;
      failed += result.failed;
    }
    if (!ok && !("failed" in result && result.failed > 0)) failed++;
    lines.push(`${ok ? "ok    " : "FAILED"} ${stage.name}: ${line} (${seconds.toFixed(1)} s)`);
    console.log(lines.at(-1));
  };
  const words = [...args];
  if (words[0] === "--tested") {
    const [, code, seconds, log] = words.splice(0, 4);
    const result = judged(Number(code), Deno.readTextFileSync(log ?? ""));
    note({ name: "test", least: TEST_LEAST }, result, Number(seconds));
  }
  for (const stage of chosen(words)) {
    console.log(`\n── ${stage.name} ──`);
    const start = performance.now();
    note(stage, await attempt(stage), (performance.now() - start) / 1000);
  }
  console.log(`\n${lines.join("\n")}\n\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function attempt(stage: Stage): Promise<Result> {
  try {
    return await stage.run();
  } catch (error) {
    console.log(error instanceof Fault ? error.message : error);
    return { passed: 0, failed: 1 };
  }
}

function chosen(names: readonly string[]): readonly Stage[] {
  const unknown = names.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown !== undefined) {
    throw new Fault(`no stage “${unknown}”: one of ${STAGES.map(({ name }) => name).join(", ")}`);
  }
  return names.length === 0 ? STAGES : STAGES.filter(({ name }) => names.includes(name));
}

function isHere(path: string): boolean {
  return isFile(join(ROOT, path));
}

if (import.meta.main) await main("ci", () => run(Deno.args));
