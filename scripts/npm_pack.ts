/**
 * Executables from npm packages, without installing the package.
 *
 * In: a package, its version and a path in it. Out: the path of the file, unpacked once under
 * `.cache/`. What must stay true: a folder that exists is complete (it is unpacked beside its
 * place and renamed into it), so an interrupted run or two runs at once leave nothing half done;
 * npm itself checks the integrity of what it downloads.
 *
 * @module
 */

import { basename, dirname, join } from "@std/path";
import { capture, Fault } from "./command.ts";
import { exists } from "./files.ts";

/** The program `npm`. */
export const NPM: string = Deno.build.os === "windows" ? "npm.cmd" : "npm";

/** What to say where there is none. */
export const NPM_MISSING = "npm comes with Node.js; install Node.js 20 or later";

export interface NpmExecutable {
  /** `@scope/name` or `name`. */
  readonly name: string;
  readonly version: string;
  /** The file in the package, with `/`. */
  readonly file: string;
  /** The folder that becomes the package. */
  readonly folder: string;
}

/**
 * The path of an executable in a package of the npm registry; downloads it the first time.
 *
 * @throws {Fault} when npm is missing or refuses, or the package has no such file
 */
export async function fromNpm(wanted: NpmExecutable): Promise<string> {
  const executable = join(wanted.folder, wanted.file);
  if (isFile(executable)) return executable;
  Deno.mkdirSync(dirname(wanted.folder), { recursive: true });
  const beside = Deno.makeTempDirSync({ dir: dirname(wanted.folder), prefix: ".unpack-" });
  try {
    const unpacked = await unpack(wanted, beside);
    if (!isFile(join(unpacked, wanted.file))) {
      throw new Fault(`the npm package ${spell(wanted)} has no file “${wanted.file}”`);
    }
    if (Deno.build.os !== "windows") Deno.chmodSync(join(unpacked, wanted.file), 0o755);
    moveInto(unpacked, wanted.folder, executable);
  } finally {
    Deno.removeSync(beside, { recursive: true });
  }
  return executable;
}

async function unpack(wanted: NpmExecutable, into: string): Promise<string> {
  const pack = await capture(NPM, ["pack", "--silent", "--pack-destination", into, spell(wanted)], {
    missing: NPM_MISSING,
  });
  const archive = pack.stdout.trim().split("\n").at(-1)?.trim() ?? "";
  if (pack.code !== 0 || archive === "") {
    throw new Fault(
      `cannot get the npm package ${spell(wanted)}: “npm pack” exited with ${pack.code}` +
        indent(pack.stderr || "(it wrote nothing; is the registry reachable?)"),
    );
  }
  // Most archives hold a folder `package`, but npm takes whatever it is called.
  const folder = join(into, "package");
  Deno.mkdirSync(folder);
  const words = ["-xzf", join(into, basename(archive)), "-C", folder, "--strip-components=1"];
  const tar = await capture("tar", words, { missing: "tar is needed to unpack npm packages" });
  if (tar.code !== 0) {
    throw new Fault(`cannot unpack the npm package ${spell(wanted)}:${indent(tar.stderr)}`);
  }
  return folder;
}

/** Somebody else may have been faster; theirs is as good. A folder without the file is not. */
function moveInto(from: string, to: string, executable: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (isFile(executable)) return;
    if (!exists(to)) throw error;
    Deno.removeSync(to, { recursive: true });
    Deno.renameSync(from, to);
  }
}

function isFile(path: string): boolean {
  try {
    const stat = Deno.statSync(path);
    return stat.isFile && stat.size > 0;
  } catch {
    return false;
  }
}

function spell(wanted: NpmExecutable): string {
  return `${wanted.name}@${wanted.version}`;
}

function indent(text: string): string {
  return text.trim().split("\n").map((line) => `\n    ${line}`).join("");
}
