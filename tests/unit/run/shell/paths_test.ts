import { assertEquals } from "@std/assert";
import {
  isAbsolute,
  joinPath,
  lastPart,
  logicalPath,
  parentPart,
  pathList,
  shownPath,
  standardDescriptor,
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
  for (const windows of [false, true]) {
    const last = ["/a/b", "a/", "/", "", "a"].map((path) => lastPart(path, windows));
    assertEquals(last, ["b", "a", "/", "", "a"]);
    const parent = ["/a/b", "a/b/", "/a", "a", "//"].map((path) => parentPart(path, windows));
    assertEquals(parent, ["/a", "a", "/", ".", "/"]);
  }
});

Deno.test("what is before the last part of a path on a drive never loses the drive", () => {
  const parent = ["C:/a/b", "C:/a", "C:/", "C:"].map((path) => parentPart(path, true));
  assertEquals(parent, ["C:/a", "C:/", "C:/", "C:/"]);
  assertEquals(["C:/a/", "C:/"].map((path) => lastPart(path, true)), ["a", "/"]);
  assertEquals([parentPart("C:/a", false), lastPart("C:/", false)], ["C:", "C:"]);
});

Deno.test("a drive alone is its root", () => {
  assertEquals(joinPath("D:/a", "C:", true), "C:/");
  assertEquals(logicalPath("D:/a", "C:", true), "C:/");
  assertEquals(joinPath("/a", "C:", false), "/a/C:");
});

Deno.test("on Windows a list of directories is cut at either sign, but for that of a drive", () => {
  const cut = (value: string) => pathList(value, true);
  assertEquals(cut("C:\\a;D:\\b c"), ["C:\\a", "D:\\b c"]);
  assertEquals(cut("C:/w/bin:C:\\a;D:/b"), ["C:/w/bin", "C:\\a", "D:/b"]);
  assertEquals(cut("bin:./x:\\\\host\\share:/usr/bin"), [
    "bin",
    "./x",
    "\\\\host\\share",
    "/usr/bin",
  ]);
  assertEquals(cut('"C:\\a b";\\\\?\\C:\\x:C:'), ['"C:\\a b"', "\\\\?\\C:\\x", "C:"]);
  assertEquals(pathList("C:/a:b;c", false), ["C", "/a", "b;c"]);
});

Deno.test("a path may stand for a descriptor, and is left as it is", () => {
  const found = ["stdin", "stdout", "stderr", "fd/12", "fd", "null", "fd/x"].map((name) =>
    standardDescriptor(`/dev/${name}`)
  );
  assertEquals(found, [0, 1, 2, 12, undefined, undefined, undefined]);
  assertEquals(joinPath("C:/a", "/dev/fd/3", true), "/dev/fd/3");
});
