/**
 * Regular expressions of POSIX (basic and extended) as those of JavaScript. Pure.
 *
 * @module
 */

import { CLASSES, literalSource, memberSource } from "../characters.ts";
import { NotCovered } from "../unwind.ts";

/**
 * The source of a JavaScript expression, for the flag `u`.
 *
 * @param extended `(`, `)`, `{`, `|`, `+`, `?` are operators as they stand, not after a backslash
 */
export function expressionSource(pattern: string, extended: boolean): string {
  let source = "";
  // Nothing to repeat yet: at the start, after `(` or `|`.
  let start = true;
  for (let at = 0; at < pattern.length;) {
    const escaped = pattern[at] === "\\";
    const char = escaped ? pattern[at + 1] : pattern[at];
    if (char === undefined) throw new NotCovered("an expression that ends in a backslash");
    const width = escaped ? 2 : 1;
    const operator = "(){}|+?".includes(char) && escaped !== extended;
    if (!escaped && char === "[") {
      const { text, end } = bracket(pattern, at);
      source += text;
      at = end;
      start = false;
      continue;
    }
    at += width;
    if (operator && (char === "(" || char === ")" || char === "|")) {
      source += char;
      start = char !== ")";
    } else if (operator && char === "{") {
      const close = extended ? "}" : "\\}";
      const end = pattern.indexOf(close, at);
      const bounds = pattern.slice(at, end < 0 ? at : end);
      if (!/^(?:[0-9]+(?:,[0-9]*)?|,[0-9]+)$/.test(bounds) || start) {
        if (!extended) throw new NotCovered(`the repetition \\{${bounds}`);
        source += "\\{";
      } else {
        source += `{${bounds.startsWith(",") ? "0" : ""}${bounds}}`;
        at = end + close.length;
      }
      start = false;
    } else if (operator && (char === "+" || char === "?")) {
      source += start ? `\\${char}` : char;
    } else if (escaped) {
      source += escapeSource(char);
      start = false;
    } else if (char === "*") {
      source += start ? "\\*" : "*";
    } else if (char === "^") {
      source += extended || start ? "^" : "\\^";
    } else if (char === "$") {
      const last = at === pattern.length || /^\\[)|]/.test(pattern.slice(at));
      source += extended || last ? "$" : "\\$";
      start = false;
    } else {
      source += char === "." ? "." : literalSource(char);
      start = false;
    }
  }
  return source.replace(/([*+?}])(?=[*+?]|\{[0-9])/g, (_, first: string) => first);
}

function escapeSource(char: string): string {
  if (/[1-9]/.test(char)) return `\\${char}`;
  switch (char) {
    case "w":
      return "[\\p{L}\\p{N}_]";
    case "W":
      return "[^\\p{L}\\p{N}_]";
    case "s":
    case "S":
    case "b":
    case "B":
      return `\\${char}`;
    case "<":
      return "\\b(?=\\w)";
    case ">":
      return "\\b(?<=\\w)";
    default:
      if (/[A-Za-z]/.test(char)) throw new NotCovered(`\\${char} in an expression`);
      return literalSource(char);
  }
}

function bracket(pattern: string, start: number): { readonly text: string; readonly end: number } {
  let at = start + 1;
  let text = "[";
  if (pattern[at] === "^") {
    text += "^";
    at++;
  }
  for (let first = true; at < pattern.length; first = false) {
    const char = pattern[at]!;
    if (char === "]" && !first) return { text: `${text}]`, end: at + 1 };
    const named = /^\[([:.=])(.+?)\1\]/.exec(pattern.slice(at));
    if (named !== null) {
      const inner = named[1] === ":" ? CLASSES[named[2]!] : memberSource(named[2]!);
      if (inner === undefined) throw new NotCovered(`the class ${named[0]}`);
      text += inner;
      at += named[0].length;
      continue;
    }
    const code = String.fromCodePoint(pattern.codePointAt(at)!);
    at += code.length;
    text += memberSource(code);
    if (pattern[at] === "-" && pattern[at + 1] !== undefined && pattern[at + 1] !== "]") {
      const high = String.fromCodePoint(pattern.codePointAt(at + 1)!);
      text += `-${memberSource(high)}`;
      at += 1 + high.length;
    }
  }
  throw new NotCovered("an expression with an open [");
}
