/**
 * Words of the syntax tree -> fields, text or patterns.
 *
 * The order is the standard's: tilde, parameters, command substitution and arithmetic from left to
 * right into pieces (see `pieces.ts`); then splitting and pathname expansion, where the place of
 * the word allows them. A bad expansion throws `ShellFault`: it ends the shell.
 *
 * @module
 */

import type { DoubleQuotedChild, GlobPart, HereDocBody, Word, WordPart } from "unbash";
import { evaluateArithmetic } from "./arithmetic.ts";
import { parameterPieces, parameterValue } from "./parameters.ts";
import { expandPathnames } from "./pathnames.ts";
import { type PatternCharacter, patternCharacters } from "./pattern.ts";
import {
  barePieces,
  FIELD_BREAK,
  joinPieces,
  type Piece,
  quotedPiece,
  splitFields,
  unescapeHereDocument,
  unescapeQuoted,
  type WordPiece,
} from "./pieces.ts";
import type { Shell } from "./state.ts";
import { arithmeticBody } from "./syntax.ts";
import { ShellFault } from "./unwind.ts";

/** Words of a command or a `for` list: any number of fields. */
export async function expandFields(shell: Shell, words: readonly Word[]): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    const pieces = await wordPieces(shell, word, "word");
    for (const field of splitFields(pieces, shell.variables.get("IFS") ?? " \t\n")) {
      const paths = shell.options.noglob ? [] : expandPathnames(field, shell.system, shell.cwd);
      if (paths.length > 0) fields.push(...paths);
      else fields.push(joinPieces(field, ""));
    }
  }
  return fields;
}

/** A word where one text is wanted: the target of a redirection, the word of `case`. */
export async function expandText(shell: Shell, word: Word): Promise<string> {
  return joinPieces(await wordPieces(shell, word, "word"), separator(shell));
}

/** The right side of an assignment: a tilde may stand after each colon. */
export async function expandAssignment(shell: Shell, word: Word): Promise<string> {
  return joinPieces(await wordPieces(shell, word, "assignment"), separator(shell));
}

/** A word as a pattern: of `case`, or after `%` and `#` in an expansion. */
export async function expandPattern(
  shell: Shell,
  word: Word,
): Promise<readonly PatternCharacter[]> {
  const pieces = await wordPieces(shell, word, "word");
  const between = separator(shell);
  return patternCharacters(
    pieces.map((piece) => piece === FIELD_BREAK ? quotedPiece(between) : piece),
  );
}

/** A here-document with its expansions. `strip` takes the tabs that begin its lines (`<<-`). */
export async function expandHereDocument(
  shell: Shell,
  body: HereDocBody,
  strip: boolean,
): Promise<string> {
  if (body.parts === undefined) {
    return unescapeHereDocument(strip ? stripTabs(body.text) : body.text);
  }
  let text = "";
  let raw = "\n";
  for (const part of body.parts) {
    if (part.type === "Literal") {
      const stripped = strip ? stripTabs(part.text, raw.endsWith("\n")) : part.text;
      text += unescapeHereDocument(stripped);
    } else {
      text += joinPieces(await partPieces(shell, part, "quoted"), separator(shell));
    }
    raw = part.text;
  }
  return text;
}

/** Tabs at the start of the lines of here-document text. */
export function stripTabs(text: string, atLineStart = true): string {
  const inner = text.replace(/(?<=(?:^|[^\\])(?:\\\\)*\n)\t+/g, "");
  return atLineStart ? inner.replace(/^\t+/, "") : inner;
}

/**
 * The pieces of the operand of an expansion such as `${x:-word}`.
 *
 * @param quoted the expansion stands between double quotes
 */
export function operandPieces(
  shell: Shell,
  word: Word,
  quoted: boolean,
): Promise<readonly WordPiece[]> {
  return wordPieces(shell, word, quoted ? "quoted" : "operand");
}

/**
 * Where a word stands: alone, right of `=`, as an operand outside quotes (literal text is split),
 * or as one inside (everything is quoted).
 */
type Position = "word" | "assignment" | "operand" | "quoted";

async function wordPieces(
  shell: Shell,
  word: Word,
  position: Position,
): Promise<readonly WordPiece[]> {
  if (word.parts === undefined) return literalPieces(shell, word.text, position, true, true);
  const pieces: WordPiece[] = [];
  const last = word.parts.length - 1;
  for (const [at, part] of word.parts.entries()) {
    if (part.type === "Literal") {
      pieces.push(...literalPieces(shell, part.text, position, at === 0, at === last));
    } else {
      pieces.push(...await partPieces(shell, part, position));
    }
  }
  return pieces;
}

/** Text without quotes or expansions; `first` and `last` say where in its word it stands. */
function literalPieces(
  shell: Shell,
  text: string,
  position: Position,
  first: boolean,
  last: boolean,
): readonly Piece[] {
  if (position === "quoted") return [quotedPiece(unescapeQuoted(text))];
  const split = position === "operand";
  if (!text.includes("~")) return barePieces(text, split);
  const pieces: Piece[] = [];
  const colons = position === "assignment";
  let rest = text;
  let open = first;
  while (rest !== "") {
    const cut = colons ? rest.indexOf(":") + 1 || rest.length : rest.length;
    const part = rest.slice(0, cut);
    // A `~` at the end of this text but not of the word is part of a name: `~$user`.
    const tilde = open && (last || part !== "~") &&
      (colons ? /^~(?=[/:]|$)/ : /^~(?=\/|$)/).test(part);
    if (tilde) pieces.push(quotedPiece(home(shell)));
    pieces.push(...barePieces(tilde ? part.slice(1) : part, split));
    rest = rest.slice(cut);
    open = true;
  }
  return pieces;
}

function home(shell: Shell): string {
  const found = shell.variables.get("HOME") ??
    (shell.system.windows ? shell.variables.get("USERPROFILE") ?? shell.system.home : undefined);
  if (found === undefined) return "~";
  return shell.system.windows ? found.replaceAll("\\", "/") : found;
}

async function partPieces(
  shell: Shell,
  part: WordPart,
  position: Position,
): Promise<readonly WordPiece[]> {
  const quoted = position === "quoted";
  switch (part.type) {
    case "Literal":
      return literalPieces(shell, part.text, position, false, false);
    case "SingleQuoted":
      return [quotedPiece(part.value)];
    case "DoubleQuoted":
      return await doubleQuoted(shell, part.parts);
    case "Glob":
      return part.kind === "bracket"
        ? await bracketPieces(shell, part, position)
        : [{ text: part.text, quoted, split: false }];
    case "BraceExpansion":
      // The shells that follow the standard leave braces alone.
      return part.parts === undefined
        ? barePieces(part.text)
        : await bracketPieces(shell, part, position);
    case "SimpleExpansion":
      return parameterValue(shell, continued(part.text).slice(1), quoted);
    case "ParameterExpansion":
      return await parameterPieces(shell, part, quoted);
    case "CommandExpansion": {
      const text = part.script ? await shell.runtime.substitute(shell, part.script) : "";
      return [{ text, quoted, split: !quoted }];
    }
    case "ArithmeticExpansion": {
      const text = await arithmetic(shell, part);
      return [{ text, quoted, split: !quoted }];
    }
    default:
      // `unsupported` finds these before anything runs.
      throw new ShellFault(`${part.text}: not covered by the portable shell`);
  }
}

async function doubleQuoted(
  shell: Shell,
  parts: readonly DoubleQuotedChild[],
): Promise<readonly WordPiece[]> {
  if (parts.length === 0) return [quotedPiece("")];
  const pieces: WordPiece[] = [];
  for (const part of parts) {
    if (part.type === "Literal") pieces.push(quotedPiece(unescapeQuoted(part.text)));
    else pieces.push(...await partPieces(shell, part, "quoted"));
  }
  return pieces;
}

/** Parts that do not cover all of the text: what lies between them is literal. */
async function bracketPieces(
  shell: Shell,
  whole: GlobPart | Extract<WordPart, { type: "BraceExpansion" }>,
  position: Position,
): Promise<readonly WordPiece[]> {
  const pieces: WordPiece[] = [];
  let at = 0;
  for (const part of whole.parts ?? []) {
    const start = part.pos - whole.pos;
    pieces.push(...barePieces(whole.text.slice(at, start)));
    pieces.push(...await partPieces(shell, part, position));
    at = part.end - whole.pos;
  }
  pieces.push(...barePieces(whole.text.slice(at)));
  return pieces;
}

async function arithmetic(
  shell: Shell,
  part: Extract<WordPart, { type: "ArithmeticExpansion" }>,
): Promise<string> {
  const body = arithmeticBody(part);
  const text = typeof body === "string" ? body : await expandHereDocument(shell, body, false);
  const value = evaluateArithmetic(text, {
    get: (name) => shell.variables.get(name),
    set: (name, text) => shell.variables.set(name, text),
  });
  if (typeof value === "bigint") return String(value);
  throw new ShellFault(value.problem);
}

/** `$\<newline>x` is `$x`. */
function continued(text: string): string {
  return text.includes("\\\n") ? text.replaceAll("\\\n", "") : text;
}

/** What stands between the fields of `$*` and `$@` where they must become one text. */
export function separator(shell: Shell): string {
  return (shell.variables.get("IFS") ?? " ").slice(0, 1);
}
