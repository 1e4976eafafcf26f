import { assert, assertEquals } from "@std/assert";
import type { Param, ParamType, Scalar, Signature } from "../../../../src/model/param.ts";
import { bind } from "../../../../src/source/signature/bind.ts";
import { printArguments } from "../../../../src/source/signature/print.ts";
import { read } from "./_reading.ts";

async function printed(params: string, values: Record<string, unknown>): Promise<string[]> {
  const module = await read(
    `import { task } from "ntask"; export const t = task((${params}) => {});`,
  );
  return printArguments(module.exports[0]!.signature!, values);
}

Deno.test("what was given is printed as a person would type it", async () => {
  const params = "version: string, dryRun = false, color = true, ...files: string[]";
  assertEquals(await printed(params, { version: "1.0.0", dryRun: true, color: false }), [
    "1.0.0",
    "--dry-run",
    "--no-color",
  ]);
  assertEquals(await printed(params, { version: "1", files: ["a", "b"] }), ["1", "a", "b"]);
  assertEquals(await printed(params, {}), []);
});

Deno.test("behind a gap positions become options", async () => {
  assertEquals(await printed("a = '', b = 0, c: string[] = []", { b: 4, c: ["x", "y"] }), [
    "--b=4",
    "--c=x",
    "--c=y",
  ]);
});

Deno.test("a value that begins with a dash is printed as an option, a negative number is not", async () => {
  assertEquals(await printed("a: string, b: number", { a: "-x", b: -5 }), ["-5", "--a=-x"]);
});

/** A small seeded generator: the same cases on every machine. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const STRINGS = [
  ..."a|b c||-|--|---|-x|--dry-run|--help|-5|-.5|-5x|k=v|=|--a=b|true|false|no|ü🙂|\n|\t|'\"|$X|*|\\|undefined|NaN"
    .split("|"),
  "x".repeat(300),
];
const NUMBERS = [0, -0, 1, -1, 0.1, -2.5, 1e21, -1e-7, 5e-324, 1.7976931348623157e308, 2 ** 53];
const CHOICES = ["dev", "prod", "-x", "--", "", 1, -2, 0.5, true, false, "a=b"];

/** A signature and values for some of its parameters, as random as the seed says. */
function randomCase(
  random: () => number,
): { signature: Signature; values: Record<string, unknown> } {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const chance = (share: number) => random() < share;

  const params: Param[] = [];
  const values: Record<string, unknown> = {};
  for (let index = below(6); index >= 0; index--) {
    const kinds = ["string", "number", "integer", "bigint", "boolean", "choice"] as const;
    const kind = pick(kinds);
    const type: ParamType = kind === "choice"
      ? { kind, choices: CHOICES.filter(() => chance(0.6)).concat("last") }
      : { kind };
    const many = kind !== "boolean" && chance(0.3);
    const camel = chance(0.5);
    params.push({
      name: camel ? `someName${index}` : `p${index}`,
      option: camel ? `some-name${index}` : `p${index}`,
      type,
      many,
      rest: false,
      positional: chance(kind === "boolean" ? 0.2 : 0.6),
      required: chance(0.3),
      negatable: chance(0.7),
      ...(chance(0.3) && { short: "abcdefg"[index]! }),
    });
  }
  for (const { name, type, many, required } of params) {
    if (!required && chance(0.4)) continue;
    const value = () => valueFor(type);
    values[name] = many ? Array.from({ length: 1 + below(3) }, value) : value();
  }
  return { signature: { params, shape: [] }, values };

  function valueFor(type: ParamType): Scalar {
    switch (type.kind) {
      case "string":
        return pick(STRINGS);
      case "number":
        return chance(0.5) ? pick(NUMBERS) : (random() - 0.5) * 10 ** below(20);
      case "integer":
        return below(2 ** 31) - 2 ** 30;
      case "bigint":
        return BigInt(below(2 ** 31) - 2 ** 30) ** BigInt(1 + below(5));
      case "boolean":
        return chance(0.5);
      case "choice":
        return pick(type.choices);
    }
  }
}

Deno.test("property: what is printed binds to the same values", () => {
  for (let seed = 0; seed < 1000; seed++) {
    const { signature, values } = randomCase(mulberry(seed));
    const words = printArguments(signature, values);
    const isGlobal = () => "flag" as const;
    const outcome = bind({ task: "t", signature, words, isGlobal });
    const shown = () => `seed ${seed}: ${JSON.stringify(words)} for ${JSON.stringify(signature)}`;
    assert(outcome.ok, outcome.ok ? "" : `${shown()} ${JSON.stringify(outcome.problems)}`);
    assertEquals(outcome.value.globals, [], shown());
    assertEquals(outcome.value.values, values, shown());
  }
});
