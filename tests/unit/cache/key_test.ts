import { assertEquals, assertNotEquals } from "@std/assert";
import { hashOf, keyOf, valueText } from "../../../src/cache/key.ts";

Deno.test("keys are what they always were: a change of the encoding must change its version", () => {
  // Worked out by another program from the description of the encoding.
  assertEquals(keyOf([]), "d43721d45021a6c77823e466ea5e8ea7c38c8b15bb30768463a9481e71641dab");
  assertEquals(
    keyOf([{ name: "action", value: "cmd make" }, { name: "env A", value: "unset" }]),
    "521116783427f5bca98ceb6cdbe6f67cceff13fdd042d8f89fd77542babb8894",
  );
  assertEquals(
    keyOf([{ name: "input ä/😀.txt", value: "x" }]),
    "61d9cb522a9c28f36c9a864d5bd8bf44dd1eb12863094a443b0c526e0ee6f4f8",
  );
  assertEquals(
    hashOf(["\ud800"]),
    "c983fc03eccab6c493422bff6c1bd984a16025bddd82d524bd5a0f848cafe55f",
  );
});

Deno.test("no value imitates another part, whatever is in it (lesson 11)", () => {
  const a = { name: "env A", value: "1" };
  const b = { name: "env B", value: "2" };
  const lists = [
    [a, b],
    [b, a],
    [a],
    [a, a],
    [],
    [{ name: "", value: "" }],
    [{ name: "env A", value: "1\n5:env B\n1:2" }],
    [{ name: "env A", value: "1\n5:env B\n1:2\n" }],
    [{ name: "env A", value: "1env B2" }],
    [{ name: "env A1", value: "" }],
    [{ name: "env ", value: "A1" }],
    [{ name: "env A", value: "1\0" }],
    [{ name: "env A", value: "1\r" }],
  ];
  const keys = lists.map((parts) => keyOf(parts));
  assertEquals(new Set(keys).size, lists.length);
});

Deno.test("halves of characters are different texts, and none is its own escape", () => {
  const texts = ["\ud800", "\udfff", "\ufffd", "\\ud800", '"\\ud800"', 'escaped "\\ud800"', "😀"];
  assertEquals(new Set(texts.map((text) => hashOf([text]))).size, texts.length);
});

Deno.test("forms of one letter are different texts here: who makes parts makes them NFC", () => {
  assertNotEquals(hashOf(["e\u0301"]), hashOf(["\u00e9"]));
});

Deno.test("where a value is from is not part of the key, nor that it is secret", () => {
  const part = { name: "dep a", value: "1" };
  assertEquals(keyOf([{ ...part, from: "abc" }]), keyOf([part]));
  assertEquals(keyOf([{ ...part, secret: true } as typeof part]), keyOf([part]));
});

Deno.test("unset is neither empty nor the text that stands for it (lesson 11)", () => {
  const values = [undefined, "", "unset", '"unset"', '""'];
  assertEquals(new Set(values.map(valueText)).size, values.length);
});
