/**
 * `deno task compile`: the release binaries.
 *
 * In: `main.ts`, the pinned version of Bun. Out: `dist/ntask[.exe]` for this machine, with `--all`
 * or `--target NAME` (repeatable) `dist/NAME/ntask[.exe]`. Bun and its runtimes for the other
 * systems are npm packages, kept under `.cache/bun`. `--with deno` uses `deno compile` instead,
 * which downloads its own runtime (or takes the file in DENORT_BIN).
 *
 * @module
 */

import { basename, dirname, join } from "@std/path";
import type { BuildRequest } from "./_bun_build.ts";
import { capture, Fault, main, type Outcome } from "./command.ts";
import { fromNpm } from "./npm_pack.ts";
import { readOptions } from "./options.ts";
import { pinned, ROOT } from "./pins.ts";
import { formatOf, hostTarget, type Target, targetNamed, TARGETS } from "./targets.ts";

const USAGE = `usage: deno task compile [--all | --target NAME…] [--with bun|deno]
targets: ${TARGETS.map((target) => target.name).join(", ")}`;

const DENO_HINT =
  "deno compile downloads its runtime (denort); without a network, set DENORT_BIN " +
  "to such a file of the same version";

/** A finished binary. */
export interface Binary {
  readonly path: string;
  readonly bytes: number;
  readonly milliseconds: number;
}

interface Request {
  readonly compiler: "bun" | "deno";
  /** Absent: the host binary, at the top of `dist/`. */
  readonly targets?: readonly Target[];
}

/** The path of Bun for a target, downloaded once. */
export function bunFor(target: Target): Promise<string> {
  const version = pinned("bun");
  return fromNpm({
    name: `@oven/${target.pack}`,
    version,
    file: `bin/bun${target.suffix}`,
    folder: join(ROOT, ".cache", "bun", version, target.pack),
  });
}

/**
 * Compile a program with the flags of the release.
 *
 * @param entry the program, an absolute path
 * @param outfile where the executable goes, an absolute path
 * @throws {Fault} when it cannot be built
 */
export async function compileWithBun(
  entry: string,
  outfile: string,
  target: Target,
): Promise<Binary> {
  const runtime = await bunFor(target);
  return await place(
    outfile,
    target,
    (file) =>
      buildWithBun({ root: ROOT, entries: [entry], out: { file, target: target.bun, runtime } }),
  );
}

/** One build by the pinned Bun, untouched by the surroundings. */
export async function buildWithBun(request: BuildRequest): Promise<Outcome> {
  const bun = await bunFor(hostTarget());
  const script = join(ROOT, "scripts", "_bun_build.ts");
  const env = Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) => !/^(BUN_|NODE_ENV$)/.test(name)),
  );
  return await capture(bun, [script, JSON.stringify(request)], { cwd: ROOT, clearEnv: true, env });
}

/** A clean clone has no node_modules yet; Bun resolves packages there. */
export async function installPackages(): Promise<void> {
  const install = await capture(Deno.execPath(), ["install", "--quiet"], { cwd: ROOT });
  if (install.code !== 0) throw new Fault(`cannot install packages:\n${install.stderr.trim()}`);
}

async function compileWithDeno(entry: string, outfile: string, target: Target): Promise<Binary> {
  const triple = target.deno;
  if (triple === undefined) throw new Fault(`deno compile has no target “${target.name}”`);
  return await place(outfile, target, async (outfile) => {
    const args = ["--allow-all", "--no-check", "--target", triple, "--output", outfile, entry];
    const options = { cwd: ROOT, env: { NO_COLOR: "1" } };
    const built = await capture(Deno.execPath(), ["compile", ...args], options);
    return built.code === 0 ? built : { ...built, stderr: `${built.stderr}\n${DENO_HINT}` };
  });
}

/**
 * Build beside the place and move: no half-written binary is ever found there, and the source maps
 * that Bun lays next to the executable (it holds them too) stay behind.
 *
 * The executable is written once more, in one piece: file systems of Linux that can keep it in large
 * pages then do, and a start takes a tenth less than of a copy made by `cp`
 * (`docs/explanation/performance.md`).
 */
async function place(
  outfile: string,
  target: Target,
  build: (outfile: string) => Promise<Outcome>,
): Promise<Binary> {
  Deno.mkdirSync(dirname(outfile), { recursive: true });
  const folder = Deno.makeTempDirSync({ dir: dirname(outfile), prefix: ".build-" });
  const draft = join(folder, basename(outfile));
  try {
    const start = performance.now();
    const built = await build(draft);
    const milliseconds = performance.now() - start;
    if (built.code !== 0) {
      throw new Fault(`cannot build for ${target.name}:\n${(built.stderr || built.stdout).trim()}`);
    }
    verify(draft, target);
    const whole = `${draft}.whole`;
    const bytes = Deno.readFileSync(draft);
    Deno.writeFileSync(whole, bytes, { mode: 0o755 });
    Deno.renameSync(whole, outfile);
    return { path: outfile, bytes: bytes.length, milliseconds };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** A cross-compiled binary cannot be started here; its first bytes can be read. */
function verify(outfile: string, target: Target): void {
  const head = new Uint8Array(4);
  try {
    using file = Deno.openSync(outfile);
    file.readSync(head);
  } catch (error) {
    throw new Fault(`no executable came out for ${target.name}: ${(error as Error).message}`);
  }
  const format = formatOf(head);
  if (format !== target.format) {
    throw new Fault(
      `“${outfile}” is ${format ?? "no executable"}, not ${target.format}: wrong runtime package?`,
    );
  }
}

function parse(args: readonly string[]): Request | "help" {
  const read = readOptions(args, {
    all: { type: "boolean" },
    target: { type: "string", multiple: true },
    with: { type: "string", default: "bun" },
  }, USAGE);
  if ("usage" in read) return "help";
  const { values: { all, target = [], with: compiler }, positionals: [word] } = read;
  if (word !== undefined) throw new Fault(`unknown word “${word}”\n${USAGE}`);
  if (compiler !== "bun" && compiler !== "deno") {
    throw new Fault(`--with ${compiler}: bun or deno`);
  }
  if (!all && target.length === 0) return { compiler };
  return { compiler, targets: all ? TARGETS : [...new Set(target.map(targetNamed))] };
}

async function compile(args: readonly string[]): Promise<void> {
  const request = parse(args);
  if (request === "help") return console.log(USAGE);
  await installPackages();
  const build = request.compiler === "bun" ? compileWithBun : compileWithDeno;
  for (const target of request.targets ?? [hostTarget()]) {
    const folder = request.targets === undefined ? ["dist"] : ["dist", target.name];
    const path = join(...folder, `ntask${target.suffix}`);
    const binary = await build(join(ROOT, "main.ts"), join(ROOT, path), target);
    const size = (binary.bytes / 1e6).toFixed(1).padStart(7);
    const time = (binary.milliseconds / 1000).toFixed(1).padStart(5);
    console.log(`${path.padEnd(32)}${size} MB${time} s`);
  }
}

if (import.meta.main) await main("compile", () => compile(Deno.args));
