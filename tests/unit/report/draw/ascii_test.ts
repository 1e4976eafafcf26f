import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Edge, EdgeKind, Picture } from "../../../../src/model/graph.ts";
import type { TaskId } from "../../../../src/model/id.ts";
import { textWidth } from "../../../../src/report/draw/_text_width.ts";
import { draw } from "../../../../src/report/draw/ascii.ts";
import { strokeOf } from "../../../../src/report/draw/format.ts";
import { type Alphabet, boxes, plain, trace } from "./_trace.ts";
import { loose, picture, pictures } from "./pictures.ts";

/** A drawing without the line breaks around it and without indentation of the test. */
function drawing(template: TemplateStringsArray): string {
  const lines = template.raw[0]!.split("\n").slice(1, -1);
  const indent = Math.min(
    ...lines.filter((line) => line !== "").map((line) => line.search(/\S|$/)),
  );
  return lines.map((line) => line.slice(indent) + "\n").join("");
}

Deno.test("a picture without tasks is an empty text, a task alone is one line", () => {
  assertEquals(draw(loose([]), {}), "");
  assertEquals(draw(loose(["build"]), {}), "○ build\n");
  assertEquals(draw(loose(["a", "b"]), { unicode: false }), "* a\n* b\n");
});

Deno.test("a task stands above what it needs, each target beside the same line", () => {
  assertEquals(
    draw(pictures["readme"]!, { width: 80 }),
    drawing`
      ○ release
      ├─► test
      ├─► build
      ╰─┴─► lint
    `,
  );
});

Deno.test("what two tasks need in common is at the end of one line that both feed", () => {
  assertEquals(
    draw(pictures["diamond"]!, { width: 80 }),
    drawing`
      ○ top
      ├─►─╮ left
      ╰─►─┤ right
          ▼ bottom
    `,
  );
});

Deno.test("tasks that have nothing to do with each other are apart, the loose ones last", () => {
  assertEquals(
    draw(pictures["two components"]!, { width: 80 }),
    drawing`
      ○ a
      ├─► b
      ╰─► c

      ○ x
      ▼ y

      ○ lone
      ○ other
    `,
  );
});

Deno.test("a chain stays in its column however long it is", () => {
  const lines = draw(pictures["chain of 20"]!, { width: 80 }).split("\n");
  assertEquals(lines.slice(0, 3), ["○ t0", "▼ t1", "▼ t2"]);
  assertEquals(lines.slice(19), ["▼ t19", ""]);
});

Deno.test("lines of many tasks cross only where they are interrupted", () => {
  assertEquals(
    draw(pictures["monorepo"]!, { width: 80 }),
    drawing`
      ○ ci
      ├─► web:test
      │ ▼─╮ web:build
      ├─► │ api:test
      │ ▼─┤ api:build
      │   ├─►─╮ gen
      ├─►─┤   │ lib:test
      │   ╰─►─┤ lib:build
      ╰─►─────┤ lint
              ▼ install
    `,
  );
});

Deno.test("thirty tasks in five layers stay narrow", () => {
  assertEquals(
    draw(pictures["30 tasks in 5 layers"]!, { width: 80 }),
    drawing`
      ○ l0n0
      ▼ l1n0
      ▼─╮ l2n1
      ○─│─╮ l0n2
      ○─│─┤ l0n4
        │ ├─►─╮ l1n4
        │ ╰─►─┤ l1n2
        │     ├─► l2n3
        │     │ ▼─╮ l3n5
        │     ╰─► │ l2n5
        ├───────┼─│─► l3n1
        │       │ ├─┼─► l4n4
        │       │ ╰─┴─► l4n2
        ╰───────┴─► l3n3
                  ▼ l4n0

      ○─╮ l0n1
      ○─┤ l0n5
        ├─►─╮ l1n5
        ╰─►─┤ l1n1
            ├─►─╮ l2n2
            ╰─► │ l2n0
              ▼─│─╮ l3n2
      ○         │ │ l0n3
      ▼         │ │ l1n3
      ▼─────────┤ │ l2n4
                ├─│─► l3n0
                │ │ ▼ l4n3
                ╰─│─► l3n4
                  ├─┼─► l4n1
                  ╰─┴─► l4n5
    `,
  );
});

Deno.test("what all need of all is one line", () => {
  assertEquals(
    draw(picture("a -> x y z; b -> x y z; c -> x y z"), {}),
    drawing`
      ○─╮ a
      ○─┤ b
      ○─┤ c
        ├─► x
        ├─► y
        ╰─► z
    `,
  );
});

Deno.test("room is left for tasks below that feed the same line", () => {
  assertEquals(
    draw(picture("all -> a d; a -> b c setup; b -> setup; c -> setup; d -> setup"), {}),
    drawing`
      ○ all
      ├─►───╮ a
      │ ├─►─┤ b
      │ ╰─►─┤ c
      ╰─►───┤ d
            ▼ setup
    `,
  );
});

Deno.test("two hundred targets take three columns", () => {
  for (const name of ["200 deps", "200 deps of one setup"]) {
    const lines = draw(pictures[name]!, { width: 80 }).trimEnd().split("\n");
    assertEquals(lines.length, pictures[name]!.nodes.length);
    assert(lines.every((line) => line.length <= 12), name);
  }
});

Deno.test("parts and hooks have lines of their own, and a legend when they occur", () => {
  assertEquals(
    draw(pictures["every kind"]!, { width: 80 }),
    drawing`
      ○ ci
      ╟─► lint
      ╟─►─◦ test
      ╙─┴─┊─►─╮ build
          ◦─◦─│─► clean (pre)
          ◦─► │ report (post)
      ○       │ api
      ╟─►─────┤ api.lint
      ║       ▼ gen
      ╙─► api.test

      ├─► deps   ╟─► item or member   ◦─► pre or post
    `,
  );
  assertEquals(draw(picture("a -> item=b"), {}), "○ a\n╙─► b\n\n╟─► item or member\n");
});

Deno.test("a task that runs before one and after another says of which", () => {
  assertEquals(
    draw(picture("a -> pre=x; b -> post=x"), { unicode: false }),
    drawing`
      *-o a
      *-o b
        o-> x (pre of a; post of b)

      o-> pre or post
    `,
  );
  assertEquals(draw(picture("a -> pre=x post=x"), {}).split("\n")[1], "◦─► x (pre, post)");
});

Deno.test("without Unicode every character is ASCII", () => {
  assertEquals(
    draw(pictures["every kind"]!, { width: 80, unicode: false }),
    String.raw`* ci
#-> lint
#->-o test
#-'-:->-. build
    o-o-|-> clean (pre)
    o-> | report (post)
*       | api
#->-----+ api.lint
"       v gen
#-> api.test

+-> deps   #-> item or member   o-> pre or post
`,
  );
  for (const [name, sample] of Object.entries(pictures)) {
    if (name === "unicode" || name === "hostile") continue;
    for (const width of [80, 30]) {
      assert(/^[\n\x20-\x7e]*$/.test(draw(sample, { unicode: false, width })), name);
    }
  }
});

Deno.test("a name that does not fit goes on in the next line, beside the lanes", () => {
  assertEquals(
    draw(picture(`top -> ${"long-".repeat(8)}left b`), { width: 40 }),
    drawing`
      ○ top
      ├─► long-long-long-long-long-long-long-l
      │   ong-left
      ╰─► b
    `,
  );
});

Deno.test("lanes run on beside a wrapped name, also with free columns between them", () => {
  const name = "a-".repeat(15);
  assertEquals(
    draw(picture(`all -> ${name} d; ${name} -> b c s; b -> s; c -> s; d -> s`), { width: 32 }),
    drawing`
      ○ all
      ├─►───╮ a-a-a-a-a-a-a-a-a-a-a-a-
      │ │   │ a-a-a-
      │ ├─►─┤ b
      │ ╰─►─┤ c
      ╰─►───┤ d
            ▼ s
    `,
  );
});

Deno.test("no line is wider than the terminal, wide characters counted twice", () => {
  const wide = picture(`${"構築".repeat(30)} -> ${"🚀".repeat(50)} e\u0301${"한글".repeat(30)}`);
  const samples = { ...pictures, wide };
  for (const [name, sample] of Object.entries(samples)) {
    for (const width of [60, 80, 120]) {
      const widths = draw(sample, { width }).split("\n").map(textWidth);
      assert(Math.max(...widths) <= width, `${name}: ${Math.max(...widths)} > ${width}`);
    }
  }
});

Deno.test("an edge that finds no column is written beside its task", () => {
  const text = draw(pictures["30 tasks in 5 layers"]!, { width: 12 });
  assert(/\[deps:\s/.test(text));
  assertEquals(draw(picture("a -> b; b -> a"), {}), "○ a\n▼ b [deps: a]\n");
  assertEquals(draw(picture("a -> a"), {}), "○ a [deps: a]\n");
});

Deno.test("colour changes nothing but colour", () => {
  for (const [name, sample] of Object.entries(pictures)) {
    for (const unicode of [true, false]) {
      const colored = draw(sample, { width: 80, unicode, color: true });
      // deno-lint-ignore no-control-regex
      assertEquals(colored.replace(/\x1b\[\d*m/g, ""), draw(sample, { width: 80, unicode }), name);
    }
  }
  assert(draw(pictures["readme"]!, { color: true }).includes("\x1b["));
});

Deno.test("the order of the rows is that of the picture, not of the alphabet (lesson 20)", () => {
  assertEquals(draw(picture("t -> b a10 a9 ä Z"), {}).match(/(?<=► ).*/g), [
    "b",
    "a10",
    "a9",
    "ä",
    "Z",
  ]);
});

Deno.test("the drawing shows every edge once and no other, in 500 random graphs", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const sample = randomPicture(seed);
    const edges = expected(sample);
    for (const width of [undefined, 80, 30, 12]) {
      for (const [unicode, alphabet] of [[true, boxes], [false, plain]] as const) {
        const text = draw(sample, { unicode, ...(width !== undefined && { width }) });
        const where = `seed ${seed}, width ${width}:\n${text}`;
        try {
          assertEquals(trace(text, alphabet), edges);
        } catch (error) {
          throw new Error(where, { cause: error });
        }
        assertEquals(text.match(/ n\d+(?=$| [([])/gm)?.length ?? 0, sample.nodes.length);
      }
    }
  }
});

Deno.test("reading a drawing back finds a line that was changed", () => {
  const tampered: readonly (readonly [string, Alphabet])[] = [
    ["○ n0\n├─► n1\n╰─► n2\n", boxes],
    ["○ n0\n├─►─╮ n1\n╰─►─┤ n2\n    ▼ n3\n", boxes],
    ["* n0\n+->-. n1\n`->-+ n2\n    v n3\n", plain],
  ];
  assertEquals(tampered.map(([text, alphabet]) => trace(text, alphabet).length), [2, 4, 4]);
  assertEquals(trace("○ n0\n├─►─╮ n1\n╰─►─│ n2\n    ▼ n3\n", boxes).length, 3);
  assertThrows(() => trace("○ n0\n├─► n1\n  ► n2\n", boxes));
  assertThrows(() => trace("○ n0\n├ ► n1\n╰─► n2\n", boxes));
  assertThrows(() => trace("○ n0\n├─►─╮ n1\n╰─►─┤ n2\n  ▼ n3\n", boxes));
});

Deno.test("a graph of 2,000 tasks is drawn, one row each", () => {
  const random = generator(7);
  const nodes = Array.from({ length: 2000 }, (_, at) => `n${at}`);
  const lines = nodes.map((name, at) => {
    const targets = [1, 2].map(() => at + 1 + Math.floor(random() * 40)).filter((to) => to < 2000);
    return `${name} -> ${[...new Set(targets)].map((to) => `n${to}`).join(" ")}`;
  });
  const sample = picture(lines.join("\n"));
  const text = draw(sample, {});
  assertEquals(text.match(/ n\d+(?=$| \[)/gm)?.length, 2000);
  assertEquals(trace(text, boxes), expected(sample));
});

/** Edges as `trace` reports them. */
function expected(sample: Picture): readonly string[] {
  const all = sample.edges.map(({ from, to, kind }) => `${from} ${strokeOf(kind)} ${to}`);
  return [...new Set(all)].sort();
}

/** Up to 12 tasks in any order, sparse or dense, of one kind of edge or all. */
function randomPicture(seed: number): Picture {
  const random = generator(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const size = 1 + below(12);
  const density = random() * random();
  const kinds: readonly EdgeKind[] = seed % 2 === 0
    ? ["deps"]
    : ["deps", "deps", "item", "member", "pre", "post"];
  const names = Array.from({ length: size }, (_, at) => `n${at}` as TaskId);
  const order = names.map((name) => ({ name, key: random() })).sort((a, b) => a.key - b.key);
  const edges: Edge[] = [];
  order.forEach(({ name: from }, at) => {
    for (const { name: to } of order.slice(at + 1)) {
      if (random() < density) edges.push({ from, to, kind: kinds[below(kinds.length)]! });
      if (random() < density / 8) edges.push({ from, to, kind: kinds[below(kinds.length)]! });
    }
  });
  return { nodes: names.map((id) => ({ id, kind: "task" })), edges };
}

/** Numbers from 0 to 1, the same for the same seed on every machine. */
function generator(seed: number): () => number {
  let state = seed * 2654435761 >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 1 | state) + 0x6d2b79f5) >>> 0;
    return ((state ^ (state >>> 14)) >>> 0) / 4294967296;
  };
}
