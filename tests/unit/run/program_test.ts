/** Which file a program's name means, and how often the disk is asked. */

import { assertEquals } from "@std/assert";
import type { Host } from "../../../src/host/host.ts";
import { findProgram } from "../../../src/run/program.ts";
import { fakeHost } from "../../rig/fake_host.ts";

/** Every question about what is at a path, in order. */
function asked(files: Readonly<Record<string, string | null>>, path: string, name: string) {
  const machine = fakeHost({ files, cwd: "/p" });
  const questions: string[] = [];
  const host: Host = Object.assign(Object.create(machine) as Host, {
    files: {
      ...machine.files,
      kind(path: string) {
        questions.push(path);
        return machine.files.kind(path);
      },
    },
  });
  const env = { get: (variable: string) => variable === "PATH" ? path : undefined };
  const found = findProgram(host, { name, cwd: "/p", root: "/p", env, projectBins: true });
  return { found, questions };
}

Deno.test({
  name: "a program is looked for with one question for each place",
  ignore: Deno.build.os === "windows",
  fn() {
    const { found, questions } = asked({ "/c/tool": "" }, "/a:/b:/c:/d", "tool");
    assertEquals(found, { file: "/c/tool" });
    assertEquals(questions, [
      "/p/node_modules/.bin/tool",
      "/p/.venv/bin/tool",
      "/a/tool",
      "/b/tool",
      "/c/tool",
    ]);
  },
});

Deno.test({
  name: "where there is no such program, the project's directories that exist are named",
  ignore: Deno.build.os === "windows",
  fn() {
    const { found } = asked({ "node_modules/.bin": null }, "/a", "tool");
    assertEquals(found, {
      problem: {
        code: "R_COMMAND",
        program: "tool",
        why: "missing",
        searched: ["/p/node_modules/.bin"],
      },
    });
  },
});
