/**
 * What the benchmark knows of a runner: where its executable is, how it wants the graph written,
 * which words make it do what.
 *
 * @module
 */

import { join } from "@std/path";
import type { Task, Workspace } from "../workspace.ts";

export interface Program {
  /** The executable itself, by its absolute path, never a shim that starts it. */
  readonly words: readonly [string, ...string[]];
  /** Where it cannot be asked for it. */
  readonly version?: string;
  /** What the table should say of it. */
  readonly note?: string;
  /** Folders with programs that its tasks need, put before `PATH`. */
  readonly path?: readonly string[];
  /** A folder that is to be `node_modules` in the workspace. */
  readonly modules?: string;
}

/** A workspace on disk, of one runner alone. */
export interface Place {
  readonly workspace: Workspace;
  readonly program: Program;
  /** The root of the workspace. */
  readonly folder: string;
  /** The runner's own home directory. */
  readonly home: string;
}

export interface Peer {
  readonly name: string;
  /** What tells it that a task need not run: what files contain, when they were written, nothing. */
  readonly judges: "content" | "times" | "nothing";
  /** It can put outputs back that are gone. */
  readonly restores: boolean;
  /**
   * @throws {Fault} when there is no such program and none is to be had
   */
  find(): Promise<Program>;
  /** Write the graph. The sources are there. */
  write(place: Place): void | Promise<void>;
  env?(place: Place): Readonly<Record<string, string>>;
  /** Words after the executable; absent: it has nothing of the kind. */
  readonly words: {
    readonly version?: readonly string[];
    /** Bring everything up to date, two tasks at once. */
    readonly all: readonly string[];
    /** One task and what it says; absent: `all` does. */
    readonly one?: (task: string) => readonly string[];
    readonly list?: readonly string[];
    readonly graph?: readonly string[];
    readonly why?: (task: string) => readonly string[];
  };
  /** End what it has left running. */
  readonly stop?: readonly string[];
}

/** Write text files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    Deno.mkdirSync(join(folder, name, ".."), { recursive: true });
    Deno.writeTextFileSync(join(folder, name), text);
  }
}

/** The folder of a task, relative to the root. */
export function folderOf(task: Task | string): string {
  return `packages/${typeof task === "string" ? task : task.name}`;
}

/** A task as one command line of a shell in the root. */
export function fromRoot(task: Task): string {
  return task.words?.join(" ") ?? `cd ${folderOf(task)} && ${task.script}`;
}

/**
 * Every file a task reads, relative to the root: its inputs and the outputs of what it depends on.
 */
export function filesRead(workspace: Workspace, task: Task): string[] {
  const own = task.inputs.map((input) => `${folderOf(task)}/${input}`);
  return [...own, ...outputsRead(workspace, task)];
}

/** The outputs of what a task depends on. */
export function outputsRead(workspace: Workspace, task: Task): string[] {
  const output = workspace.tasks[0]?.output;
  return output === undefined ? [] : task.deps.map((dep) => `${folderOf(dep)}/${output}`);
}
