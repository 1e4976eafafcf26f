/** What the guard is told, and how often. */

import { assertEquals } from "@std/assert";
import type { Host, Identity, Process, ProcessListener } from "../../../src/host/host.ts";
import { createGuard } from "../../../src/run/guard.ts";
import { fakeHost } from "../../rig/fake_host.ts";

function guarded() {
  const machine = fakeHost();
  const messages: unknown[] = [];
  let listener: ProcessListener | undefined;
  const process: Process = {
    pid: 9,
    kill: () => listener!.end({ code: 137, signal: "SIGKILL" }),
    left: () => false,
    identity: () => undefined,
    send: (message) => messages.push(message) > 0,
    disconnect() {},
  };
  const host: Host = Object.assign(Object.create(machine) as Host, {
    os: "linux",
    start(_: unknown, given: ProcessListener) {
      listener = given;
      return process;
    },
  });
  return {
    guard: createGuard(host, 500),
    host,
    messages,
    started: () => listener !== undefined,
    advance: (ms: number) => machine.advance(ms),
  };
}

function identity(pid: number): Identity {
  return { pid, group: true, mark: `m${pid}`, start: "1" };
}

Deno.test("tasks that are each shorter than a tenth of a second have no guard", () => {
  const { guard, started, advance } = guarded();
  for (let pid = 1; pid <= 10; pid++) {
    const release = guard.watch(() => identity(pid));
    advance(99);
    release();
  }
  assertEquals(started(), false);
});

Deno.test("what has been running before is guarded the sooner", () => {
  const { guard, host, started, advance } = guarded();
  advance(60);
  guard.watch(() => identity(1), host.now() - 60);
  advance(39);
  assertEquals(started(), false);
  advance(1);
  assertEquals(started(), true);
});

Deno.test("the guard is told all that runs when it starts", () => {
  const { guard, messages, advance } = guarded();
  guard.watch(() => identity(1));
  advance(60);
  guard.watch(() => identity(2));
  advance(40);
  assertEquals(messages, [
    { type: "grace", grace: 500 },
    { type: "news", ended: [], runs: [[0, identity(1)], [1, identity(2)]] },
  ]);
});

Deno.test("what ends and what starts in one turn is one message", async () => {
  const { guard, messages, advance } = guarded();
  const release = guard.watch(() => identity(1));
  advance(100);
  messages.length = 0;
  release();
  guard.watch(() => identity(2));
  guard.watch(() => undefined);
  guard.watch(() => identity(3))();
  assertEquals(messages, []);
  await Promise.resolve();
  assertEquals(messages, [{ type: "news", ended: [0, 3], runs: [[1, identity(2)]] }]);
  await guard.close();
});
