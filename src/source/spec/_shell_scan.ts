/**
 * Reads a script for a POSIX shell far enough to know, for every placeholder, what kind of quoting
 * it stands in (toml-spec §7.5). It follows quotes, backslashes, command substitutions, parameter
 * expansions, arithmetic, comments, `case` patterns and here-documents.
 *
 * It is not a parser of the language and may misjudge an exotic construct. What must stay true
 * even then: a value is only ever referred to, so a wrong guess can split a value or leave stray
 * quotes around it, and nothing worse.
 *
 * @module
 */

import { matchPlaceholder, type Part, type Placeholder } from "./placeholder.ts";
import { defaultWords, type Word, type WordFault } from "./words.ts";

/** What a placeholder stands in. */
export type Position =
  | "bare"
  /** `"…"`, or a here-document with a plain delimiter. */
  | "double"
  | "single"
  /** `$'…'` */
  | "ansi";

/** A stretch of a script. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | {
    readonly kind: "placeholder";
    readonly part: Placeholder;
    readonly position: Position;
    /** The shell calculates with it: some shells run a command that such a value contains. */
    readonly calculated: boolean;
    /** The default of `{args}`, split. */
    readonly words?: readonly Word[];
  }
  /** The body of a here-document with a quoted delimiter. Its delimiter is replaced by a plain one. */
  | {
    readonly kind: "body";
    readonly parts: readonly (string | Placeholder)[];
    readonly delimiter: string;
    /** `<<-`: leading tabs do not count. */
    readonly indented: boolean;
    /** It stands inside backquotes, which take one level of backslashes away. */
    readonly backquoted: boolean;
  };

/** A script as written. */
export interface ShellTemplate {
  readonly pieces: readonly Piece[];
  /** It uses `$@` or `$*`. */
  readonly positionals: boolean;
}

/** The placeholders of a script. */
export function shellParts({ pieces }: ShellTemplate): readonly Part[] {
  return pieces.flatMap((piece): readonly Part[] => {
    if (piece.kind === "text") return [];
    if (piece.kind === "placeholder") return [piece.part];
    return piece.parts.filter((part) => typeof part !== "string");
  });
}

/** A here-document whose body has not begun yet. */
interface Heredoc {
  readonly delimiter: string;
  readonly quoted: boolean;
  readonly indented: boolean;
  /** The piece that holds the delimiter as written. */
  readonly piece: number;
}

/**
 * @returns the template, and the faults in the defaults of `{args}` that cannot be split
 */
export function scanShell(
  text: string,
): { readonly template: ShellTemplate; readonly faults: readonly WordFault[] } {
  const pieces: Piece[] = [];
  const faults: WordFault[] = [];
  let positionals = false;
  let replaced = 0;
  /** The scanner is inside arithmetic. */
  let calculating = false;
  /** The end of the `[[ … ]]` the scanner is in. */
  let testEnd = 0;
  let literal = "";
  let i = 0;
  let end = text.length;

  command(undefined, false);
  flush();
  return { template: { pieces, positionals }, faults };

  function flush(): void {
    if (literal !== "") pieces.push({ kind: "text", text: literal });
    literal = "";
  }

  function take(count: number): void {
    const stop = Math.min(i + count, end);
    literal += text.slice(i, stop);
    i = stop;
  }

  /** A placeholder, or one behind a backslash, is consumed here or nowhere. */
  function substitute(position: Position): boolean {
    const escaped = text[i] === "\\";
    const part = matchPlaceholder(text, escaped ? i + 1 : i, end);
    if (part === undefined) return false;
    if (escaped) {
      literal += text.slice(part.offset, part.offset + part.length);
    } else {
      flush();
      const calculated = calculating || (i < testEnd && isCompared(text, part));
      const splits = position === "bare" && part.head.kind === "args" && part.default !== undefined;
      const { words, fault } = splits ? defaultWords(text, part) : { words: [] };
      if (fault !== undefined) faults.push(fault);
      pieces.push({
        kind: "placeholder",
        part,
        position,
        calculated,
        ...(splits && { words }),
      });
    }
    i = part.offset + part.length;
    return true;
  }

  /**
   * Commands, up to the closing character.
   *
   * @param inDouble the closing backquote stands in `"…"`, where `\"` is a quote
   */
  function command(close: ")" | "`" | undefined, inDouble: boolean): void {
    const outer = calculating;
    calculating = false;
    commands(close, inDouble);
    calculating = outer;
  }

  function commands(close: ")" | "`" | undefined, inDouble: boolean): void {
    const pending: Heredoc[] = [];
    /** What is open: in a `case` a `)` ends a pattern and closes nothing. */
    const open: ("(" | "case")[] = [];
    /** The word so far; a NUL stands for what is not plain. A comment begins between words only. */
    let word = "";
    /** The next word is a command or a keyword. */
    let first = true;
    const endWord = () => {
      if (word === "") return;
      if (first && word === "[[") {
        const closing = text.indexOf("]]", i);
        testEnd = closing === -1 ? end : closing;
      }
      if (first && word === "case") open.push("case");
      if (first && word === "esac" && open.at(-1) === "case") open.pop();
      first = first && KEYWORD_BEFORE_COMMAND.has(word);
      word = "";
    };
    while (i < end) {
      const char = text[i]!;
      if (char === "`" && close === "`") return take(1);
      if (char === "\\") {
        if (substitute("bare")) word += "\0";
        else if (inDouble && text[i + 1] === '"') {
          take(2);
          double('\\"');
          word += "\0";
        } else {
          if (text[i + 1] !== "\n") word += "\0";
          take(2);
        }
      } else if (substitute("bare")) word += "\0";
      else if (quotation(char) || dollar("bare")) word += "\0";
      else if (char === "#" && word === "") comment(close);
      else if (char === "\n") {
        endWord();
        first = true;
        take(1);
        for (const heredoc of pending.splice(0)) body(heredoc, close === "`");
      } else if (char === " " || char === "\t") {
        endWord();
        take(1);
      } else if (text.startsWith("<<<", i)) {
        endWord();
        take(3);
      } else if (text.startsWith("<<", i)) {
        endWord();
        const heredoc = delimiter(close);
        if (heredoc !== undefined) pending.push(heredoc);
      } else if (first && word === "" && text.startsWith("((", i) && closesTwice(i + 2)) {
        take(2);
        arithmetic();
      } else if (SEPARATOR.has(char)) {
        endWord();
        if (char === ")" && close === ")" && open.length === 0) return take(1);
        if (char === "(") open.push("(");
        if (char === ")" && open.at(-1) === "(") open.pop();
        if (char !== "<" && char !== ">") first = true;
        take(1);
      } else {
        word += char;
        take(1);
      }
    }
  }

  /** A quotation that begins here, taken whole. */
  function quotation(char: string): boolean {
    if (char === "'") {
      take(1);
      single();
    } else if (char === '"') {
      take(1);
      double('"');
    } else if (char === "`") {
      take(1);
      command("`", false);
    } else return false;
    return true;
  }

  function single(): void {
    while (i < end) {
      if (substitute("single")) continue;
      const closing = text[i] === "'";
      take(1);
      if (closing) return;
    }
  }

  function ansi(): void {
    while (i < end) {
      if (substitute("ansi")) continue;
      const closing = text[i] === "'";
      take(text[i] === "\\" ? 2 : 1);
      if (closing) return;
    }
  }

  function double(close: '"' | '\\"'): void {
    while (i < end) {
      if (text.startsWith(close, i)) return take(close.length);
      inDoubleQuotes();
    }
  }

  /** One step through text that is expanded but not split. */
  function inDoubleQuotes(): void {
    if (substitute("double") || dollar("double")) return;
    const char = text[i];
    take(char === "\\" ? 2 : 1);
    if (char === "`") command("`", true);
  }

  function comment(close: ")" | "`" | undefined): void {
    while (i < end && text[i] !== "\n" && !(close === "`" && text[i] === "`")) {
      if (!substitute("bare")) take(1);
    }
  }

  /** What begins with `$`, taken whole. */
  function dollar(position: "bare" | "double"): boolean {
    if (text[i] !== "$") return false;
    const next = text[i + 1];
    if (next === "(" && text[i + 2] === "(" && closesTwice(i + 3)) {
      take(3);
      arithmetic();
    } else if (next === "(") {
      take(2);
      command(")", false);
    } else if (next === "{") {
      take(2);
      brace(position);
    } else if (next === "'" && position === "bare") {
      take(2);
      ansi();
    } else if (next !== undefined && SPECIAL.has(next)) {
      if (next === "@" || next === "*") positionals = true;
      take(2);
    } else take(1);
    return true;
  }

  /** `$((` begins arithmetic if its two parentheses close together; else a subshell follows. */
  function closesTwice(from: number): boolean {
    let depth = 2;
    for (let j = from; j < end; j++) {
      const char = text[j];
      if (char === "\\") j++;
      else if (char === "(") depth++;
      else if (char === ")" && --depth === 1) return text[j + 1] === ")";
    }
    return false;
  }

  function arithmetic(): void {
    let depth = 0;
    while (i < end) {
      const char = text[i];
      if (char === ")" && depth-- === 0) return take(2);
      if (char === "(") depth++;
      calculate();
    }
  }

  /** One step through arithmetic, where nothing is split and quotes mean little. */
  function calculate(): void {
    const outer = calculating;
    calculating = true;
    if (!substitute("double") && !dollar("double")) {
      const char = text[i];
      take(char === "\\" ? 2 : 1);
      if (char === "`") command("`", false);
    }
    calculating = outer;
  }

  /** The inside of `${…}`. */
  function brace(position: "bare" | "double"): void {
    if (text[i] === "@" || text[i] === "*") positionals = true;
    NAME.lastIndex = i;
    const name = NAME.exec(text)?.[0] ?? "";
    take(name.length);
    // The subscript of an array and the offset of a substring are calculated.
    if (name !== "" && text[i] === "[") {
      while (i < end && text[i] !== "]") calculate();
    }
    if (name !== "" && text[i] === ":" && !/[-=?+]/.test(text[i + 1] ?? "")) {
      while (i < end && text[i] !== "}") calculate();
    }
    while (i < end) {
      const char = text[i]!;
      if (char === "}") return take(1);
      if (substitute(position) || dollar(position)) continue;
      if (char === "\\") take(2);
      else if (char === "'" && position === "double") take(1);
      else if (!quotation(char)) take(1);
    }
  }

  /** The `<<` or `<<-` of a here-document with its delimiter. */
  function delimiter(close: ")" | "`" | undefined): Heredoc | undefined {
    take(2);
    const indented = text[i] === "-";
    if (indented) take(1);
    while (text[i] === " " || text[i] === "\t") take(1);
    const start = i;
    let value = "";
    let quoted = false;
    while (i < end) {
      const char = text[i]!;
      if (BLANK_OR_SEPARATOR.has(char) || (close === "`" && char === "`")) break;
      if (char === "'" || char === '"') {
        quoted = true;
        const closing = text.indexOf(char, i + 1);
        const stop = closing === -1 || closing >= end ? end : closing;
        value += text.slice(i + 1, stop);
        i = Math.min(stop + 1, end);
      } else if (char === "\\") {
        quoted = true;
        value += text[i + 1] ?? "";
        i = Math.min(i + 2, end);
      } else {
        value += char;
        i++;
      }
    }
    if (i === start) return undefined;
    flush();
    pieces.push({ kind: "text", text: text.slice(start, i) });
    return { delimiter: value, quoted, indented, piece: pieces.length - 1 };
  }

  /** The body that begins here, with the line that ends it. */
  function body(heredoc: Heredoc, backquoted: boolean): void {
    const [stop, after] = bodyEnd(heredoc);
    if (heredoc.quoted) return quotedBody(heredoc, backquoted, stop, after);
    const outer = end;
    end = stop;
    while (i < end) inDoubleQuotes();
    end = outer;
    take(after - i);
  }

  /** Where a body ends, and where the line with its delimiter does, its line end left out. */
  function bodyEnd({ delimiter, quoted, indented }: Heredoc): readonly [number, number] {
    let continued = false;
    for (let start = i; start < end;) {
      const newline = text.indexOf("\n", start);
      const stop = newline === -1 || newline >= end ? end : newline;
      const line = text.slice(start, stop);
      if (!continued && (indented ? line.replace(/^\t+/, "") : line) === delimiter) {
        return [start, stop];
      }
      continued = !quoted && /(?:^|[^\\])(?:\\\\)*\\$/.test(line);
      start = stop + 1;
    }
    return [end, end];
  }

  /**
   * In the body of a quoted delimiter nothing is expanded, so there is no way to refer to a value.
   * If it has a placeholder it becomes the body of a plain delimiter, with everything escaped that
   * such a body would expand.
   */
  function quotedBody(heredoc: Heredoc, backquoted: boolean, stop: number, after: number): void {
    const parts: (string | Placeholder)[] = [];
    let plain = "";
    while (i < stop) {
      const escaped = text[i] === "\\";
      const part = matchPlaceholder(text, escaped ? i + 1 : i, stop);
      if (part === undefined) plain += text[i++];
      else {
        i = part.offset + part.length;
        if (escaped) plain += text.slice(part.offset, i);
        else {
          parts.push(plain, part);
          plain = "";
        }
      }
    }
    if (parts.length === 0) {
      literal += plain;
      return take(after - i);
    }
    const { delimiter, indented } = heredoc;
    const name = freeName();
    pieces[heredoc.piece] = { kind: "text", text: name };
    flush();
    pieces.push({ kind: "body", parts: [...parts, plain], delimiter, indented, backquoted });
    // Without a line that ends it, the body ends with the script.
    literal = stop < end ? name : "";
    i = after;
  }

  function freeName(): string {
    do replaced++; while (text.includes(`NTASK_END_${replaced}`));
    return `NTASK_END_${replaced}`;
  }
}

/** Is a placeholder of `[[ … ]]` part of an operand of `-eq` and its like? */
function isCompared(text: string, { offset, length }: Placeholder): boolean {
  return /\s-(?:eq|ne|lt|le|gt|ge)\s+\S*$/.test(text.slice(0, offset)) ||
    /^\S*\s+-(?:eq|ne|lt|le|gt|ge)\s/.test(text.slice(offset + length));
}

const KEYWORD_BEFORE_COMMAND = new Set(
  ["if", "then", "else", "elif", "while", "until", "do", "{", "!", "time"],
);
const SEPARATOR = new Set([";", "&", "|", "(", ")", "<", ">"]);
const BLANK_OR_SEPARATOR = new Set([" ", "\t", "\n", ...SEPARATOR]);
/** After `$`, besides names: they must not be taken for a comment or a quote. */
const SPECIAL = new Set(["@", "*", "#", "?", "$", "!", "-"]);
/** The parameter of an expansion; `${#x}` and `${!x}` too. */
const NAME = /[#!]?(?:[A-Za-z_][A-Za-z0-9_]*|\d+|[@*?$!#-])/y;
