/**
 * Shell patterns (`*`, `?`, `[…]`) as regular expressions. Pure.
 *
 * Only text that is not quoted is a pattern. A backslash that comes out of an expansion still
 * quotes the character after it; those of the script are resolved before.
 *
 * @module
 */

import type { Piece } from "./pieces.ts";

/** A character and whether it stands for itself. */
export interface PatternCharacter {
  readonly char: string;
  readonly quoted: boolean;
}

export function patternCharacters(pieces: readonly Piece[]): readonly PatternCharacter[] {
  const found: PatternCharacter[] = [];
  for (const { text, quoted } of pieces) {
    let escaped = false;
    for (const char of text) {
      if (!quoted && !escaped && char === "\\") {
        escaped = true;
        continue;
      }
      found.push({ char, quoted: quoted || escaped });
      escaped = false;
    }
    if (escaped) found.push({ char: "\\", quoted: true });
  }
  return found;
}

/** Whether the pattern can match anything but its own text. */
export function isPattern(characters: readonly PatternCharacter[]): boolean {
  return characters.some(({ char, quoted }, at) =>
    !quoted && (char === "*" || char === "?" ||
      (char === "[" && bracket(characters, at) !== undefined))
  );
}

/** A regular expression that matches the whole text. */
export function patternExpression(characters: readonly PatternCharacter[]): RegExp {
  let source = "";
  for (let at = 0; at < characters.length; at++) {
    const { char, quoted } = characters[at]!;
    if (quoted) {
      source += escape(char);
    } else if (char === "*") {
      source += "[^]*";
    } else if (char === "?") {
      source += "[^]";
    } else if (char === "[") {
      const found = bracket(characters, at);
      source += found?.source ?? "\\[";
      at = found?.end ?? at;
    } else {
      source += escape(char);
    }
  }
  return new RegExp(`^(?:${source})$`, "u");
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: "\\p{L}\\p{N}",
  alpha: "\\p{L}",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "\\x21-\\x7e\\u{a1}-\\u{10ffff}",
  lower: "\\p{Ll}",
  print: "\\x20-\\x7e\\u{a0}-\\u{10ffff}",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: " \\t\\n\\r\\f\\v",
  upper: "\\p{Lu}",
  xdigit: "0-9A-Fa-f",
};

/** A bracket expression that begins at `start`; undefined where the `[` is only a `[`. */
function bracket(
  characters: readonly PatternCharacter[],
  start: number,
): { readonly source: string; readonly end: number } | undefined {
  let at = start + 1;
  const is = (char: string, offset = 0) => {
    const here = characters[at + offset];
    return here !== undefined && !here.quoted && here.char === char;
  };
  const inverted = is("!");
  if (inverted) at++;
  let source = "";
  for (let first = true; at < characters.length; first = false) {
    if (is("]") && !first) {
      // `[]` of a regular expression never matches and `[^]` always does: that is what is meant.
      return { source: `[${inverted ? "^" : ""}${source}]`, end: at };
    }
    if (is("[") && (is(":", 1) || is(".", 1) || is("=", 1))) {
      const named = className(characters, at);
      if (named !== undefined) {
        source += named.source;
        at = named.end + 1;
        continue;
      }
    }
    const low = characters[at]!.char;
    const high = characters[at + 2];
    if (is("-", 1) && high !== undefined && (high.quoted || high.char !== "]")) {
      if (low.codePointAt(0)! <= high.char.codePointAt(0)!) {
        source += `${escapeMember(low)}-${escapeMember(high.char)}`;
      }
      at += 3;
    } else {
      source += escapeMember(low);
      at++;
    }
  }
  return undefined;
}

function className(
  characters: readonly PatternCharacter[],
  start: number,
): { readonly source: string; readonly end: number } | undefined {
  const kind = characters[start + 1]!.char;
  let name = "";
  for (let at = start + 2; at + 1 < characters.length; at++) {
    if (characters[at]!.char === kind && characters[at + 1]!.char === "]") {
      const source = kind === ":" ? CLASSES[name] : escapeMember(name);
      return source === undefined ? undefined : { source, end: at + 1 };
    }
    name += characters[at]!.char;
  }
  return undefined;
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** Inside a bracket a `-` means something too; outside, a `u` expression forbids escaping it. */
function escapeMember(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/\-]/g, "\\$&");
}
