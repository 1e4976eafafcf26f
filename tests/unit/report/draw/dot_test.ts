import { assert, assertEquals } from "@std/assert";
import type { TaskId } from "../../../../src/model/id.ts";
import { draw } from "../../../../src/report/draw/dot.ts";
import { hostileNames, loose, picture } from "./pictures.ts";

Deno.test("a graph has a line for each task and each edge", () => {
  assertEquals(
    draw(picture("top -> api.left; api.left -> end"), {}),
    `digraph ntask {
  node [shape=box, fontname="Helvetica"];
  edge [fontname="Helvetica", fontsize=10];
  "top";
  "api.left";
  "end";
  "top" -> "api.left";
  "api.left" -> "end";
}
`,
  );
});

Deno.test("parts are bold with a diamond, hooks dashed and labelled, and a legend says so", () => {
  const text = draw(picture("ci -> item=a pre=b post=c d; g -> member=a"), {});
  for (
    const line of [
      '  "ci" [peripheries=2];',
      '  "g" [shape=tab];',
      '  "ci" -> "a" [style=bold, dir=both, arrowtail=diamond];',
      '  "ci" -> "b" [style=dashed, label="pre"];',
      '  "ci" -> "c" [style=dashed, label="post"];',
      '  "ci" -> "d";',
      "  subgraph cluster_legend {",
      '    "legend deps 1" -> "legend deps 2" [label="deps"];',
      '    "legend hooks 1" -> "legend hooks 2" [style=dashed, label="pre or post"];',
    ]
  ) assert(text.split("\n").includes(line), `${line}\n${text}`);
});

Deno.test("a task called as a part of the legend is not taken for it", () => {
  const text = draw(picture("legend deps 1"), {}) + draw(picture("legend -> pre=b"), {});
  assert(text.includes('"legend_ hooks 1" -> "legend_ hooks 2"'), text);
});

Deno.test("help is the tooltip, its first line only", () => {
  const text = draw({
    nodes: [{ id: "a" as TaskId, kind: "task", help: 'Says "hi" & more\nat length' }],
    edges: [],
  }, {});
  assert(text.includes('  "a" [tooltip="Says \\"hi\\" &amp; more"];'), text);
});

Deno.test("no name leaves its quotes, and what Graphviz would read as markup has a label", () => {
  const lines = draw(loose(hostileNames), {}).split("\n").slice(2, -2);
  assertEquals(lines.length, hostileNames.length);
  for (const line of lines) {
    assert(/^ {2}"([^"\\]|\\.)*"( \[label="([^"\\]|\\.)*"\])?;$/.test(line), line);
  }
  assert(lines.includes('  "back\\\\" [label="back\\\\"];'));
  assert(lines.includes('  "<b>&amp;</b>" [label="<b>&amp;amp;</b>"];'));
});
