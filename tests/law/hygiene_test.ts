/**
 * What must not be in the project: unfinished business, tests that are switched off, the address of
 * a package registry, a path of the machine it was written on.
 *
 * The forbidden words are put together from halves here, so that this file may be judged too.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { readTree, ROOT, type Tree } from "./_tree.ts";

const UNFINISHED = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "HA" + "CK"].join("|")})\\b`);

const SWITCHED_OFF = [
  new RegExp("\\.(on" + "ly|ig" + "nore|sk" + "ip)\\("),
  new RegExp("\\b(on" + "ly|ig" + "nore):\\s*true"),
];

const REGISTRIES = [
  ["registry.npmjs", "org"],
  ["registry.yarnpkg", "com"],
  ["jsr", "io"],
  ["deb.debian", "org"],
  ["pypi", "org"],
  ["files.pythonhosted", "org"],
  ["crates", "io"],
  ["proxy.golang", "org"],
].map((parts) => parts.join("."));

/** Where every machine of a system has the same things. */
const SYSTEM =
  /^\/(bin|sbin|usr|lib\w*|etc|dev|proc|sys|opt|var|run|tmp|System|Library|Applications)\//;

Deno.test("nothing is unfinished, switched off, tied to a registry or to one machine", () => {
  const tree = readTree();
  assert(tree.size > 30, `only ${tree.size} files found`);
  assertEquals(violations(tree, isThere), []);
});

Deno.test("unfinished business is found, an ordinary word is not", () => {
  assertEquals(check("src/x.ts", "// TO" + "DO later").length, 1);
  assertEquals(check("docs/x.md", "fine\nFIX" + "ME: this").length, 1);
  assertEquals(check("docs/x.md", "what to do, todos, METHODO" + "LOGY"), []);
});

Deno.test("a test that is switched off is found, one that depends on the system is not", () => {
  for (
    const text of [
      "Deno.test.on" + 'ly("x", f);',
      "Deno.test.ig" + 'nore("x", f);',
      "Deno.test({ ig" + "nore: true, fn });",
      "Deno.test({ on" + "ly:true, fn });",
      "it.sk" + "ip(1);",
    ]
  ) assertEquals(check("tests/x_test.ts", text).length, 1, text);
  assertEquals(check("tests/x_test.ts", "Deno.test({ ig" + "nore: windows, fn });"), []);
  assertEquals(check("src/x.ts", "set({ on" + "ly: true });"), []);
});

Deno.test("the address of a registry is found", () => {
  assertEquals(check("docs/x.md", "https://registry.npmjs" + ".org/x"), [
    "docs/x.md:1: the registry registry.npmjs" + ".org",
  ]);
});

Deno.test("a path that exists on this machine is found, a made-up or a system path is not", () => {
  const here = (path: string): boolean => path === "/home/ann/ntask" || path.startsWith("/usr/");
  const text = [
    'const a = "/home/ann/ntask/src/x.ts";',
    'const b = "/home/bob/project";',
    "#!/usr/bin/env bash",
    "https://example.com/home/ann/ntask",
    "../home/ann/ntask and ${x}/home/ann/ntask",
  ].join("\n");
  const found = violations(new Map([["src/x.ts", text]]), here);
  assertEquals(found, ["src/x.ts:1: the machine's path /home/ann/ntask/src/x.ts"]);
});

Deno.test("the path of this checkout is found", () => {
  if (Deno.build.os === "windows") return;
  const text = `see ${ROOT}/src`;
  assertEquals(
    violations(new Map([["docs/x.md", text]]), isThere).length,
    SYSTEM.test(ROOT) ? 0 : 1,
  );
});

function check(path: string, text: string): string[] {
  return violations(new Map([[path, text]]), () => false);
}

function violations(tree: Tree, exists: (path: string) => boolean): string[] {
  return [...tree].flatMap(([path, text]) =>
    text.split("\n").flatMap((line, index) =>
      faults(path, line, exists).map((fault) => `${path}:${index + 1}: ${fault}`)
    )
  );
}

function faults(path: string, line: string, exists: (path: string) => boolean): string[] {
  const found: string[] = [];
  const unfinished = UNFINISHED.exec(line);
  if (unfinished !== null) found.push(`unfinished (${unfinished[0]})`);
  if (/^tests\/.*\.ts$/.test(path) && SWITCHED_OFF.some((each) => each.test(line))) {
    found.push("a test is switched off");
  }
  for (const host of REGISTRIES.filter((each) => line.includes(each))) {
    found.push(`the registry ${host}`);
  }
  for (const [named] of line.matchAll(/(?<![\w.:/\\}$@-])\/(?:[\w.@+-]+\/)+[\w.@+-]+/g)) {
    if (!SYSTEM.test(named) && ancestors(named).some(exists)) {
      found.push(`the machine's path ${named}`);
    }
  }
  return found;
}

/** The path itself and what it lies in, two names deep at least: `/home/ann` tells, `/home` not. */
function ancestors(path: string): string[] {
  const names = path.split("/").slice(1);
  return names.map((_, index) => `/${names.slice(0, index + 1).join("/")}`).slice(1);
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
