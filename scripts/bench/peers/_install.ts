/**
 * Getting the executables of peers: from `PATH`, from the registries by their ordinary clients, once,
 * into `.cache/bench`. The versions are pinned here and nowhere else.
 *
 * @module
 */

import { join } from "@std/path";
import { capture, Fault } from "../../command.ts";
import { exists } from "../../files.ts";
import { fromNpm, NPM, NPM_MISSING } from "../../npm_pack.ts";
import { ROOT } from "../../pins.ts";
import { onPath } from "../floors.ts";

export const VERSIONS = {
  just: "1.58.0",
  mise: "2026.9.15",
  turbo: "2.11.11",
  moon: "2.5.5",
  nx: "24.0.6",
  wireit: "0.14.13",
  doit: "0.37.0",
  ninja: "1.13.2",
  task: "v3.54.0",
} as const;

const CACHE = join(ROOT, ".cache", "bench");

/** A native executable in a package of its own. */
export function executable(name: string, version: string, file: string): Promise<string> {
  const folder = join(CACHE, `${name.replace(/[@/]/g, "-")}-${version}`);
  return fromNpm({ name, version, file, folder });
}

/** A package with what it depends on, installed. Gives the `node_modules` folder. */
export async function nodeModules(name: string, version: string): Promise<string> {
  return await once(`${name}-${version}`, async (folder) => {
    Deno.writeTextFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const words = ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"];
    return await capture(NPM, [...words, `${name}@${version}`], {
      cwd: folder,
      missing: NPM_MISSING,
    });
  }, "node_modules");
}

/** A Python program in an environment of its own. */
export async function fromPython(name: string, version: string): Promise<string> {
  const python = await program("python3");
  return await once(`${name}-${version}`, async (folder) => {
    const made = await capture(python, ["-m", "venv", folder]);
    if (made.code !== 0) return made;
    return await capture(join(folder, "bin", "pip"), ["install", "-q", `${name}==${version}`]);
  }, join("bin", name));
}

/** A Go program, built from source. */
export async function fromGo(module: string, version: string, name: string): Promise<string> {
  const go = await program("go");
  return await once(
    `${name}-${version}`,
    (folder) => capture(go, ["install", `${module}@${version}`], { env: { GOBIN: folder } }),
    name,
  );
}

/** @throws {Fault} when it is not on `PATH` */
export async function program(name: string): Promise<string> {
  const found = await onPath(name);
  if (found instanceof Fault) throw found;
  return found;
}

/** Node itself: what is on `PATH` may be the shim of a version manager. */
export async function node(): Promise<string> {
  const { stdout } = await capture(await program("node"), ["-p", "process.execPath"]);
  return stdout.trim();
}

/**
 * Do something once: the folder counts as done when what it is for is there. Programs keep their own
 * path in their files, so it is made in its place and not moved there.
 */
async function once(
  name: string,
  install: (folder: string) => Promise<{ readonly code: number; readonly stderr: string }>,
  file: string,
): Promise<string> {
  const folder = join(CACHE, name);
  const [done, wanted] = [join(folder, ".done"), join(folder, file)];
  if (exists(done) && exists(wanted)) return wanted;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  Deno.mkdirSync(folder, { recursive: true });
  const installed = await install(folder);
  if (installed.code !== 0) {
    throw new Fault(`cannot install ${name}: ${lastLine(installed.stderr)}`);
  }
  if (!exists(wanted)) throw new Fault(`cannot install ${name}: it has no ${file}`);
  Deno.writeTextFileSync(done, "");
  return wanted;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
