/**
 * Which file a program's name means: the directories a project's tools are in, then `PATH`
 * (toml-spec §4.1).
 *
 * @module
 */

import { isAbsolute, resolve } from "@std/path";
import { above, below } from "../host/below.ts";
import type { Files, Host } from "../host/host.ts";
import type { Problem } from "../model/problem.ts";
import type { Variables } from "../source/spec/expand.ts";

/** The part of the machine in which programs are looked for. */
export interface Seeing {
  readonly os: Host["os"];
  readonly files: Pick<Files, "kind" | "executable">;
}

export interface ProgramRequest {
  readonly name: string;
  /** The task's directory. */
  readonly cwd: string;
  readonly root: string;
  readonly env: Variables;
  /** Look where the project keeps its tools first. */
  readonly projectBins: boolean;
}

/** Every `node_modules/.bin` from the directory up to the root, then the virtual environment's. */
export function projectBins(
  host: Seeing,
  { cwd, root, env }: Omit<ProgramRequest, "name" | "projectBins">,
): readonly string[] {
  return binPlaces(host, { cwd, root, env }).filter((bin) => host.files.kind(bin) === "directory");
}

/** Where those would be. */
function binPlaces(
  host: Seeing,
  { cwd, root, env }: Omit<ProgramRequest, "name" | "projectBins">,
): string[] {
  const bins: string[] = [];
  for (let at: string = cwd;;) {
    bins.push(below(at, "node_modules", ".bin"));
    const outer = above(at);
    if (at === root || outer === at || !at.startsWith(root)) break;
    at = outer;
  }
  if (env.get("VIRTUAL_ENV") === undefined) {
    bins.push(below(root, ".venv", host.os === "windows" ? "Scripts" : "bin"));
  }
  return bins;
}

/** Where POSIX shells look when nobody has said where. */
const USUAL = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The directories programs are looked up in; without a `PATH`, as cron may have it, the usual ones. */
export function searchPath(host: Pick<Seeing, "os">, env: Variables): readonly string[] {
  const windows = host.os === "windows";
  return (env.get("PATH") ?? (windows ? "" : USUAL)).split(windows ? ";" : ":");
}

/**
 * @returns the file, or why there is none: `missing` (status 127), `not-executable` or `directory`
 * (126)
 */
export function findProgram(
  host: Seeing,
  request: ProgramRequest,
): { readonly file: string } | { readonly problem: Problem<"R_COMMAND"> } {
  const { name, cwd } = request;
  const fail = (why: "missing" | "not-executable" | "directory", searched: readonly string[]) => ({
    problem: { code: "R_COMMAND" as const, program: name, why, searched },
  });
  const path = name.includes("/") || host.os === "windows" && name.includes("\\");
  if (path || isAbsolute(name)) {
    const base = isAbsolute(name) ? name : resolve(cwd, name);
    const found = withEndings(host, base, request.env);
    if (found !== undefined) return { file: found };
    const kind = host.files.kind(base);
    if (kind === undefined) return fail("missing", []);
    return fail(kind === "directory" ? "directory" : "not-executable", []);
  }
  const bins = request.projectBins ? binPlaces(host, request) : [];
  let blocked = false;
  // Nobody asks whether a directory is there: one question for each place is all it takes.
  for (const directory of [...bins, ...searchPath(host, request.env)]) {
    // An empty entry means the current directory to a shell; here it would mean the task's.
    if (directory === "") continue;
    const base = isAbsolute(directory) ? below(directory, name) : resolve(cwd, directory, name);
    if (host.os === "windows") {
      const found = withEndings(host, base, request.env);
      if (found !== undefined) return { file: found };
    } else if (host.files.kind(base) === "file") {
      if (host.files.executable(base)) return { file: base };
      blocked = true;
    }
  }
  const searched = bins.filter((bin) => host.files.kind(bin) === "directory");
  return fail(blocked ? "not-executable" : "missing", searched);
}

function withEndings(host: Seeing, base: string, env: Variables): string | undefined {
  const usable = (file: string) => host.files.kind(file) === "file" && host.files.executable(file);
  if (host.os !== "windows") return usable(base) ? base : undefined;
  const endings = (env.get("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").split(";").filter((e) => e !== "");
  const named = endings.some((ending) => base.toLowerCase().endsWith(ending.toLowerCase()));
  if (named && usable(base)) return base;
  return endings.map((ending) => base + ending.toLowerCase()).find(usable);
}
