/**
 * Trees of files: copying and removing them. Faults are collected as sentences, not thrown.
 *
 * @module
 */

import { type FileStatus, isFault } from "../../../host/shell_system.ts";
import { lastPart } from "../paths.ts";
import type { Shell } from "../state.ts";
import { pathOf } from "./_input.ts";

export interface CopyOptions {
  readonly recursive: boolean;
  /** Times and modes go along. */
  readonly preserve: boolean;
  /** Links are copied as links. */
  readonly links: boolean;
  readonly force: boolean;
  readonly keep: boolean;
}

/** What happened, in the words of the command. */
export interface Journal {
  readonly problems: string[];
  readonly done: string[];
}

export function statusOf(shell: Shell, path: string, follow: boolean): FileStatus | undefined {
  const status = shell.system.status(pathOf(shell, path), follow);
  return isFault(status) ? undefined : status;
}

/** Whether two paths are one file. The numbers that tell on POSIX are no use on Windows. */
export function sameFile(shell: Shell, one: string, other: string): boolean {
  if (shell.system.windows) return realOf(shell, one) === realOf(shell, other);
  const [a, b] = [statusOf(shell, one, true), statusOf(shell, other, true)];
  return a !== undefined && b !== undefined && a.device === b.device && a.inode === b.inode;
}

/**
 * Where each source goes: into a directory, or to the target's own name.
 *
 * @returns undefined where several sources have no directory to go to
 */
export function destinations(
  shell: Shell,
  sources: readonly string[],
  target: string,
): readonly (readonly [string, string])[] | undefined {
  const directory = statusOf(shell, target, true)?.kind === "directory";
  if (!directory) {
    return sources.length === 1 ? [[sources[0]!, target]] : undefined;
  }
  const base = target.endsWith("/") ? target : `${target}/`;
  const slashed = (path: string) => shell.system.windows ? path.replaceAll("\\", "/") : path;
  return sources.map((source) => [source, base + lastPart(slashed(source), shell.system.windows)]);
}

export function copyPath(
  shell: Shell,
  from: string,
  to: string,
  options: CopyOptions,
  journal: Journal,
): void {
  const { system } = shell;
  const fail = (words: string) => void journal.problems.push(words);
  const source = statusOf(shell, from, !options.links);
  if (source === undefined) return fail(`cannot stat '${from}': No such file or directory`);
  const old = statusOf(shell, to, true);
  if (old !== undefined && sameFile(shell, from, to)) {
    return fail(`'${from}' and '${to}' are the same file`);
  }
  if (source.kind === "directory") {
    if (!options.recursive) return fail(`-r not specified; omitting directory '${from}'`);
    copyDirectory(shell, from, to, source, options, journal);
  } else {
    if (old?.kind === "directory") {
      return fail(`cannot overwrite directory '${to}' with non-directory`);
    }
    if (old !== undefined && options.keep) return;
    const fault = source.kind === "link"
      ? copyLink(shell, from, to)
      : isNull(shell, to)
      ? openOnce(shell, from, "read")
      : isNull(shell, from)
      ? openOnce(shell, to, "write")
      : copyFile(shell, from, to, options.force);
    if (fault !== undefined) return fail(`cannot create '${to}': ${fault}`);
    journal.done.push(`'${from}' -> '${to}'`);
  }
  if (options.preserve && source.kind !== "link") {
    system.setMode(pathOf(shell, to), source.mode & 0o7777);
    system.setTimes(pathOf(shell, to), source.accessed, source.modified);
  }
}

function copyFile(shell: Shell, from: string, to: string, force: boolean): string | undefined {
  const { system } = shell;
  const [source, target] = [pathOf(shell, from), pathOf(shell, to)];
  const fault = system.copyFile(source, target);
  if (fault === undefined || !force) return fault?.words;
  if (system.removeFile(target) !== undefined) return fault.words;
  return system.copyFile(source, target)?.words;
}

/** The device of nothing takes and gives nothing; the system's call copies files only. */
function isNull(shell: Shell, path: string): boolean {
  return pathOf(shell, path) === pathOf(shell, "/dev/null");
}

/** To write makes the file, or empties it. @returns why it cannot be opened */
function openOnce(shell: Shell, path: string, mode: "read" | "write"): string | undefined {
  const { system } = shell;
  const fd = system.open(pathOf(shell, path), mode);
  if (isFault(fd)) return fd.words;
  system.close(fd);
  return undefined;
}

function copyLink(shell: Shell, from: string, to: string): string | undefined {
  const { system } = shell;
  const target = system.readLink(pathOf(shell, from));
  if (isFault(target)) return target.words;
  if (statusOf(shell, to, false) !== undefined) system.removeFile(pathOf(shell, to));
  return system.link(target, pathOf(shell, to))?.words;
}

function copyDirectory(
  shell: Shell,
  from: string,
  to: string,
  source: FileStatus,
  options: CopyOptions,
  journal: Journal,
): void {
  const { system } = shell;
  const [inner, outer] = [realOf(shell, to), realOf(shell, from)];
  if (inner === outer || inner.startsWith(`${outer}/`)) {
    journal.problems.push(`cannot copy a directory, '${from}', into itself, '${to}'`);
    return;
  }
  if (statusOf(shell, to, true)?.kind !== "directory") {
    const fault = system.makeDirectory(pathOf(shell, to), (source.mode & 0o777) | 0o700);
    if (fault !== undefined) {
      journal.problems.push(`cannot create directory '${to}': ${fault.words}`);
      return;
    }
    journal.done.push(`'${from}' -> '${to}'`);
  }
  const names = system.list(pathOf(shell, from));
  if (isFault(names)) {
    journal.problems.push(`cannot access '${from}': ${names.words}`);
    return;
  }
  for (const name of [...names].sort()) {
    copyPath(shell, `${trim(from)}/${name}`, `${trim(to)}/${name}`, options, journal);
  }
}

/** The place itself, also of something that is not there yet. */
function realOf(shell: Shell, path: string): string {
  const { system } = shell;
  const shown = (text: string) => system.windows ? text.replaceAll("\\", "/").toLowerCase() : text;
  const whole = trim(pathOf(shell, path));
  const real = system.real(whole);
  if (!isFault(real)) return shown(real);
  const cut = whole.lastIndexOf("/");
  const parent = system.real(whole.slice(0, cut) || "/");
  return shown(isFault(parent) ? whole : `${parent}/${whole.slice(cut + 1)}`);
}

function trim(path: string): string {
  return path.replace(/(?<=.)\/+$/, "");
}

/** Remove a file, or with `recursive` a directory and everything in it. Links are not followed. */
export function removePath(
  shell: Shell,
  path: string,
  recursive: boolean,
  journal: Journal,
): void {
  const { system } = shell;
  const status = statusOf(shell, path, false);
  if (status === undefined) return;
  if (status.kind !== "directory") {
    const fault = removeFile(shell, path);
    if (fault !== undefined) journal.problems.push(`cannot remove '${path}': ${fault}`);
    else journal.done.push(`removed '${path}'`);
    return;
  }
  if (recursive) {
    const names = system.list(pathOf(shell, path));
    for (const name of isFault(names) ? [] : names) {
      removePath(shell, `${trim(path)}/${name}`, true, journal);
    }
  }
  const fault = system.removeDirectory(pathOf(shell, path));
  if (fault !== undefined) journal.problems.push(`cannot remove '${path}': ${fault.words}`);
  else journal.done.push(`removed directory '${path}'`);
}

function removeFile(shell: Shell, path: string): string | undefined {
  const { system } = shell;
  const fault = system.removeFile(pathOf(shell, path));
  if (fault === undefined || !system.windows) return fault?.words;
  // Windows keeps what is marked read-only.
  system.setMode(pathOf(shell, path), 0o666);
  return system.removeFile(pathOf(shell, path))?.words;
}
