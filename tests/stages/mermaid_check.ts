/**
 * Gives what `report/draw/mermaid.ts` writes to Mermaid's own parser and compares what it
 * understood with the picture: tasks, names, edges and their strokes. Needs a package registry, so
 * it is no part of `deno task test`.
 *
 * Run: deno run -A --no-lock --node-modules-dir=none tests/stages/mermaid_check.ts [FILE…]
 *
 * Every FILE (`-` for standard input) must be a valid flowchart as well.
 *
 * @module
 */

import type { Picture } from "../../src/model/graph.ts";
import { strokeOf, visibleName } from "../../src/report/draw/format.ts";
import type { Stroke } from "../../src/report/draw/format.ts";
import { draw } from "../../src/report/draw/mermaid.ts";
import { pictures } from "../unit/report/draw/pictures.ts";

/** What is used of Mermaid 12. */
interface Mermaid {
  parse(text: string): Promise<{ readonly diagramType: string }>;
  readonly mermaidAPI: {
    getDiagramFromText(text: string): Promise<{
      readonly db: {
        getVertices(): ReadonlyMap<string, { readonly text: string }>;
        getEdges(): readonly {
          readonly start: string;
          readonly end: string;
          readonly text: string;
          readonly stroke: string;
        }[];
      };
    }>;
  };
}

const strokes: Readonly<Record<Stroke, string>> = {
  deps: "normal",
  parts: "thick",
  hooks: "dotted",
};

const broken: Readonly<Record<string, string>> = {
  "an arrow to nothing": 'flowchart TD\n  a["a"] -->\n',
  "a keyword for an id": "flowchart TD\n  a --> end\n",
  "an open quote": 'flowchart TD\n  a["a]\n',
  "another kind of text": "digraph { a -> b }\n",
};

const mermaid = await load();
let [passed, failed] = [0, 0];
for (const [name, picture] of Object.entries(pictures)) {
  await test(name, async () => await compare(picture));
}
for (const [name, text] of Object.entries(broken)) {
  await test(`${name} is refused`, async () => await refuse(text));
}
await test("a missing edge is noticed", async () => {
  const { readme } = pictures;
  const text = draw(readme!, {}).replace(/.*-->.*\n/, "");
  const noticed = await understood(text).then((found) => found !== expected(readme!));
  if (!noticed) throw new Error("it is not");
});
for (const file of Deno.args) {
  await test(file, async () => {
    const { diagramType } = await mermaid.parse(await read(file));
    if (!diagramType.startsWith("flowchart")) throw new Error(`it is a ${diagramType}`);
  });
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) Deno.exit(1);

/** Mermaid cleans labels with a library that wants a browser's document. */
async function load(): Promise<Mermaid> {
  // Not literals, so that checking the whole project does not fetch what only this file needs.
  const [dom, parser]: readonly string[] = ["npm:happy-dom@20.14.6", "npm:mermaid@12.3.0"];
  const { Window } = await import(dom!);
  const window = new Window();
  Object.assign(globalThis, { window, document: window.document });
  return (await import(parser!)).default;
}

async function test(name: string, body: () => Promise<void>): Promise<void> {
  try {
    await body();
    passed++;
  } catch (error) {
    failed++;
    console.error(`FAILED ${name}: ${error instanceof Error ? error.message : error}`);
  }
}

async function compare(picture: Picture): Promise<void> {
  const text = draw(picture, {});
  const found = await understood(text);
  const wanted = expected(picture);
  if (found !== wanted) {
    throw new Error(`understood\n${found}\ninstead of\n${wanted}\nfrom\n${text}`);
  }
}

async function refuse(text: string): Promise<void> {
  const accepted = await mermaid.parse(text).then(() => true, () => false);
  if (accepted) throw new Error("it is accepted");
}

/** The tasks and edges Mermaid found, by name, without the legend. */
async function understood(text: string): Promise<string> {
  await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const all = [...db.getVertices()].filter(([id]) => id.startsWith("t_"));
  const names = new Map(all.map(([id, vertex]) => [id, decoded(vertex.text)]));
  const edges = db.getEdges().filter(({ start }) => names.has(start)).map((
    edge,
  ) => [names.get(edge.start), edge.stroke, edge.text, names.get(edge.end)]);
  return JSON.stringify([[...names.values()], edges], undefined, 1);
}

function expected({ nodes, edges }: Picture): string {
  // Mermaid trims labels.
  const nameOf = (id: string) => visibleName(id).trim();
  const lines = edges.map(({ from, to, kind }) => {
    const stroke = strokeOf(kind);
    return [nameOf(from), strokes[stroke], stroke === "hooks" ? kind : "", nameOf(to)];
  });
  return JSON.stringify([nodes.map((node) => nameOf(node.id)), lines], undefined, 1);
}

/** Mermaid keeps `#code;` in a spelling of its own until it renders. */
function decoded(text: string): string {
  return text.replace(/ﬂ°°(\d+)¶ß/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

async function read(file: string): Promise<string> {
  if (file === "-") return await new Response(Deno.stdin.readable).text();
  return await Deno.readTextFile(file);
}
