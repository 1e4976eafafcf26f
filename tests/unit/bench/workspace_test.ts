/**
 * The workspaces of the benchmark and what is expected of them.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { checksum } from "../../../scripts/bench/checksum.ts";
import { BIG, scenarioNamed, STANDARD } from "../../../scripts/bench/scenarios.ts";
import {
  content,
  dependants,
  digests,
  expected,
  sinks,
  trivial,
} from "../../../scripts/bench/workspace.ts";
import { Fault } from "../../../scripts/command.ts";

Deno.test("the check sum is that of cksum", () => {
  // As `printf '…' | cksum` has it.
  assertEquals(checksum(new TextEncoder().encode("hello\n")), 3015617425);
  assertEquals(checksum(new Uint8Array()), 4294967295);
  assertEquals(checksum(new TextEncoder().encode("x".repeat(1000))), 3999126958);
});

Deno.test("every dependency stands before who needs it, and tasks are as many as were asked for", () => {
  for (const workspace of [digests(100, 2), digests(7, 1), trivial(1000, 20), digests(1, 0)]) {
    const seen = new Set<string>();
    for (const { name, deps } of workspace.tasks) {
      assert(deps.every((dep) => seen.has(dep)), `${workspace.name}: ${name}`);
      seen.add(name);
    }
    assertEquals(workspace.name.match(/\d+/)?.[0], String(seen.size));
  }
});

Deno.test("an edited input changes the results of its task and of all that depend on it, no others", () => {
  const workspace = digests(20, 2);
  const [before, after] = [
    expected(workspace),
    expected(workspace, new Map([["t1/src/f00000.txt", 1]])),
  ];
  const changed = [...before].filter(([name, text]) => after.get(name) !== text);
  assertEquals(new Set(changed.map(([name]) => name)), dependants(workspace, "t1"));
});

Deno.test("another edition is another text of the same length", () => {
  const [one, other] = [0, 7].map((edition) => content("t0", "src/f0.txt", 120, edition));
  assert(one !== other);
  assertEquals(one?.length, other?.length);
});

Deno.test("nothing depends on the sinks, and everything on which nothing depends is one", () => {
  const workspace = digests(20, 1);
  for (const { name } of workspace.tasks) {
    assertEquals(sinks(workspace).includes(name), dependants(workspace, name).size === 1);
  }
});

Deno.test("every scenario of the standard set has its name", () => {
  for (const name of [...STANDARD, ...BIG]) assertEquals(scenarioNamed(name).name, name);
});

Deno.test("sizes may have a unit, and what is no scenario is refused with the forms", () => {
  assertEquals(scenarioNamed("restore-10x4k").workspace.bytes, 4096);
  assertEquals(scenarioNamed("hash-1x2M").workspace.bytes, 2 << 20);
  for (const name of ["noop", "noop-10", "noop-ax2", "xnoop-1x1", "version-1"]) {
    const error = assertThrows(() => scenarioNamed(name));
    assert(error instanceof Fault && error.message.includes("noop-TASKSxFILES"));
  }
});
