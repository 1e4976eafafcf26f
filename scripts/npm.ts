/**
 * `deno task npm`: the npm package, for Node 22.18 or later (`src/host/node_version.ts`).
 *
 * In: `main.ts`, `src/mod.ts`, `npm/package.json`. Out: `dist/npm/`, ready for `npm publish`: the
 * program as modules for Node in `lib/`, the types, README and licence. Its version is that of
 * `deno.json`, its one dependency the version of `jiti` that the import map names.
 *
 * @module
 */

import { join } from "@std/path";
import { buildWithBun, installPackages } from "./compile.ts";
import { capture, Fault, main } from "./command.ts";
import { NPM, NPM_MISSING } from "./npm_pack.ts";
import { projectVersion, ROOT } from "./pins.ts";

/** Where the package is built. */
export const PACKAGE: string = join(ROOT, "dist", "npm");

/** Build the package. */
export async function buildPackage(): Promise<void> {
  await installPackages();
  await Deno.remove(PACKAGE, { recursive: true }).catch(() => {});
  const entries = ["main.ts", "src/mod.ts"].map((entry) => join(ROOT, entry));
  const built = await buildWithBun({ root: ROOT, entries, out: { folder: join(PACKAGE, "lib") } });
  if (built.code !== 0) throw new Fault(`cannot build the package:\n${built.stderr.trim()}`);
  const program = join(PACKAGE, "lib", "main.js");
  const text = await Deno.readTextFile(program);
  await Deno.writeTextFile(program, text.startsWith("#!") ? text : `#!/usr/bin/env node\n${text}`);
  if (Deno.build.os !== "windows") await Deno.chmod(program, 0o755);
  for (const name of ["README.md", "LICENSE"]) {
    await Deno.copyFile(join(ROOT, name), join(PACKAGE, name));
  }
  await Deno.copyFile(join(ROOT, "src/model/ntask.d.ts"), join(PACKAGE, "ntask.d.ts"));
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const manifest = {
    ...JSON.parse(await Deno.readTextFile(join(ROOT, "npm", "package.json"))),
    version: projectVersion(),
    dependencies: { jiti: imports.jiti.replace("npm:jiti@", "") },
  };
  await Deno.writeTextFile(join(PACKAGE, "package.json"), JSON.stringify(manifest, null, 2) + "\n");
}

/**
 * Install the built package as a user would, with what it depends on.
 *
 * @param folder emptied first
 * @returns where the package lies
 * @throws {Fault} when npm is missing or refuses
 */
export async function installPackage(folder: string): Promise<string> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  const npm = async (...words: readonly string[]): Promise<string> => {
    const ran = await capture(NPM, [...words, "--silent"], { cwd: folder, missing: NPM_MISSING });
    if (ran.code === 0) return ran.stdout.trim();
    throw new Fault(`“npm ${words.join(" ")}” exited with ${ran.code}:\n${ran.stderr.trim()}`);
  };
  const archive = await npm("pack", PACKAGE);
  await npm("install", "--no-audit", "--no-fund", "--prefix", folder, `./${archive}`);
  return join(folder, "node_modules", "ntask");
}

if (import.meta.main) {
  await main("npm", async () => {
    await buildPackage();
    console.log("dist/npm");
  });
}
