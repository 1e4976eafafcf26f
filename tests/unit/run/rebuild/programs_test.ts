/**
 * How often the disk is asked which files the names of programs mean.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Seeing } from "../../../../src/run/program.ts";
import { createPrograms } from "../../../../src/run/rebuild/programs.ts";

/** A machine with these programs, and what it was asked for. */
function machine(programs: Set<string>) {
  const asked: string[] = [];
  const host: Seeing = {
    os: "linux",
    files: {
      kind(path) {
        asked.push(path);
        return programs.has(path) ? "file" : undefined;
      },
      executable: () => true,
    },
  };
  return { host, asked };
}

function request(
  name: string,
  variables: Readonly<Record<string, string>> = {},
  cwd = "/root",
  projectBins = false,
) {
  const all: Readonly<Record<string, string>> = { PATH: "/usr/bin:/bin:tools", ...variables };
  const env = { get: (variable: string) => all[variable] };
  return { name, cwd, root: "/root", env, projectBins };
}

Deno.test("a program is looked for once for many steps, as long as nothing was performed", () => {
  const programs = new Set(["/bin/cat", "/root/tools/make"]);
  const { host, asked } = machine(programs);
  let touched = false;
  const find = createPrograms(host, () => !touched);
  assertEquals(find(request("make")), { file: "/root/tools/make", path: "tools/make" });
  const once = asked.length;
  for (let times = 0; times < 10; times++) find(request("make"));
  assertEquals(asked.length, once);
  touched = true;
  programs.add("/bin/make");
  assertEquals(find(request("make"))?.file, "/bin/make");
});

Deno.test("steps in other directories share what PATH holds", () => {
  const { host, asked } = machine(new Set(["/bin/cat"]));
  const find = createPrograms(host, () => true);
  find(request("cat"));
  const once = asked.length;
  find(request("cat", {}, "/root/a", true));
  assertEquals(asked.slice(once), [
    "/root/a/node_modules/.bin/cat",
    "/root/node_modules/.bin/cat",
    "/root/.venv/bin/cat",
  ]);
});

Deno.test("another name, directory or PATH is another question", () => {
  const { host } = machine(new Set(["/bin/cat", "/root/tools/make", "/root/a/tools/make"]));
  const find = createPrograms(host, () => true);
  assertEquals(find(request("make"))?.path, "tools/make");
  assertEquals(find(request("cat"))?.file, "/bin/cat");
  assertEquals(find(request("make", {}, "/root/a"))?.path, "a/tools/make");
  assertEquals(find(request("make", { PATH: "/bin" })), undefined);
  assertEquals(find(request("make"))?.path, "tools/make");
});

Deno.test("so are the project's own programs, another environment of Python, other endings", () => {
  const own = "/root/node_modules/.bin/tool";
  const { host } = machine(new Set([own, "/root/.venv/bin/py"]));
  const find = createPrograms(host, () => true);
  assertEquals(find(request("tool")), undefined);
  assertEquals(find(request("tool", {}, "/root", true))?.file, own);
  assertEquals(find(request("py", {}, "/root", true))?.path, ".venv/bin/py");
  assertEquals(find(request("py", { VIRTUAL_ENV: "/other" }, "/root", true)), undefined);
  const windows = { ...machine(new Set(["/bin/x.cmd"])).host, os: "windows" } as const;
  const there = createPrograms(windows, () => true);
  assertEquals(there(request("x", { PATH: "/bin", PATHEXT: ".EXE" })), undefined);
  assert(there(request("x", { PATH: "/bin", PATHEXT: ".EXE;.CMD" }))?.file.endsWith("x.cmd"));
});
