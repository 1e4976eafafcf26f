/**
 * The line report is a function of the events: how output is cut into pieces on its way changes
 * nothing, and no byte is lost.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Event } from "../../src/model/event.ts";
import { begin, finish, ok, out, start, written } from "../rig/events.ts";
import { type Random, randomFrom } from "../rig/random.ts";

const MODES = ["auto", "prefixed", "grouped", "stream", "errors", "quiet"] as const;

/** Bytes in which line ends, carriage returns and halves of characters are frequent. */
function randomBytes(random: Random): Uint8Array {
  const frequent = [10, 10, 13, 0, 27, 195, 164, 255, 65, 66];
  return Uint8Array.from(
    { length: random.below(60) },
    () => random.chance(0.6) ? random.of(frequent) : random.below(256),
  );
}

interface Piece {
  readonly step: number;
  readonly stream: "stdout" | "stderr";
  readonly bytes: Uint8Array;
}

function run(pieces: readonly Piece[], steps: number): Event[] {
  return [
    start(...Array.from({ length: steps }, (_, step) => ({ label: `t${step}` }))),
    ...Array.from({ length: steps }, (_, step) => begin(step)),
    ...pieces.map(({ step, bytes, stream }) => out(step, bytes, stream)),
    ...Array.from({ length: steps }, (_, step) => ok(step)),
    finish(0, { ran: steps }),
  ];
}

function randomPieces(random: Random, steps: number): Piece[] {
  return Array.from({ length: random.below(12) }, () => ({
    step: random.below(steps),
    stream: random.chance(0.7) ? "stdout" : "stderr",
    bytes: randomBytes(random),
  }));
}

/** The same output in other pieces. */
function cut(pieces: readonly Piece[], random: Random): Piece[] {
  return pieces.flatMap((piece) => {
    const parts: Piece[] = [];
    for (let at = 0; at < piece.bytes.length;) {
      const length = 1 + random.below(5);
      parts.push({ ...piece, bytes: piece.bytes.slice(at, at + length) });
      at += length;
    }
    return parts;
  });
}

Deno.test("output in other pieces gives the same bytes, in every mode", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = randomFrom(seed);
    const steps = 1 + random.below(3);
    const pieces = randomPieces(random, steps);
    for (const mode of MODES) {
      for (const terminal of [false, true]) {
        const whole = written(run(pieces, steps), { mode, terminal });
        const pieced = written(run(cut(pieces, random), steps), { mode, terminal });
        assertEquals(pieced.both, whole.both, `seed ${seed}, ${mode}`);
      }
    }
  }
});

Deno.test("no byte is lost: held back or streamed, each task's output is whole", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = randomFrom(seed);
    const pieces = randomPieces(random, 1).filter((piece) => piece.stream === "stdout");
    const bytes = pieces.flatMap((piece) => [...piece.bytes]);
    const text = String.fromCharCode(...bytes);
    for (const mode of ["auto", "grouped", "stream"] as const) {
      assertEquals(written(run(pieces, 1), { mode }).stdout, text, `seed ${seed}, ${mode}`);
    }
    const beside = [...run(pieces, 2)];
    assertEquals(written(beside, { mode: "grouped" }).stdout, text, `seed ${seed}`);
    const prefixed = written(beside, { mode: "prefixed" }).stdout;
    const lines = prefixed.split("\n").slice(0, -1);
    assert(lines.every((line) => line.startsWith("t0 | ")), `seed ${seed}`);
    const back = lines.map((line) => line.slice("t0 | ".length) + "\n").join("");
    assertEquals(text.endsWith("\n") || text === "" ? back : back.slice(0, -1), text);
  }
});
