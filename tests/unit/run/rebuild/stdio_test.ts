import { assertEquals } from "@std/assert";
import { createRecorder, readStdio, type Stream } from "../../../../src/run/rebuild/stdio.ts";

type Piece = readonly [Stream, string | Uint8Array];

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}

function recorded(pieces: readonly Piece[], secrets: readonly string[] = []) {
  const recorder = createRecorder();
  for (const [stream, text] of pieces) recorder.write(stream, bytesOf(text));
  return recorder.finish(secrets);
}

/** Neighbouring pieces of one stream are one. */
function readBack(pieces: readonly Piece[], secrets?: readonly string[]): [Stream, string][] {
  const { bytes } = recorded(pieces, secrets)!;
  return readStdio(bytes)!.map(({ stream, bytes }) => [stream, new TextDecoder().decode(bytes)]);
}

const DIFFICULT: Readonly<Record<string, string | Uint8Array>> = {
  "carriage returns": "10%\r20%\r\n100%\r",
  "a NUL": "a\0b\0",
  "bytes that are no UTF-8": new Uint8Array([0xff, 0xfe, 0xc3, 0x28, 0x80, 0xed, 0xa0, 0x80]),
  "escape sequences": "\x1b[31mred\x1b[0m\x1b]8;;http://x\x07link\x1b]8;;\x07",
  "markup-like text": "[remote] ##[error] ::set-output::",
  "no line end": "no line end",
  "only a line end": "\n",
  "what looks like a frame": new Uint8Array([1, 255, 255, 255, 255, 2, 0, 0, 0, 0]),
  "a megabyte": "x".repeat(1 << 20),
};

for (const [name, content] of Object.entries(DIFFICULT)) {
  Deno.test(`${name} comes back byte for byte (lesson 18)`, () => {
    const { bytes, masked } = recorded([["stdout", content], ["stderr", content]])!;
    const expected = (["stdout", "stderr"] as const).map((stream) => ({
      stream,
      bytes: bytesOf(content),
    }));
    assertEquals(readStdio(bytes), expected);
    assertEquals(masked, false);
  });
}

Deno.test("both streams come back in the order in which they were written", () => {
  assertEquals(
    readBack([["stdout", "1"], ["stdout", "2"], ["stderr", "3"], ["stdout", "4"], ["stderr", "5"]]),
    [["stdout", "12"], ["stderr", "3"], ["stdout", "4"], ["stderr", "5"]],
  );
});

Deno.test("a character cut in two by pieces is whole again", () => {
  const [first, ...rest] = bytesOf("ä");
  assertEquals(readBack([["stdout", new Uint8Array([first!])], ["stdout", new Uint8Array(rest)]]), [
    ["stdout", "ä"],
  ]);
});

Deno.test("nothing written is nothing stored", () => {
  assertEquals(recorded([]), undefined);
});

Deno.test("a secret is masked wherever it stands, and it is said so", () => {
  const secrets = ["hunter22"];
  for (const text of ["hunter22", "a hunter22", "hunter22 b", "hunter22hunter22", "hhunter22"]) {
    const stored = recorded([["stdout", text]], secrets)!;
    const [piece] = readStdio(stored.bytes)!;
    assertEquals(new TextDecoder().decode(piece?.bytes), text.replaceAll("hunter22", "***"));
    assertEquals(stored.masked, true);
  }
  assertEquals(recorded([["stdout", "hunter2, unter22"]], secrets)?.masked, false);
});

Deno.test("a secret is masked also in pieces, between others, and when it is no ASCII", () => {
  assertEquals(readBack([["stdout", "hun"], ["stdout", "ter22"]], ["hunter22"]), [
    ["stdout", "***"],
  ]);
  assertEquals(
    readBack([["stdout", "a hun"], ["stderr", "x"], ["stdout", "ter22 b"]], ["hunter22"]),
    [["stdout", "a ***"], ["stderr", "x"], ["stdout", " b"]],
  );
  assertEquals(readBack([["stderr", "grün\n"]], ["grün"]), [["stderr", "***\n"]]);
  assertEquals(readBack([["stdout", "line one\nline two\n"]], ["one\nline"]), [
    ["stdout", "line *** two\n"],
  ]);
});

Deno.test("of secrets one in the other the longer one is masked, and an empty one masks nothing", () => {
  assertEquals(readBack([["stdout", "secret-long secret"]], ["secret-long", "secret", ""]), [
    ["stdout", "*** ***"],
  ]);
});

Deno.test("what are no frames is nothing (lesson 6)", () => {
  const { bytes } = recorded([["stdout", "hello"], ["stderr", "world"]])!;
  const ends = [0, 10, 20];
  for (let length = 0; length < bytes.length; length++) {
    const whole = ends.includes(length);
    assertEquals(readStdio(bytes.slice(0, length)) !== undefined, whole, `${length} bytes`);
  }
  assertEquals(readStdio(new Uint8Array([3, 0, 0, 0, 0])), undefined);
});

Deno.test("frames are read also where they are a part of a larger memory", () => {
  const { bytes } = recorded([["stdout", "hello"]])!;
  const memory = new Uint8Array(100);
  memory.set(bytes, 7);
  assertEquals(readStdio(memory.subarray(7, 7 + bytes.length))?.length, 1);
});
