/**
 * What the scanners of scripts that are not for a POSIX shell have in common: pieces of text and
 * placeholders, and a cursor that cuts a script into them.
 *
 * As for a POSIX shell, a value is only ever referred to. Where a language has no reference that is
 * safe, the scanner says so, and the script is refused before anything runs.
 *
 * @module
 */

import { matchPlaceholder, type Placeholder } from "./placeholder.ts";
import { defaultWords, type Word, type WordFault } from "./words.ts";

/** A stretch of a script. */
export type ScriptPiece =
  | { readonly kind: "text"; readonly text: string }
  | {
    readonly kind: "placeholder";
    readonly part: Placeholder;
    /** The quotes it stands in; empty outside of any. */
    readonly quote: string;
    /** The default of `{args}`, split. */
    readonly words?: readonly Word[];
  };

/** A placeholder that cannot stand where it does. */
export interface Misplaced {
  readonly part: Placeholder;
  readonly why: string;
  /** What to write instead; absent: to go by way of a variable. */
  readonly instead?: string;
}

/** A script as written. */
export interface ScriptScan {
  readonly pieces: readonly ScriptPiece[];
  /** It looks at its arguments itself. */
  readonly positionals: boolean;
  readonly misplaced: readonly Misplaced[];
  /** Defaults of `{args}` that cannot be split. */
  readonly faults: readonly WordFault[];
}

/** A place in a script, and what was cut off before it. */
export interface Cursor {
  readonly text: string;
  /** From where the next piece is cut. */
  at: number;
  /** So many characters are text as they are. */
  take(count: number): void;
  /** Text that stands for `length` characters of the script. */
  replace(text: string, length: number): void;
  /**
   * A placeholder, or one behind a backslash, is consumed here or nowhere.
   *
   * @param escape what the text of an escaped one is in these quotes
   * @returns the placeholder, `"escaped"`, or nothing
   */
  substitute(quote: string, escape?: (text: string) => string): Placeholder | "escaped" | undefined;
  misplace(part: Placeholder, why: string, instead?: string): void;
  end(positionals: boolean): ScriptScan;
}

export function createCursor(text: string): Cursor {
  const pieces: ScriptPiece[] = [];
  const faults: WordFault[] = [];
  const misplaced: Misplaced[] = [];
  let literal = "";
  const flush = () => {
    if (literal !== "") pieces.push({ kind: "text", text: literal });
    literal = "";
  };
  const cursor: Cursor = {
    text,
    at: 0,
    take(count) {
      literal += text.slice(cursor.at, cursor.at + count);
      cursor.at = Math.min(cursor.at + count, text.length);
    },
    replace(by, length) {
      literal += by;
      cursor.at += length;
    },
    substitute(quote, escape = (same) => same) {
      const escaped = text[cursor.at] === "\\";
      const part = matchPlaceholder(text, escaped ? cursor.at + 1 : cursor.at);
      if (part === undefined) return undefined;
      cursor.at = part.offset + part.length;
      if (escaped) {
        literal += escape(text.slice(part.offset, cursor.at));
        return "escaped";
      }
      flush();
      const splits = quote === "" && part.head.kind === "args" && part.default !== undefined;
      const { words, fault } = splits ? defaultWords(text, part) : { words: [] };
      if (fault !== undefined) faults.push(fault);
      pieces.push({ kind: "placeholder", part, quote, ...(splits && { words }) });
      return part;
    },
    misplace(part, why, instead) {
      misplaced.push({ part, why, ...(instead !== undefined && { instead }) });
    },
    end(positionals) {
      flush();
      return { pieces, positionals, misplaced, faults };
    },
  };
  return cursor;
}

/** Does a stretch of a script hold a placeholder that is not escaped? */
export function holdsPlaceholder(text: string, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    if (text[at] === "\\" && matchPlaceholder(text, at + 1, end) !== undefined) at++;
    else if (matchPlaceholder(text, at, end) !== undefined) return true;
  }
  return false;
}
