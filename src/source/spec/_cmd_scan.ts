/**
 * The placeholders of a script for Windows' `cmd`, and what each stands in. `%NAME%` is put in
 * before the line is read, so a value referred to in that way is code; `!NAME!` is put in after, and
 * is not. That needs delayed expansion, which gives `!` and some `^` of the author's another meaning,
 * and it does not hold where a line is read twice: there a placeholder is refused.
 *
 * @module
 */

import { createCursor, type Cursor, holdsPlaceholder, type ScriptScan } from "./_script_scan.ts";

export function scanCmd(text: string): ScriptScan {
  const cursor = createCursor(text);
  const delayed = /enabledelayedexpansion/i.test(text);
  // A pipe hands its sides to a `cmd` of their own, blocks and all.
  const piped = holdsPlaceholder(text, 0, text.length) && hasPipe(text);
  while (cursor.at < text.length) line(cursor, delayed, piped);
  return cursor.end(/%(?:\*|~?[a-z$:]*\d)/i.test(text));
}

function line(cursor: Cursor, delayed: boolean, piped: boolean): void {
  const { text } = cursor;
  const newline = text.indexOf("\n", cursor.at);
  const end = newline === -1 ? text.length : newline + 1;
  const why = holdsPlaceholder(text, cursor.at, end)
    ? reason(text.slice(cursor.at, end), delayed, piped)
    : undefined;
  let quoted = false;
  while (cursor.at < end) {
    const part = cursor.substitute(quoted ? '"' : "");
    if (part !== undefined) {
      if (part !== "escaped" && why !== undefined) cursor.misplace(part, why);
      continue;
    }
    const char = text[cursor.at];
    if (char === '"') quoted = !quoted;
    cursor.take(char === "^" && !quoted ? 2 : 1);
  }
}

/** Why no value can be put into a line. */
function reason(line: string, delayed: boolean, piped: boolean): string | undefined {
  if (piped) return "the script has a pipe, whose sides are read once more";
  if (/\bcall\b/i.test(line)) return "a line with call is read twice";
  if (/\bfor\b.*\/f\b/i.test(line)) return "a line with for /f is read twice";
  if (!delayed && line.includes("!")) return "the line has a !, which would mean something else";
  if (/\^\^|"[^"\n]*\^/.test(line)) return "the line has a ^, which would be lost";
  return undefined;
}

function hasPipe(text: string): boolean {
  return text.split("\n").some((line) => {
    const bare = line.replace(/\^./g, "").replace(/"[^"]*"?/g, "").replaceAll("||", "");
    return bare.includes("|");
  });
}
