/**
 * Pictures to draw, each with something a drawing can get wrong, and a short way to write more.
 *
 * @module
 */

import type { Edge, EdgeKind, Picture } from "../../../../src/model/graph.ts";
import type { TaskId } from "../../../../src/model/id.ts";

type Node = Picture["nodes"][number];

/**
 * A picture from lines `task -> target kind:target`, in that order; the kind is `deps` unless
 * written. Tasks that only occur as targets follow the others.
 */
export function picture(text: string): Picture {
  const names = new Set<string>();
  const edges: Edge[] = [];
  for (const line of text.split(/[;\n]/).map((part) => part.trim()).filter((part) => part !== "")) {
    const [from = "", targets = ""] = line.split(/\s*->\s*/);
    names.add(from);
    for (const word of targets.split(/\s+/).filter((part) => part !== "")) {
      const [, kind = "deps", to = ""] = /^(?:(deps|item|pre|post|member)=)?(.*)$/.exec(word) ?? [];
      edges.push({ from: from as TaskId, to: to as TaskId, kind: kind as EdgeKind });
    }
  }
  for (const edge of edges) names.add(edge.to);
  const kindOf = (name: string): Node["kind"] => {
    const kinds = edges.filter((edge) => edge.from === name).map((edge) => edge.kind);
    return kinds.includes("member") ? "group" : kinds.includes("item") ? "composite" : "task";
  };
  const nodes = [...names].map((name) => ({ id: name as TaskId, kind: kindOf(name) }));
  return { nodes, edges };
}

/** A picture of tasks without edges. */
export function loose(names: readonly string[]): Picture {
  return { nodes: names.map((name) => ({ id: name as TaskId, kind: "task" })), edges: [] };
}

/** Names that mean something to a format, a terminal or a parser. */
export const hostileNames: readonly string[] = [
  "end",
  "graph",
  "subgraph",
  "style:a#b;",
  "default",
  "click",
  "a b",
  "a.b",
  "a_b",
  "a:b",
  "a-->b",
  'say "hi"',
  "it's",
  "back\\slash\\",
  "back\\",
  "\\N",
  "<b>&amp;</b>",
  "]]>",
  "</text><script>alert(1)</script>",
  "[remote]",
  "`code`",
  "**bold**",
  "%%{init: {}}%%",
  "#quot;",
  "$(rm)",
  "new\nline",
  "carriage\rreturn",
  "\x1b[31mred",
  "nul\0",
  "bell\x07",
  "c1\x9b31m",
  "line\u2028separator",
  "left\u202eright",
  "lone\ud800surrogate",
  "not\uffffcharacter",
  "__proto__",
  "constructor",
  "toString",
  "",
  "   ",
  "-",
  "1. list",
  "│",
  "►",
];

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Every sample by a name for messages. */
export const pictures: Readonly<Record<string, Picture>> = {
  empty: loose([]),
  single: loose(["build"]),
  "no edges": loose(["a", "b", "c"]),
  readme: picture("lint; test; build -> lint; release -> lint test build"),
  diamond: picture("top -> left right; left -> bottom; right -> bottom"),
  "two components": picture("a -> b c; x -> y; lone; other"),
  "chain of 20": picture(numbers(19).map((at) => `t${at} -> t${at + 1}`).join(";")),
  "200 deps": picture(`all -> ${numbers(200).map((at) => `dep${at}`).join(" ")}`),
  "200 deps of one setup": picture(
    `all -> ${numbers(200).map((at) => `dep${at}`).join(" ")}
    ${numbers(200).map((at) => `dep${at} -> setup`).join("\n")}`,
  ),
  "all of six need all of six": picture(
    numbers(6).map((at) => `top${at} -> ${numbers(6).map((to) => `low${to}`).join(" ")}`).join(";"),
  ),
  "30 tasks in 5 layers": picture(
    numbers(24).map((at) => {
      const [layer, place] = [Math.floor(at / 6), at % 6];
      const to = (step: number) => `l${layer + 1}n${(place * step + layer) % 6}`;
      return `l${layer}n${place} -> ${to(1)} ${to(5)}`;
    }).join(";"),
  ),
  monorepo: picture(`
    ci -> web:test api:test lib:test lint
    web:test -> web:build
    api:test -> api:build
    web:build -> lib:build gen
    api:build -> lib:build gen
    lib:test -> lib:build
    lib:build -> install
    gen -> install
    lint -> install
  `),
  "every kind": picture(`
    ci -> item=lint item=test item=build
    test -> build pre=clean post=report
    build -> gen pre=clean
    api -> member=api.lint member=api.test
    api.lint -> gen
  `),
  "the same two tasks, every kind": picture(
    "a -> b item=b member=b pre=b post=b",
  ),
  "a cycle, which a graph never has": picture("a -> b; b -> c a; c -> c; d -> a"),
  unicode: picture("构建 -> 测试 größe 🚀deploy; 测试 -> é; 🚀deploy -> é"),
  "long names": picture(
    `${"very-long-".repeat(12)}top -> ${"long-".repeat(30)}left ${"long-".repeat(30)}right b`,
  ),
  hostile: {
    nodes: hostileNames.map((name, at) => ({
      id: name as TaskId,
      kind: (["task", "group", "composite"] as const)[at % 3]!,
      help: name,
    })),
    edges: hostileNames.slice(1).map((name, at) => ({
      from: hostileNames[at] as TaskId,
      to: name as TaskId,
      kind: (["deps", "item", "pre", "post", "member"] as const)[at % 5]!,
    })),
  },
};
