/**
 * The text of a condition -> tokens. Nothing is judged here but what no token can begin with; the
 * last token is always an end or a bad one.
 *
 * @module
 */

/** Offsets and lengths are in UTF-16 units. */
export interface Token {
  readonly kind: "word" | "string" | "operator" | "open" | "close" | "end" | "bad";
  /** A string without its quotes; for a bad token, what is wrong with it. */
  readonly text: string;
  readonly offset: number;
  readonly length: number;
}

/** Blanks, then one token. A word that begins with a digit is a number someone forgot to quote. */
const TOKEN = new RegExp(
  [
    /(?<word>[\p{L}\p{N}_][\p{L}\p{N}_.]*\*?)/u,
    /(?<string>'[^']*'|"[^"]*")/,
    /(?<operator>===|==|~=|!=|<=|>=|<|>)/,
    /(?<open>\()/,
    /(?<close>\))/,
  ].map((part) => part.source).join("|"),
  "uy",
);

/** What people write who think of another language. */
const ELSEWHERE: readonly (readonly [text: string, advice: string])[] = [
  ["&&", 'write "and" for "&&"'],
  ["||", 'write "or" for "||"'],
  ["=", 'write "==" for "="'],
  ["!", 'there is no "!"; write the opposite comparison'],
];

/** @example tokenize("os_name == 'nt'").length // 4, with the end */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const blanks = /[ \t\r\n]*/y;
  for (let at = 0;;) {
    blanks.lastIndex = at;
    blanks.exec(text);
    at = blanks.lastIndex;
    if (at >= text.length) return [...tokens, { kind: "end", text: "", offset: at, length: 0 }];
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return [...tokens, bad(text, at)];
    const kind = Object.entries(match.groups!).find(([, part]) => part !== undefined)![0];
    tokens.push({
      kind: kind as Token["kind"],
      text: kind === "string" ? match[0].slice(1, -1) : match[0],
      offset: at,
      length: match[0].length,
    });
    at = TOKEN.lastIndex;
  }
}

function bad(text: string, offset: number): Token {
  const first = String.fromCodePoint(text.codePointAt(offset)!);
  if (first === "'" || first === '"') {
    const length = text.length - offset;
    return { kind: "bad", text: "the quote is not closed", offset, length };
  }
  const known = ELSEWHERE.find(([start]) => text.startsWith(start, offset));
  const detail = known?.[1] ?? `unexpected ${JSON.stringify(first)}`;
  return { kind: "bad", text: detail, offset, length: (known?.[0] ?? first).length };
}
