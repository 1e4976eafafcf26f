import { assert, assertEquals } from "@std/assert";
import { parseDotenv } from "../../../../src/source/spec/dotenv.ts";

/** The environment built so far. */
const OUTER: Readonly<Record<string, string>> = { OUT: "outer", EMPTY: "", A: "outer-a" };

function parse(text: string) {
  return parseDotenv(text, (name) => Object.hasOwn(OUTER, name) ? OUTER[name] : undefined);
}

function values(text: string): Record<string, string> {
  const { entries, malformed } = parse(text);
  assertEquals(malformed, [], text);
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]));
}

Deno.test("the dotenv grammar, value by value", () => {
  const cases: readonly (readonly [line: string, value: string])[] = [
    ["K=v", "v"],
    ["K=", ""],
    ["K=   ", ""],
    ["  K = v  ", "v"],
    ["K\t=\tv\t", "v"],
    ["export K=v", "v"],
    ["export\tK=v", "v"],
    ["K=two words", "two words"],
    ["K=a=b==", "a=b=="],
    // Comments.
    ["K=v # comment", "v"],
    ["K=v\t# comment", "v"],
    ["K=v#no comment", "v#no comment"],
    ["K= # comment", ""],
    ["K=#no-comment", "#no-comment"],
    ["K='v' # comment", "v"],
    ['K="v"# comment', "v"],
    ["K='a # b'", "a # b"],
    // Quotes.
    ["K='two words '", "two words "],
    ["K=''", ""],
    ['K=""', ""],
    ["K=it's", "it's"],
    [`K='say "x"'`, 'say "x"'],
    [`K="it's"`, "it's"],
    ["K='a\nb'", "a\nb"],
    ['K="a\n\nb"', "a\n\nb"],
    ["K='a\r\nb'", "a\nb"],
    // Escapes count between double quotes only.
    ['K="\\n|\\r|\\t|\\"|\\\\|\\$"', '\n|\r|\t|"|\\|$'],
    ['K="\\d\\x"', "\\d\\x"],
    ['K="c:\\\\new"', "c:\\new"],
    ['K="a\\\\"', "a\\"],
    ["K='\\n'", "\\n"],
    ["K=c:\\new", "c:\\new"],
    // References.
    ["K=${OUT}", "outer"],
    ['K="<${OUT}>"', "<outer>"],
    ["K='${OUT}'", "${OUT}"],
    ['K="\\${OUT}"', "${OUT}"],
    ["K=$OUT", "$OUT"],
    ["K=${NONE}", ""],
    ["K=${NONE:-d}", "d"],
    ["K=${EMPTY:-d}", "d"],
    ["K=${OUT:-d}", "outer"],
    ["K=${NONE:-}", ""],
    ["K=${NONE:-${OUT}!}", "outer!"],
    ["K=${NONE:-${NONE:-x}}y", "xy"],
    ['K="${NONE:-a \\} b}"', "a \\} b"],
    ["K=${OUT}${OUT}", "outerouter"],
    // What is no reference stays as it is.
    ["K=${}", "${}"],
    ["K=${OUT", "${OUT"],
    ["K=${OUT-d}", "${OUT-d}"],
    ["K=${NONE:-d", "${NONE:-d"],
    ["K=${1}", "${1}"],
    ["K=a$", "a$"],
  ];
  for (const [line, value] of cases) {
    assertEquals(values(`${line}\n`), { K: value }, line);
    assertEquals(values(`${line}\r\nL=1`), { K: value, L: "1" }, `${line} with CRLF`);
  }
});

Deno.test("an earlier key of the file is seen before the environment", () => {
  assertEquals(values("B=${A}\nA=1\nC=${A}\nA=2\nD=${A}"), {
    B: "outer-a",
    A: "2",
    C: "1",
    D: "2",
  });
});

Deno.test("a value that looks like a reference is not expanded again", () => {
  assertEquals(values("A='${OUT}'\nB=${A}"), { A: "${OUT}", B: "${OUT}" });
});

Deno.test("an empty earlier key hides the environment", () => {
  assertEquals(values("OUT=\nB=<${OUT}>"), { OUT: "", B: "<>" });
});

Deno.test("names of JavaScript's own objects are names like others", () => {
  assertEquals(values("B=${constructor}\n__proto__=1\nC=${__proto__}").C, "1");
});

Deno.test("repeated names are all handed over, in order and with their lines", () => {
  const { entries } = parse("\uFEFF# c\n\n  # d\nA=1\nB='x\ny'\nA=2");
  assertEquals(entries, [
    { name: "A", value: "1", line: 4 },
    { name: "B", value: "x\ny", line: 5 },
    { name: "A", value: "2", line: 7 },
  ]);
});

Deno.test("a malformed line is reported by its number and the others count", () => {
  const cases: readonly (readonly [text: string, lines: readonly number[], names: string])[] = [
    ["A=1\nnonsense\nB=2", [2], "A B"],
    ["export A", [1], ""],
    ["=v\nB=2", [1], "B"],
    ["1A=v", [1], ""],
    ["A-B=v", [1], ""],
    ["A.B=v", [1], ""],
    ["A B=v", [1], ""],
    ["A='x\nB=2\nC=3", [1], "B C"],
    ['A="x\\"\nB=2', [1], "B"],
    ["A='x'y\nB=2", [1], "B"],
    ["A='x\nB='y'\nC=3", [1], "B C"],
    ["\n\nA='1\n2'\n?\nB=2", [5], "A B"],
    ["A=a\0b\nB=2", [1], "B"],
  ];
  for (const [text, lines, names] of cases) {
    const { entries, malformed } = parse(text);
    assertEquals(malformed.map(({ line }) => line), lines, text);
    assertEquals(entries.map(({ name }) => name).join(" "), names, text);
    for (const { detail } of malformed) assert(detail !== "", text);
  }
});

Deno.test("lesson 32: a report of a malformed line does not repeat a secret", () => {
  const secret = "hunter2";
  for (const text of [secret, `?=${secret}`, `A="${secret}`, `A='x'${secret}`, `-${secret}=1`]) {
    const { malformed } = parse(text);
    assertEquals(malformed.length, 1, text);
    assert(!JSON.stringify(malformed).includes(secret), text);
  }
});

Deno.test("an empty file has nothing in it", () => {
  for (const text of ["", "\n", "\uFEFF", "  \t", "# only a comment"]) {
    assertEquals(parse(text), { entries: [], malformed: [] }, JSON.stringify(text));
  }
});

Deno.test("defaults nested without end do not bring the program down", () => {
  const { entries } = parse(`A=${"${X:-".repeat(20_000)}`);
  assertEquals(entries.length, 1);
  assertEquals(values(`A=${"${X:-".repeat(30)}d${"}".repeat(30)}`), { A: "d" });
});
