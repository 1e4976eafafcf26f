/**
 * The JSON Schema, by a real validator: it accepts what the loader accepts, and refuses properties
 * and kinds that the loader refuses.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { Ajv } from "ajv";
import { parse } from "smol-toml";
import { settingsSchema } from "../../../../src/cli/settings.ts";
import { PROPERTIES } from "../../../../src/source/spec/property.ts";
import { schema } from "../../../../src/source/spec/schema.ts";
import cases from "../../../cli/toml_cases.json" with { type: "json" };
import { project } from "../../../rig/planning.ts";

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const validate = ajv.compile(schema(settingsSchema()) as Record<string, unknown>);

function accepts(toml: string): boolean {
  return validate(parse(toml));
}

interface Case {
  readonly id: string;
  readonly files: Readonly<Record<string, unknown>>;
  readonly problem?: string;
}

/** What only the loader can know: it is about texts, files, or two places. */
const LOADER = /^(?!E_(?:PROP|KIND)_)/;

for (const { id, files, problem } of cases as unknown as readonly Case[]) {
  const texts = Object.entries(files).filter(([name]) => name.endsWith(".toml"));
  if (problem === "E_TOML") continue;
  if (problem === undefined) {
    Deno.test(`${id}: a case without a problem is accepted`, () => {
      for (const [name, text] of texts) {
        assert(
          accepts(String(text)),
          `${name}\n${text}\n${JSON.stringify(validate.errors, null, 1)}`,
        );
      }
    });
  } else if (!LOADER.test(problem)) {
    Deno.test(`${id}: ${problem} is refused`, () => {
      assert(texts.some(([, text]) => !accepts(String(text))), JSON.stringify(files));
    });
  }
}

Deno.test("the schema agrees with the loader about every property at every level", async () => {
  const samples: Readonly<Record<string, readonly string[]>> = {
    command: ['"p"', "[1]", "5"],
    shell: ['"p"', '["p"]'],
    string: ['"x"', "5", "[]"],
    boolean: ["true", '"true"', "1"],
    number: ["2", "0", "true"],
    strings: ['["x"]', '"x"', "[1]", "5"],
    "string-array": ['["x"]', "[1]", "5"],
    items: ["[]", "5", "[{ cmd = 'p' }]", "[{ cmd = 'p', shell = 'p' }]", "[{ env = {} }]"],
    references: ["[]", "5", "[1]", "[{ use = 'b', x = 1 }]", "[{ env = {} }]"],
    env: ["{ A = 1 }", "{ A = [] }", '{ A = { value = "x", secret = true } }', "{ A = { x = 1 } }"],
    envfile: ['"x"', "5", '[{ path = "x", override = true }]', "[{ override = true }]"],
    args: ['["x"]', "[1]", '[{ name = "n", type = "integer" }]', '[{ type = "integer" }]'],
    options: ['{ x = "y" }', "{ x = 1 }", "{ x = { nope = 1 } }"],
    duration: ['"5s"', '"1m30s"', "3", "0", '"soon"', '""'],
    retries: ["2", "{ max = 1 }", "-1", "{ delay = 1 }", "{ max = 1, x = 1 }"],
    limits: ["{ a = 1 }", "{ a = 0 }", "5"],
    result: ['"print"', '"show"', "5"],
    platform: ['"any"', '"linux"'],
    interpreter: ['"bash"', '"fish"', '["sh", "-ec"]', '["fish", "-c"]', '["", "-c"]', "[]"],
  };
  const disagreements: string[] = [];
  for (const { name, type } of PROPERTIES) {
    for (const value of samples[type]!) {
      for (
        const text of [
          `[tasks.a]\ncmd = "p"\ninputs = []\n${name} = ${value}\n`,
          `[tasks.a]\ntasks = []\n${name} = ${value}\n`,
          `[tasks.a]\nb = "p"\n${name} = ${value}\n`,
          `[tasks.a]\ntasks = [{ cmd = "p", ${name} = ${value} }]\n`,
        ]
      ) {
        // Two of a kind, or a key twice, are no TOML.
        if (["cmd", "tasks", "inputs"].includes(name)) continue;
        const { problems } = await project(text);
        const refused = problems.filter(({ code }) => /^E_(PROP|KIND|ENV|TASK|GROUP)/.test(code));
        if (accepts(text) !== (refused.length === 0)) {
          disagreements.push(
            `${text}schema ${accepts(text)}, loader ${refused.map((p) => p.code)}`,
          );
        }
      }
    }
  }
  assertEquals(disagreements, []);
});

Deno.test("settings and pyproject.toml are covered", () => {
  for (
    const [text, right] of [
      ["[ntask]\njobs = 4\nkeep_going = true\n", true],
      ["[ntask]\njob = 4\n", false],
      ["[ntask]\njobs = 'x'\n", false],
      ["[ntask]\nkill_grace = '5s'\nx-mine = 1\n", true],
      ["[tool.ntask]\njobs = 4\n[tool.ntask.tasks]\na = 'p'\n", true],
      ["[tool.ntask]\njob = 4\n", false],
      ["[tool.ntask.tasks]\na = 5\n", false],
      ["[project]\nname = 'x'\n[tool.other]\nx = 1\n", true],
      ["[tasks]\n1 = 'p'\n", false],
      ["[tasks]\n'a b' = 'p'\n", false],
      ["[tasks]\n'ä:b' = 'p'\n", true],
      ["[tasks.g]\nclean = 'p clean'\n", true],
    ] as const
  ) assertEquals(accepts(text), right, text);
});

Deno.test("every property tells an editor what it is for", () => {
  const text = JSON.stringify(schema(settingsSchema()));
  for (const { help } of PROPERTIES) assert(text.includes(JSON.stringify(help)), help);
});
