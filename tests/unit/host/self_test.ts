import { assertEquals } from "@std/assert";
import process from "node:process";
import { commandOf } from "../../../src/host/self.ts";

Deno.test("the npm package starts its own program again, whatever program uses it", () => {
  const chunk = new URL("./node_modules/ntask/lib/chunk-abc.js", import.meta.url);
  const [program, file, ...more] = commandOf(chunk.href);
  assertEquals([program, more], [process.execPath, []]);
  assertEquals(file!.replaceAll("\\", "/").split("/").slice(-3), ["ntask", "lib", "main.js"]);
});

Deno.test("a compiled binary is all there is to start", () => {
  for (const url of ["file:///$bunfs/root/chunk-abc.js", "file:///B:/%7EBUN/root/chunk-abc.js"]) {
    assertEquals(commandOf(url), [process.execPath]);
  }
});
