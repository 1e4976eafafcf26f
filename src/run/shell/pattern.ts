/**
 * Shell patterns (`*`, `?`, `[…]`) as regular expressions. Pure.
 *
 * Only text that is not quoted is a pattern. A backslash that comes out of an expansion still
 * quotes the character after it; those of the script are resolved before.
 *
 * @module
 */

import { CLASSES, literalSource, memberSource } from "./characters.ts";
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
      source += literalSource(char);
    } else if (char === "*") {
      source += "[^]*";
    } else if (char === "?") {
      source += "[^]";
    } else if (char === "[") {
      const found = bracket(characters, at);
      source += found?.source ?? "\\[";
      at = found?.end ?? at;
    } else {
      source += literalSource(char);
    }
  }
  return new RegExp(`^(?:${source})$`, "u");
}

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
        source += `${memberSource(low)}-${memberSource(high.char)}`;
      }
      at += 3;
    } else {
      source += memberSource(low);
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
      const source = kind === ":" ? CLASSES[name] : memberSource(name);
      return source === undefined ? undefined : { source, end: at + 1 };
    }
    name += characters[at]!.char;
  }
  return undefined;
}
