/**
 * The placeholders of a script for PowerShell, and what each stands in. A value is referred to as
 * `${env:NTASK_ARG_1}`, which is one argument wherever it is a word of its own, and its text in
 * `"…"`. A text in `'…'` that holds a placeholder becomes one in `"…"`, with everything escaped that
 * means something there.
 *
 * @module
 */

import { createCursor, type Cursor, holdsPlaceholder, type ScriptScan } from "./_script_scan.ts";
import type { Placeholder } from "./placeholder.ts";

/** The language takes typographic quotes for quotes. */
const SINGLE = "'\u2018\u2019\u201a\u201b";
const DOUBLE = '"\u201c\u201d\u201e';
/** What ends a word. */
const BREAK = /[\s(){};,|&]/;

export function scanPwsh(text: string): ScriptScan {
  const cursor = createCursor(text);
  code(cursor, false);
  // It looks at its arguments by `$args`, or names them.
  return cursor.end(/\$args\b|^\s*(?:#.*\n\s*)*param\s*\(/i.test(text));
}

/** @param nested up to the parenthesis that closes it */
function code(cursor: Cursor, nested: boolean): void {
  const { text } = cursor;
  let depth = 0;
  while (cursor.at < text.length) {
    const char = text[cursor.at]!;
    const begins = cursor.at === 0 || BREAK.test(text[cursor.at - 1]!);
    if (char === "\\" || char === "{") {
      const start = cursor.at;
      const part = cursor.substitute("");
      if (part === undefined) cursor.take(1);
      else if (part !== "escaped") checkWord(cursor, part, start);
    } else if (char === "`") cursor.take(2);
    else if (char === "@" && isHereString(text, cursor.at)) hereString(cursor);
    else if (SINGLE.includes(char)) singleQuoted(cursor);
    else if (DOUBLE.includes(char)) doubleQuoted(cursor);
    else if (text.startsWith("<#", cursor.at)) comment(cursor, "#>");
    else if (char === "#" && begins) comment(cursor, "\n");
    else if (begins && /^--%(?=\s|$)/.test(text.slice(cursor.at, cursor.at + 4))) verbatim(cursor);
    else {
      if (char === "(") depth++;
      if (char === ")" && depth-- === 0 && nested) return cursor.take(1);
      cursor.take(1);
    }
  }
}

/** A reference that touches other text of a word may be read as something else. */
function checkWord(cursor: Cursor, part: Placeholder, start: number): void {
  const { text } = cursor;
  let from = start;
  while (from > 0 && !BREAK.test(text[from - 1]!)) from--;
  let to = cursor.at;
  while (to < text.length && !BREAK.test(text[to]!)) to++;
  const before = text.slice(from, start);
  // An assignment, a type or a negation in front of it are no part of a word.
  const apart = /^(?:\$[\w:]+[-+*/%]?=|(?:\[[\w.[\]]+\])+|!|@)?$/.test(before);
  if (apart && to === cursor.at) return;
  const word = `"${text.slice(from, to).replaceAll('"', "")}"`;
  cursor.misplace(part, "it is a part of a word", `put the word into quotes: ${word}`);
}

function comment(cursor: Cursor, close: string): void {
  while (cursor.at < cursor.text.length && !cursor.text.startsWith(close, cursor.at)) {
    if (cursor.substitute('"') === undefined) cursor.take(1);
  }
  cursor.take(close.length);
}

/** Behind `--%` the rest of the line is as it is. */
function verbatim(cursor: Cursor): void {
  while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== "\n") {
    const part = cursor.substitute('"');
    if (part === undefined) cursor.take(1);
    else if (part !== "escaped") cursor.misplace(part, "it is behind --%", "leave the --% out");
  }
}

function singleQuoted(cursor: Cursor): void {
  const { text } = cursor;
  let end = cursor.at + 1;
  for (; end < text.length; end++) {
    if (!SINGLE.includes(text[end]!)) continue;
    if (end + 1 < text.length && SINGLE.includes(text[end + 1]!)) end++;
    else break;
  }
  if (!holdsPlaceholder(text, cursor.at, end)) return cursor.take(end + 1 - cursor.at);
  cursor.replace('"', 1);
  while (cursor.at < end) {
    const char = text[cursor.at]!;
    if (cursor.substitute('"', inDouble) !== undefined) continue;
    const length = SINGLE.includes(char) ? 2 : 1;
    cursor.replace(inDouble(char), length);
  }
  if (end < text.length) cursor.replace('"', 1);
}

function doubleQuoted(cursor: Cursor): void {
  const { text } = cursor;
  cursor.take(1);
  while (cursor.at < text.length) {
    const char = text[cursor.at]!;
    if (DOUBLE.includes(char)) {
      const twice = cursor.at + 1 < text.length && DOUBLE.includes(text[cursor.at + 1]!);
      cursor.take(twice ? 2 : 1);
      if (!twice) return;
    } else expandable(cursor, '"');
  }
}

/** One step through text that is expanded. */
function expandable(cursor: Cursor, quote: string): void {
  const { text } = cursor;
  if (cursor.substitute(quote) !== undefined) return;
  if (text[cursor.at] === "`") return cursor.take(2);
  if (text.startsWith("$(", cursor.at)) {
    cursor.take(2);
    return code(cursor, true);
  }
  cursor.take(1);
}

function isHereString(text: string, at: number): boolean {
  return (SINGLE + DOUBLE).includes(text[at + 1] ?? "x") && /^@.[ \t]*\r?\n/.test(text.slice(at));
}

/** `@"`, lines, `"@`; the same with `'`, of which nothing is expanded. */
function hereString(cursor: Cursor): void {
  const { text } = cursor;
  const plain = SINGLE.includes(text[cursor.at + 1]!);
  const ending = new RegExp(`\\n[${plain ? SINGLE : DOUBLE}]@`, "g");
  ending.lastIndex = cursor.at + 2;
  const end = ending.exec(text)?.index ?? text.length;
  if (!plain) {
    cursor.take(2);
    while (cursor.at < end) expandable(cursor, '"');
    return cursor.take(3);
  }
  if (!holdsPlaceholder(text, cursor.at, end)) return cursor.take(end + 3 - cursor.at);
  cursor.replace('@"', 2);
  while (cursor.at < end) {
    if (cursor.substitute('"', inDouble) === undefined) {
      cursor.replace(inDouble(text[cursor.at]!), 1);
    }
  }
  if (end < text.length) cursor.replace('\n"@', 3);
}

/** Text as `"…"` has it. */
function inDouble(text: string): string {
  return text.replace(/[`$"\u201c\u201d\u201e]/g, "`$&");
}
