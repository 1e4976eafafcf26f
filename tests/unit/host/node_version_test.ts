import { assertEquals } from "@std/assert";
import { LEAST_NODE, refusedNode } from "../../../src/host/node_version.ts";

Deno.test("the least Node is the one that the npm package asks for", () => {
  const { engines } = JSON.parse(
    Deno.readTextFileSync(new URL("../../../npm/package.json", import.meta.url)),
  );
  assertEquals(`${engines.node}.0`, `>=${LEAST_NODE}`);
});

Deno.test("an older Node is refused, a later one is not", () => {
  const said = (version: string) =>
    `this needs Node ${LEAST_NODE} or later, and is run by ${version}`;
  for (const version of ["20.20.2", "22.17.9", "8.0.0"]) {
    assertEquals(refusedNode(version), said(version));
  }
  for (const version of ["22.18.0", "22.100.0", "24.0.0", "100.1.0", undefined]) {
    assertEquals(refusedNode(version), undefined);
  }
});
