/**
 * What every drawing must do, whatever it draws with. The suite is the definition of `Drawing`.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Picture } from "../../src/model/graph.ts";
import type { TaskId } from "../../src/model/id.ts";
import type { DrawOptions } from "../../src/report/draw/format.ts";
import { drawings } from "../../src/report/draw/registry.ts";
import { hostileNames, picture, pictures } from "../unit/report/draw/pictures.ts";

const choices: readonly DrawOptions[] = [
  {},
  { width: 80 },
  { width: 20, unicode: false },
  { width: 1 },
  { color: true, unicode: true },
];

Deno.test("the registry of drawings is the folder", async () => {
  const folder = new URL("../../src/report/draw/", import.meta.url);
  const files = [...Deno.readDirSync(folder)].map((entry) => entry.name);
  const formats = files.filter((name) =>
    !name.startsWith("_") && name !== "registry.ts" && name !== "format.ts"
  );
  assertEquals(Object.keys(drawings).map((name) => `${name}.ts`).sort(), formats.sort());
  for (const load of Object.values(drawings)) assertEquals(typeof (await load()).draw, "function");
});

for (const [format, load] of Object.entries(drawings)) {
  Deno.test(`${format} draws every picture in every way, twice the same`, async () => {
    const { draw } = await load();
    for (const [name, sample] of Object.entries(pictures)) {
      for (const options of choices) {
        const text = draw(sample, options);
        assertEquals(draw(structuredClone(sample), { ...options }), text, name);
        assert(text === "" || /[^\n]\n$/.test(text), `${name} ends in one line break`);
      }
    }
  });

  Deno.test(`${format} leaves no blanks at line ends`, async () => {
    const { draw } = await load();
    for (const sample of Object.values(pictures)) {
      for (const options of choices) {
        const trailing = draw(sample, options).split("\n").filter((line) => /\s$/.test(line));
        assertEquals(trailing, []);
      }
    }
  });

  Deno.test(`${format} shows every name`, async () => {
    const { draw } = await load();
    for (const [title, sample] of Object.entries(pictures)) {
      if (title === "hostile") continue;
      const text = draw(sample, {});
      for (const node of sample.nodes) assert(text.includes(node.id), `${title}: ${node.id}`);
    }
  });

  Deno.test(`${format} shows each kind of edge in its own way`, async () => {
    const { draw } = await load();
    const texts = ["deps", "item", "pre", "post"].map((kind) =>
      draw(picture(`a -> ${kind}=b`), {})
    );
    assertEquals(new Set(texts).size, texts.length);
  });

  Deno.test(`${format} takes a name for text, never for syntax or a control (lesson 25)`, async () => {
    const { draw } = await load();
    const tame = draw(withNames((at) => `n${at}`), {});
    const wild = draw(withNames((at) => hostileNames[at]!), {});
    assertEquals(wild.split("\n").length, tame.split("\n").length, "a name adds no line");
    // deno-lint-ignore no-control-regex
    const control = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]|\p{Cs}/u;
    assertEquals(control.exec(wild), null);
  });
}

/** The hostile picture under other names. */
function withNames(nameOf: (at: number) => string): Picture {
  const { nodes, edges } = pictures["hostile"]!;
  const names = new Map(nodes.map((node, at) => [node.id, nameOf(at) as TaskId]));
  return {
    nodes: nodes.map((node) => ({ ...node, id: names.get(node.id)!, help: "help" })),
    edges: edges.map((edge) => ({
      ...edge,
      from: names.get(edge.from)!,
      to: names.get(edge.to)!,
    })),
  };
}
