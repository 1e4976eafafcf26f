import { assertEquals } from "@std/assert";
import {
  barePieces,
  FIELD_BREAK,
  joinPieces,
  quotedPiece,
  splitFields,
  unescapeHereDocument,
  unescapeQuoted,
  type WordPiece,
} from "../../../../src/run/shell/pieces.ts";

const value = (text: string): WordPiece => ({ text, quoted: false, split: true });
const fields = (pieces: readonly WordPiece[], ifs = " \t\n") =>
  splitFields(pieces, ifs).map((field) => joinPieces(field, ""));

const splits: readonly (readonly [string, readonly WordPiece[], string, readonly string[]])[] = [
  ["white space around and between", [value("  a  b\tc\n")], " \t\n", ["a", "b", "c"]],
  ["empty fields between separators", [value("a::b:")], ":", ["a", "", "b"]],
  ["a separator at the start", [value(":a")], ":", ["", "a"]],
  ["a separator with white space is one", [value("a : b :: c")], " :", ["a", "b", "", "c"]],
  ["nothing without IFS", [value("a b")], "", ["a b"]],
  ["no field of an empty value", [value("")], " ", []],
  ["an empty field of empty quotes", [quotedPiece("")], " ", [""]],
  ["quoted text untouched", [quotedPiece("a b")], " ", ["a b"]],
  ["neighbours joined", [quotedPiece("1"), value("a b"), quotedPiece("2")], " ", ["1a", "b2"]],
  ["a break between parameters", [quotedPiece(""), FIELD_BREAK, quotedPiece("")], " ", ["", ""]],
];

for (const [name, pieces, ifs, expected] of splits) {
  Deno.test(`field splitting leaves ${name}`, () => assertEquals(fields(pieces, ifs), expected));
}

Deno.test("a backslash outside quotes quotes one character, and a line break is gone", () => {
  assertEquals(barePieces("a\\*b\\\nc\\"), [
    { text: "a", quoted: false, split: false },
    { text: "*", quoted: true, split: false },
    { text: "bc", quoted: false, split: false },
    { text: "\\", quoted: true, split: false },
  ]);
});

Deno.test("between double quotes a backslash quotes a few characters only", () => {
  assertEquals(unescapeQuoted('\\$\\`\\"\\\\\\n\\\n'), '$`"\\\\n');
  assertEquals(unescapeHereDocument('\\$\\"'), '$\\"');
});
