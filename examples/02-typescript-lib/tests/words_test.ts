import assert from "node:assert/strict";
import { words } from "../src/mod.ts";

export const wordsTests: Record<string, () => void> = {
  "words end at a capital": () => assert.deepEqual(words("someName"), ["some", "name"]),
  "words keep an abbreviation together": () =>
    assert.deepEqual(words("parseJSONText"), ["parse", "json", "text"]),
  "words end at any sign": () => assert.deepEqual(words(" some_name-2 "), ["some", "name", "2"]),
  "nothing has no words": () => assert.deepEqual(words(""), []),
};
