import { assertEquals } from "@std/assert";
import {
  isPattern,
  patternCharacters,
  patternExpression,
} from "../../../../src/run/shell/pattern.ts";
import { literalPiece, quotedPiece } from "../../../../src/run/shell/pieces.ts";

const matches = (pattern: string, text: string) =>
  patternExpression(patternCharacters([literalPiece(pattern)])).test(text);

const table: readonly (readonly [string, string, boolean])[] = [
  ["*", "", true],
  ["*", "a/b\nc", true],
  ["a*c", "abbc", true],
  ["a*c", "abcd", false],
  ["?", "✓", true],
  ["?", "", false],
  ["[abc]", "b", true],
  ["[!abc]", "b", false],
  ["[!abc]", "d", true],
  ["[a-c]x", "bx", true],
  ["[a-]", "-", true],
  ["[]]", "]", true],
  ["[!]]", "]", false],
  ["[[:digit:]]", "7", true],
  ["[[:digit:][:upper:]]", "x", false],
  ["[c-a]", "b", false],
  ["[a", "[a", true],
  ["a.c", "abc", false],
  ["a+b$(){}|^", "a+b$(){}|^", true],
  ["\\*", "*", true],
  ["\\*", "a", false],
  ["[a\\]b]", "]", true],
  ["[a/b]", "/", true],
];

for (const [pattern, text, expected] of table) {
  Deno.test(`${pattern} ${expected ? "matches" : "does not match"} ${JSON.stringify(text)}`, () => {
    assertEquals(matches(pattern, text), expected);
  });
}

Deno.test("quoted text is no pattern", () => {
  const characters = patternCharacters([quotedPiece("*"), literalPiece("x?")]);
  assertEquals(patternExpression(characters).test("*xy"), true);
  assertEquals(patternExpression(characters).test("axy"), false);
  assertEquals(isPattern(patternCharacters([quotedPiece("[a]*?")])), false);
});

Deno.test("a lone bracket makes no pattern", () => {
  assertEquals(isPattern(patternCharacters([literalPiece("[a")])), false);
  assertEquals(isPattern(patternCharacters([literalPiece("[a]")])), true);
});
