/**
 * Gives what `report/draw/dot.ts` writes to Graphviz itself and compares what it understood with
 * the picture: tasks, names, edges and their styles. Needs a package registry, so it is no part of
 * `deno task test`.
 *
 * Run: deno run -A --no-lock --node-modules-dir=none tests/stages/dot_check.ts [FILE…]
 *
 * Every FILE (`-` for standard input) must be a valid graph as well.
 *
 * @module
 */

import type { Picture } from "../../src/model/graph.ts";
import { draw } from "../../src/report/draw/dot.ts";
import { strokeOf, visibleName } from "../../src/report/draw/format.ts";
import type { Stroke } from "../../src/report/draw/format.ts";
import { pictures } from "../unit/report/draw/pictures.ts";

/** What is used of Viz.js 3: Graphviz compiled to WebAssembly. */
interface Viz {
  render(text: string, options: { readonly format: string }): {
    readonly status: "success" | "failure";
    readonly output?: string;
    readonly errors: readonly { readonly level?: string; readonly message: string }[];
  };
}

/** What Graphviz writes as `json`: the graph with all attributes and drawing operations. */
interface Understood {
  readonly objects?: readonly Item[];
  readonly edges?: readonly {
    readonly tail: number;
    readonly head: number;
    readonly style?: string;
    readonly label?: string;
  }[];
}

/** A node or a cluster. */
interface Item {
  readonly name: string;
  readonly _ldraw_?: readonly { readonly op: string; readonly text?: string }[];
}

const styles: Readonly<Record<Stroke, string>> = { deps: "", parts: "bold", hooks: "dashed" };

const broken: Readonly<Record<string, string>> = {
  "an open brace": "digraph ntask {",
  "an open quote": 'digraph ntask { "a\\" -> b }',
  "an arrow to nothing": 'digraph ntask { "a" -> }',
  "another kind of text": "flowchart TD\n  a --> b\n",
};

const viz = await load();
let [passed, failed] = [0, 0];
for (const [name, picture] of Object.entries(pictures)) test(name, () => compare(picture));
for (const [name, text] of Object.entries(broken)) {
  test(`${name} is refused`, () => {
    if (faultOf(text) === undefined) throw new Error("it is accepted");
  });
}
test("a missing edge is noticed", () => {
  const { readme } = pictures;
  const text = draw(readme!, {}).replace(/.*->.*\n/, "");
  if (understood(text) === expected(readme!)) throw new Error("it is not");
});
for (const file of Deno.args) {
  const text = await read(file);
  test(file, () => {
    const fault = faultOf(text);
    if (fault !== undefined) throw new Error(fault);
  });
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) Deno.exit(1);

async function load(): Promise<Viz> {
  // Not a literal, so that checking the whole project does not fetch what only this file needs.
  const specifier: string = "npm:@viz-js/viz@3.31.0";
  return await (await import(specifier)).instance();
}

function test(name: string, body: () => void): void {
  try {
    body();
    passed++;
  } catch (error) {
    failed++;
    console.error(`FAILED ${name}: ${error instanceof Error ? error.message : error}`);
  }
}

/** What Graphviz has to say against a text, but for warnings that it has no font to measure. */
function faultOf(text: string): string | undefined {
  const { status, errors } = viz.render(text, { format: "json" });
  const faults = errors.map((error) => error.message)
    .filter((message) => !message.includes("no value for width of non-ASCII character"));
  return status === "success" && faults.length === 0 ? undefined : faults.join("; ") || status;
}

function compare(picture: Picture): void {
  const text = draw(picture, {});
  const fault = faultOf(text);
  if (fault !== undefined) throw new Error(`${fault} in\n${text}`);
  const [found, wanted] = [understood(text), expected(picture)];
  if (found !== wanted) {
    throw new Error(`understood\n${found}\ninstead of\n${wanted}\nfrom\n${text}`);
  }
}

/** The tasks and edges Graphviz found, by the text it would show, without the legend. */
function understood(text: string): string {
  const { output } = viz.render(text, { format: "json" });
  const { objects = [], edges = [] } = JSON.parse(output ?? "{}") as Understood;
  const names = objects.map(shown);
  const isLegend = (at: number) => /^legend |^cluster_legend$/.test(objects[at]?.name ?? "");
  const tasks = names.filter((_, at) => !isLegend(at));
  const lines = edges.filter((edge) => !isLegend(edge.tail)).map((edge) =>
    JSON.stringify([names[edge.tail], edge.style ?? "", edge.label ?? "", names[edge.head]])
  );
  return JSON.stringify([tasks.sort(), lines.sort()], undefined, 1);
}

/** The text of the drawing operations, where escapes and entities are resolved. */
function shown({ _ldraw_ = [] }: Item): string {
  const lines = _ldraw_.flatMap((step) => step.op === "T" ? [step.text ?? ""] : []);
  // Graphviz doubles the backslashes of this text when it writes JSON (not when it writes SVG).
  return lines.join("\n").replaceAll("\\\\", "\\").trim();
}

function expected({ nodes, edges }: Picture): string {
  const nameOf = (id: string) => visibleName(id).trim();
  const lines = edges.map(({ from, to, kind }) => {
    const stroke = strokeOf(kind);
    const label = stroke === "hooks" ? kind : "";
    return JSON.stringify([nameOf(from), styles[stroke], label, nameOf(to)]);
  });
  return JSON.stringify([nodes.map((node) => nameOf(node.id)).sort(), lines.sort()], undefined, 1);
}

async function read(file: string): Promise<string> {
  if (file === "-") return await new Response(Deno.stdin.readable).text();
  return await Deno.readTextFile(file);
}
