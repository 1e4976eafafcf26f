import { assertEquals } from "@std/assert";
import {
  type FileStatus,
  realShellSystem,
  type ShellSystem,
} from "../../../../src/host/shell_system.ts";
import { expandPathnames } from "../../../../src/run/shell/pathnames.ts";
import { literalPiece, type Piece, quotedPiece } from "../../../../src/run/shell/pieces.ts";

const MISSING = { fault: "ENOENT", words: "No such file or directory" } as const;

/** A system that has these files and the folders they are in, down from a drive or a share. */
function systemWith(files: readonly string[], windows: boolean): ShellSystem {
  const folders = new Set<string>();
  for (const file of files) {
    const root = /^(?:[A-Za-z]:|\/\/[^/]+\/[^/]+)?\//.exec(file)![0];
    const parts = file.slice(root.length).split("/").slice(0, -1);
    parts.forEach((_, at) => folders.add(root + parts.slice(0, at + 1).join("/")));
    folders.add(root);
  }
  const plain = (path: string) => {
    const whole = path.replace(/(?:\/\.)?\/*$/, "");
    return folders.has(`${whole}/`) ? `${whole}/` : whole;
  };
  const inside = (folder: string) => (folder.endsWith("/") ? folder : `${folder}/`);
  return {
    ...realShellSystem(),
    windows,
    status(path) {
      const kind = folders.has(plain(path)) ? "directory" : "file";
      const there = kind === "directory" || files.includes(path);
      return there ? { kind } as FileStatus : MISSING;
    },
    list(path) {
      const start = inside(plain(path));
      if (!folders.has(plain(path))) return MISSING;
      const below = [...files, ...folders].filter((each) => each.startsWith(start));
      return [...new Set(below.map((each) => each.slice(start.length).split("/")[0]!))]
        .filter((name) => name !== "");
    },
  };
}

const WINDOWS = systemWith(
  ["C:/users/me/a.txt", "C:/users/me/b.txt", "C:/yard/c.txt", "//host/share/d/e.txt"],
  true,
);

function onWindows(...field: readonly Piece[]): readonly string[] {
  return expandPathnames(field, WINDOWS, "C:/yard");
}

Deno.test("a pattern below a drive is expanded from the drive on", () => {
  assertEquals(onWindows(literalPiece("C:/users/me/*.txt")), [
    "C:/users/me/a.txt",
    "C:/users/me/b.txt",
  ]);
  assertEquals(onWindows(quotedPiece("C:/users/me"), literalPiece("/a*")), ["C:/users/me/a.txt"]);
  assertEquals(onWindows(literalPiece("C:/*")), ["C:/users", "C:/yard"]);
  assertEquals(onWindows(literalPiece("D:/*")), []);
});

Deno.test("a pattern below the root of the drive one is on, or below a share, is expanded", () => {
  assertEquals(onWindows(literalPiece("/yard/*")), ["/yard/c.txt"]);
  assertEquals(onWindows(literalPiece("//host/share/*/*")), ["//host/share/d/e.txt"]);
  assertEquals(onWindows(literalPiece("//other/share/*")), []);
});

Deno.test("a backslash is a separator on Windows, but before a pattern character it quotes", () => {
  assertEquals(onWindows(quotedPiece("C:\\users\\me"), literalPiece("/*.txt")), [
    "C:/users/me/a.txt",
    "C:/users/me/b.txt",
  ]);
  const value: Piece = { text: "C:\\users\\me/a*", quoted: false, split: true };
  assertEquals(onWindows(value), ["C:/users/me/a.txt"]);
  assertEquals(onWindows(quotedPiece("\\\\host\\share\\d"), literalPiece("/*")), [
    "//host/share/d/e.txt",
  ]);
  assertEquals(onWindows({ ...value, text: "C:\\users\\me/\\*" }), []);
});

Deno.test("elsewhere a backslash is a part of a name", () => {
  const system = systemWith(["/w/a\\b.txt", "/w/a/c.txt"], false);
  const field = [quotedPiece("a\\"), literalPiece("*")];
  assertEquals(expandPathnames(field, system, "/w"), ["a\\b.txt"]);
});
