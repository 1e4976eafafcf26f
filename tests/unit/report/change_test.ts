/**
 * Reasons of misses, in words.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Change, Prediction } from "../../../src/model/change.ts";
import { changesText, changeText, predictionText } from "../../../src/report/change.ts";

const part = (name: string, more: Partial<Extract<Change, { kind: "part" }>> = {}): Change => ({
  kind: "part",
  part: name,
  how: "changed",
  ...more,
});

const TEXTS: readonly (readonly [Change, string])[] = [
  [{ kind: "first" }, "first run"],
  [{ kind: "forced" }, "--force"],
  [part("input src/a.ts"), "input changed: src/a.ts"],
  [part("input src/a.ts", { how: "added" }), "input added: src/a.ts"],
  [part("input src/a b.ts", { how: "removed", line: 3 }), "input removed: src/a b.ts:3"],
  [part("input patterns"), "its input patterns changed"],
  [part("env NODE_ENV", { before: '"dev"', after: '"prod"' }), 'NODE_ENV: "dev" -> "prod"'],
  [part("env NODE_ENV", { before: "unset", after: '""' }), 'NODE_ENV: unset -> ""'],
  [part("env API_TOKEN"), "API_TOKEN changed"],
  [
    part("set MODE", { before: '[["text","a"]]', after: '[["text","x"],["text","b"]]' }),
    'MODE: "a" -> "b"',
  ],
  [part("set MODE", { how: "added", after: '[["unset",""]]' }), "MODE is set in another way"],
  [part("pre 0 gen"), "upstream: gen changed"],
  [part("argument pattern", { before: '""', after: '"auth"' }), 'argument pattern: "" -> "auth"'],
  [part("arguments", { how: "removed", before: '["x"]' }), 'arguments: ["x"] -> unset'],
  [part("code body"), "code changed: its body"],
  [part("code helper render in build_tools.ts"), "code changed: helper render() in build_tools.ts"],
  [part("code module src/x.ts", { how: "added" }), "code added: module src/x.ts"],
  [part("action"), "its command changed"],
  [
    part("interpreter", { before: "default", after: '"bash"' }),
    'interpreter: default -> "bash"',
  ],
  [part("program tools/x.sh"), "program changed: tools/x.sh"],
  [part("tool node -v", { before: "v20\n", after: "v22\n" }), "tool node -v: v20 -> v22"],
  [part("outputs"), "what is said about its outputs changed"],
  [part("dep build", { how: "added" }), "dependency added: build"],
  [{ kind: "upstream", label: "build" }, "upstream: build changed"],
  [
    { kind: "upstream", label: "build", path: "dist/app.js" },
    "upstream: build produced a different dist/app.js",
  ],
  [{ kind: "unstored", label: "build" }, "upstream: the result of build could not be kept"],
];

Deno.test("every kind of change is a phrase that names what it is about", () => {
  for (const [change, text] of TEXTS) assertEquals(changeText(change), text);
});

Deno.test("of several changes the first is told, and how many more there are", () => {
  const changes = TEXTS.slice(2, 5).map(([change]) => change);
  assertEquals(changesText(changes), "input changed: src/a.ts (+2 more)");
  assertEquals(changesText([changes[0]!, { kind: "compared", call: "t x" }]), TEXTS[2]![1]);
  assertEquals(changesText([]), "");
});

Deno.test("a prediction is a word, with the key or the reason", () => {
  const texts: readonly (readonly [Prediction, string])[] = [
    [{ kind: "hit", key: "0123456789abcdef" }, "hit (01234567)"],
    [{ kind: "miss", why: [] }, "miss"],
    [{ kind: "miss", why: [{ kind: "first" }] }, "miss (first run)"],
    [{ kind: "depends", on: "build" }, "depends on build"],
    [{ kind: "runs" }, "runs"],
    [{ kind: "skipped" }, "condition not met"],
  ];
  for (const [prediction, text] of texts) assertEquals(predictionText(prediction), text);
});
