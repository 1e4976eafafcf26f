import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { chunkBytes, toChunk } from "../../../src/model/chunk.ts";
import type { Event } from "../../../src/model/event.ts";
import type { StepId } from "../../../src/model/id.ts";
import { openRunLog } from "../../../src/run/run_log.ts";

const SECRET = "hunter2-ä€-hunter";

type Stream = "stdout" | "stderr";
type Piece = readonly [step: number, stream: Stream, bytes: Uint8Array | string];

/** What stands in the log of a run, and the whole of it as text. */
async function logged(
  events: readonly Event[],
  secrets: readonly string[],
): Promise<{ readonly events: readonly Event[]; readonly text: string }> {
  const directory = await Deno.makeTempDir();
  try {
    const log = openRunLog(directory, "2026-01-01", new Set(secrets));
    for (const event of events) log.add(event);
    log.close();
    const [{ name } = { name: "" }] = [...Deno.readDirSync(directory)];
    const text = Deno.readTextFileSync(join(directory, name));
    return { text, events: text.trim().split("\n").map((line) => JSON.parse(line) as Event) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function output([step, stream, content]: Piece): Event {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { type: "output", step: step as StepId, stream, chunk: toChunk(bytes) };
}

/** What one stream of a step has written, as the log has it. */
function written(events: readonly Event[], step: number, stream: Stream): string {
  const bytes = events.flatMap((event) =>
    event.type === "output" && event.step === step && event.stream === stream
      ? [...chunkBytes(event.chunk)]
      : []
  );
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

Deno.test("a secret is masked wherever it is cut in two", async () => {
  const bytes = new TextEncoder().encode(`a ${SECRET} b`);
  for (let at = 0; at <= bytes.length; at++) {
    const { events, text } = await logged([
      output([0, "stdout", bytes.subarray(0, at)]),
      output([0, "stderr", "between"]),
      output([1, "stdout", "of another"]),
      output([0, "stdout", bytes.subarray(at)]),
    ], [SECRET]);
    assertEquals(written(events, 0, "stdout"), "a *** b", `cut at ${at}`);
    assertEquals(written(events, 0, "stderr"), "between");
    assertEquals(written(events, 1, "stdout"), "of another");
    assert(!text.includes("hunter"));
  }
});

Deno.test("a secret that comes byte by byte is masked, and one that does not come to its end is not", async () => {
  const bytes = [...new TextEncoder().encode(`hunter hunter2-${SECRET}hun`)];
  const events = bytes.map((byte) => output([0, "stdout", Uint8Array.of(byte)]));
  const log = await logged(events, ["other", SECRET]);
  assertEquals(written(log.events, 0, "stdout"), "hunter hunter2-***hun");
});

Deno.test("what was kept back stands before the end of its step", async () => {
  const end: Event = { type: "step-end", time: 1, step: 0 as StepId, state: "ran", code: 0 };
  const { events } = await logged([output([0, "stdout", "the hunt"]), end], [SECRET]);
  assertEquals(events.map(({ type }) => type), ["output", "output", "step-end"]);
  assertEquals(written(events, 0, "stdout"), "the hunt");
});

Deno.test("without secrets every byte and every piece is what it was", async () => {
  const pieces: readonly Piece[] = [
    [0, "stdout", Uint8Array.of(0xff, 0xc3)],
    [0, "stdout", Uint8Array.of(0xa4, 0)],
    [0, "stderr", "\r\n"],
  ];
  const events = pieces.map(output);
  assertEquals((await logged(events, [])).events, events);
  assertEquals((await logged(events, [SECRET])).events, events);
});

Deno.test("problems and commands do not tell secrets either, and keep their codes", async () => {
  const problem = { code: "W_CACHE_STORE", detail: `it is ${SECRET}` } as const;
  const { events } = await logged([
    { type: "problem", problem },
    {
      type: "step-end",
      time: 1,
      step: 0 as StepId,
      state: "failed",
      code: 1,
      reason: { kind: "problem", problem },
    },
  ], [SECRET, "CACHE"]);
  assertEquals(JSON.stringify(events).match(/W_CACHE_STORE|it is \*{3}/g), [
    ...["W_CACHE_STORE", "it is ***", "W_CACHE_STORE", "it is ***"],
  ]);
});
