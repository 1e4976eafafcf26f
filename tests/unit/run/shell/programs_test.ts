import { assertEquals } from "@std/assert";
import type { FileStatus, ShellSystem } from "../../../../src/host/shell_system.ts";
import { findProgram } from "../../../../src/run/shell/programs.ts";
import type { Shell } from "../../../../src/run/shell/state.ts";
import { Variables } from "../../../../src/run/shell/variables.ts";

/** A shell that sees only the given files: `x` is a program, `-` a plain file, `d` a directory. */
function shellWith(
  files: Readonly<Record<string, "x" | "-" | "d">>,
  windows: boolean,
  env: Readonly<Record<string, string>> = {},
): Shell {
  const at = (path: string) => files[windows ? path.toLowerCase() : path];
  const system = {
    windows,
    status: (path: string) =>
      at(path) === undefined
        ? { fault: "ENOENT", words: "" }
        : { kind: at(path) === "d" ? "directory" : "file" } as FileStatus,
    access: (path: string) => at(path) === "x",
  } as Partial<ShellSystem> as ShellSystem;
  return {
    system,
    cwd: windows ? "C:/yard" : "/proj",
    variables: Variables.from(env, windows),
  } as Partial<Shell> as Shell;
}

Deno.test("a program is the first executable file on PATH", () => {
  const shell = shellWith({ "/a/t": "-", "/b/t": "x", "/c/t": "x", "/a/d": "d" }, false);
  assertEquals(findProgram(shell, "t", "/a:/b:/c"), { file: "/b/t" });
  assertEquals(findProgram(shell, "d", "/a"), { status: 127, message: "d: not found" });
  assertEquals(findProgram(shell, "t", "/a"), { status: 126, message: "t: Permission denied" });
  assertEquals(findProgram(shell, "t", undefined), { status: 127, message: "t: not found" });
});

Deno.test("a word with a slash is no search, an empty entry of PATH is the working directory", () => {
  const shell = shellWith({ "/proj/t": "x", "/proj/./t": "x", "/proj/./d": "d" }, false);
  assertEquals(findProgram(shell, "./t", ""), { file: "/proj/./t" });
  assertEquals(findProgram(shell, "t", "/x:"), { file: "/proj/t" });
  assertEquals(findProgram(shell, "./d", ""), { status: 126, message: "./d: Permission denied" });
});

Deno.test("lesson 40: on Windows PATHEXT completes a name, and a name with an ending is itself", () => {
  const shell = shellWith({ "c:/a/t.cmd": "x", "c:/a/t": "-", "c:/b/u.exe": "x" }, true);
  assertEquals(findProgram(shell, "t", "C:\\a;C:\\b"), { file: "C:/a/t.CMD" });
  assertEquals(findProgram(shell, "u", "C:\\a;C:\\b"), { file: "C:/b/u.EXE" });
  assertEquals(findProgram(shell, "u.exe", "C:\\a;C:\\b"), { file: "C:/b/u.exe" });
  assertEquals(findProgram(shell, "..\\b\\u", "x"), {
    status: 127,
    message: "..\\b\\u: not found",
  });
});

Deno.test("on Windows a file without an ending is no program, but may be a script", () => {
  const shell = shellWith({ "c:/yard/./s": "-", "c:/yard/./d": "d" }, true);
  assertEquals(findProgram(shell, "./s", ""), {
    status: 126,
    message: "./s: Permission denied",
    script: "C:/yard/./s",
  });
  assertEquals(findProgram(shell, "./d", ""), {
    status: 126,
    message: "./d: Permission denied",
  });
});

Deno.test("lesson 40: PATHEXT of the environment counts, in the order it has", () => {
  const files = { "c:/a/t.cmd": "x", "c:/a/t.ps1": "x" } as const;
  const shell = shellWith(files, true, { PathExt: ".PS1;.CMD" });
  assertEquals(findProgram(shell, "t", "C:\\a"), { file: "C:/a/t.PS1" });
});
