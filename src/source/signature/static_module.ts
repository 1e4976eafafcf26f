/**
 * What can be said about a `tasks.ts` without running it. Plain JSON, so that it can be kept by the
 * digest of the files it was read from.
 *
 * @module
 */

import type { AbsolutePath } from "../../model/id.ts";
import type { Doc, Signature } from "../../model/param.ts";
import type { Place } from "../../model/place.ts";
import type { Problem } from "../../model/problem.ts";

/** The way to a value among the exports: `["api", "lint"]`, `["fit", 0]`. */
export type ExportPath = readonly (string | number)[];

/** A mention of another task in `deps`. */
export interface StaticDep {
  /** As written: a name in quotes without them, or the variable. */
  readonly text: string;
  /** `name`: a string, to be looked up among all tasks. `value`: a variable of the module. */
  readonly kind: "name" | "value";
  readonly place: Place;
  /** The key of a `deps` record. */
  readonly takes?: string;
  /** The export that a `value` is, if it is exported. */
  readonly path?: ExportPath;
}

/** One exported task or group. */
export interface StaticExport {
  readonly path: ExportPath;
  readonly kind: "task" | "group";
  /** The name it is declared under, in the module where that stands. */
  readonly place: Place;
  readonly doc?: Doc;
  /** For function bodies whose parameters can be read. */
  readonly signature?: Signature;
  readonly body: "function" | "string" | "none" | "unknown";
  /** The text of a string body that is written out. */
  readonly script?: string;
  /** Those options that are written out, by their names in the source; `deps` is not among them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly deps: readonly StaticDep[];
  /** Why it has no signature. Other exports are not affected. */
  readonly problems?: readonly Problem<"E_TS_PARAM">[];
  /** Evaluation knows more: an option, a dependency or the body is computed. */
  readonly dynamic?: true;
}

/** What can be said about a module without running it. Plain JSON. */
export interface StaticModule {
  /** The modules that were read, the given one first. What is said here depends on their text. */
  readonly files: readonly AbsolutePath[];
  /** In definition order; the members of a group follow it. */
  readonly exports: readonly StaticExport[];
  /** Evaluation will, or may, find a task. */
  readonly hasTasks: boolean;
  /** False if an export is computed and could hold further tasks. */
  readonly complete: boolean;
  /** Evaluating it comes to nothing but what the texts of `files` say. */
  readonly pure?: true;
  /** Where the default export stands. */
  readonly default?: Place;
  /** The settings in `export default config({ … })`, those that are written out. */
  readonly settings?: {
    readonly values: Readonly<Record<string, unknown>>;
    readonly dynamic: boolean;
  };
}
