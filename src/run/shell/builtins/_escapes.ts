/**
 * Backslash sequences of `echo` and `printf`. Pure.
 *
 * @module
 */

import { byteCharacter } from "../text.ts";

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

export interface Unescaped {
  readonly text: string;
  /** A `\c` ended the output. */
  readonly stopped: boolean;
}

/** Sequences of `echo` and of `printf`'s `%b`: octal may have a zero before its three digits, `\c` stops. */
export function unescapeEcho(text: string): Unescaped {
  return unescape(text, /^(?:0[0-7]{0,3}|[1-7][0-7]{0,2})/, true);
}

/** Sequences of a `printf` format: up to three octal digits. */
export function unescapeFormat(text: string): string {
  return unescape(text, /^[0-7]{1,3}/, false).text;
}

function unescape(text: string, octal: RegExp, stops: boolean): Unescaped {
  let out = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    const next = text[at + 1];
    if (char !== "\\" || next === undefined) {
      out += char;
      continue;
    }
    if (stops && next === "c") return { text: out, stopped: true };
    const digits = octal.exec(text.slice(at + 1))?.[0];
    if (digits !== undefined) {
      out += byteCharacter(Number.parseInt(digits, 8) & 0xff);
      at += digits.length;
    } else if (next in SIMPLE) {
      out += SIMPLE[next];
      at++;
    } else {
      out += char;
    }
  }
  return { text: out, stopped: false };
}
