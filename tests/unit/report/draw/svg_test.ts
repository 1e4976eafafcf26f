import { assert, assertEquals } from "@std/assert";
import type { TaskId } from "../../../../src/model/id.ts";
import { draw } from "../../../../src/report/draw/svg.ts";
import { picture, pictures } from "./pictures.ts";

Deno.test("every picture is a well-formed document with one box a task and one path a line", () => {
  for (const [name, sample] of Object.entries(pictures)) {
    const text = draw(sample, {});
    assertEquals(malformed(text), undefined, name);
    assertEquals(text.match(/<rect /g)?.length ?? 0, sample.nodes.length, name);
    const lines = new Set(
      sample.edges.map(({ from, to, kind }) =>
        JSON.stringify([from, to, { deps: 0, item: 1, member: 1, pre: 2, post: 2 }[kind]])
      ),
    );
    const legend = sample.edges.some((edge) => edge.kind !== "deps") ? 3 : 0;
    assertEquals(text.match(/<path class="line /g)?.length ?? 0, lines.size + legend, name);
    assert(!/NaN|Infinity|undefined/.test(text), name);
  }
});

Deno.test("the check for well-formed documents finds what is wrong", () => {
  assertEquals(malformed("<a><b/></a>"), undefined);
  for (const text of ["<a>", "<a></b>", "<a>&</a>", "<a b='<'/>", "<a/><b/>", "<a>x > \0</a>"]) {
    assert(malformed(text) !== undefined, text);
  }
});

Deno.test("boxes do not overlap and lie within the image", () => {
  for (const [name, sample] of Object.entries(pictures)) {
    const text = draw(sample, {});
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(text)!.map(Number);
    const boxes = [...text.matchAll(/<rect .*?x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"/g)]
      .map((match) => match.slice(1).map(Number) as [number, number, number, number]);
    boxes.forEach(([x, y, w, h], at) => {
      assert(x >= 0 && y >= 0 && x + w <= width! && y + h <= height!, name);
      for (const [x2, y2, w2, h2] of boxes.slice(at + 1)) {
        assert(x + w <= x2 || x2 + w2 <= x || y + h <= y2 || y2 + h2 <= y, name);
      }
    });
  }
});

Deno.test("lines run down from what needs to what is needed", () => {
  const text = draw(pictures["chain of 20"]!, {});
  const tops = [...text.matchAll(/<rect .*? y="(.*?)"/g)].map((match) => Number(match[1]));
  assertEquals(tops, tops.toSorted((a, b) => a - b));
});

Deno.test("hooks say whether they are before or after, help is a title", () => {
  const sample = picture("a -> pre=b post=c");
  const help = { id: "d" as TaskId, kind: "task" as const, help: "<Builds> it\nslowly" };
  const text = draw({ ...sample, nodes: [...sample.nodes, help] }, {});
  assert(/>pre<\/text>/.test(text) && />post<\/text>/.test(text));
  assert(text.includes("<title>&lt;Builds&gt; it</title>"));
});

Deno.test("the image is styled for light and dark and refers to nothing outside", () => {
  const text = draw(pictures["hostile"]!, {});
  assert(text.includes("prefers-color-scheme: dark"));
  assertEquals(text.match(/https?:[^"]*/g), ["http://www.w3.org/2000/svg"]);
  assert(!/<script|href=|@import/.test(text));
});

Deno.test("a graph that is too large for a careful layout is laid out in rows", () => {
  const numbers = Array.from({ length: 3000 }, (_, at) => at);
  for (
    const sample of [
      picture(numbers.slice(1).map((at) => `t${at - 1} -> t${at}`).join("\n")),
      picture(`all -> ${numbers.map((at) => `t${at}`).join(" ")}`),
    ]
  ) {
    const text = draw(sample, {});
    assertEquals(malformed(text), undefined);
    assertEquals(text.match(/<rect /g)?.length, sample.nodes.length);
  }
});

/** What is wrong with a text as XML of one root without declarations, comments and sections. */
function malformed(text: string): string | undefined {
  const open: string[] = [];
  let rest = text.trim();
  let roots = 0;
  // deno-lint-ignore no-control-regex
  const outside = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/u.exec(rest);
  if (outside) return `the character ${outside[0].codePointAt(0)}`;
  const token =
    /^(?:<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="(?:[^"<&]|&(?:amp|lt|gt|quot|#\d+);)*")*)\s*(\/?)>|((?:[^<&]|&(?:amp|lt|gt|quot|#\d+);)+))/;
  while (rest !== "") {
    const match = token.exec(rest);
    if (!match) return `at ${rest.slice(0, 40)}`;
    const [all, close, name, , empty] = match;
    if (name && open.length === 0 && !close) roots++;
    if (name && close && open.pop() !== name) return `</${name}>`;
    if (name && !close && !empty) open.push(name);
    rest = rest.slice(all.length);
  }
  if (open.length > 0) return `<${open.at(-1)}> is open`;
  return roots === 1 ? undefined : `${roots} roots`;
}
