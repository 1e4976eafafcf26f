/**
 * Which processes belong to a process: what is in its group, what descends from it, and what was
 * started with its mark in the environment, wherever that has gone since.
 *
 * ```
 * task 701-1764…-1 (leads a group)
 *   sh            in the group
 *   └ server      in the group, also when sh has ended
 *   └ setsid db   in a group of its own: found by its parents while those live, and by the mark
 * ```
 *
 * Linux tells all of it in `/proc`, macOS by `ps` (whose view of the environment leaves out the
 * system's own programs). Where nothing tells, a group is all there is; Windows ends trees itself.
 *
 * A process that has ended and was not waited for is no process here.
 *
 * @module
 */

import fs from "node:fs";
import { RUN_ID } from "./mark.ts";
import { process } from "./process.ts";

/** The process that others belong to. */
export interface Root {
  readonly pid: number;
  /** It leads a process group, and all of that belongs to it. */
  readonly group: boolean;
  /** The value of {@linkcode RUN_ID} that its processes were started with. */
  readonly mark: string;
  /**
   * When it began, in the system's count; empty where that is not told. What is no number, when it
   * has ended, is the beginning of no process.
   */
  readonly start: string;
  /** It has ended: its number may be another's by now. */
  readonly gone?: boolean;
  /**
   * It does one thing after the other: of what descends from it, only that belongs to the present
   * one which is not marked as another's.
   */
  readonly serves?: boolean;
}

/** A process, as the system tells. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Comparable with others of the machine; `undefined` where it is not told. */
  readonly start?: number;
  /** The value of {@linkcode RUN_ID} in the environment it was started with. */
  mark(): string | undefined;
}

/** What belongs to a process, itself included and first, as far as it is alive. */
export function treeOf(root: Root): readonly ProcessRow[] {
  return membersOf(root, processTable()).filter(({ pid }) => pid !== process.pid);
}

/**
 * The same for a given table.
 *
 * A mark within another one, `a.b` within `a`, belongs to both: ntask started by a task of ntask
 * marks what it starts so.
 */
export function membersOf(root: Root, table: readonly ProcessRow[]): readonly ProcessRow[] {
  const found = new Set<ProcessRow>();
  const earliest = root.start === "" ? 0 : Number(root.start);
  const holder = table.find(({ pid }) => pid === root.pid);
  // Another process may have been given the number since; but no number of a group that lives.
  const another = holder !== undefined &&
    (root.gone === true || (holder.start ?? earliest) !== earliest && root.start !== "");
  const ours = ({ mark }: ProcessRow) => {
    if (!root.serves) return true;
    const other = mark();
    return other === undefined || isWithin(other, root.mark);
  };
  if (!another) {
    if (holder !== undefined) found.add(holder);
    if (root.group) {
      for (const row of table) if (row.group === root.pid && ours(row)) found.add(row);
    }
  }
  for (const row of table) {
    // What is older than the root was not started by it; its environment need not be read.
    if (found.has(row) || (row.start ?? earliest) < earliest) continue;
    const mark = row.mark();
    if (mark !== undefined && isWithin(mark, root.mark)) found.add(row);
  }
  const children = new Map<number, ProcessRow[]>();
  for (const row of table) {
    const siblings = children.get(row.parent);
    if (siblings === undefined) children.set(row.parent, [row]);
    else siblings.push(row);
  }
  for (const { pid } of found) {
    for (const row of children.get(pid) ?? []) if (ours(row)) found.add(row);
  }
  return [...found];
}

/** Was it started by an ntask that works for a task? That one ends it when it is told to. */
export function isNested({ mark }: ProcessRow, root: Root): boolean {
  return mark()?.startsWith(`${root.mark}.`) === true;
}

function isWithin(mark: string, outer: string): boolean {
  return mark === outer || mark.startsWith(`${outer}.`);
}

/** The processes that were started with a variable set so. Only Linux tells of any variable. */
export function processesWith(name: string, value: string): readonly number[] {
  const wanted = `${name}=${value}`;
  return processTable().flatMap(({ pid }) => environmentOf(pid).includes(wanted) ? [pid] : []);
}

/** Send a signal to one process, which may be gone. */
export function signalProcess(pid: number, signal: string): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already, or is another user's.
  }
}

/** Is a process of this machine alive? One that has ended and was not waited for is not. */
export function processAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return !/^[ZX]/.test(statOf(pid)[0] ?? "");
}

/**
 * When a process began, in the system's own count: tells two processes with one number apart.
 * Empty where the system does not tell, or when there is no such process.
 */
export function processStart(pid: number): string {
  return statOf(pid)[19] ?? "";
}

function processTable(): readonly ProcessRow[] {
  switch (process.platform) {
    case "linux":
      return linuxTable();
    case "darwin":
      return readPs(ps("-A", "-E", "-ww", "-o", PS_COLUMNS));
    case "win32":
      return [];
    default:
      return readPs(ps("-A", "-ww", "-o", PS_COLUMNS));
  }
}

function linuxTable(): readonly ProcessRow[] {
  return listProc().flatMap((name) => {
    const pid = Number(name);
    const stat = statOf(pid);
    const [state, parent, group] = stat;
    if (state === undefined || /^[ZX]/.test(state)) return [];
    return [{
      pid,
      parent: Number(parent),
      group: Number(group),
      start: Number(stat[19]),
      mark: () => valueIn(environmentOf(pid)),
    }];
  });
}

function listProc(): readonly string[] {
  try {
    return fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** What Linux says of a process, from its state on. The name before it may hold anything. */
function statOf(pid: number): readonly string[] {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

function environmentOf(pid: number): readonly string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // It has ended, or is another user's.
    return [];
  }
}

function valueIn(environment: readonly string[]): string | undefined {
  return environment.find((each) => each.startsWith(`${RUN_ID}=`))?.slice(RUN_ID.length + 1);
}

const PS_COLUMNS = "pid=,ppid=,pgid=,stat=,command=";

function ps(...words: readonly string[]): string {
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const { stdout } = spawnSync("ps", words, { encoding: "utf8", maxBuffer: 1 << 26 });
  return stdout ?? "";
}

/** The lines of `ps`; behind the command stands the environment, where it is shown. */
export function readPs(text: string): readonly ProcessRow[] {
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, group, state, command] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s?(.*)$/.exec(line) ?? [];
    if (pid === undefined || /^Z/.test(state!)) return [];
    const mark = new RegExp(` ${RUN_ID}=(\\S+)`).exec(command!)?.[1];
    return [{
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      mark: () => mark,
    }];
  });
}
