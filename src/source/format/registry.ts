/**
 * The formats of task files. A new one is a file here and a line below.
 *
 * @module
 */

import type { Host } from "../../host/host.ts";
import type { AbsolutePath } from "../../model/id.ts";
import type { Problem } from "../../model/problem.ts";
import type { WrittenSetting } from "../../model/setting.ts";
import type { Sheet } from "../../model/task.ts";

/** A task file whose text is at hand. */
export interface Opened {
  readonly file: AbsolutePath;
  readonly text: string;
  readonly host: Host;
  /** What `import … from "ntask"` gives; absent when nothing of the user's may run. */
  readonly library?: (root: AbsolutePath) => Promise<Readonly<Record<string, unknown>>>;
}

/** What a reader gives: what is sound, and everything that is not. */
export interface Reading {
  /** Absent: the file has no place for tasks in it. */
  readonly sheet?: Sheet;
  readonly settings?: readonly WrittenSetting[];
  readonly problems: readonly Problem[];
}

export interface Format {
  read(opened: Opened): Promise<Reading>;
}

export const formats = {
  tasks_ts: () => import("./tasks_ts.ts"),
  toml: () => import("./toml.ts"),
} as const satisfies Record<string, () => Promise<Format>>;

/** The format of a file by its name, or `undefined`. */
export function formatOf(file: string): keyof typeof formats | undefined {
  if (/\.toml$/i.test(file)) return "toml";
  if (/\.[mc]?[jt]s$/i.test(file)) return "tasks_ts";
  return undefined;
}
