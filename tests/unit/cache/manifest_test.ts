import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeParts, decodeResult, encodeManifest } from "../../../src/cache/manifest.ts";
import { isDigest, outputsFault, pathFault } from "../../../src/cache/manifest.ts";
import { digestOf } from "../../../src/host/hash.ts";
import type { Manifest, Output, Result } from "../../../src/model/output.ts";

const KEY = "a".repeat(64);
const DIGEST = digestOf("hello");
const PARTS = [{ name: "action", value: "cmd x" }, { name: "dep a", value: "1", from: KEY }];
const RESULT: Result = {
  key: KEY,
  task: "build",
  outputs: [
    file("dist/a.js"),
    { kind: "directory", path: "dist/empty" },
    { kind: "link", path: "dist/link", target: "a.js" },
  ],
  stdio: digestOf("out"),
  masked: true,
  value: "[1]",
  duration: 12.5,
  at: "2026-01-01T00:00:00.000Z",
};

function file(path: string): Output {
  return { kind: "file", path, digest: DIGEST, executable: false };
}

/** The text of a manifest whose result is anything, under a digest that fits. */
function textOf(result: unknown, parts: unknown = PARTS): string {
  return encodeManifest({ result, parts } as Manifest);
}

function faultOf(result: unknown): string {
  const decoded = decodeResult(KEY, textOf(result));
  return "fault" in decoded ? decoded.fault : "";
}

Deno.test("what is written is read again", () => {
  const text = encodeManifest({ result: RESULT, parts: PARTS });
  assertEquals(decodeResult(KEY, text), { value: RESULT });
  assertEquals(decodeParts(text), { value: PARTS });
});

Deno.test("any line end in a value stays inside its line", () => {
  const parts = [{ name: "env A", value: "1\n2\r\n\u2028" }];
  assertEquals(decodeParts(textOf(RESULT, parts)), { value: parts });
});

Deno.test("a truncated manifest is none, wherever it ends (lesson 6)", () => {
  const text = encodeManifest({ result: RESULT, parts: PARTS });
  for (let length = 0; length < text.length; length++) {
    const [result, parts] = [
      decodeResult(KEY, text.slice(0, length)),
      decodeParts(text.slice(0, length)),
    ];
    assert("fault" in parts, `parts of ${length} characters`);
    // What the parts are is not asked of who wants the result.
    if ("value" in result) assertEquals(result.value, RESULT);
  }
});

Deno.test("a manifest with one other character is none, or has the same content (lesson 6)", () => {
  const text = encodeManifest({ result: RESULT, parts: PARTS });
  for (let at = 0; at < text.length; at++) {
    const other = text.slice(0, at) + (text[at] === "0" ? "1" : "0") + text.slice(at + 1);
    const [result, parts] = [decodeResult(KEY, other), decodeParts(other)];
    assert("fault" in result || "fault" in parts, `character ${at}`);
    if ("value" in result) assertEquals(result.value, RESULT);
    if ("value" in parts) assertEquals(parts.value, PARTS);
  }
});

Deno.test("a manifest under the name of another key is none", () => {
  assertEquals(decodeResult("b".repeat(64), textOf(RESULT)), {
    fault: "it belongs to another key",
  });
});

for (
  const path of [
    "",
    "..",
    "../x",
    "dist/../../x",
    "dist/..",
    "./x",
    "dist/./x",
    "dist//x",
    "dist/",
    "/etc/passwd",
    "C:/x",
    "c:x",
    "dist\\x",
    "..\\x",
    "x\0y",
    ".ntask",
    ".ntask/state/ledger",
    "a/.ntask/x",
    ".git/hooks/post-commit",
    ".GIT/config",
    "a/.Git",
    ".git./config",
    ".git /config",
    ".gi\u200ct/config",
    "GIT~1/config",
    "\ud800",
    "x".repeat(5000),
  ]
) {
  Deno.test(`no output is ${JSON.stringify(path.slice(0, 30))} (lesson 33)`, () => {
    assert(pathFault(path) !== undefined);
    for (
      const output of [file(path), { kind: "link", path, target: "x" }, { kind: "directory", path }]
    ) assert(faultOf({ ...RESULT, outputs: [output] }) !== "", JSON.stringify(output));
  });
}

Deno.test("names that only look like it are outputs", () => {
  for (
    const path of ["a", "a.git/x", ".gitignore", ".github/x", "ntask/x", "a..b", "...", "ä/😀"]
  ) {
    assertEquals(pathFault(path), undefined, path);
  }
});

Deno.test("an output below a file, a link or an empty directory is none (lesson 33)", () => {
  const above: Output[] = [
    file("a"),
    { kind: "link", path: "a", target: "/etc" },
    { kind: "directory", path: "a" },
  ];
  for (const first of above) {
    assertMatch(faultOf({ ...RESULT, outputs: [first, file("a/b/c")] }), /below no directory/);
    // `a-b` stands between `a` and `a/b`.
    assertMatch(faultOf({ ...RESULT, outputs: [first, file("a-b"), file("a/b")] }), /below no dir/);
  }
});

Deno.test("outputs that are not in order, or there twice, are none", () => {
  assertMatch(faultOf({ ...RESULT, outputs: [file("b"), file("a")] }), /not sorted/);
  assertMatch(faultOf({ ...RESULT, outputs: [file("a"), file("a")] }), /not sorted/);
});

Deno.test("outputs of other kinds, or with other fields, are none", () => {
  const outputs: unknown[] = [
    null,
    1,
    [],
    {},
    { kind: "device", path: "a" },
    { kind: "file", path: "a" },
    { kind: "file", path: "a", digest: DIGEST },
    { kind: "file", path: "a", digest: DIGEST, executable: "yes" },
    { kind: "file", path: "a", digest: "../../x", executable: false },
    { kind: "file", path: 1, digest: DIGEST, executable: false },
    { kind: "link", path: "a" },
    { kind: "link", path: "a", target: "" },
    { kind: "link", path: "a", target: "x\0y" },
    { kind: "directory" },
  ];
  for (const output of outputs) {
    assert(faultOf({ ...RESULT, outputs: [output] }) !== "", JSON.stringify(output));
  }
  for (const list of [undefined, null, {}, "a"]) assert(outputsFault(list) !== undefined);
});

Deno.test("a result whose fields are not what they must be is none", () => {
  const others: Record<string, unknown>[] = [
    { task: 1 },
    { task: undefined },
    { at: null },
    { duration: "1" },
    { stdio: "abc" },
    { stdio: `${"a".repeat(64)}/01` },
    { masked: false },
    { value: 1 },
    { key: 1 },
  ];
  for (const other of others) {
    assert(faultOf({ ...RESULT, ...other }) !== "", JSON.stringify(other));
  }
  for (const other of [null, 1, "x", []]) assert(faultOf(other) !== "");
});

Deno.test("parts that are not what they must be are none", () => {
  for (const parts of [null, {}, [1], [{}], [{ name: 1, value: "" }], [{ name: "", value: 1 }]]) {
    assert("fault" in decodeParts(textOf(RESULT, parts)), JSON.stringify(parts));
  }
});

Deno.test("a digest is 64 lower-case hexadecimal digits and a plain size", () => {
  const hash = "0123456789abcdef".repeat(4);
  assert(isDigest(`${hash}/0`) && isDigest(`${hash}/12`));
  const wrong = [
    hash,
    `${hash}/`,
    `${hash}/-1`,
    `${hash}/01`,
    `${hash}/1.5`,
    `${hash}/1e3`,
    `${hash.toUpperCase()}/1`,
    `${hash.slice(1)}/1`,
    `${hash}\n/1`,
    `${hash}/1\n`,
    `../${hash.slice(3)}/1`,
    1,
    null,
  ];
  for (const each of wrong) assert(!isDigest(each), String(each));
});
