import { assertEquals, assertRejects } from "@std/assert";
import {
  Descriptor,
  forkTable,
  memoryPipe,
  readAll,
  releaseTable,
} from "../../../../src/run/shell/streams.ts";
import { BrokenPipe } from "../../../../src/run/shell/unwind.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (chunk: Uint8Array | undefined) => chunk && new TextDecoder().decode(chunk);

Deno.test("a pipe gives what was written, in order and in the size asked for", async () => {
  const { reader, writer } = memoryPipe();
  await writer.write(bytes("abc"));
  await writer.write(bytes("def"));
  writer.close();
  assertEquals(text(await reader.read(2)), "ab");
  assertEquals(text(await readAll(reader)), "cdef");
  assertEquals(await reader.read(1), undefined);
});

Deno.test("a full pipe makes its writer wait until somebody reads", async () => {
  const { reader, writer } = memoryPipe(2);
  await writer.write(bytes("ab"));
  let written = false;
  const second = writer.write(bytes("cd")).then(() => written = true);
  await Promise.resolve();
  assertEquals(written, false);
  assertEquals(text(await reader.read(2)), "ab");
  await second;
  assertEquals(written, true);
});

Deno.test("a writer learns that its reader is gone, also while it waits", async () => {
  const { reader, writer } = memoryPipe(1);
  await writer.write(bytes("a"));
  const waiting = assertRejects(() => writer.write(bytes("b")));
  reader.close();
  assertEquals(await waiting instanceof BrokenPipe, true);
  assertEquals(await assertRejects(() => writer.write(bytes("c"))) instanceof BrokenPipe, true);
});

Deno.test("a pipe ends with its last writer", async () => {
  const { reader, writer } = memoryPipe();
  const table = new Map([[1, new Descriptor(writer)]]);
  const copy = forkTable(table);
  releaseTable(table);
  await copy.get(1)!.stream.write(bytes("late"));
  releaseTable(copy);
  assertEquals(text(await readAll(reader)), "late");
});
