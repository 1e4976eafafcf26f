/**
 * Tasks at their two stages. A `Draft` is what one source file says about one name. A `Workspace`
 * is every draft of a project under one namespace, with what groups hand down already resolved.
 *
 * @module
 */

import type { Action, Condition, Item, Reference, Scope, Text } from "./action.ts";
import type { Extension } from "./extension.ts";
import type { AbsolutePath, TaskId } from "./id.ts";
import type { Doc, Signature } from "./param.ts";
import type { Place } from "./place.ts";

/** One task or group as its source file has it. */
export interface Draft {
  readonly id: TaskId;
  /** The enclosing group, if any. */
  readonly parent?: TaskId;
  readonly kind: "task" | "group";
  readonly source: "toml" | "ts";
  readonly place: Place;
  readonly action: Action;
  readonly scope: Scope;
  readonly deps: readonly Reference[];
  readonly pre: readonly Item[];
  readonly post: readonly Item[];
  /** Not listed, not completed, not part of a whole-group run. */
  readonly hidden: boolean;
  /** What `ntask` without a task name runs. */
  readonly isDefault: boolean;
  /** Further names: kebab-case forms and declared aliases. */
  readonly aliases: readonly string[];
  readonly doc?: Doc;
  /** Declared parameters. Without one, the words after the name are passed through. */
  readonly signature?: Signature;
  /** What the author says about positions and options, for help only: name -> text. */
  readonly notes?: {
    readonly args: readonly string[];
    readonly options: Readonly<Record<string, string>>;
  };
  readonly extension: Extension;
}

/** A task in its workspace. */
export interface Task extends Draft {
  /** The scopes that apply, from the root to the task's own. */
  readonly scopes: readonly Scope[];
  /** The directory the task or the innermost group around it names; the root's is in `scopes[0]`. */
  readonly cwd?: Text;
  /** Every condition that must hold, outermost first. */
  readonly conditions: readonly Condition[];
  /** The members of a group, in definition order. */
  readonly members: readonly TaskId[];
}

/** What a loader hands over: the drafts of one file and its global settings. */
export interface Sheet {
  readonly file: AbsolutePath;
  readonly drafts: readonly Draft[];
  /** `env`, `envfile` and `cwd` at the root of the file; they apply to this file's tasks. */
  readonly globals: Scope;
}

/** Every task of a project. */
export interface Workspace {
  readonly root: AbsolutePath;
  readonly files: readonly AbsolutePath[];
  /** In definition order. */
  readonly tasks: ReadonlyMap<TaskId, Task>;
  /** Every way to write a name: identifiers, kebab-case forms and aliases. */
  readonly names: ReadonlyMap<string, TaskId>;
}
