/**
 * The line report, mode by mode.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Event } from "../../../src/model/event.ts";
import { COLOR } from "../../../src/report/palette.ts";
import { bad, begin, finish, ok, out, start, written } from "../../rig/events.ts";

const TWO: readonly Event[] = [
  start({ label: "lint" }, { label: "test" }),
  begin(0, "eslint ."),
  begin(1, "vitest run"),
  out(0, "l1\nl"),
  out(1, "t1\n", "stderr"),
  out(0, "2\n"),
  ok(0),
  out(1, "t2"),
  ok(1, 61_500),
  finish(0, { ran: 2 }),
];

const RUN = "     run  lint  eslint .\n     run  test  vitest run\n";
const SUM = "ntask: 2 ok in 1.23s\n";

Deno.test("grouped, as in a pipe: a task's output is one piece, before its last line", () => {
  for (const mode of ["auto", "grouped"] as const) {
    assertEquals(
      written(TWO, { mode }).both,
      `${RUN}l1\nl2\n      ok  lint  5ms\nt1\nt2\n      ok  test  1m02s\n${SUM}`,
      mode,
    );
  }
});

Deno.test("grouped output is not held back without end: what is too much is shown by whole lines", () => {
  const line = `${"x".repeat(1 << 20)}\n`;
  const lines = 40;
  const events = (more: readonly Event[]) => [
    start({ label: "lint" }, { label: "test" }),
    begin(0),
    begin(1),
    out(1, "t1\n"),
    ...Array.from({ length: lines }, () => [out(0, line.slice(0, 7)), out(0, line.slice(7))])
      .flat(),
    out(0, "begun"),
    ...more,
  ];
  const during = written(events([]), { mode: "grouped" }).stdout;
  assert(during.length > 16 << 20, "nothing was shown");
  assertEquals(during.length % line.length, 0, "a line was cut");
  const { stdout } = written(events([ok(1), ok(0), finish()]), { mode: "grouped" });
  assertEquals(
    stdout,
    `${line.repeat(during.length / line.length)}t1\n${
      line.repeat(lines - during.length / line.length)
    }begun`,
  );
  assertEquals(written(events([ok(0)]), { mode: "errors" }).stdout, "");
});

Deno.test("a problem behind output that was shown in pieces comes with the rest of it", () => {
  const line = `${"x".repeat(1 << 20)}\n`;
  const events = [
    start({ label: "bad" }, { label: "good" }),
    begin(0),
    begin(1),
    ...Array.from({ length: 17 }, () => out(0, line)),
    { type: "problem", step: 0, problem: { code: "R_HOST", detail: "x" } } as Event,
    bad(0),
    ok(1),
    finish(1, { ran: 1, failed: 1 }),
  ];
  const { both } = written(events, { mode: "grouped" });
  assertEquals(both.split("problem R_HOST").length, 2);
});

Deno.test("a line without an end is waited for up to a size, and its bytes stay what they are", () => {
  const piece = "x".repeat(5_000_000);
  const events = (count: number) => [
    start({ label: "lint" }, { label: "test" }),
    begin(0),
    ...Array.from({ length: count }, () => out(0, piece)),
  ];
  assertEquals(written(events(3), { mode: "stream" }).stdout, "");
  assertEquals(written(events(4), { mode: "stream" }).stdout, piece.repeat(4));
  const { stdout } = written([...events(5), ok(0)], { mode: "stream" });
  assertEquals(stdout, `${piece.repeat(5)}\n`);
});

Deno.test("prefixed, as on a terminal: each line behind its task's name, complete", () => {
  for (const options of [{ terminal: true }, { mode: "prefixed" as const }]) {
    assertEquals(
      written(TWO, options).both,
      `${RUN}lint | l1\ntest | t1\nlint | l2\n      ok  lint  5ms\ntest | t2\n      ok  test  1m02s\n${SUM}`,
    );
  }
});

Deno.test("stream: lines as they come, bare; each stream keeps to its own", () => {
  const { stdout, both } = written(TWO, { mode: "stream" });
  assertEquals(both, `${RUN}l1\nt1\nl2\n      ok  lint  5ms\nt2\n      ok  test  1m02s\n${SUM}`);
  assertEquals(stdout, "l1\nl2\nt2\n");
});

Deno.test("quiet and errors hold back what tasks write; -q holds back ntask's own words", () => {
  const lines = `${RUN}      ok  lint  5ms\n      ok  test  1m02s\n${SUM}`;
  assertEquals(written(TWO, { mode: "quiet" }).both, lines);
  assertEquals(written(TWO, { mode: "errors" }).both, lines);
  assertEquals(written(TWO, { quiet: true }).both, "l1\nl2\nt1\nt2");
});

Deno.test("a task that runs alone streams its bytes as they are, without a summary", () => {
  const events = [start({ label: "a" }), begin(0), out(0, "x"), out(0, "\ry"), ok(0), finish()];
  assertEquals(written(events).both, "     run  a  do it\nx\ry\n      ok  a  5ms\n");
  assertEquals(written(events, { terminal: true }).stdout, "x\ry");
});

const FAILING: readonly Event[] = [
  start({ label: "bad" }, { label: "good" }),
  begin(0),
  begin(1),
  out(0, "before\n"),
  out(0, "why\n", "stderr"),
  bad(0),
  out(1, "still\n"),
  ok(1),
  finish(3, { ran: 1, failed: 1 }),
];

Deno.test("what a failing task wrote comes last, and its line behind it", () => {
  const begun = "     run  bad   do it\n     run  good  do it\n";
  const failed = "  failed  bad   exit 3, 1.50s\n";
  assertEquals(
    written(FAILING).both,
    `${begun}${failed}still\n      ok  good  5ms\nbefore\nwhy\n${failed}ntask: 1 ok, 1 failed in 1.23s\n`,
  );
  assertEquals(
    written(FAILING, { mode: "errors" }).both,
    `${begun}${failed}      ok  good  5ms\nbefore\nwhy\n${failed}ntask: 1 ok, 1 failed in 1.23s\n`,
  );
});

Deno.test("prefixed, a failure is shown again in one piece, on stderr: stdout gets nothing twice", () => {
  const { both, stdout } = written(FAILING, { mode: "prefixed" });
  assert(
    both.endsWith(
      "  output  bad\nbefore\nwhy\n  failed  bad   exit 3, 1.50s\nntask: 1 ok, 1 failed in 1.23s\n",
    ),
    both,
  );
  assertEquals(stdout, "bad  | before\ngood | still\n");
});

Deno.test("with -q a failure still shows its output and its line", () => {
  assertEquals(
    written(FAILING, { quiet: true }).both,
    "still\nbefore\nwhy\n  failed  bad   exit 3, 1.50s\n",
  );
});

Deno.test("bytes stay what they are: CR, NUL, ANSI, invalid UTF-8, markup (lessons 18, 23)", () => {
  const raw = Uint8Array.of(0, 255, 254, 27, 91, 51, 49, 109, 13, 91, 114, 93, 128, 10, 195);
  const text = String.fromCharCode(...raw);
  const events = (count: 1 | 2): Event[] => [
    start({ label: "a" }, ...count === 2 ? [{ label: "b" }] : []),
    out(0, raw.slice(0, 2)),
    out(0, raw.slice(2, 9)),
    out(0, raw.slice(9)),
    ok(0),
  ];
  assertEquals(written(events(1)).stdout, text);
  assertEquals(written(events(2), { mode: "grouped" }).stdout, text);
  assertEquals(
    written(events(2), { mode: "prefixed" }).stdout,
    `a | ${text.slice(0, 14)}a | ${text.slice(14)}\n`,
  );
});

Deno.test("items of a parallel composite stream by lines in a pipe", () => {
  const events = [
    start({ label: "web", item: true }, { label: "api", item: true }),
    out(0, "w1\nw"),
    out(1, "a1\n"),
    out(0, "2\n"),
  ];
  assertEquals(written(events).both, "w1\na1\nw2\n");
});

Deno.test("many lines that come at once are written at once, with a prefix and without", () => {
  const lines = "line\n".repeat(5000);
  for (const mode of ["prefixed", "stream"] as const) {
    const writes: number[] = [];
    const events = [start({ label: "a" }, { label: "b" }), out(0, lines)];
    written(events, { mode, stdout: ({ length }) => writes.push(length) });
    assertEquals(writes, [lines.length + (mode === "prefixed" ? 5000 * "a | ".length : 0)], mode);
  }
});

Deno.test("why a task was not performed stands behind its name", () => {
  const end = (state: "skipped" | "cancelled", reason: unknown, more = {}) =>
    ({ type: "step-end", time: 1, step: 0, state, code: 0, reason, ...more }) as Event;
  for (
    const [event, line] of [
      [end("skipped", { kind: "condition" }), " skipped  a  condition not met\n"],
      [end("skipped", { kind: "skip" }), " skipped  a  --skip\n"],
      [end("skipped", { kind: "unneeded" }), " skipped  a  not needed\n"],
      [end("skipped", { kind: "upstream", step: 1 }), " skipped  a  b failed\n"],
      [end("cancelled", { kind: "stopped", step: 1 }), ""],
      [
        end("cancelled", { kind: "stopped", signal: "SIGINT" }, { duration: 3 }),
        " stopped  a  SIGINT, 3ms\n",
      ],
    ] as const
  ) assertEquals(written([start({ label: "a" }, { label: "b" }), event]).both, line);
});

Deno.test("a problem stands behind what its step wrote, with the output that is shown last", () => {
  const problem = { type: "problem", step: 0, problem: { code: "R_HOST", detail: "x" } } as Event;
  const warning = { type: "problem", problem: { code: "W_SHELL_SYNTAX", word: "&" } } as Event;
  const events = [
    start({ label: "a" }, { label: "b" }),
    out(0, "text"),
    problem,
    bad(0, 1),
    finish(1, { failed: 1 }),
  ];
  const { both, stdout } = written(events);
  assertEquals(stdout, "text");
  // The step did not end its line; the problem begins on one of its own all the same.
  const wanted = "  failed  a  exit 1, 1.50s\ntext\nproblem R_HOST\n  failed";
  assert(both.startsWith(wanted), both);
  assertEquals(written([start({ label: "a" }), warning]).both, "problem W_SHELL_SYNTAX\n");
  assertEquals(written([start({ label: "a" }), warning], { quiet: true }).both, "");
});

Deno.test("colour changes no word", () => {
  for (const mode of ["auto", "prefixed", "grouped", "stream", "errors", "quiet"] as const) {
    for (const events of [TWO, FAILING]) {
      const plain = written(events, { mode });
      const coloured = written(events, { mode, palette: COLOR });
      // deno-lint-ignore no-control-regex -- the codes begin with one
      assertEquals(coloured.both.replace(/\x1b\[\d+m/g, ""), plain.both);
      if (mode !== "prefixed") {
        assertEquals(coloured.stdout, plain.stdout, "tasks' bytes are theirs");
      }
    }
  }
});

Deno.test("a command of several lines is shown by its first", () => {
  const { both } = written([start({ label: "a" }), begin(0, "one  \n  two")]);
  assertEquals(both, `     run  a  one ${String.fromCharCode(...new TextEncoder().encode("…"))}\n`);
});
