/**
 * Where something stands in a task file. A place is cheap to make: it names the thing, and the
 * line and column are only worked out (by `source/locate.ts`) when a person has to see them.
 *
 * @module
 */

import type { AbsolutePath } from "./id.ts";

/** A key path in a TOML file, or an offset in a source text. */
export type Place =
  /** `path` is the way from the document root: `["tasks", "build", "deps", 0]`. */
  & { readonly file: AbsolutePath }
  & (
    | {
      readonly path: readonly (string | number)[];
      /** Point at the last key itself rather than at its value. */
      readonly key?: true;
      /** Offset within the string value, and the length of the part meant, in UTF-16 units. */
      readonly within?: readonly [offset: number, length: number];
    }
    /** UTF-16 units from the start of the file. */
    | { readonly offset: number; readonly length?: number }
    | OptionOf
    /** 1-based, as a parser reported it. */
    | { readonly line: number; readonly column: number; readonly length?: number }
    /** The file as a whole. */
    | { readonly whole: true }
  );

/** Something in the options of what is made at an offset, where its name is so long. */
export interface OptionOf {
  readonly offset: number;
  readonly length?: number;
  /** Which argument of the call are the options. */
  readonly argument: 0 | 1;
  /** The way from the options, as it is spelled there: `["env", "PATH"]`. */
  readonly option: readonly (string | number)[];
  /** Point at the last name itself rather than at its value. */
  readonly key?: true;
}

/** A place made readable: 1-based line and column, and the text of the lines around it. */
export interface Located {
  readonly file: AbsolutePath;
  readonly line: number;
  readonly column: number;
  /** How many columns are meant; at least 1. */
  readonly length: number;
  /** The lines to show, with their numbers; the one meant is among them. */
  readonly frame: readonly { readonly number: number; readonly text: string }[];
}
