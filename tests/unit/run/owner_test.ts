/** What a task's processes are told, and when, on a machine whose clock only moves when told. */

import { assert, assertEquals } from "@std/assert";
import type { Exit, Host, KillSignal, Process, ProcessListener } from "../../../src/host/host.ts";
import { createOwner } from "../../../src/run/owner.ts";
import type { Stop } from "../../../src/run/performer.ts";
import { fakeHost } from "../../rig/fake_host.ts";

/** A child that ends when the test says so. */
function started(detached: boolean) {
  const machine = fakeHost();
  const sent: (readonly [at: number, signal: KillSignal])[] = [];
  let listener!: ProcessListener;
  let left = false;
  let over: number | undefined;
  const process: Process = {
    pid: 7,
    kill: (signal) => void sent.push([machine.now(), signal]),
    left: () => left,
    identity: () => undefined,
    send: () => true,
    disconnect() {},
  };
  const host: Host = Object.assign(Object.create(machine) as Host, {
    // There is no guard.
    os: "windows",
    start(_: unknown, given: ProcessListener) {
      listener = given;
      return process;
    },
  });
  const owner = createOwner(host, 500);
  const running = owner.start(host, {
    file: "/bin/a",
    args: [],
    cwd: "/",
    env: {},
    stdio: "piped",
    detached,
    mark: owner.mark(),
  }, {
    output() {},
    fault() {},
    end: () => over = machine.now(),
  });
  return {
    sent,
    stop: (how: Stop) => running.stop(how),
    end: (exit: Exit = { code: 1 }) => listener.end(exit),
    leave: (more: boolean) => left = more,
    advance: (ms: number) => machine.advance(ms),
    over: () => over,
  };
}

Deno.test("a task that ends by itself is over at once, whatever it leaves", () => {
  const task = started(true);
  task.leave(true);
  task.end();
  assertEquals([task.over(), task.sent], [0, []]);
});

Deno.test("a task is told once, and killed when the grace is over", () => {
  const task = started(true);
  task.stop("SIGTERM");
  task.advance(499);
  assertEquals(task.sent, [[0, "SIGTERM"]]);
  task.advance(1);
  assertEquals(task.sent, [[0, "SIGTERM"], [500, "SIGKILL"]]);
  task.end();
  assertEquals(task.over(), 500);
});

Deno.test("what is left when the process has ended is waited for, and killed after the grace", () => {
  const task = started(true);
  task.leave(true);
  task.stop("SIGTERM");
  task.advance(100);
  task.end();
  task.advance(300);
  assertEquals([task.over(), task.sent], [undefined, [[0, "SIGTERM"]]]);
  task.advance(100);
  assertEquals(task.sent[1], [500, "SIGKILL"]);
  task.leave(false);
  task.advance(10);
  assertEquals(task.over(), 510);
});

Deno.test("what has not listened to INT is asked by TERM once its parent has ended", () => {
  const task = started(true);
  task.leave(true);
  task.stop("SIGINT");
  task.advance(50);
  task.end();
  assertEquals(task.sent, [[0, "SIGINT"], [50, "SIGTERM"]]);
  task.leave(false);
  task.advance(10);
  assertEquals(task.over(), 60);
});

Deno.test("Ctrl+C is not sent to a task that has the terminal, and starts no grace", () => {
  const task = started(false);
  task.stop("SIGINT");
  task.advance(10_000);
  assertEquals([task.over(), task.sent], [undefined, []]);
  task.end();
  assertEquals(task.over(), 10_000);
});

Deno.test("what is left of a task that was killed is ended, whoever has killed it", () => {
  const task = started(true);
  task.leave(true);
  task.end({ code: 137, signal: "SIGKILL" });
  assertEquals(task.sent, [[0, "SIGTERM"]]);
  task.leave(false);
  task.advance(10);
  assertEquals(task.over(), 10);
});

Deno.test("a task with the terminal that fails is looked at when a signal would have come", () => {
  const failed = started(false);
  failed.end({ code: 1 });
  assertEquals(failed.over(), undefined);
  failed.advance(10);
  assertEquals([failed.over(), failed.sent], [10, []]);

  // It heard of the Ctrl+C first.
  const stopped = started(false);
  stopped.leave(true);
  stopped.end({ code: 130 });
  stopped.stop("SIGINT");
  stopped.advance(10);
  assertEquals(stopped.sent, [[10, "SIGTERM"]]);
});

Deno.test("the second Ctrl+C kills, with the terminal or without (lesson 39)", () => {
  for (const detached of [true, false]) {
    const task = started(detached);
    task.stop("SIGINT");
    task.stop("SIGKILL");
    assertEquals(task.sent.at(-1), [0, "SIGKILL"]);
    task.end();
    assertEquals(task.over(), 0);
  }
});

Deno.test("what cannot be killed does not hold the run for ever", () => {
  const task = started(true);
  task.leave(true);
  task.stop("SIGKILL");
  task.end();
  task.advance(2000);
  assertEquals(task.over(), undefined);
  task.advance(200);
  assert(task.over() !== undefined);
});
