import { assertEquals } from "@std/assert";
import type { Param, Signature } from "../../../../src/model/param.ts";
import { paramLines, usageLine } from "../../../../src/source/signature/usage.ts";
import { read } from "./_reading.ts";

async function signatureOf(params: string): Promise<Signature> {
  const module = await read(
    `import { task } from "ntask"; export const t = task((${params}) => {});`,
  );
  return module.exports[0]!.signature!;
}

Deno.test("the usage line names positions first, then options", async () => {
  const signature = await signatureOf("dryRun = false, version: string, ...files: string[]");
  assertEquals(usageLine("release", signature), "ntask release <version> [files...] [--dry-run]");
});

Deno.test("a task without parameters is called by its name", async () => {
  assertEquals(usageLine("api.lint", await signatureOf("")), "ntask api.lint");
});

Deno.test("options show what they take, and whether they repeat", async () => {
  const signature = await signatureOf(
    "{ tag, jobs, mode, big }: { tag: string[]; jobs?: number; mode: 'a' | 'b'; big?: bigint }",
  );
  assertEquals(
    usageLine("t", signature),
    "ntask t --tag <string>... [--jobs <number>] --mode <a|b> [--big <integer>]",
  );
});

Deno.test("a flag that is on by default is shown by the way to switch it off", async () => {
  const signature = await signatureOf("color = true, must: boolean");
  assertEquals(usageLine("t", signature), "ntask t [--no-color] --must|--no-must");
  assertEquals(paramLines(signature).map((line) => line.left), ["--[no-]color", "--[no-]must"]);
});

Deno.test("rows give help, requirement, repetition and defaults worth a word", async () => {
  const signature = await signatureOf(
    `/** what to tag */ version: string, mode: "dev" | "prod" = "dev", quiet = false, name = "",
     { tag, level = 3 }: { tag: string[]; level?: number }`,
  );
  assertEquals(paramLines(signature), [
    { left: "<version>, --version <string>", right: "what to tag" },
    { left: "[mode], --mode <dev|prod>", right: '(default: "dev")' },
    { left: "--quiet", right: "" },
    { left: "[name], --name <string>", right: "" },
    { left: "--tag <string>", right: "(required) (repeatable)" },
    { left: "--level <number>", right: "(default: 3)" },
  ]);
});

Deno.test("many choices are named in the usage line and written out in the row", async () => {
  const signature = await signatureOf(
    "{ region }: { region: 'eu-central-1' | 'eu-west-1' | 'us-east-1' | 'us-west-2' }",
  );
  assertEquals(usageLine("t", signature), "ntask t --region <region>");
  assertEquals(paramLines(signature), [{
    left: "--region <region>",
    right: "(choices: eu-central-1, eu-west-1, us-east-1, us-west-2) (required)",
  }]);
});

Deno.test("short options and variables are part of a row", () => {
  const param: Param = {
    name: "port",
    option: "port",
    short: "p",
    type: { kind: "integer" },
    many: false,
    rest: false,
    positional: false,
    required: false,
    negatable: false,
    env: "PORT",
  };
  assertEquals(paramLines({ params: [param], shape: [] }), [
    { left: "-p, --port <integer>", right: "(env: PORT)" },
  ]);
});
