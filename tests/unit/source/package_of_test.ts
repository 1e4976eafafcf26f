/**
 * Which package an import means, on a table of files.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { AbsolutePath } from "../../../src/model/id.ts";
import { createPackageOf } from "../../../src/source/package_of.ts";

type Table = Readonly<Record<string, string | object>>;

/** `links` lead from a directory to its real path. */
function packageOf(table: Table, links: Readonly<Record<string, string>> = {}, root = "/p") {
  const real = (given: string): string => {
    // On Windows too the table is written with `/`.
    const path = given.replaceAll("\\", "/");
    for (const [link, target] of Object.entries(links)) {
      if (path === link || path.startsWith(`${link}/`)) return target + path.slice(link.length);
    }
    return path;
  };
  const files = {
    real,
    kind: (path: string) => Object.hasOwn(table, real(path)) ? "file" as const : undefined,
    readText(path: string) {
      const found = table[real(path)];
      if (found === undefined) return { fault: "missing" as const };
      return { text: typeof found === "string" ? found : JSON.stringify(found) };
    },
  };
  const look = createPackageOf(files, root as AbsolutePath);
  return (specifier: string, from = "/p/tasks.ts") => {
    const found = look(from as AbsolutePath, specifier);
    if (found?.local === undefined) return found;
    return { ...found, local: found.local.replaceAll("\\", "/") as AbsolutePath };
  };
}

const ZOD = { "/p/node_modules/zod/package.json": { name: "zod", version: "3.1.0" } };

Deno.test("a package is found upward from the importing file, with its version", () => {
  const look = packageOf({
    ...ZOD,
    "/p/a/node_modules/zod/package.json": { name: "zod", version: "4.0.0" },
    "/p/node_modules/@x/y/package.json": { name: "@x/y", version: "1.0.0" },
  });
  assertEquals(look("zod"), { name: "zod", version: "3.1.0" });
  assertEquals(look("zod/v4/core"), { name: "zod", version: "3.1.0" });
  assertEquals(look("npm:zod@^3/v4"), { name: "zod", version: "3.1.0" });
  assertEquals(look("zod", "/p/a/b/c.ts"), { name: "zod", version: "4.0.0" });
  assertEquals(look("@x/y/z"), { name: "@x/y", version: "1.0.0" });
  assertEquals(look("gone"), undefined);
  assertEquals(look("@x"), undefined);
});

Deno.test("a link out of node_modules is a package of the project's own", () => {
  const look = packageOf(
    {
      "/p/packages/own/package.json": {
        name: "own",
        version: "1.0.0",
        exports: { ".": { types: "./x.d.ts", import: "./src/mod.ts" }, "./*": "./src/*.ts" },
      },
      "/p/packages/own/src/mod.ts": "",
      "/p/packages/own/src/deep/part.ts": "",
    },
    { "/p/node_modules/own": "/p/packages/own" },
  );
  assertEquals(look("own")?.local, "/p/packages/own/src/mod.ts" as AbsolutePath);
  assertEquals(look("own/deep/part")?.local, "/p/packages/own/src/deep/part.ts" as AbsolutePath);
  assertEquals(look("own/gone"), undefined);
  // By its own name, from within.
  assertEquals(look("own", "/p/packages/own/x.ts")?.local, look("own")?.local);
});

Deno.test("a link within node_modules, as pnpm makes it, is an installed package", () => {
  const at = "/p/node_modules/.pnpm/zod@3.1.0/node_modules/zod";
  const look = packageOf(
    { [`${at}/package.json`]: { name: "zod", version: "3.1.0" } },
    { "/p/node_modules/zod": at },
  );
  assertEquals(look("zod"), { name: "zod", version: "3.1.0" });
});

Deno.test("a workspace package counts as one also where the project lies in a node_modules", () => {
  const root = "/n/node_modules/p";
  const look = packageOf(
    {
      [`${root}/own/package.json`]: { name: "own", version: "1.0.0", main: "lib" },
      [`${root}/own/lib/index.js`]: "",
    },
    { [`${root}/node_modules/own`]: `${root}/own` },
    root,
  );
  assertEquals(look("own", `${root}/tasks.ts`)?.local, `${root}/own/lib/index.js` as AbsolutePath);
});

Deno.test("a package without a version counts by its text", () => {
  const look = packageOf({
    "/p/node_modules/bare/package.json": { name: "bare" },
    "/p/node_modules/bare/index.js": "",
    "/p/node_modules/odd/package.json": "{ not json",
    "/p/node_modules/odd/index.mjs": "",
  });
  assertEquals(look("bare")?.local, "/p/node_modules/bare/index.js" as AbsolutePath);
  assertEquals(look("odd")?.local, "/p/node_modules/odd/index.mjs" as AbsolutePath);
});

Deno.test("an import that begins with # is one of the package around", () => {
  const look = packageOf({
    ...ZOD,
    "/p/package.json": {
      imports: { "#a": "./src/a.ts", "#lib/*": { default: "./lib/*.ts" }, "#z": "zod" },
    },
    "/p/src/a.ts": "",
    "/p/lib/b.ts": "",
  });
  assertEquals(look("#a", "/p/src/x.ts")?.local, "/p/src/a.ts" as AbsolutePath);
  assertEquals(look("#lib/b")?.local, "/p/lib/b.ts" as AbsolutePath);
  assertEquals(look("#z")?.version, "3.1.0");
  assertEquals(look("#gone"), undefined);
});

const LOCKS: readonly (readonly [file: string, text: string, mark: string])[] = [
  [
    "package-lock.json",
    JSON.stringify({
      packages: {
        "node_modules/zod": { version: "3.1.0", integrity: "MARK" },
        "a/node_modules/zod": { integrity: "OTHER" },
      },
    }),
    "MARK",
  ],
  [
    "pnpm-lock.yaml",
    "packages:\n\n  zod@3.1.0:\n    resolution: {integrity: MARK}\n\n" +
    "  zod@3.1.01:\n    resolution: {integrity: OTHER}\n\nsnapshots:\n\n  zod@3.1.0(x@1): {}\n",
    "zod@3.1.0(x@1): {}",
  ],
  [
    "pnpm-lock.yaml",
    "packages:\n  /zod/3.1.0:\n    integrity: MARK\n  /y/1.0.0:\n    a: OTHER\n",
    "MARK",
  ],
  [
    "yarn.lock",
    '# yarn\n\n"zod@^3", zod@~3.1:\n  version "3.1.0"\n  integrity MARK\n\n' +
    'zod@2:\n  version "2.0.0"\n  integrity OTHER\n\nzodiac@3:\n  version "3.1.0"\n  i OTHER\n',
    "MARK",
  ],
  [
    "yarn.lock",
    '__metadata:\n  version: 8\n\n"zod@npm:^3":\n  version: 3.1.0\n  checksum: MARK\n',
    "MARK",
  ],
  [
    "bun.lock",
    '{\n  "packages": {\n    "zod": ["zod@3.1.0", "", {}, "MARK"],\n' +
    '    "x/zod": ["zod@2.0.0", "", {}, "OTHER"],\n  }\n}\n',
    "MARK",
  ],
  [
    "deno.lock",
    JSON.stringify({
      npm: {
        "zod@3.1.0": { integrity: "MARK" },
        "zod@3.1.0_x@1": { integrity: "PEER" },
        "zod@3.1.1": { integrity: "OTHER" },
      },
    }),
    "MARK",
  ],
];

for (const [file, text, mark] of LOCKS) {
  Deno.test(`the entry of ${file} with ${mark} is part of a package`, () => {
    const lock = (lines: string) => packageOf({ ...ZOD, [`/p/${file}`]: lines })("zod")?.lock;
    assert(lock(text)?.includes(mark), lock(text));
    assertEquals(lock(text)?.includes("OTHER"), false);
    assertEquals(lock(text.replaceAll("OTHER", "CHANGED")), lock(text));
    assertEquals(lock(text.replaceAll("\n", "\r\n")), lock(text));
    assertEquals(lock("{}"), undefined);
  });
}

Deno.test("a lock file above the packages counts, up to the root and not beyond", () => {
  const lock = JSON.stringify({ packages: { "a/node_modules/zod": { integrity: "MARK" } } });
  const at = "/p/a/node_modules/zod/package.json";
  const table = { [at]: { name: "zod", version: "3.1.0" }, "/p/package-lock.json": lock };
  assert(packageOf(table)("zod", "/p/a/x.ts")?.lock?.includes("MARK"));
  assertEquals(packageOf(table, {}, "/p/a")("zod", "/p/a/x.ts")?.lock, undefined);
});
