import { assert, assertEquals } from "@std/assert";
import {
  compareVersions,
  formatVersion,
  matchesSpecifier,
  parseSpecifier,
  parseVersion,
  type VersionOperator,
} from "../../../../src/source/spec/pep440.ts";

Deno.test("every spelling of a version has one normal form", () => {
  const cases: readonly (readonly [text: string, normal: string])[] = [
    ["1.0", "1.0"],
    ["1.0.0", "1.0.0"],
    [" v1.0\n", "1.0"],
    ["01.002", "1.2"],
    ["0!1", "1"],
    ["2!1.0", "2!1.0"],
    ["1.0a", "1.0a0"],
    ["1.0-Alpha_1", "1.0a1"],
    ["1.0beta2", "1.0b2"],
    ["1.0c3", "1.0rc3"],
    ["1.0preview", "1.0rc0"],
    ["1.0.pre4", "1.0rc4"],
    ["1.0-1", "1.0.post1"],
    ["1.0r5", "1.0.post5"],
    ["1.0_REV", "1.0.post0"],
    ["1.0post6", "1.0.post6"],
    ["1.0dev", "1.0.dev0"],
    ["1!2.3rc4.post5.dev6+Ubuntu-07_b", "1!2.3rc4.post5.dev6+ubuntu.7.b"],
  ];
  for (const [text, normal] of cases) {
    const version = parseVersion(text);
    assertEquals(version && formatVersion(version), normal, text);
  }
});

Deno.test("what is no version is refused", () => {
  const texts = [
    "",
    "dog",
    "1.",
    "1.0.x",
    "1.0+",
    "1.0+a..b",
    "1.0 a",
    "1.0-",
    "-1",
    "1!",
    "1.0++a",
  ];
  for (const text of texts) assertEquals(parseVersion(text), undefined, text);
});

Deno.test("versions are ordered from development release to post-release", () => {
  const ascending = [
    "0.9",
    "1.0.dev1",
    "1.0.dev2",
    "1.0a1.dev1",
    "1.0a1",
    "1.0a1.post1.dev1",
    "1.0a1.post1",
    "1.0a2",
    "1.0b1",
    "1.0rc1",
    "1.0",
    "1.0+abc",
    "1.0+abc.1",
    "1.0+b",
    "1.0+2",
    "1.0+10",
    "1.0.post1.dev1",
    "1.0.post1",
    "1.1",
    "1.10",
    "1!0.1",
  ].map((text) => parseVersion(text)!);
  for (const [i, a] of ascending.entries()) {
    for (const [j, b] of ascending.entries()) {
      const pair = `${formatVersion(a)} and ${formatVersion(b)}`;
      assertEquals(Math.sign(compareVersions(a, b)), Math.sign(i - j), pair);
    }
  }
});

Deno.test("zeros at the end of a release do not count", () => {
  assertEquals(compareVersions(parseVersion("1")!, parseVersion("1.0.0")!), 0);
});

Deno.test("numbers beyond 2^53 are compared exactly", () => {
  const [a, b] = ["1.9007199254740992", "1.9007199254740993"].map((text) => parseVersion(text)!);
  assert(compareVersions(a!, b!) < 0);
});

Deno.test("specifiers take what PEP 440 lets them take", () => {
  const taken = [
    "==1.0",
    "== 1.0 ",
    "==1.0+local",
    "!=1.0.*",
    "==1!2.*",
    "~=1.0",
    "~=1.0a1",
    ">=1.0.dev1",
    "<1",
    "===anything",
  ];
  const refused = [
    "==dog",
    "==",
    "==1.0a1.*",
    "==1.0.post1.*",
    "==1.0.dev1.*",
    "==1.0+local.*",
    "==1.*.*",
    "~=1",
    "~=1.0.*",
    "~=1.0+local",
    ">=1.0.*",
    "<1.0+local",
    "===",
    "===two words",
    "===a;b",
    "===a)",
  ];
  for (const text of taken) assert(split(text) !== undefined, text);
  for (const text of refused) assertEquals(split(text), undefined, text);
});

Deno.test("a specifier holds the versions PEP 440 gives it", () => {
  const cases: readonly (readonly [specifier: string, inside: string, outside: string])[] = [
    ["==1.0", "1 1.0.0 1.0+local", "1.0.1 1.0a1 1.0.post1 dog"],
    ["==1.0+local", "1.0+local 1.0+LOCAL", "1.0 1.0+other"],
    ["!=1.0", "1.1 1.0a1", "1 1.0+local dog"],
    ["==3.11.*", "3.11 3.11.7 3.11.0a1 3.11.dev1 3.11.post1 3.11+x", "3.1 3.12 3.110 1!3.11 dog"],
    ["==3.0.*", "3 3.0.9", "3.1"],
    ["!=3.11.*", "3.1 3.12", "3.11 3.11.7 dog"],
    ["<3.12", "3.11.9 3.2", "3.12 3.12.0a1 3.12.dev1 3.12.post1 3.13"],
    ["<3.12.0a2", "3.12.0a1 3.11", "3.12.0a2 3.12"],
    ["<1.0.post1", "1.0 1.0a1 1.0.post0", "1.0.post1 1.0.post1.dev1"],
    ["<=3.12", "3.12 3.12.0 3.12.0a1 3.12+local", "3.12.1 3.12.post1"],
    [">3.12", "3.12.1 3.13 3.13.0a1", "3.12 3.12.post1 3.12+local 3.12rc1"],
    [">3.12.post1", "3.12.post2 3.13", "3.12.post1 3.12.post1+local"],
    [">1.0a1", "1.0a2 1.0 1.0.post1", "1.0a1 1.0a1.post1"],
    [">=3.12", "3.12 3.12.post1 3.12+local 3.13.0a1", "3.12.0a1 3.12.dev1 3.11 dog"],
    ["~=3.8", "3.8 3.9 3.99 3.9.0a1", "3.7 4.0 4.0.dev1 3.8a1"],
    ["~=3.8.1", "3.8.1 3.8.9", "3.8 3.9"],
    ["~=1!3.8", "1!3.9", "3.9 1!4"],
    ["===1.0", "1.0", "1 1.0.0 1.0+local"],
    ["===Dog", "dog DOG", "1.0 dogs"],
  ];
  for (const [text, inside, outside] of cases) {
    const specifier = split(text)!;
    for (const version of inside.split(" ")) {
      assert(matchesSpecifier(specifier, version), `${version} is in ${text}`);
    }
    for (const version of outside.split(" ")) {
      assert(!matchesSpecifier(specifier, version), `${version} is not in ${text}`);
    }
  }
});

function split(text: string) {
  const match = /^(===|==|~=|!=|<=|>=|<|>)(.*)$/.exec(text)!;
  return parseSpecifier(match[1] as VersionOperator, match[2]!);
}
