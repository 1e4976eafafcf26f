/**
 * The workspace with every reference resolved. There is no cycle in it.
 *
 * @module
 */

import type { Reference } from "./action.ts";
import type { TaskId } from "./id.ts";
import type { Place } from "./place.ts";
import type { Workspace } from "./task.ts";

/** Why one task leads to another. */
export type EdgeKind = "deps" | "item" | "pre" | "post" | "member";

/** `from` needs `to`. */
export interface Edge {
  readonly from: TaskId;
  readonly to: TaskId;
  readonly kind: EdgeKind;
  /** Where it is written. */
  readonly place?: Place;
}

/** What a reference means: the task, and the words that follow its name as written. */
export interface Resolved {
  readonly id: TaskId;
  /** The rest of a reference text, still a template of the word grammar; empty for none. */
  readonly line: string;
}

/** Names turned into edges. */
export interface Graph {
  readonly workspace: Workspace;
  /** The edges that leave a task, in the order written: deps, pre, items or members, post. */
  readonly edges: ReadonlyMap<TaskId, readonly Edge[]>;
  readonly resolved: ReadonlyMap<Reference, Resolved>;
}

/** A piece of a graph to draw: what `ntask --graph` shows. */
export interface Picture {
  /** In definition order. */
  readonly nodes: readonly {
    readonly id: TaskId;
    readonly kind: "task" | "group" | "composite";
    readonly help?: string;
  }[];
  readonly edges: readonly Edge[];
}
