import { assertEquals } from "@std/assert";
import { textWidth, wrapped } from "../../../../src/report/draw/_text_width.ts";

Deno.test("a width counts columns, not characters", () => {
  const widths: readonly (readonly [string, number])[] = [
    ["", 0],
    ["build", 5],
    ["größe", 5],
    ["gro\u0308ße", 5],
    ["构建", 4],
    ["한글", 4],
    ["ｆｕｌｌ", 8],
    ["🚀", 2],
    ["👩‍👩‍👧", 2],
    ["🇩🇪", 2],
    ["❤\ufe0f", 2],
    ["│►", 2],
  ];
  for (const [text, width] of widths) assertEquals(textWidth(text), width, text);
});

Deno.test("a text that fits is one line", () => {
  assertEquals(wrapped("a text", 6), ["a text"]);
  assertEquals(wrapped("", 6), [""]);
});

Deno.test("a long text breaks at blanks, a long word anywhere", () => {
  assertEquals(wrapped("one two three", 7), ["one two", "three"]);
  assertEquals(wrapped("one two three", 5), ["one", "two", "three"]);
  assertEquals(wrapped("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
  assertEquals(wrapped("a bcdefg", 3), ["a", "bcd", "efg"]);
});

Deno.test("no character is torn apart, and one that is too wide stands alone", () => {
  assertEquals(wrapped("构建测试", 5), ["构建", "测试"]);
  assertEquals(wrapped("👩‍👩‍👧👩‍👩‍👧", 3), ["👩‍👩‍👧", "👩‍👩‍👧"]);
  assertEquals(wrapped("构建", 1), ["构", "建"]);
});
