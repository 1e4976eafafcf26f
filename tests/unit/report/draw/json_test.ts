import { assertEquals } from "@std/assert";
import type { TaskId } from "../../../../src/model/id.ts";
import { draw } from "../../../../src/report/draw/json.ts";
import { picture, pictures } from "./pictures.ts";

Deno.test("the JSON holds the version, the tasks and the edges with their kinds", () => {
  const sample = picture("a -> b pre=c");
  const help = [{ id: "d" as TaskId, kind: "group" as const, help: 'says "hi"' }];
  assertEquals(JSON.parse(draw({ ...sample, nodes: [...sample.nodes, ...help] }, {})), {
    version: 1,
    nodes: [
      { id: "a", kind: "task" },
      { id: "b", kind: "task" },
      { id: "c", kind: "task" },
      { id: "d", kind: "group", help: 'says "hi"' },
    ],
    edges: [
      { from: "a", to: "b", kind: "deps" },
      { from: "a", to: "c", kind: "pre" },
    ],
  });
});

Deno.test("every picture comes back as it was, whatever its names", () => {
  for (const [name, sample] of Object.entries(pictures)) {
    const { nodes, edges } = JSON.parse(draw(sample, {}));
    assertEquals({ nodes, edges }, { nodes: [...sample.nodes], edges: [...sample.edges] }, name);
  }
});
