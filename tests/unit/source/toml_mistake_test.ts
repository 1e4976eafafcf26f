import { assertEquals } from "@std/assert";
import { parse, TomlError } from "smol-toml";
import type { AbsolutePath } from "../../../src/model/id.ts";
import { tomlMistake } from "../../../src/source/toml_mistake.ts";

const FILE = "/p/tasks.toml" as AbsolutePath;

async function mistakeIn(text: string) {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof TomlError) return await tomlMistake(FILE, text, error);
  }
  throw new Error("it is TOML");
}

/** A text, what stands in it twice, and where it does first. */
const TWICE: readonly (readonly [text: string, name: string, first: string])[] = [
  ['[tasks]\na = "x"\nb = "y"\na = "z"\n', "a", 'a = "x"'],
  ['[tasks.a]\ncmd = "x"\n[tasks.b]\n[tasks.a]\n', "a", "a]\ncmd"],
  ["[tasks]\na.b = 1\na = 2\n", "a", "a.b"],
  ['[tasks]\n"a b" = 1\n"a b" = 2\n', "a b", '"a b" = 1'],
  ["[tasks]\n'a=b' = 1\n'a=b' = 2\n", "a=b", "'a=b' = 1"],
  ['[tasks]\na = """\nb = 1\n"""\nb = 1\nb = 2\n', "b", "b = 1\nb = 2"],
  ["a = 1\n\n# a = 3\n  a = 2\n", "a", "a = 1"],
  ['[a]\nk = 1\n[b]\nx = [\n["a"],\n]\nk = 2\nk = 3\n', "k", "k = 2"],
  ["[a]\nk = 1\n[b]\nx = '''\n[a]\n'''\nk = 2\nk = 3\n", "k", "k = 2"],
];

for (const [text, name, first] of TWICE) {
  Deno.test(`what stands twice is shown at both places: ${JSON.stringify(text)}`, async () => {
    const { detail, otherPlace } = await mistakeIn(text);
    assertEquals(detail, `${JSON.stringify(name)} stands here twice`);
    const offset = text.indexOf(first);
    const length = /^(?:"[^"]*"|'[^']*'|[^\s.\]=]+)/.exec(first)![0].length;
    assertEquals(otherPlace, { file: FILE, offset, length });
  });
}

Deno.test("where the first place is not certain the parser's words stand", async () => {
  const { detail, otherPlace } = await mistakeIn("a = { b = 1, b = 2 }\n");
  assertEquals([detail, otherPlace], ["trying to redefine an already defined value", undefined]);
});
