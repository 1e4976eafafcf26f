/**
 * The in-between form of a word: text that remembers where it came from.
 *
 * Quoting decides three things later: whether the text is split into fields, whether `*` in it is
 * a pattern, and whether an empty field exists at all. Pure.
 *
 * @module
 */

/** A stretch of text of one origin. */
export interface Piece {
  readonly text: string;
  /** Stands for itself: no pattern, no splitting, and there even when empty. */
  readonly quoted: boolean;
  /** Came from an expansion: subject to field splitting. */
  readonly split: boolean;
}

/** Between two parameters of `"$@"`: one field ends, another begins. */
export const FIELD_BREAK = "field-break";

export type WordPiece = Piece | typeof FIELD_BREAK;

export function quotedPiece(text: string): Piece {
  return { text, quoted: true, split: false };
}

export function literalPiece(text: string): Piece {
  return { text, quoted: false, split: false };
}

/**
 * Text of a word outside quotes: backslashes quote, and are gone.
 *
 * @param split the text stands in an operand (`${x:-a b}`), where it is split like a value
 */
export function barePieces(text: string, split = false): readonly Piece[] {
  if (!text.includes("\\")) return [{ text, quoted: false, split }];
  const pieces: Piece[] = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") pieces.push({ text: plain, quoted: false, split });
    plain = "";
  };
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "\\") {
      plain += text[at];
    } else if (at + 1 === text.length) {
      flush();
      pieces.push(quotedPiece("\\"));
    } else if (text[++at] !== "\n") {
      flush();
      pieces.push(quotedPiece(text[at]!));
    }
  }
  flush();
  return pieces;
}

/** Text between double quotes: a backslash quotes a few characters only. */
export function unescapeQuoted(text: string): string {
  return text.replace(/\\([$`"\\\n])/g, (_, char: string) => (char === "\n" ? "" : char));
}

/** Text of a here-document: the same without the double quote. */
export function unescapeHereDocument(text: string): string {
  return text.replace(/\\([$`\\\n])/g, (_, char: string) => (char === "\n" ? "" : char));
}

/** The text of all pieces as one; fields are joined by `separator`. */
export function joinPieces(pieces: readonly WordPiece[], separator: string): string {
  let text = "";
  for (const piece of pieces) text += piece === FIELD_BREAK ? separator : piece.text;
  return text;
}

/**
 * Field splitting.
 *
 * @param ifs the value of IFS
 * @returns the fields, each still in pieces for pathname expansion
 */
export function splitFields(pieces: readonly WordPiece[], ifs: string): readonly Piece[][] {
  const fields: Piece[][] = [];
  let field: Piece[] | undefined;
  // White space after a field may be followed by one other separator that belongs to it.
  let afterSpace = false;
  const end = () => {
    if (field !== undefined) fields.push(field);
    field = undefined;
  };
  for (const piece of pieces) {
    if (piece === FIELD_BREAK) {
      end();
      afterSpace = false;
      continue;
    }
    if (!piece.split || piece.quoted || ifs === "") {
      if (piece.text !== "" || piece.quoted) (field ??= []).push(piece);
      continue;
    }
    let start = 0;
    const text = piece.text;
    for (let at = 0; at < text.length; at++) {
      const char = text[at]!;
      if (!ifs.includes(char)) continue;
      if (at > start) (field ??= []).push({ ...piece, text: text.slice(start, at) });
      start = at + 1;
      if (char === " " || char === "\t" || char === "\n") {
        if (field !== undefined) {
          end();
          afterSpace = true;
        }
      } else if (field !== undefined) {
        end();
        afterSpace = false;
      } else if (afterSpace) {
        afterSpace = false;
      } else {
        fields.push([]);
      }
    }
    if (start < text.length) (field ??= []).push({ ...piece, text: text.slice(start) });
  }
  end();
  return fields;
}
