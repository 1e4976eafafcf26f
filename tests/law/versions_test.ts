/**
 * A version is written in one place and quoted in others; the quotes must agree with it.
 * `.tool-versions` pins Deno and Bun, `deno.json` ntask itself and its packages.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { VERSION } from "../../src/model/version.ts";
import { readOne, readTree, type Tree } from "./_tree.ts";

/** The command for a machine that has only Node and git. */
const TEST_COMMAND = (deno: string): string => `npx --yes deno@${deno} task test`;

Deno.test("every quoted version is the pinned one", () => {
  assertEquals(violations(readTree()), []);
});

Deno.test("the version in the program is the version in deno.json", () => {
  assertEquals(VERSION, JSON.parse(readOne("deno.json") ?? "{}").version);
});

const GOOD: Readonly<Record<string, string>> = {
  ".tool-versions": "deno 2.0.1\nbun 1.0.2\n",
  "deno.json": '{ "version": "0.3.0", "imports": { "a": "npm:@x/a@1.2.3/mod.js" } }',
  "types/std.d.ts": 'declare module "a" {}',
  "README.md": "npx --yes deno@2.0.1 task test",
  ".ci/run": "npx --yes deno@2.0.1 task test",
  ".github/workflows/ci.yml": "deno-version-file: .tool-versions",
  "CHANGELOG.md": "## 0.3.0\nmoved from deno@1.9.9",
};

Deno.test("a project whose versions agree passes", () => {
  assertEquals(check({}), []);
});

Deno.test("a quote of another Deno or Bun is found, in any file but the changelog", () => {
  assertEquals(check({ "docs/x.md": "npx deno@2.0.0 task demo" }), [
    "docs/x.md: deno@2.0.0, pinned is 2.0.1",
  ]);
  assertEquals(check({ "scripts/x.ts": "@oven/bun-linux-x64@1.4.0 bun@1.0.2" }), [
    "scripts/x.ts: bun@1.4.0, pinned is 1.0.2",
  ]);
  assertEquals(check({ "README.md": "npx --yes deno@2.0.0 task test" }).length, 2);
});

Deno.test("the README, .ci/run and the workflows must quote what they use", () => {
  assertEquals(check({ ".ci/run": "deno test" }), [
    ".ci/run: does not say “npx --yes deno@2.0.1 task test”",
  ]);
  assertEquals(check({ ".github/workflows/ci.yml": "deno-version: v2.x" }), [
    ".github/workflows/ci.yml: takes Deno from somewhere else than .tool-versions",
  ]);
});

Deno.test("a package with a range, and types for a name that the import map lacks, are found", () => {
  const json = '{ "version": "0.3.0", "imports": { "a": "npm:a@^1.2.3", "b": "npm:b" } }';
  assertEquals(check({ "deno.json": json }), [
    "deno.json: “npm:a@^1.2.3” is not pinned exactly",
    "deno.json: “npm:b” is not pinned exactly",
  ]);
  // Deno ignores a declaration by any other name in silence: everything would be `any`.
  assertEquals(check({ "types/std.d.ts": 'declare module "npm:@x/a@1.2.3/mod.js" {}' }), [
    "types/std.d.ts: “npm:@x/a@1.2.3/mod.js” is no name in the import map of deno.json",
  ]);
});

Deno.test("the changelog has a heading for the version", () => {
  assertEquals(check({ "CHANGELOG.md": "## 0.2.0\n0.3.0 is next" }), [
    "CHANGELOG.md: no heading for 0.3.0",
  ]);
});

function check(changed: Readonly<Record<string, string>>): string[] {
  return violations(new Map(Object.entries({ ...GOOD, ...changed })));
}

function violations(tree: Tree): string[] {
  const pins = new Map(
    (tree.get(".tool-versions") ?? "").trim().split("\n")
      .map((line) => line.split(/\s+/) as [string, string]),
  );
  assert(pins.get("deno") && pins.get("bun"), ".tool-versions pins deno and bun");
  return [
    ...[...tree].flatMap(([path, text]) => quotes(path, text, pins)),
    ...commands(tree, pins.get("deno") ?? ""),
    ...packages(tree),
    ...changelog(tree),
  ];
}

/** `deno@1.2.3`, `@oven/bun-linux-x64@1.2.3` in any text; this file quotes wrong ones on purpose. */
function quotes(path: string, text: string, pins: ReadonlyMap<string, string>): string[] {
  if (path === "CHANGELOG.md" || path === "tests/law/versions_test.ts") return [];
  const quoted = text.matchAll(
    /(?<![\w/-])(deno|bun|@oven\/bun-[a-z0-9-]+)@v?(\d+\.\d+\.\d+)/g,
  );
  return [...quoted].flatMap(([, name = "", version]) => {
    const tool = name.startsWith("@oven/") ? "bun" : name;
    const pin = pins.get(tool);
    return version === pin ? [] : [`${path}: ${tool}@${version}, pinned is ${pin}`];
  });
}

function commands(tree: Tree, deno: string): string[] {
  const wanted = TEST_COMMAND(deno);
  const silent = ["README.md", ".ci/run"].filter((path) => !tree.get(path)?.includes(wanted))
    .map((path) => `${path}: does not say “${wanted}”`);
  const workflows = [...tree].filter(([path]) => path.startsWith(".github/workflows/"));
  const astray = workflows.filter(([, text]) =>
    /deno-version:/.test(text) ||
    /setup-deno/.test(text) && !/deno-version-file: \.tool-versions/.test(text)
  ).map(([path]) => `${path}: takes Deno from somewhere else than .tool-versions`);
  return [...silent, ...astray];
}

function packages(tree: Tree): string[] {
  const imports: Readonly<Record<string, string>> =
    JSON.parse(tree.get("deno.json") ?? "{}").imports ?? {};
  const loose = Object.values(imports)
    .filter((each) => each.startsWith("npm:"))
    .filter((each) => !/^npm:(?:@[^/@]+\/)?[^/@]+@\d+\.\d+\.\d+[\w.+-]*(?:\/|$)/.test(each))
    .map((each) => `deno.json: “${each}” is not pinned exactly`);
  const types = [...tree].filter(([path]) => path.startsWith("types/"));
  const unknown = types.flatMap(([path, text]) =>
    [...text.matchAll(/^declare module "([^"]+)"/gm)].map(([, name = ""]) => name)
      .filter((name) => !Object.hasOwn(imports, name))
      .map((name) => `${path}: “${name}” is no name in the import map of deno.json`)
  );
  return [...loose, ...unknown];
}

function changelog(tree: Tree): string[] {
  const { version } = JSON.parse(tree.get("deno.json") ?? "{}") as { version: string };
  const heading = new RegExp(`^#+ .*(?<![\\d.])${version.replaceAll(".", "\\.")}(?![\\d.])`, "m");
  return heading.test(tree.get("CHANGELOG.md") ?? "")
    ? []
    : [`CHANGELOG.md: no heading for ${version}`];
}
