/**
 * The placeholders of a script for Python, and what each stands in. Outside of a string a value is
 * an item of `os.environ`, and `{args}` is the list of them. A string that holds a placeholder
 * becomes an f-string: that may stand wherever the string may, also beside another one.
 *
 * @module
 */

import { createCursor, type Cursor, holdsPlaceholder, type ScriptScan } from "./_script_scan.ts";

const PREFIX = /[A-Za-z]{0,2}(?:'''|"""|'|")/y;

export function scanPython(text: string): ScriptScan {
  const cursor = createCursor(text);
  while (cursor.at < text.length) {
    const before = text[cursor.at - 1];
    PREFIX.lastIndex = cursor.at;
    const opening = before !== undefined && /\w/.test(before) && /\w/.test(text[cursor.at]!)
      ? null
      : PREFIX.exec(text);
    if (opening !== null && /^(?:[rbuf]|[rb]{2}|r?f|fr)?['"]/i.test(opening[0])) {
      string(cursor, opening[0]);
    } else if (text[cursor.at] === "#") comment(cursor);
    else if (cursor.substitute("") === undefined) cursor.take(1);
  }
  // Python has them in `sys.argv` in any case.
  return cursor.end(true);
}

function comment(cursor: Cursor): void {
  while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== "\n") {
    if (cursor.substitute("") === undefined) cursor.take(1);
  }
}

function string(cursor: Cursor, opening: string): void {
  const { text } = cursor;
  const [, prefix = "", quote = ""] = /^([A-Za-z]*)(.*)$/s.exec(opening)!;
  const raw = /r/i.test(prefix);
  const start = cursor.at + opening.length;
  let end = start;
  // A backslash keeps the quote behind it, also in a raw string; a short one ends with its line.
  while (end < text.length && !text.startsWith(quote, end)) {
    if (quote.length === 1 && text[end] === "\n") break;
    end += text[end] === "\\" ? 2 : 1;
  }
  if (!holdsPlaceholder(text, start, end)) {
    cursor.take(opening.length);
    while (cursor.at < end) if (cursor.substitute(quote) === undefined) cursor.take(1);
    return cursor.take(quote.length);
  }
  const bytes = /b/i.test(prefix);
  const formatted = /f/i.test(prefix);
  const kept = prefix.replace(/[uf]/gi, "");
  cursor.replace(`${bytes ? "" : "f"}${kept}${quote}`, opening.length);
  while (cursor.at < end) {
    const part = cursor.substitute(quote, braces);
    if (part === undefined) {
      const name = raw ? null : /^\\N\{[^}]*\}/.exec(text.slice(cursor.at, end));
      if (name !== null) cursor.take(name[0].length);
      else if (!raw && /^\\[^{}]/.test(text.slice(cursor.at, cursor.at + 2))) cursor.take(2);
      else cursor.replace(braces(text[cursor.at]!), 1);
    } else if (part !== "escaped" && formatted) {
      const own = text.slice(part.offset, part.offset + part.length);
      cursor.misplace(
        part,
        "in an f-string it could be Python's own",
        `write \\${own} for Python's own, or put ntask's outside of the string`,
      );
    } else if (part !== "escaped" && bytes) {
      cursor.misplace(part, "a string of bytes has no place for text");
    }
  }
  cursor.take(quote.length);
}

/** Text as an f-string has it. */
function braces(text: string): string {
  return text.replace(/[{}]/g, "$&$&");
}
