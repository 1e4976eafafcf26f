import { assertEquals } from "@std/assert";
import {
  isAbsolute,
  joinPath,
  lastPart,
  logicalPath,
  parentPart,
  shownPath,
} from "../../../../src/run/shell/paths.ts";

Deno.test("a POSIX path is made absolute, its dots are left to the system", () => {
  assertEquals(joinPath("/a", "b/../c", false), "/a/b/../c");
  assertEquals(joinPath("/", "b", false), "/b");
  assertEquals(joinPath("/a", "/b", false), "/b");
  assertEquals(joinPath("/a", "C:\\b", false), "/a/C:\\b");
  assertEquals(joinPath("/a", "", false), "");
});

Deno.test("a Windows path takes either separator and the drive one is on", () => {
  assertEquals(joinPath("C:/a", "b\\c", true), "C:/a/b/c");
  assertEquals(joinPath("C:/a", "\\b", true), "C:/b");
  assertEquals(joinPath("C:/a", "D:\\b", true), "D:/b");
  assertEquals(joinPath("C:/a", "\\\\host\\share\\x", true), "//host/share/x");
  assertEquals(joinPath("C:/a", "/dev/null", true), "\\\\.\\NUL");
  assertEquals(shownPath("C:\\a\\b", true), "C:/a/b");
  assertEquals(shownPath("/a\\b", false), "/a\\b");
});

Deno.test("cd resolves dots by the name, never above the root", () => {
  assertEquals(logicalPath("/a/b", "../c/./d/", false), "/a/c/d");
  assertEquals(logicalPath("/a", "../../..", false), "/");
  assertEquals(logicalPath("C:/a/b", "..\\..\\..", true), "C:/");
  assertEquals(logicalPath("C:/a", "/x", true), "C:/x");
  assertEquals(logicalPath("//host/share/a", "../..", true), "//host/share/");
});

Deno.test("what is absolute depends on the system", () => {
  assertEquals(["/a", "C:/a", "C:\\a", "\\a", "a"].map((path) => isAbsolute(path, true)), [
    true,
    true,
    true,
    true,
    false,
  ]);
  assertEquals(["/a", "C:/a", "\\a"].map((path) => isAbsolute(path, false)), [true, false, false]);
});

Deno.test("the last part and what is before it", () => {
  assertEquals(["/a/b", "a/", "/", "", "a"].map(lastPart), ["b", "a", "/", "", "a"]);
  assertEquals(["/a/b", "a/b/", "/a", "a", "//"].map(parentPart), ["/a", "a", "/", ".", "/"]);
});
