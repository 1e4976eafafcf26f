import { assert, assertEquals } from "@std/assert";
import { draw } from "../../../../src/report/draw/mermaid.ts";
import { hostileNames, loose, picture, pictures } from "./pictures.ts";

Deno.test("a flowchart has a line for each task and each edge", () => {
  assertEquals(
    draw(pictures["diamond"]!, {}),
    `flowchart TD
  t_top["top"]
  t_left["left"]
  t_right["right"]
  t_bottom["bottom"]
  t_top --> t_left
  t_top --> t_right
  t_left --> t_bottom
  t_right --> t_bottom
`,
  );
  assertEquals(draw(loose([]), {}), "flowchart TD\n");
});

Deno.test("parts are thick, hooks dotted and labelled, and a legend says so", () => {
  assertEquals(
    draw(picture("ci -> item=a pre=b post=c; g -> member=a"), {}),
    `flowchart TD
  t_ci[["ci"]]
  t_g(["g"])
  t_a["a"]
  t_b["b"]
  t_c["c"]
  t_ci ==> t_a
  t_ci -.->|pre| t_b
  t_ci -.->|post| t_c
  t_g ==> t_a
  subgraph legend
    direction LR
    l_parts[" "] ==>|"item or member"| r_parts[" "]
    l_hooks[" "] -.->|"pre or post"| r_hooks[" "]
  end
`,
  );
});

Deno.test("names that differ only in signs get ids of their own, keywords are no ids", () => {
  const ids = [
    ...draw(loose(["a.b", "a:b", "a_b", "a_b_2", "end"]), {}).matchAll(/^ {2}(\w+)\[/gm),
  ];
  assertEquals(ids.map((match) => match[1]), ["t_a_b", "t_a_b_2", "t_a_b_3", "t_a_b_2_2", "t_end"]);
});

Deno.test("no name leaves its quotes", () => {
  for (const line of draw(loose(hostileNames), {}).split("\n").slice(1, -1)) {
    const label = /^ {2}t_\w*\["([^"]+)"\]$/.exec(line)?.[1];
    assert(label !== undefined, line);
    assert(!/[<>&`\\{}]/.test(label), line);
  }
});
