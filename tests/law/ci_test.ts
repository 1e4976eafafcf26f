/**
 * The rules of `.ci/run`: too few tests fail a stage, a skipped stage fails the run unless it is
 * allowed by name, and the counts are those that were printed.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { counted, verdict } from "../../scripts/ci.ts";
import { formatOf, TARGETS } from "../../scripts/targets.ts";
import { readOne } from "./_tree.ts";

const NOBODY: ReadonlySet<string> = new Set();
const STAGE = { name: "wine", least: 3 };

Deno.test("a stage with fewer tests than its minimum fails, though all of them passed", () => {
  assert(verdict(STAGE, { passed: 3, failed: 0 }, NOBODY).ok);
  const { ok, line } = verdict(STAGE, { passed: 2, failed: 0 }, NOBODY);
  assertEquals({ ok, line }, { ok: false, line: "2 ran, 0 failed: fewer than 3" });
});

Deno.test("a stage with a failed test fails", () => {
  assert(!verdict(STAGE, { passed: 9, failed: 1 }, NOBODY).ok);
});

Deno.test("a skipped stage fails unless it is allowed by its name", () => {
  const skipped = { skipped: "no root" };
  assertEquals(verdict(STAGE, skipped, NOBODY), { line: "SKIPPED: no root", ok: false });
  assert(!verdict(STAGE, skipped, new Set(["cli"])).ok);
  assert(verdict(STAGE, skipped, new Set(["wine"])).ok);
});

Deno.test("the counts are those of the last summary line, with steps and ignored tests or without", () => {
  const log = "ok | 1 passed | 0 failed (2ms)\nnoise | 7 passed | 0 failed\n";
  assertEquals(counted(`${log}\nFAILED | 12 passed (3 steps) | 2 failed | 1 ignored (1s)\n`), {
    passed: 12,
    failed: 2,
  });
  assertEquals(counted(log), { passed: 1, failed: 0 });
  assertEquals(counted("x\r\n30 passed, 4 failed\r\n"), { passed: 30, failed: 4 });
  assertEquals(counted("error: No test modules found"), undefined);
});

Deno.test(".ci/run needs bash alone and stops at nothing before the stages", () => {
  const text = readOne(".ci/run") ?? "";
  assert(text.startsWith("#!/usr/bin/env bash\n"));
  assert(/^set -u$/m.test(text) && !/^set .*e/m.test(text));
});

Deno.test("every target has its own name and packages, and executables are told by their first bytes", () => {
  for (const key of ["name", "bun", "pack"] as const) {
    assertEquals(new Set(TARGETS.map((target) => target[key])).size, TARGETS.length);
  }
  assertEquals(formatOf(new Uint8Array([0x7f, 0x45, 0x4c, 0x46])), "elf");
  assertEquals(formatOf(new Uint8Array([0xcf, 0xfa, 0xed, 0xfe])), "mach-o");
  assertEquals(formatOf(new Uint8Array([0x4d, 0x5a, 0x90, 0x00])), "pe");
  assertEquals(formatOf(new Uint8Array([0x23, 0x21, 0x2f, 0x62])), undefined);
});
