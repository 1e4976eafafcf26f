import { assertEquals } from "@std/assert";
import { byteCharacter, decode, encode } from "../../../../src/run/shell/text.ts";

Deno.test("lesson 24: every byte comes back, whether it is UTF-8 or not", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  assertEquals(encode(decode(all)), all);
  const mixed = Uint8Array.of(0xc3, 0xa4, 0xff, 0xe2, 0x9c, 0x93, 0xe2, 0x9c, 0xf0, 0x9f);
  assertEquals(encode(decode(mixed)), mixed);
});

Deno.test("valid text is text, with its byte order mark", () => {
  assertEquals(decode(encode("\ufeffä✓😀")), "\ufeffä✓😀");
});

Deno.test("a byte's character is that byte again", () => {
  assertEquals(encode(byteCharacter(0x41) + byteCharacter(0xfe)), Uint8Array.of(0x41, 0xfe));
});
