import { assertEquals } from "@std/assert";
import type { Place } from "../../../../src/model/place.ts";
import {
  argumentName,
  argumentUses,
  checkPlaceholders,
  everyUse,
  type Part,
  scanText,
} from "../../../../src/source/spec/placeholder.ts";

/** Parts in a short notation: `<args.0>`, `<args|default parts>`, `$<X>`, `$<X|default>`. */
function show(parts: readonly Part[]): string {
  return parts.map((part) => {
    if (part.kind === "literal") return part.text;
    if (part.kind === "variable") {
      return `$<${part.name}${part.default === undefined ? "" : `|${part.default}`}>`;
    }
    const { head } = part;
    const name = head.kind === "args"
      ? "args"
      : head.kind === "position"
      ? `args.${head.index}`
      : head.kind === "option"
      ? `args.${head.name}`
      : `${head.kind}.${head.name}`;
    return `<${name}${part.default === undefined ? "" : `|${show(part.default.parts)}`}>`;
  }).join("");
}

const SCANS: readonly (readonly [text: string, shown: string])[] = [
  ["", ""],
  ["plain", "plain"],
  ["a{args}b", "a<args>b"],
  ["{args.0}{args.12}", "<args.0><args.12>"],
  ["{args.port}{args._a-b}", "<args.port><args._a-b>"],
  ["{env.HOME}{task.name}{ntask.root}", "<env.HOME><task.name><ntask.root>"],
  ["{args:}", "<args|>"],
  ["{args.0:a b}", "<args.0|a b>"],
  ["{args.0:a:b}", "<args.0|a:b>"],
  // Defaults: braces balance, escaped ones are single, substitutions nest.
  ["{args.0:{}}", "<args.0|{}>"],
  ["{args.0:a{b}c}d", "<args.0|a{b}c>d"],
  ["{args.0:\\}}", "<args.0|}>"],
  ["{args.0:\\{}", "<args.0|{>"],
  ["{args.0:\\{args\\}}", "<args.0|{args}>"],
  ["{args:{env.T:tests}}", "<args|<env.T|tests>>"],
  ["{args.0:{args.1:{args.2:x}}}", "<args.0|<args.1|<args.2|x>>>"],
  ["{args.0:${X:-y}}", "<args.0|$<X|y>>"],
  ["{args.0:\\${X}}", "<args.0|${X}>"],
  ["{args.0:a", "{args.0:a"],
  ["{args:{env.X}", "{args:<env.X>"],
  // Variables.
  ["${X}", "$<X>"],
  ["${X:-}", "$<X|>"],
  ["${X:-a b{c}", "$<X|a b{c>"],
  ["${args}", "$<args>"],
  ["${args:-d}", "$<args|d>"],
  // Whatever does not match is literal.
  ["{print $1}", "{print $1}"],
  ["{{.Names}}", "{{.Names}}"],
  ['{"a":1}', '{"a":1}'],
  [
    "{args.}{task}{args.x.y}{env.A-B}{ args}{Args}",
    "{args.}{task}{args.x.y}{env.A-B}{ args}{Args}",
  ],
  ["${x[@]}$HOME${1}${X:?y}", "${x[@]}$HOME${1}${X:?y}"],
  ["{{args}}", "{<args>}"],
  // Escapes work directly before a substitution and nowhere else.
  ["\\{args}\\${X}", "{args}${X}"],
  ["\\{args.0:{x}}y", "{args.0:{x}}y"],
  ["\\{x}\\a\\\\", "\\{x}\\a\\\\"],
  ["\\\\{args}", "\\{args}"],
];

Deno.test("scanText finds the substitutions of the grammar and leaves the rest alone", () => {
  for (const [text, shown] of SCANS) assertEquals(show(scanText(text)), shown, text);
});

Deno.test("scanText gives the offsets of what it finds, in defaults too", () => {
  const [, outer] = scanText("ab{args.0:x{env.Y}}");
  assertEquals(outer?.kind, "placeholder");
  if (outer?.kind !== "placeholder") return;
  assertEquals([outer.offset, outer.length], [2, 17]);
  assertEquals(outer.default?.offset, 10);
  const inner = outer.default?.parts[1];
  assertEquals(inner?.kind === "placeholder" && [inner.offset, inner.length], [11, 7]);
});

Deno.test("an unknown name under task. or ntask. is E_PLACEHOLDER with the nearest one", () => {
  const file = "/p/tasks.toml" as Place["file"];
  const place: Place = { file, path: ["tasks", "a", "cmd"] };
  const at = (offset: number, length: number): Place => ({
    file,
    path: ["tasks", "a", "cmd"],
    within: [offset, length],
  });
  const parts = scanText("p {task.nmae} {args.0:{ntask.exe}{ntask.roof}} {task.cwd} {task.zzz}");
  assertEquals(checkPlaceholders(parts, "a", place), [
    {
      code: "E_PLACEHOLDER",
      task: "a",
      place: at(2, 11),
      text: "{task.nmae}",
      near: ["{task.name}"],
    },
    {
      code: "E_PLACEHOLDER",
      task: "a",
      place: at(33, 12),
      text: "{ntask.roof}",
      near: ["{ntask.root}"],
    },
    { code: "E_PLACEHOLDER", task: "a", place: at(58, 10), text: "{task.zzz}", near: [] },
  ]);
});

Deno.test("argumentUses tells which arguments have defaults and which stand in one", () => {
  const uses = argumentUses(
    scanText("{args.0} {args.a_b:x{args.1}} {env.X:{args.c}} {args:{args}} \\{args.9}"),
  );
  assertEquals(
    [...everyUse(uses)].map((use) => [
      argumentName(use.argument),
      use.hasDefault,
      use.inDefault,
    ]),
    [
      ["{args.0}", false, false],
      ["--a-b", true, false],
      ["{args.1}", false, true],
      ["--c", false, true],
      ["{args}", true, false],
      ["{args}", false, true],
    ],
  );
  assertEquals(uses[1]?.fallback.map((use) => argumentName(use.argument)), ["{args.1}"]);
});

Deno.test("scanText survives a long run of braces that never close", () => {
  const text = "{args:".repeat(2000);
  assertEquals(show(scanText(text)), text);
});
