/**
 * Finding a project and reading its task files (toml-spec §1, cli.md "Discovery").
 *
 * @module
 */

import { basename, dirname, resolve } from "@std/path";
import { above, below } from "../host/below.ts";
import type { Host } from "../host/host.ts";
import type { AbsolutePath } from "../model/id.ts";
import { directoryFault, type Problem } from "../model/problem.ts";
import type { WrittenSetting } from "../model/setting.ts";
import type { Sheet } from "../model/task.ts";
import { readSettingFiles } from "./settings.ts";
import { formatOf, formats, type Opened, type Reading } from "./format/registry.ts";

/** What the user says about where to look. */
export interface Where {
  readonly directory?: string;
  readonly file?: string;
}

/** A project's task files, read. */
export interface Project {
  readonly root: AbsolutePath;
  readonly sheets: readonly Sheet[];
  /** Of the project and of the user, unchecked. */
  readonly settings: readonly WrittenSetting[];
  readonly problems: readonly Problem[];
}

/** TOML files in order of precedence; the first that has a tasks table is the source. */
const TOML_FILES = ["ntask.toml", "tasks.toml", "pyproject.toml"];
const TS_FILE = "tasks.ts";

/**
 * @param library what `import … from "ntask"` gives a task file; without it none is evaluated
 * @returns E_FILE, E_DIRECTORY or E_NO_TASKS when there is no project
 */
export async function readProject(
  host: Host,
  where: Where,
  library: Opened["library"] | undefined,
): Promise<Project | { readonly problem: Problem }> {
  const start = where.directory === undefined
    ? host.cwd
    : resolve(host.cwd, where.directory) as AbsolutePath;
  const kind = host.files.kind(start);
  if (kind !== "directory") {
    const why = directoryFault(start, kind);
    const given = where.directory !== undefined;
    return { problem: { code: "E_DIRECTORY", directory: where.directory ?? start, why, given } };
  }
  const open = async (file: AbsolutePath) => {
    const read = host.files.readText(file);
    if ("fault" in read) {
      return { fault: { code: "E_FILE", file: basename(file), why: read.fault } as const };
    }
    const { text } = read;
    const format = await formats[formatOf(file)!]();
    return { reading: await format.read({ file, text, host, ...(library && { library }) }) };
  };

  if (where.file !== undefined) {
    const file = resolve(start, where.file) as AbsolutePath;
    if (formatOf(file) === undefined) {
      return { problem: { code: "E_FILE", file: where.file, why: "unknown-format" } };
    }
    const { reading, fault } = await open(file);
    if (fault !== undefined) return { problem: { ...fault, file: where.file } };
    if (reading.sheet === undefined) return { problem: noTasks(file, [file]) };
    return await project(host, dirname(file) as AbsolutePath, [reading], []);
  }

  const empty: AbsolutePath[] = [];
  for (const directory of searched(host, start)) {
    const readings: Reading[] = [];
    const warnings: Problem[] = [];
    let source: AbsolutePath | undefined;
    for (const name of [...TOML_FILES, TS_FILE]) {
      const file = below(directory, name);
      if (host.files.kind(file) === undefined) continue;
      // A pyproject.toml is often there without tasks, and long: do not parse it for nothing.
      if (name === "pyproject.toml" && !mentionsUs(host, file)) continue;
      const { reading, fault } = await open(file);
      if (fault !== undefined) return { problem: { ...fault, file } };
      if (reading.sheet === undefined) {
        if (reading.settings?.length) readings.push(reading);
        if (name !== "pyproject.toml") empty.push(file);
      } else if (name !== TS_FILE && source !== undefined) {
        warnings.push({ code: "W_SHADOWED", file, by: source });
        readings.push({ settings: reading.settings ?? [], problems: [] });
      } else {
        if (name !== TS_FILE) source = file;
        readings.push(reading);
      }
    }
    if (readings.some((reading) => reading.sheet !== undefined)) {
      return await project(host, directory, readings, warnings);
    }
  }
  return { problem: noTasks(start, empty) };
}

async function project(
  host: Host,
  root: AbsolutePath,
  readings: readonly Reading[],
  warnings: readonly Problem[],
): Promise<Project> {
  const problems = readings.flatMap((reading) => reading.problems);
  const sheets = readings.flatMap((reading) => reading.sheet ?? []);
  // A file that holds no task is no problem beside one that does.
  const some = sheets.some((sheet) => sheet.drafts.length > 0);
  const beside = await readSettingFiles(host, root);
  return {
    root,
    sheets,
    settings: [...readings.flatMap((reading) => reading.settings ?? []), ...beside.settings],
    problems: [
      ...beside.problems,
      ...problems.filter(({ code, place }) => code !== "E_NO_TASKS" || !some || isTs(place?.file)),
      ...warnings,
    ],
  };
}

function isTs(file: string | undefined): boolean {
  return file !== undefined && formatOf(file) === "tasks_ts";
}

function noTasks(start: AbsolutePath, empty: readonly AbsolutePath[]): Problem {
  return { code: "E_NO_TASKS", start, empty };
}

function mentionsUs(host: Host, file: string): boolean {
  const read = host.files.readText(file);
  return "fault" in read || /tasks|ntask/.test(read.text);
}

/**
 * From where the user stands upwards. The last directory looked at is the repository's root, else
 * the home directory, else the root of the file system.
 */
function searched(host: Host, start: AbsolutePath): readonly AbsolutePath[] {
  const directories: AbsolutePath[] = [];
  for (let at = start;;) {
    directories.push(at);
    const last = host.files.kind(below(at, ".git")) !== undefined || at === host.home;
    const outer = above(at);
    if (last || outer === at) return directories;
    at = outer;
  }
}
