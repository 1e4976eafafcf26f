/**
 * Whatever is written in a condition, parsing gives an expression or coded problems that point into
 * the text, and evaluating gives a truth or `E_COND_OP`.
 *
 * @module
 */

import { assert } from "@std/assert";
import type { AbsolutePath } from "../../src/model/id.ts";
import { evaluate, type Expression, parseCondition } from "../../src/source/spec/condition.ts";

const PIECES = [
  ...["os_name", "sys_platform", "platform_release", "platform_version", "python_version"],
  ...["python_full_version", "os.name", "files", "extra", "CI", "3.8", "3.*", "and", "or", "in"],
  ...["not", "not in", "==", "!=", "<", "<=", ">", ">=", "~=", "===", "=", "!", "&&", "||"],
  ...["(", ")", "((", "))", "'", '"', "''", "'3.8'", '"3.11.*"', "'posix'", "'src/*.py'", "'a b'"],
  ...[" ", "  ", "\t", "\n", "\\", "\0", "😀", "\ud800", "é", ".", ",", ";", "[", "$", "{", "#"],
];

const CODES = ["E_COND_SYNTAX", "E_COND_VAR", "E_COND_OP", "E_COND_FILES"];

const VALUES = ["", "posix", "3.11", "3.11.1+", "6.8.0-45-generic", "10"];

Deno.test("5,000 random texts are expressions or problems, and never a crash", async () => {
  const random = generator(20_240_601);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  let sound = 0;
  for (let round = 0; round < 5_000; round++) {
    const text = round % 3 === 0 ? grown(pick, random) : scattered(pick, random);
    const length = await judge(text, () => pick(VALUES), () => random() < 0.5);
    if (length > 0) sound++;
  }
  // Else the grower grew nothing, and only half of the promise was tried.
  assert(sound > 1_000, `${sound} texts were sound`);
});

/** The number of comparisons; 0 when the text has problems. */
async function judge(text: string, value: () => string, found: () => boolean): Promise<number> {
  const shown = JSON.stringify(text);
  const place = { file: "/p/tasks.toml" as AbsolutePath, path: ["tasks", "t", "condition"] };
  const parsed = parseCondition(text, { place });
  if (!parsed.ok) {
    assert(parsed.problems.length > 0, shown);
    for (const problem of parsed.problems) {
      assert(CODES.includes(problem.code), `${shown}: ${problem.code}`);
      const { place } = problem;
      if (place === undefined || !("path" in place) || place.within === undefined) {
        throw new Error(`${shown}: ${problem.code} points at nothing`);
      }
      const [offset, length] = place.within;
      assert(offset >= 0 && length >= 0 && offset + length <= text.length, shown);
    }
    return 0;
  }
  const outcome = await evaluate(parsed.expression, { value, exists: found, glob: found });
  if (outcome.ok) assert(typeof outcome.value === "boolean", shown);
  else assert(outcome.problems.every(({ code }) => code === "E_COND_OP"), shown);
  return comparisons(parsed.expression);
}

function comparisons(expression: Expression): number {
  return "terms" in expression
    ? expression.terms.map(comparisons).reduce((sum, count) => sum + count)
    : 1;
}

type Pick = <T>(from: readonly T[]) => T;

function scattered(pick: Pick, random: () => number): string {
  return Array.from({ length: Math.floor(random() * 12) }, () => pick(PIECES)).join(
    random() < 0.5 ? " " : "",
  );
}

/** A text that follows the grammar, most of the time. */
function grown(pick: Pick, random: () => number, depth = 0): string {
  if (depth < 4 && random() < 0.5) {
    const inner = () => grown(pick, random, depth + 1);
    return pick([
      () => `${inner()} and ${inner()}`,
      () => `${inner()} or ${inner()}`,
      () => `(${inner()})`,
    ])();
  }
  const literal = pick(["'3.8'", '"3.*"', "'posix'", "''"]);
  return pick([
    () => `${pick(PIECES.slice(0, 7))} ${pick(["==", "!=", "<", ">=", "in", "not in"])} ${literal}`,
    () => `${literal} ${pick(["==", "<=", ">", "~=", "==="])} python_version`,
    () => `${literal} ${pick(["in", "not in"])} files`,
  ])();
}

/** The same numbers in [0, 1) on every machine: xorshift of 32 bits. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
