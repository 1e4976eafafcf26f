/**
 * The text of an `envfile` -> variables (toml-spec §8.3). A line that is not understood is reported
 * and skipped; the lines around it count. Nothing here says which variable wins: the entries come
 * in the order written, repeated names included.
 *
 * What is reported never repeats the text of a line, which may be a secret.
 *
 * @module
 */

export interface DotenvEntry {
  readonly name: string;
  readonly value: string;
  /** Where the entry begins, 1-based. */
  readonly line: number;
}

export interface MalformedLine {
  /** 1-based. */
  readonly line: number;
  readonly detail: string;
}

export interface Dotenv {
  readonly entries: readonly DotenvEntry[];
  readonly malformed: readonly MalformedLine[];
}

const ASSIGNMENT = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/y;

/** `${K}` or the beginning of `${K:-`. */
const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(\}|:-)/y;

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  '"': '"',
  "\\": "\\",
  $: "$",
};

/** Defaults nested deeper than this stay as they are written. */
const DEEPEST = 50;

/**
 * @param text the file, decoded; a byte order mark and CRLF are fine
 * @param lookup the environment as built so far, asked for names the file has not set yet
 * @example parseDotenv("A=1\nB=${A}-${C:-2}\n", () => undefined).entries[1]!.value // "1-2"
 */
export function parseDotenv(
  text: string,
  lookup: (name: string) => string | undefined,
): Dotenv {
  const source = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const entries: DotenvEntry[] = [];
  const malformed: MalformedLine[] = [];
  const earlier = new Map<string, string>();
  const resolve = (name: string) => earlier.get(name) ?? lookup(name);

  let line = 1;
  for (let at = 0; at < source.length; line++) {
    const start = line;
    const end = lineEnd(source, at);
    let next = end;
    if (!/^[ \t]*(?:#|$)/.test(source.slice(at, end))) {
      const read = readEntry(source, at, end, resolve);
      if ("detail" in read) malformed.push({ line: start, detail: read.detail });
      else {
        next = read.end;
        line += source.slice(at, next).split("\n").length - 1;
        earlier.set(read.name, read.value);
        entries.push({ name: read.name, value: read.value, line: start });
      }
    }
    at = next + 1;
  }
  return { entries, malformed };
}

type Resolve = (name: string) => string | undefined;

/** `end` is the end of the last line the entry takes. */
type Read =
  | { readonly name: string; readonly value: string; readonly end: number }
  | { readonly detail: string };

function readEntry(source: string, start: number, end: number, resolve: Resolve): Read {
  ASSIGNMENT.lastIndex = start;
  const match = ASSIGNMENT.exec(source);
  if (match === null) {
    const named = source.slice(start, end).includes("=");
    return { detail: named ? "what stands before = is not a name" : "expected KEY=VALUE" };
  }
  const name = match[1]!;
  const at = ASSIGNMENT.lastIndex;
  const quote = source[at];
  if (quote !== "'" && quote !== '"') {
    const comment = /(?<=[ \t])#/.exec(source.slice(at - 1, end));
    const raw = source.slice(at, comment === null ? end : at - 1 + comment.index);
    return finish(name, expand(raw.trim(), false, resolve), end);
  }
  const close = closingQuote(source, at, quote);
  if (close === -1) return { detail: "the quote is not closed" };
  const last = lineEnd(source, close);
  if (!/^[ \t]*(?:#|$)/.test(source.slice(close + 1, last))) {
    return { detail: "there is text after the closing quote" };
  }
  const raw = source.slice(at + 1, close);
  return finish(name, quote === "'" ? raw : expand(raw, true, resolve), last);
}

function finish(name: string, value: string, end: number): Read {
  return value.includes("\0") ? { detail: "the value has a NUL character" } : { name, value, end };
}

function lineEnd(source: string, from: number): number {
  const at = source.indexOf("\n", from);
  return at === -1 ? source.length : at;
}

/** -1 when there is none. Only between double quotes a backslash guards a quote. */
function closingQuote(source: string, open: number, quote: string): number {
  if (quote === "'") return source.indexOf(quote, open + 1);
  for (let at = open + 1; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === quote) return at;
  }
  return -1;
}

/** Put in the references, and with `escapes` the characters written with a backslash. */
function expand(raw: string, escapes: boolean, resolve: Resolve): string {
  const braces = closingBraces(raw, escapes);
  return part(0, raw.length, 0);

  function part(from: number, to: number, depth: number): string {
    let value = "";
    for (let at = from; at < to;) {
      const escaped = escapes && raw[at] === "\\" ? ESCAPES[raw[at + 1] ?? ""] : undefined;
      if (escaped !== undefined) {
        value += escaped;
        at += 2;
        continue;
      }
      const close = depth > DEEPEST ? undefined : braces.get(at);
      REFERENCE.lastIndex = at;
      const match = close === undefined ? null : REFERENCE.exec(raw);
      if (close === undefined || match === null) {
        value += raw[at++];
        continue;
      }
      const found = resolve(match[1]!);
      if (match[2] === "}") value += found ?? "";
      // As in a shell, an empty variable has the default too.
      else value += found || part(at + match[0].length, close, depth + 1);
      at = close + 1;
    }
    return value;
  }
}

/** From each `${` that is closed to its brace. */
function closingBraces(raw: string, escapes: boolean): ReadonlyMap<number, number> {
  const braces = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0; at < raw.length; at++) {
    if (escapes && raw[at] === "\\") at++;
    else if (raw.startsWith("${", at)) open.push(at);
    else if (raw[at] === "}" && open.length > 0) braces.set(open.pop()!, at);
  }
  return braces;
}
