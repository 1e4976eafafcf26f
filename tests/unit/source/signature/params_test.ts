import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { StaticExport } from "../../../../src/source/signature/static_module.ts";
import { usageLine } from "../../../../src/source/signature/usage.ts";
import { read } from "./_reading.ts";
import { ACCEPTED, OTHERS, PRELUDE, REFUSED } from "./_table.ts";

function moduleOf(source: string): string {
  const whole = /^(function|<)/.test(source);
  return PRELUDE + `export const t = task(${whole ? source : `(${source}) => {}`});`;
}

async function taskOf(source: string): Promise<StaticExport> {
  const module = await read(moduleOf(source), OTHERS);
  assertEquals(module.exports.length, 1);
  return module.exports[0]!;
}

Deno.test("every signature of the table has its usage line", async () => {
  assert(ACCEPTED.length + REFUSED.length >= 60);
  for (const [source, usage] of ACCEPTED) {
    const { signature, problems } = await taskOf(source);
    assertEquals(problems, undefined, source);
    assertEquals(usageLine("t", signature!), `ntask ${usage}`, source);
  }
});

Deno.test("every refused signature of the table says which parameter, its type, and why", async () => {
  for (const [source, expected] of REFUSED) {
    const { signature, problems = [] } = await taskOf(source);
    assertEquals(signature, undefined, source);
    const [problem] = problems;
    assert(problem !== undefined && problems.length === 1, source);
    const said = problem.param + (problem.type && `: ${problem.type}`) + ` -- ${problem.why}`;
    assertEquals(said, expected, source);
    assertEquals(problem.task, "t");
  }
});

Deno.test("a refusal points at the type, or at the parameter that lacks one", async () => {
  for (const [source, meant] of [["a: string, when: Date", "Date"], ["a = '', bare", "bare"]]) {
    const { problems } = await taskOf(source!);
    const place = problems![0]!.place as { offset: number; length: number };
    const text = moduleOf(source!);
    assertEquals(text.slice(place.offset, place.offset + place.length), meant);
  }
});

Deno.test("a refused type comes with what is allowed", async () => {
  const { problems } = await taskOf("when: Date");
  const { allowed = [], why } = problems![0]!;
  for (const word of ["string", "number", "bigint", "boolean", "union", "array", "default"]) {
    assertStringIncludes(allowed.join(), word);
  }
  assert(!why.includes("allowed"), "it is said once");
});

Deno.test("a refusal that is about no type does not say which types are allowed", async () => {
  const { problems } = await taskOf("dryRun: string, dry_run: string");
  assertEquals(problems?.map((problem) => problem.allowed), [undefined]);
});

Deno.test("every parameter that cannot be read is reported", async () => {
  const { problems } = await taskOf(
    "a: Date, b: string, c: any, { d }: { d: Map<string, string> }",
  );
  assertEquals(problems?.map((problem) => problem.param), ["a", "c", "d"]);
});

Deno.test("a parameter keeps its name, type and default", async () => {
  const { signature } = await taskOf("dryRun = false, mode: Mode = 'dev', n = 2 + 2 as number");
  const [dryRun, mode, n] = signature!.params.map(({ place: _, ...param }) => param);
  assertEquals(dryRun, {
    name: "dryRun",
    option: "dry-run",
    type: { kind: "boolean" },
    many: false,
    rest: false,
    positional: false,
    required: false,
    negatable: true,
    defaultText: "false",
    default: false,
  });
  assertEquals(mode!.type, { kind: "choice", choices: ["dev", "prod"] });
  assertEquals([mode!.defaultText, mode!.default], ["'dev'", "dev"]);
  assertEquals([n!.type.kind, n!.defaultText, n!.default], [
    "number",
    "2 + 2 as number",
    undefined,
  ]);
});

Deno.test("a bigint default is kept as its text, so that a signature is plain JSON", async () => {
  const { signature } = await taskOf("count = 10n");
  const [count] = signature!.params;
  assertEquals([count!.type.kind, count!.defaultText, count!.default], [
    "bigint",
    "10n",
    undefined,
  ]);
  assertEquals(JSON.parse(JSON.stringify(signature)), signature);
});

Deno.test("choices keep their own types", async () => {
  const { signature } = await taskOf("when: 'auto' | boolean, level: 1 | 2 | -3");
  assertEquals(signature!.params.map((param) => param.type), [
    { kind: "choice", choices: ["auto", true, false] },
    { kind: "choice", choices: [1, 2, -3] },
  ]);
});

Deno.test("the shape tells single parameters from destructured ones", async () => {
  const { signature } = await taskOf(
    "name: string, { pattern = '', jobs: n = 1 }: { pattern?: string; jobs?: number }, ...rest: string[]",
  );
  assertEquals(signature!.shape, [
    { kind: "single", name: "name" },
    { kind: "object", names: ["pattern", "jobs"] },
    { kind: "single", name: "rest" },
  ]);
});

Deno.test("what follows an array can be given by option only", async () => {
  const { signature } = await taskOf("files: string[], mode: Mode, ...more: string[]");
  assertEquals(signature!.params.map((param) => param.positional), [true, false, false]);
});

Deno.test("help comes from @param lines, from comments at the parameter, and from type members", async () => {
  const module = await read(`
    import { task } from "ntask";
    interface Options {
      /** how many
       * at once */
      jobs?: number;
      watch?: boolean;
    }
    /** Do it.
     * @param version - what to tag
     * @param options.watch again and again
     */
    export const t = task((version: string, /** where to */ target = "", { jobs, watch }: Options) => {});
  `);
  const help = module.exports[0]!.signature!.params.map((param) => [param.name, param.help]);
  assertEquals(help, [
    ["version", "what to tag"],
    ["target", "where to"],
    ["jobs", "how many at once"],
    ["watch", "again and again"],
  ]);
});

Deno.test("an interface that extends itself, and types that name each other, come to an end", async () => {
  const module = await read(`
    import { task } from "ntask";
    interface A extends A { x?: string }
    type B = C; type C = B;
    export const a = task(({ x }: A) => {});
    export const b = task((x: B) => {});
  `);
  for (const { problems } of module.exports) {
    assertStringIncludes(problems![0]!.why, "refers to itself");
  }
});
