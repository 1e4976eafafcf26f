/**
 * `deno task bench`: how long ntask takes to start and to get through many small tasks, beside its
 * peers, in one session.
 *
 * In: `dist/ntask` (compile first); just from its npm package; Deno; make, ninja, mise and doit where
 * they are on `PATH`.
 * Always the executables themselves, never an npm shim; their paths are printed. Out: a table of
 * medians, or with `--json` everything that was measured. Every contestant must first show that it
 * does the work. Deno's own shell has `echo` and `true` built in, so it starts no process for them.
 *
 * @module
 */

import { join } from "@std/path";
import { capture, Fault, main, type Outcome } from "../command.ts";
import { bunFor, compileWithBun } from "../compile.ts";
import { fromNpm } from "../npm_pack.ts";
import { ROOT } from "../pins.ts";
import { hostTarget } from "../targets.ts";
import { PROOF, writeHello, writeLayers } from "./_projects.ts";
import type { Contestant, TimerRequest, Timings } from "./_timer.ts";

const USAGE = "usage: deno task bench [--json] [--rounds N]";
const JUST = "1.57.0";
const LAYERS = 20;
const WIDTH = 50;
/** Runs of a thousand tasks; they are long enough to be steady. */
const LONG_ROUNDS = 5;

interface Row {
  readonly name: string;
  readonly command: readonly string[];
  readonly median: number;
  readonly least: number;
  readonly runs: readonly number[];
}

interface Table {
  readonly title: string;
  readonly rows: readonly Row[];
  /** What the goals of the project compare. */
  readonly ratios: readonly { readonly what: string; readonly ratio: number }[];
}

async function bench(args: readonly string[]): Promise<void> {
  const { json, rounds } = parse(args);
  const folder = Deno.makeTempDirSync({ prefix: "ntask-bench-" });
  try {
    const tables = [await starts(folder, rounds), await layers(folder)];
    if (json) console.log(JSON.stringify({ cpus: navigator.hardwareConcurrency, tables }, null, 2));
    else for (const table of tables) print(table);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function starts(folder: string, rounds: number): Promise<Table> {
  const cwd = join(folder, "hello");
  writeHello(cwd);
  const ntask = ntaskBinary();
  const floors: Contestant[] = [
    ...await optional("true", ["true"], cwd),
    { name: "empty program", command: [await emptyProgram(folder)], cwd },
    { name: "ntask --version", command: [ntask, "--version"], cwd },
  ];
  const runners: Contestant[] = [
    { name: "ntask hello", command: [ntask, "hello"], cwd },
    ...await optional("make hello", ["make", "hello"], cwd),
    { name: "just hello", command: [await just(), "hello"], cwd },
    { name: "deno task hello", command: [Deno.execPath(), "task", "hello"], cwd },
  ];
  for (const runner of runners) {
    const { stdout } = await once(runner);
    if (!/^hello\r?$/m.test(stdout)) throw new Fault(`${runner.name} did not say hello`);
  }
  const rows = await measure(rounds, [...floors, ...runners]);
  return {
    title: `start, median of ${rounds} runs`,
    rows,
    ratios: [
      ratio(rows, "ntask --version", "empty program"),
      ratio(rows, "ntask hello", "just hello"),
      ratio(rows, "ntask hello", "make hello"),
      ratio(rows, "ntask hello", "deno task hello"),
    ].filter((each) => each !== undefined),
  };
}

async function layers(folder: string): Promise<Table> {
  const cwd = join(folder, "layers");
  writeLayers(cwd, LAYERS, WIDTH);
  const two = { DENO_JOBS: "2" };
  const runners: Contestant[] = [
    { name: "ntask -j2", command: [ntaskBinary(), "-j2", "all"], cwd },
    ...await optional("ninja -j2", ["ninja", "-j2", "all"], cwd),
    ...await optional("make -j2", ["make", "-j2", "all"], cwd),
    { name: "just", command: [await just(), "all"], cwd },
    ...await optional("mise -j2", ["mise", "run", "-j", "2", "all"], cwd, {
      MISE_TRUSTED_CONFIG_PATHS: cwd,
      MISE_OFFLINE: "1",
    }),
    ...await optional("doit -n2", ["doit", "-n", "2", "all"], cwd),
    { name: "deno task, 2 jobs", command: [Deno.execPath(), "task", "all"], cwd, env: two },
  ];
  for (const runner of runners) {
    await once(runner);
    await Deno.remove(join(cwd, PROOF)).catch(() => {
      throw new Fault(`${runner.name} did not run the last task`);
    });
  }
  const rows = await measure(LONG_ROUNDS, runners);
  return {
    title: `${LAYERS * WIDTH} tasks in ${LAYERS} layers, median of ${LONG_ROUNDS} runs`,
    rows,
    ratios: runners.slice(1).map(({ name }) => ratio(rows, "ntask -j2", name))
      .filter((each) => each !== undefined),
  };
}

// ── the contestants ──────────────────────────────────────────────────────────────────────────────

function ntaskBinary(): string {
  const path = join(ROOT, "dist", `ntask${hostTarget().suffix}`);
  try {
    return Deno.realPathSync(path);
  } catch {
    throw new Fault(`there is no “${path}”: run “deno task compile” first`);
  }
}

/** What the same compiler makes of nothing: the floor that no program of ours can be under. */
async function emptyProgram(folder: string): Promise<string> {
  const source = join(folder, "empty.ts");
  Deno.writeTextFileSync(source, "export {};\n");
  const target = hostTarget();
  return (await compileWithBun(source, join(folder, `empty${target.suffix}`), target)).path;
}

async function just(): Promise<string> {
  const target = hostTarget();
  const name = `rust-just-${target.name.replace("-musl", "")}`;
  const file = `bin/just${target.suffix}`;
  const folder = join(ROOT, ".cache", "bench", `${name}-${JUST}`);
  return await fromNpm({ name, version: JUST, file, folder });
}

/** A program of the system, when there is one. */
async function optional(
  name: string,
  [program, ...words]: readonly [string, ...string[]],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Contestant[]> {
  const which = Deno.build.os === "windows" ? "where" : "which";
  const found = await capture(which, [program]).catch(() => ({ code: 1, stdout: "" }));
  const path = found.stdout.split(/\r?\n/)[0];
  return found.code !== 0 || !path ? [] : [{ name, command: [path, ...words], cwd, env }];
}

// ── measuring and showing ────────────────────────────────────────────────────────────────────────

async function once({ name, command, cwd, env }: Contestant): Promise<Outcome> {
  const [file, ...words] = command;
  const options = { cwd, clearEnv: true, env: { ...environment(), ...env } };
  const outcome = await capture(file, words, options);
  if (outcome.code === 0) return outcome;
  throw new Fault(`${name} exited with ${outcome.code}:\n${outcome.stderr.trim()}`);
}

async function measure(rounds: number, contestants: readonly Contestant[]): Promise<Row[]> {
  const request: TimerRequest = {
    rounds,
    contestants: contestants.map((each) => ({ ...each, env: { ...environment(), ...each.env } })),
  };
  const script = join(ROOT, "scripts", "bench", "_timer.ts");
  const timed = await capture(await bunFor(hostTarget()), [script, JSON.stringify(request)]);
  if (timed.code !== 0) throw new Fault(`the timer failed:\n${timed.stderr.trim()}`);
  const timings = JSON.parse(timed.stdout) as Timings;
  return contestants.map(({ name, command }) => {
    const runs = timings[name] ?? [];
    return { name, command, median: median(runs), least: Math.min(...runs), runs };
  });
}

/** Little, and the same for all: what a large environment costs is not the question. */
function environment(): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "SystemRoot", "TEMP", "USERPROFILE", "LOCALAPPDATA"];
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

function ratio(rows: readonly Row[], name: string, other: string) {
  const [a, b] = [name, other].map((each) => rows.find((row) => row.name === each)?.median);
  if (a === undefined || b === undefined) return undefined;
  return { what: `${name} / ${other}`, ratio: a / b };
}

function print({ title, rows, ratios }: Table): void {
  console.log(`\n${title}`);
  for (const { name, median, least, command } of rows) {
    const numbers = `${median.toFixed(2).padStart(9)} ms  (least ${least.toFixed(2)})`;
    console.log(`  ${name.padEnd(18)}${numbers.padEnd(32)}${command.join(" ")}`);
  }
  for (const { what, ratio } of ratios) console.log(`  ${ratio.toFixed(2).padStart(6)} × ${what}`);
}

function parse(args: readonly string[]): { readonly json: boolean; readonly rounds: number } {
  let json = false;
  let rounds = 40;
  const words = [...args];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--json") json = true;
    else if (word === "--rounds") rounds = Number(words.shift());
    else throw new Fault(`unknown word “${word}”\n${USAGE}`);
  }
  if (!(Number.isInteger(rounds) && rounds > 0)) throw new Fault(`--rounds N: a number\n${USAGE}`);
  return { json, rounds };
}

if (import.meta.main) await main("bench", () => bench(Deno.args));
