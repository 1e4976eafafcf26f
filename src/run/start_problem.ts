/**
 * Why a process could not be started, and what may have been meant: in what the search for a program
 * or the system says, out a problem that helps.
 *
 * @module
 */

import { isAbsolute } from "@std/path";
import { below } from "../host/below.ts";
import type { Host, StartFault } from "../host/host.ts";
import { nearest } from "../model/near.ts";
import type { Problem } from "../model/problem.ts";
import { type ProgramRequest, projectBins, searchPath } from "./program.ts";

/** What only a shell knows, on every system. */
const OF_SHELLS = new Set(
  ". : alias bg break builtin case cd continue declare eval exec exit export fg for function getopts hash if jobs let local popd pushd read readonly return select set shift shopt source times trap type typeset ulimit umask unalias unset until wait while"
    .split(" "),
);

/** What only `cmd` knows. */
const OF_CMD = new Set(
  "assoc call cls copy date del dir echo endlocal erase ftype goto md mkdir mklink move path pause prompt rd rem ren rename rmdir setlocal start time title type ver verify vol"
    .split(" "),
);

/**
 * A program that is not there: with the names that are near, or why it can be none.
 *
 * @param problem what {@linkcode findProgram} has said
 */
export function missingProgram(
  host: Host,
  problem: Problem<"R_COMMAND">,
  request: ProgramRequest,
): Problem<"R_COMMAND"> {
  const { name, root } = request;
  if (problem.why !== "missing" || /[\\/]/.test(name)) return problem;
  const windows = host.os === "windows";
  if (OF_SHELLS.has(name)) return { ...problem, builtin: "a shell" };
  if (windows && OF_CMD.has(name.toLowerCase())) return { ...problem, builtin: "cmd" };
  const near = nearest(name, programNames(host, request));
  if (near.length > 0) return { ...problem, near };
  const packages = below(root, "package.json");
  const install = request.projectBins && host.files.kind(packages) === "file" &&
    host.files.kind(below(root, "node_modules")) === undefined;
  return install ? { ...problem, install: "package.json" } : problem;
}

/** The names of all programs that could have been meant. */
function programNames(host: Host, request: ProgramRequest): ReadonlySet<string> {
  const windows = host.os === "windows";
  const path = searchPath(host, request.env);
  const bins = request.projectBins ? projectBins(host, request) : [];
  const names = new Set<string>();
  for (const directory of [...bins, ...path]) {
    if (!isAbsolute(directory)) continue;
    for (const file of host.files.list(directory)) {
      if (!windows) names.add(file);
      else if (/\.(?:exe|cmd|bat|com)$/i.test(file)) names.add(file.replace(/\.[^.]*$/, ""));
    }
  }
  return names;
}

/** What a process was to be started with. */
export interface Start {
  readonly file: string;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** R_NUL, where a word holds the character that ends every text a process is given. */
export function nulIn(words: readonly string[], program: string): Problem<"R_NUL"> | undefined {
  return words.some((word) => word.includes("\0"))
    ? { code: "R_NUL", where: "argument", name: program }
    : undefined;
}

/** What the system has said, as a problem. */
export function startProblem(
  host: Host,
  { why, detail }: StartFault,
  start: Start,
  program: string,
): Problem {
  // The program was there a moment ago; so was the directory.
  if (why === "missing" && host.files.kind(start.cwd) !== "directory") {
    return { code: "R_CWD", directory: start.cwd, why: "missing" };
  }
  if (why === "missing" && host.files.kind(start.file) === "file") {
    const detail = interpreterIn(host, start.file);
    return {
      ...{ code: "R_COMMAND", program, why: "interpreter", searched: [] },
      ...(detail !== undefined && { detail }),
    };
  }
  const about = why === "too-long" ? tooLong(host, start) ?? detail : detail;
  return { code: "R_COMMAND", program, why, detail: about, searched: [] };
}

/** The program in the first line of a script. */
function interpreterIn(host: Host, file: string): string | undefined {
  const read = host.files.readText(file);
  return "text" in read ? /^#![ \t]*([^ \t\n]+)/.exec(read.text)?.[1] : undefined;
}

/** Linux takes 32 pages for one text, whatever there is for all of them. */
const LONGEST_ON_LINUX = 131_072;

function tooLong(host: Host, { words, env }: Start): string | undefined {
  // Windows has said it in its own numbers.
  if (host.os === "windows") return undefined;
  const encoder = new TextEncoder();
  const length = (text: string) => encoder.encode(text).length + 1;
  const texts = [
    ...words.map((word) => ["an argument", length(word)] as const),
    ...Object.entries(env).map(([name, value]) => [name, length(`${name}=${value}`)] as const),
  ];
  const [what, most] = texts.reduce((a, b) => b[1] > a[1] ? b : a, ["", 0]);
  if (host.os === "linux" && most > LONGEST_ON_LINUX) {
    return `${what} has ${most - 1} bytes, Linux takes ${LONGEST_ON_LINUX - 1} for each`;
  }
  const all = texts.reduce((sum, [, each]) => sum + each, 0);
  return `arguments and variables have ${all} bytes together`;
}
